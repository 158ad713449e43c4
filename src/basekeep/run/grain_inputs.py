"""What rules of groups and units read, one row each, as SQL over the store and over the run's figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from basekeep.contract.columns import STORED
from basekeep.contract.tables import CONTACT_LOG, GROUP_ACCOUNT, GROUP_MONTH, ORG_LEVELS, ORG_UNIT
from basekeep.engines.sql_text import parquet_scan, parquet_scans, sql_literal, sql_name
from basekeep.kernel.months import month_end, month_text, shift_month
from basekeep.playbook import terms as t
from basekeep.playbook.grains import GROUP, LAST_CONTACT, Grain
from basekeep.relations.compiled import CompiledGrain
from basekeep.relations.grains import key_of, wanted_of
from basekeep.relations.lowering import MemberColumn
from basekeep.relations.members import GROUP_ID, gathered_sql
from basekeep.relations.needs import Wanted
from basekeep.run.plan import Plan
from basekeep.run.shards import SideTables
from basekeep.run.stored import stored_paths
from basekeep.store.history import month_sql
from basekeep.store.state import ALL

# A contact counts where somebody was there at the other end.
_SPOKEN = ("reached", "agreed", "refused")
_SPOKEN_WITH = ("contact", "key_person")


@dataclass(frozen=True)
class GrainInputs:
    """The query of the inputs and which of the wanted (column, lag) pairs it really has."""

    sql: str
    stored: frozenset[Wanted]


def grain_inputs(
    plan: Plan, compiled: CompiledGrain, members: Mapping[t.Term, MemberColumn], side: SideTables, figures: str
) -> GrainInputs:
    """The inputs of a grain: attributes, months, members' gatherings, parameters of its place; by the key."""
    wanted = wanted_of(compiled.terms())
    source = _Groups(plan) if compiled.grain is GROUP else _Units(plan)
    held = source.held
    stored = frozenset(pair for pair in wanted if pair in held)
    joined, chosen = [f"({source.rows(figures)}) a"], [f"a.{source.key} AS {key_of(compiled.grain)}"]
    for column, lag in wanted:
        chosen.append(f"{source.cell(column, lag) if (column, lag) in stored else _nothing(compiled.grain, column)} "
                      f"AS {sql_name(f'{column}_m{lag}')}")  # fmt: skip
    for lag in sorted({lag for _, lag in wanted}):
        chosen.append(f"{source.present(lag)} AS {sql_name(f'present_m{lag}')}")
    joined += source.joins(stored)
    own = compiled.member_terms()
    gathered = gathered_sql(members, own, source.figures_key, figures)
    joined.append(f"LEFT JOIN ({gathered}) g ON g.grouping = a.{source.key}")
    chosen += [_gathered(term, members[term]) for term in own]
    if plan.unit_parameters.bottoms:
        joined.append(f"LEFT JOIN {parquet_scan(side.joined['branch_id'])} u ON u.branch_id = {source.unit}")
        chosen += [f"u.{sql_name(f'parameter__{name}')}" for name in plan.unit_parameters.bottoms]
    sql = f"SELECT {', '.join(chosen)} FROM {' '.join(joined)} ORDER BY 1"
    return GrainInputs(sql, stored)


def _gathered(term: t.MemberTerm, column: MemberColumn) -> str:
    """Where there is nobody, none is counted; of nobody there is no sum and no commonest value."""
    name = sql_name(column.name)
    if isinstance(term, t.MemberCount | t.LargestCount):
        return f"CASE WHEN g.grouping IS NULL THEN 0 ELSE g.{name} END AS {name}"
    return f"g.{name}"


def _nothing(grain: Grain, column: str) -> str:
    return f"CAST(NULL AS {STORED[grain.columns[column].type]})"


