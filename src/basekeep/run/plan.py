"""What a run of one month needs and what of it is stored. Reads the store's state, never its data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from basekeep.contract.subscriber_month import SUBSCRIBER_MONTH
from basekeep.contract.tables import DEVICE_MODEL, ORG_UNIT
from basekeep.kernel.errors import CallError, WorkError
from basekeep.kernel.months import month_text, shift_month
from basekeep.kernel.text import Text
from basekeep.playbook import terms as t
from basekeep.playbook.declarations import Playbook
from basekeep.playbook.joined import JOINED
from basekeep.relations.compiled import Compiled, compile_playbook
from basekeep.relations.history import ALWAYS, UnitParameters, stored_pairs
from basekeep.relations.needs import Wanted, wanted_columns, wanted_joins, wanted_statistics
from basekeep.run.family_plan import FamilyPlan, asks_families, plan_families
from basekeep.store.history import columns_of
from basekeep.store.state import ALL, State, months


@dataclass(frozen=True)
class Plan:
    """One month's run: what it computes, from which stored months.

    Attributes:
        wanted: the (column, lag) pairs that any term needs, and those every run needs.
        columns: the stored columns of each lag that is wanted; empty where the month is not stored.
        families: what finding families needs; None where no rule asks for them.
    """

    compiled: Compiled
    month: date
    store_dir: Path
    state: State
    wanted: tuple[Wanted, ...]
    statistics: tuple[t.BaseStatistic, ...]
    columns: Mapping[int, frozenset[str]]
    has_units: bool
    unit_parameters: UnitParameters
    families: FamilyPlan | None = None

    @cached_property
    def joins_units(self) -> bool:
        """Whether any term needs to know a subscriber's city or county, or parameters of its own place."""
        return "branch_id" in self.keys

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The columns through which other tables are joined: what some term needs, and what is stored."""
        used = {JOINED[name].key for name in wanted_joins(self.compiled.terms())}
        if self.unit_parameters.bottoms:
            used.add("branch_id")
        there = {
            "branch_id": self.has_units,
            "device_model_id": self.state.partition(DEVICE_MODEL.name, ALL) is not None,
            "group_id": True,
        }
        return tuple(key for key in there if key in used and there[key] and key in self.columns[0])

    def keys_within(self, wanted: Iterable[Wanted]) -> tuple[str, ...]:
        """Those of the keys that are among some columns."""
        named = {column for column, lag in wanted if lag == 0}
        return tuple(key for key in self.keys if key in named)

    @property
    def lags(self) -> tuple[int, ...]:
        """How far back each month lies that the run reads or would read."""
        return tuple(sorted(self.columns))

    @property
    def missing_months(self) -> tuple[date, ...]:
        """Months that the rules need and that are not stored, earliest first."""
        return tuple(sorted(shift_month(self.month, -lag) for lag, held in self.columns.items() if not held))

    def stored(self, wanted: Iterable[Wanted]) -> frozenset[Wanted]:
        """Which of these pairs are stored."""
        return stored_pairs(wanted, self.columns, self.keys)

    def missing_of(self, term: t.Term) -> tuple[tuple[str, ...], tuple[date, ...]]:
        """The columns and the months that a term needs and that are not stored."""
        wanted = wanted_columns([term], self.month)
        held = {column for names in self.columns.values() for column in names}
        absent = {c for c, lag in wanted if self.columns.get(lag) and c not in self.columns[lag]}
        absent |= {c for c, _ in wanted if c not in held}
        absent |= {JOINED[name].table for name in wanted_joins([term]) if JOINED[name].key not in self.keys}
        gone = {shift_month(self.month, -lag) for _, lag in wanted if not self.columns.get(lag)}
        if self.families and asks_families([term]):
            absent.update(self.families.missing_columns)
            gone.update(self.families.missing_months)
        return tuple(sorted(absent)), tuple(sorted(gone))


def plan_run(playbook: Playbook, store_dir: Path, state: State, month: date) -> Plan:
    """Plan the run of a month.

    Raises:
        WorkError: the month is not stored.
        CallError: nothing is stored at all.
    """
    _need_month(state, month)
    return plan_again(playbook, store_dir, state, month)


def plan_again(playbook: Playbook, store_dir: Path, state: State, month: date) -> Plan:
    """Plan a run that has been made before, of months that are known to be stored."""
    compiled = compile_playbook(playbook)
    terms = tuple(compiled.terms())
    of_members: dict[Wanted, None] = {("group_id", 0): None} if compiled.member_terms() else {}
    of_decisions = dict.fromkeys(compiled.decisions.wanted(month)) if compiled.decisions else {}
    wanted = tuple({**dict.fromkeys(ALWAYS), **wanted_columns(terms, month), **of_members, **of_decisions})
    columns = {lag: columns_of(state, shift_month(month, -lag)) for _, lag in wanted}
    overlays = {unit: overlay.parameters for unit, overlay in playbook.overlays.items()}
    return Plan(
        compiled,
        month,
        store_dir,
        state,
        wanted,
        tuple(wanted_statistics(terms)),
        columns,
        state.partition(ORG_UNIT.name, ALL) is not None and "branch_id" in columns[0],
        UnitParameters.of(playbook.parameters, overlays),
        plan_families(playbook, state, month, columns[0]) if asks_families(terms) else None,
    )


def _need_month(state: State, month: date) -> None:
    held = months(state, SUBSCRIBER_MONTH.name)
    if not held:
        raise CallError(
            "run.nothing_stored",
            Text("还没有入库任何月份", "no month is stored yet"),
            Text("先执行 basekeep ingest。", "Run basekeep ingest first."),
        )
    if month not in held:
        stored = f"{month_text(held[0])} … {month_text(held[-1])}" if len(held) > 1 else month_text(held[0])
        raise WorkError(
            "run.month_not_stored",
            Text(f"{month_text(month)} 没有入库；已入库：{stored}", f"{month_text(month)} is not stored; stored: {stored}"),
            Text(f"先执行 basekeep ingest --month {month_text(month)}，或换一个月份。", f"Run basekeep ingest --month {month_text(month)}, or choose another month."),
        )  # fmt: skip
