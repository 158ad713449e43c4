"""What a run needs to find physical families and what of it is stored. Reads the store's state, never its data."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from basekeep.contract.tables import CALL_PAIR
from basekeep.kernel.months import month_text, shift_month
from basekeep.playbook import terms as t
from basekeep.playbook.declarations import Playbook
from basekeep.playbook.families import FamilyLimits, family_limits
from basekeep.playbook.walk import walk
from basekeep.relations.ties import HOME_COLUMNS, PAIR_COLUMNS
from basekeep.store.state import PartitionRef, State


@dataclass(frozen=True)
class FamilyPlan:
    """Families asked for by the playbook.

    Attributes:
        months: those wanted of `call_pair`, latest first.
        pairs: the stored ones among them.
        homes: which columns of the run's month say where somebody lives.
        missing_columns, missing_months: what is not stored and would be needed; families are found when nothing is missing.
    """

    limits: FamilyLimits
    months: tuple[date, ...]
    pairs: tuple[tuple[date, PartitionRef], ...]
    homes: tuple[str, ...]
    missing_columns: tuple[str, ...]
    missing_months: tuple[date, ...]

    @property
    def evaluable(self) -> bool:
        """Whether families can be found."""
        return not self.missing_columns and not self.missing_months


def asks_families(terms: Iterable[t.Term]) -> bool:
    """Whether any term asks for families."""
    return any(isinstance(part, t.InFamily) for term in terms for part in walk(term))


def plan_families(playbook: Playbook, state: State, month: date, columns: Collection[str]) -> FamilyPlan:
    """Plan the families of a month.

    Args:
        columns: those stored of the month in `subscriber_month`.

    Raises:
        Fault: a parameter of the families is missing or is no number that it could be.
    """
    limits = family_limits(playbook.parameters)
    wanted = tuple(shift_month(month, -back) for back in range(limits.months))
    stored = {at: state.partition(CALL_PAIR.name, month_text(at)) for at in wanted}
    pairs = tuple((at, ref) for at, ref in stored.items() if ref)
    homes = tuple(name for name in HOME_COLUMNS if name in columns)
    absent = {f"{CALL_PAIR.name}.{name}" for _, ref in pairs for name in PAIR_COLUMNS if name not in ref.columns}
    if not pairs:
        absent.add(CALL_PAIR.name)
    if not homes:
        absent.update(HOME_COLUMNS)
    gone = tuple(sorted(at for at, ref in stored.items() if not ref))
    return FamilyPlan(limits, wanted, pairs, homes, tuple(sorted(absent)), gone)