class _Groups:
    """Group accounts; where their table is not stored, the groups that subscribers name."""

    key, figures_key = "group_id", GROUP_ID

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._accounts = stored_paths(plan, GROUP_ACCOUNT.name)
        ref = plan.state.partition(GROUP_ACCOUNT.name, ALL)
        self._attributes = frozenset(ref.columns) if ref else frozenset({"group_id"})
        self.unit = "a.unit_id" if "unit_id" in self._attributes else "NULL"

    @property
    def held(self) -> frozenset[Wanted]:
        pairs = {(name, 0) for name in self._attributes}
        if self._contacts_stored:
            pairs.add((LAST_CONTACT, 0))
        for lag in range(self._plan.compiled.playbook.playbook.history_months):
            ref = self._plan.state.partition(GROUP_MONTH.name, self._month(lag))
            pairs |= {(name, lag) for name in (ref.columns if ref else ())}
        return frozenset(pairs)

    def rows(self, figures: str) -> str:
        if self._accounts:
            return f"SELECT * FROM {parquet_scans(self._accounts)}"
        return f"SELECT DISTINCT {GROUP_ID} AS group_id FROM {figures} WHERE {GROUP_ID} IS NOT NULL"

    def cell(self, column: str, lag: int) -> str:
        if column == LAST_CONTACT:
            return "c.at"
        return f"a.{sql_name(column)}" if GROUP.is_attribute(column) else f"m{lag}.{sql_name(column)}"

    def present(self, lag: int) -> str:
        return f"m{lag}.group_id IS NOT NULL" if self._paths(lag) else "FALSE"

    def joins(self, stored: Iterable[Wanted]) -> list[str]:
        stored = tuple(stored)
        found = []
        for lag in sorted({lag for _, lag in stored}):
            if paths := self._paths(lag):
                found.append(f"LEFT JOIN {parquet_scans(paths)} m{lag} ON m{lag}.group_id = a.group_id")
        if (LAST_CONTACT, 0) in stored:
            found.append(f"LEFT JOIN ({self._last_contacts()}) c ON c.group_id = a.group_id")
        return found

    def _paths(self, lag: int) -> list[Path]:
        return stored_paths(self._plan, GROUP_MONTH.name, self._month(lag))

    def _month(self, lag: int) -> str:
        return month_text(shift_month(self._plan.month, -lag))

    @property
    def _contacts_stored(self) -> bool:
        known = {"group_id", "group_role"} <= self._plan.columns[0]
        return known and self._plan.state.partition(CONTACT_LOG.name, ALL) is not None

    def _last_contacts(self) -> str:
        """By group, the last day by the month end on which a contact or key person of the group was spoken with."""
        people = month_sql(
            self._plan.store_dir, self._plan.state, self._plan.month, ("subscriber_id", "group_id", "group_role")
        )
        log = parquet_scans(stored_paths(self._plan, CONTACT_LOG.name))
        roles, results = (", ".join(f"'{word}'" for word in words) for words in (_SPOKEN_WITH, _SPOKEN))
        return (
            f"SELECT p.group_id_m0 AS group_id, max(CAST(l.at AS DATE)) AS at FROM ({people}) p JOIN {log} l "
            f"ON l.subscriber_id = p.subscriber_id_m0 WHERE p.group_role_m0 IN ({roles}) AND l.result IN ({results}) "
            f"AND CAST(l.at AS DATE) <= DATE '{month_end(self._plan.month).isoformat()}' "
            "AND p.group_id_m0 IS NOT NULL GROUP BY 1"
        )


class _Units:
    """The units of the lowest level that holds subscribers of the base."""

    key, figures_key, unit = "unit_id", "branch_id", "a.unit_id"

    def __init__(self, plan: Plan) -> None:
        self._paths = stored_paths(plan, ORG_UNIT.name)
        ref = plan.state.partition(ORG_UNIT.name, ALL)
        self.held: frozenset[Wanted] = frozenset((name, 0) for name in (ref.columns if ref else ()))

    def rows(self, figures: str) -> str:
        if not self._paths:
            return "SELECT CAST(NULL AS VARCHAR) AS unit_id WHERE FALSE"
        holding = (
            f"SELECT * FROM {parquet_scans(self._paths)} "
            f"SEMI JOIN (SELECT DISTINCT branch_id AS unit_id FROM {figures}) USING (unit_id)"
        )
        depth = f"list_position([{', '.join(map(sql_literal, ORG_LEVELS))}], level)"
        return f"SELECT * FROM ({holding}) QUALIFY {depth} = max({depth}) OVER ()"

    def cell(self, column: str, lag: int) -> str:
        return f"a.{sql_name(column)}"

    def present(self, lag: int) -> str:
        return "TRUE"

    def joins(self, stored: Iterable[Wanted]) -> list[str]:
        return []
