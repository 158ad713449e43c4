"""Terms of any grain lowered without knowing the data, within the widest bounds that they can have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from basekeep.playbook import terms as t
from basekeep.playbook.declarations import Playbook
from basekeep.playbook.grains import SUBSCRIBER, Grain
from basekeep.playbook.walk import walk
from basekeep.relations.any_base import any_base
from basekeep.relations.exact import Exact
from basekeep.relations.grains import grain_lowering, inputs_table, statistic_bounds, wanted_of
from basekeep.relations.history import UnitParameters
from basekeep.relations.lowering import Lowering
from basekeep.relations.members import member_columns
from basekeep.relations.needs import wanted_statistics


def any_of(grain: Grain, playbook: Playbook, terms: Sequence[t.Term], month: date) -> Lowering:
    """The lowering of some terms, over a table that holds every column they need.

    Raises:
        TooLarge, NoCommonDenominator: something could not be held exactly.
    """
    if grain is SUBSCRIBER:
        return any_base(playbook, terms, month).low
    found = tuple(dict.fromkeys(part for term in terms for part in walk(term) if isinstance(part, t.MemberTerm)))
    inner: list[t.Term] = [member.where for member in found]
    inner += [member.of for member in found if not isinstance(member, t.MemberCount)]
    members = member_columns(found, any_base(playbook, inner, month).low)
    units = UnitParameters.of(playbook.parameters, {unit: o.parameters for unit, o in playbook.overlays.items()})
    wanted = wanted_of(terms)
    table = inputs_table(grain, wanted, members, units.bottoms)

    def low(statistics: Mapping[t.BaseStatistic, Exact | None]) -> Lowering:
        return grain_lowering(grain, table, month, frozenset(wanted), members, playbook.parameters, units, statistics)

    plain = low({})
    return low({one: statistic_bounds(one, plain, playbook) for one in wanted_statistics(terms)})
