"""Judges group accounts and units by their rules, from what the run's figures say of their subscribers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from basekeep.engines.protocol import Session
from basekeep.engines.sql_text import parquet_scan, sql_name
from basekeep.kernel.months import month_text, shift_month
from basekeep.playbook import terms as t
from basekeep.playbook.grains import GROUP
from basekeep.playbook.walk import walk
from basekeep.relations.any_base import share_of
from basekeep.relations.compiled import CompiledGrain, CompiledRule
from basekeep.relations.exact import Exact
from basekeep.relations.grains import (
    INPUTS,
    grain_lowering,
    inputs_table,
    judged,
    key_of,
    membership_of,
    statistic_of,
    targets_of,
    values_of,
    wanted_of,
)
from basekeep.relations.lowering import Lowering, MemberColumn
from basekeep.relations.members import member_columns
from basekeep.relations.needs import Wanted, wanted_statistics
from basekeep.relations.sql import sql_of
from basekeep.run.grain_inputs import grain_inputs
from basekeep.run.plan import Plan
from basekeep.run.shards import SideTables


@dataclass(frozen=True)
class GrainJudged:
    """What became of one grain: how many there are, and of each rule (true, known)."""

    compiled: CompiledGrain
    rows: int
    counts: Mapping[str, tuple[int, int]]
    stored: frozenset[Wanted]

    def missing_of(self, plan: Plan, rule: CompiledRule) -> tuple[list[str], list[str]]:
        """The columns and the months that a rule needs and that are not stored."""
        held = {column for column, _ in self.stored}
        wanted = [pair for pair in wanted_of([rule.term]) if pair not in self.stored]
        absent = {column for column, _ in wanted if column not in held}
        gone = {shift_month(plan.month, -lag) for column, lag in wanted if column in held}
        for member in (part for part in walk(rule.term) if isinstance(part, t.MemberTerm)):
            for inside in (member.where, *(() if isinstance(member, t.MemberCount) else (member.of,))):
                columns, months = plan.missing_of(inside)
                absent.update(columns)
                gone.update(months)
            if self.compiled.grain is GROUP and "group_id" not in plan.columns[0]:
                absent.add("group_id")
        return sorted(absent), [month_text(month) for month in sorted(gone)]


def folder_of(compiled: CompiledGrain) -> str:
    """Where a run keeps what it made of a grain: `groups`, `units`."""
    return f"{compiled.grain.name}s"


def judge(
    plan: Plan, session: Session, compiled: CompiledGrain, low: Lowering, side: SideTables, figures: str, folder: Path
) -> GrainJudged:
    """Judge every group, or unit, and write what it was judged by, its profile and its memberships.

    Args:
        low: what terms about subscribers are lowered against.
        figures: the run's figures as a table expression.
        folder: the run's folder.
    """
    within = folder / folder_of(compiled)
    within.mkdir()
    every = member_columns(plan.compiled.member_terms(), low)
    members: dict[t.Term, MemberColumn] = {term: every[term] for term in compiled.member_terms()}
    inputs = grain_inputs(plan, compiled, members, side, figures)
    rows = session.copy(inputs.sql, within / "inputs.parquet")
    session.run(f"CREATE OR REPLACE TEMP VIEW {INPUTS} AS SELECT * FROM {parquet_scan(within / 'inputs.parquet')}")
    bound = lowering_of(plan, compiled, members, inputs.stored, session)
    session.copy(sql_of(judged(compiled, bound)), within / "profile.parquet")
    session.copy(_memberships(plan, compiled, bound), folder / f"{compiled.grain.name}_membership.parquet")
    if compiled.ranked_by:
        session.run(f"CREATE OR REPLACE TEMP VIEW profile AS SELECT * FROM {parquet_scan(within / 'profile.parquet')}")
        ranked = " UNION ALL ".join(f"({targets_of(name, compiled)})" for name in compiled.ranked_by)
        into = folder / f"{compiled.grain.name}_target.parquet"
        session.copy(f"SELECT * FROM ({ranked}) ORDER BY segment, rank", into)
    return GrainJudged(compiled, rows, _counts(session, compiled, within / "profile.parquet"), inputs.stored)


def lowering_of(
    plan: Plan,
    compiled: CompiledGrain,
    members: Mapping[t.Term, MemberColumn],
    stored: frozenset[Wanted],
    session: Session,
) -> Lowering:
    """What the grain's terms are lowered against, its statistics taken from the inputs."""
    units = plan.unit_parameters
    table = inputs_table(compiled.grain, wanted_of(compiled.terms()), members, units.bottoms)

    def bound_to(statistics: Mapping[t.BaseStatistic, Exact | None]) -> Lowering:
        parameters = plan.compiled.playbook.parameters
        return grain_lowering(compiled.grain, table, plan.month, stored, members, parameters, units, statistics)

    found: dict[t.BaseStatistic, Exact | None] = {}
    for statistic in wanted_statistics(compiled.terms()):
        read = session.rows(
            f"SELECT CAST(top AS VARCHAR), CAST(bottom AS VARCHAR) FROM ({sql_of(values_of(statistic, bound_to({})))})"
        )
        values = [Fraction(int(top), int(bottom)) for top, bottom in read]
        value = statistic_of(statistic, values, share_of(statistic, plan.compiled.playbook))
        found[statistic] = None if value is None else Exact.constant(value)
    return bound_to(found)


def _memberships(plan: Plan, compiled: CompiledGrain, low: Lowering) -> str:
    segments = compiled.segments(plan.compiled.playbook)
    parts = [f"({sql_of(membership_of(rule, compiled, segments[rule.segment], low))})" for rule in compiled.rules]
    order = ", ".join(sql_name(name) for name in ("segment", key_of(compiled.grain), "rule"))
    return f"SELECT * FROM ({' UNION ALL '.join(parts)}) ORDER BY {order}"


def _counts(session: Session, compiled: CompiledGrain, profile: Path) -> dict[str, tuple[int, int]]:
    """Of each rule's column how many are true and how many known; of each segment, under its name, how many are members."""
    wanted: dict[str, str] = {rule.column: sql_name(rule.column) for rule in compiled.rules}
    for name in dict.fromkeys(rule.segment for rule in compiled.rules):
        wanted[name] = "(" + " OR ".join(sql_name(rule.column) for rule in compiled.rules if rule.segment == name) + ")"
    chosen = ", ".join(f"coalesce(count_if({test}), 0), count({test})" for test in wanted.values())
    row: tuple[Any, ...] = session.rows(f"SELECT {chosen} FROM {parquet_scan(profile)}")[0]
    return {name: (int(row[2 * at]), int(row[2 * at + 1])) for at, name in enumerate(wanted)}
