"""Terms lowered without knowing the base: its statistics are columns, within the widest bounds they can have."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from basekeep.playbook import terms as t
from basekeep.playbook.declarations import Playbook
from basekeep.playbook.joined import JOINED, joined_by
from basekeep.playbook.walk import walk
from basekeep.relations.exact import Exact
from basekeep.relations.history import ALWAYS, FAMILY, UnitParameters, history_table, parameter_numbers
from basekeep.relations.lowering import Lowering
from basekeep.relations.needs import Wanted, wanted_columns, wanted_joins, wanted_statistics
from basekeep.relations.statistics import bounds_of, statistic_column, statistic_schema


@dataclass(frozen=True)
class AnyBase:
    """What terms need and what they are lowered against.

    Attributes:
        keys: through which columns other tables are joined.
        plain: for the quantities of statistics, which hold no statistics themselves.
        low: for everything else.
    """

    wanted: tuple[Wanted, ...]
    keys: tuple[str, ...]
    statistics: tuple[t.BaseStatistic, ...]
    units: UnitParameters
    plain: Lowering
    low: Lowering


def any_base(playbook: Playbook, terms: Iterable[t.Term], month: date) -> AnyBase:
    """The lowering of some terms, over a history that holds every column they need.

    Raises:
        TooLarge, NoCommonDenominator: a statistic could not be held exactly.
    """
    terms = tuple(terms)
    wanted = tuple({**dict.fromkeys(ALWAYS), **wanted_columns(terms, month)})
    statistics = tuple(wanted_statistics(terms))
    units = UnitParameters.of(playbook.parameters, {unit: o.parameters for unit, o in playbook.overlays.items()})
    extra: dict[str, str] = {}
    for index in range(len(statistics)):
        extra.update(statistic_schema(index))
    if any(isinstance(part, t.InFamily) for term in terms for part in walk(term)):
        extra[FAMILY] = "boolean"
    keys = tuple(dict.fromkeys(["branch_id", *(JOINED[name].key for name in wanted_joins(terms))]))
    table = history_table(wanted, keys, units.bottoms, extra)
    stored = frozenset({*wanted, *((name, 0) for key in keys for name in joined_by(key))})

    def parameters(bound: Any) -> dict[str, Exact]:
        return parameter_numbers(bound, playbook.parameters, units)

    plain = Lowering(table, month, stored, lambda bound: (parameters(bound), {}))

    def numbers(bound: Any) -> dict[t.BaseStatistic, Exact | None]:
        return {
            statistic: bounds_of(statistic, plain, share_of(statistic, playbook), bound, statistic_column(index))
            for index, statistic in enumerate(statistics)
        }

    return AnyBase(
        wanted,
        keys,
        statistics,
        units,
        plain,
        Lowering(table, month, stored, lambda bound: (parameters(bound), numbers(bound))),
    )


def share_of(statistic: t.BaseStatistic, playbook: Playbook) -> Fraction | None:
    """A percentile's share: a number of the playbook, or a parameter's value for the whole base."""
    if isinstance(statistic.share, t.ParameterValue):
        return playbook.parameters[statistic.share.name].value
    return statistic.share.value if isinstance(statistic.share, t.Constant) else None
