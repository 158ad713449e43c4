"""The small tables of a run, counted from its figures: rules, segments, waterfalls, reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from basekeep.engines.protocol import Session
from basekeep.engines.sql_text import sql_name
from basekeep.kernel.months import month_text
from basekeep.playbook.grains import SUBSCRIBER
from basekeep.relations.compiled import CompiledRule, CompiledScorecard
from basekeep.run.grains import GrainJudged
from basekeep.run.plan import Plan

Row = dict[str, Any]
Counts = dict[str, int]


def write_summaries(
    plan: Plan, session: Session, figures: str, month_rows: int, grains: Sequence[GrainJudged], folder: Path
) -> dict[str, list[Row]]:
    """Count and write `rule_summary`, `segment_summary`, `waterfall` and `report`; gives their rows.

    Args:
        figures: the run's figures as a table expression.
        month_rows: rows of the month, whatever their status.
        grains: group accounts and units as they were judged.
    """
    counts = _counts(plan, session, figures)
    tables = {
        "rule_summary": [*_rule_summary(plan, counts), *(row for one in grains for row in _grain_rules(plan, one))],
        "segment_summary": [
            *_segment_summary(plan, counts),
            *(row for one in grains for row in _grain_segments(plan, one)),
        ],
        "waterfall": _waterfalls(plan, session, figures, counts, month_rows),
        "report": _reports(plan, session, figures),
    }
    for name, rows in tables.items():
        pq.write_table(pa.Table.from_pylist(rows, schema=SCHEMAS[name]), folder / f"{name}.parquet", compression="zstd")
    return tables


def _schema(**columns: pa.DataType) -> pa.Schema:
    return pa.schema(list(columns.items()))


_TEXT, _COUNT, _LIST = pa.string(), pa.int64(), pa.list_(pa.string())
SCHEMAS = {
    "rule_summary": _schema(
        grain=_TEXT, segment=_TEXT, rule=_TEXT, segment_zh=_TEXT, segment_en=_TEXT, rule_zh=_TEXT, rule_en=_TEXT, priority=_COUNT,
        source=_TEXT, members=_COUNT, non_members=_COUNT, not_evaluable=_COUNT, missing_columns=_LIST, missing_months=_LIST,
    ),
    "segment_summary": _schema(
        grain=_TEXT, segment=_TEXT, name_zh=_TEXT, name_en=_TEXT, priority=_COUNT, lead_time_days=_COUNT, members=_COUNT,
        share=pa.float64(),
    ),
    "waterfall": _schema(
        scorecard=_TEXT, position=_COUNT, step=_TEXT, kind=_TEXT, name_zh=_TEXT, name_en=_TEXT, entered=_COUNT,
        left=_COUNT, remaining=_COUNT, not_evaluable=_COUNT, alone=_COUNT,
    ),
    "report": _schema(
        report=_TEXT, name_zh=_TEXT, name_en=_TEXT, key=pa.float64(), numerator=_COUNT, denominator=_COUNT,
        unknown=_COUNT, share=pa.float64(),
    ),
}  # fmt: skip


_TOTAL = "count(*)"


def _counts(plan: Plan, session: Session, figures: str) -> Counts:
    """Everything that is a number of rows, from one pass over the figures: expression → count."""
    wanted = {_TOTAL: None}
    for rule in plan.compiled.rules:
        wanted |= {_true_of([rule]): None, _known_of(rule): None}
    wanted |= {_true_of(rules): None for rules in _by_segment(plan).values()}
    for card in plan.compiled.scorecards:
        wanted |= {_alone_of(card, index): None for index in range(len(card.exclusions))}
    found = session.rows(f"SELECT {', '.join(wanted)} FROM {figures}")[0]
    return {expression: int(number) for expression, number in zip(wanted, found, strict=True)}


def _by_segment(plan: Plan) -> dict[str, list[CompiledRule]]:
    rules = plan.compiled.rules
    return {name: [rule for rule in rules if rule.segment == name] for name in plan.compiled.playbook.segments}


def _true_of(rules: list[CompiledRule]) -> str:
    return f"coalesce(count_if({' OR '.join(sql_name(rule.column) for rule in rules)}), 0)"


def _known_of(rule: CompiledRule) -> str:
    return f"count({sql_name(rule.column)})"


def _alone_of(card: CompiledScorecard, exclusion: int) -> str:
    """How many within the space an exclusion takes out by itself."""
    mask, inside = sql_name(f"excluded__{card.name}"), sql_name(f"in_space__{card.name}")
    return f"coalesce(count_if({inside} AND {mask} & {1 << exclusion} <> 0), 0)"


def _rule_summary(plan: Plan, counts: Counts) -> list[Row]:
    rows = []
    for rule in plan.compiled.rules:
        segment = plan.compiled.playbook.segments[rule.segment]
        declared = segment.rules[rule.rule]
        columns, months = plan.missing_of(rule.term)
        members, known = counts[_true_of([rule])], counts[_known_of(rule)]
        rows.append({
            "grain": SUBSCRIBER.name, "segment": rule.segment, "rule": rule.rule,
            "segment_zh": segment.name.zh, "segment_en": segment.name.en,
            "rule_zh": declared.name.zh, "rule_en": declared.name.en,
            "priority": segment.priority, "source": declared.source,
            "members": members, "non_members": known - members, "not_evaluable": counts[_TOTAL] - known,
            "missing_columns": list(columns), "missing_months": [month_text(month) for month in months],
        })  # fmt: skip
    return rows


def _segment_summary(plan: Plan, counts: Counts) -> list[Row]:
    total, rows = counts[_TOTAL], []
    for name, rules in _by_segment(plan).items():
        segment, members = plan.compiled.playbook.segments[name], counts[_true_of(rules)]
        rows.append({
            "grain": SUBSCRIBER.name, "segment": name, "name_zh": segment.name.zh, "name_en": segment.name.en,
            "priority": segment.priority, "lead_time_days": segment.lead_time_days, "members": members,
            "share": round(members / total, 6) if total else None,
        })  # fmt: skip
    return rows


def _grain_rules(plan: Plan, judged: GrainJudged) -> Iterator[Row]:
    segments = judged.compiled.segments(plan.compiled.playbook)
    for rule in judged.compiled.rules:
        segment = segments[rule.segment]
        declared, (members, known) = segment.rules[rule.rule], judged.counts[rule.column]
        columns, months = judged.missing_of(plan, rule)
        yield {
            "grain": judged.compiled.grain.name, "segment": rule.segment, "rule": rule.rule,
            "segment_zh": segment.name.zh, "segment_en": segment.name.en,
            "rule_zh": declared.name.zh, "rule_en": declared.name.en,
            "priority": segment.priority, "source": declared.source, "members": members,
            "non_members": known - members, "not_evaluable": judged.rows - known,
            "missing_columns": columns, "missing_months": months,
        }  # fmt: skip


def _grain_segments(plan: Plan, judged: GrainJudged) -> Iterator[Row]:
    for name, segment in judged.compiled.segments(plan.compiled.playbook).items():
        members, _ = judged.counts[name]
        yield {
            "grain": judged.compiled.grain.name, "segment": name, "name_zh": segment.name.zh, "name_en": segment.name.en,
            "priority": segment.priority, "lead_time_days": segment.lead_time_days, "members": members,
            "share": round(members / judged.rows, 6) if judged.rows else None,
        }  # fmt: skip


def _waterfalls(plan: Plan, session: Session, figures: str, counts: Counts, month_rows: int) -> list[Row]:
    rows: list[Row] = []
    for card in plan.compiled.scorecards:
        step = sql_name(f"step__{card.name}")
        unsure = sql_name(f"unsure__{card.name}")
        counted = f"SELECT {step}, count(*), sum(CAST({unsure} AS INTEGER)) FROM {figures} GROUP BY ALL"
        left = {at: (gone, unknown) for at, gone, unknown in session.rows(counted)}
        alone = [counts[_alone_of(card, index)] for index in range(len(card.exclusions))]
        rows += _waterfall(card, left, alone, month_rows)
    return rows


def _waterfall(
    card: CompiledScorecard, left: dict[int, tuple[int, int]], alone: list[int], month_rows: int
) -> list[Row]:
    """From the month's rows over the base to the targets; every step's `entered` is the last one's `remaining`.

    `not_evaluable` are those among `left` for whom the step's condition is unknown, not false.
    """
    base = sum(gone for gone, _ in left.values())
    declared = card.declared
    steps = [("space", key, declared.space[key].name) for key, _ in card.space]
    steps += [("exclusion", key, declared.exclusions[key].name) for key, _ in card.exclusions]
    row: Callable[..., Row] = lambda **more: {"scorecard": card.name, **more}  # noqa: E731
    rows = [row(position=0, step="base", kind="base", name_zh="存量用户（正常或停机）", name_en="The base (active or suspended)",
                entered=month_rows, left=month_rows - base, remaining=base, not_evaluable=0, alone=None)]  # fmt: skip
    entered = base
    for index, (kind, key, name) in enumerate(steps):
        gone, unknown = left.get(index, (0, 0))
        by_itself = alone[index - len(card.space)] if kind == "exclusion" else None
        rows.append(row(position=index + 1, step=key, kind=kind, name_zh=name.zh, name_en=name.en, entered=entered,
                        left=gone, remaining=entered - gone, not_evaluable=unknown, alone=by_itself))  # fmt: skip
        entered -= gone
    return rows


def _reports(plan: Plan, session: Session, figures: str) -> list[Row]:
    rows = []
    for report in plan.compiled.reports:
        key, share = sql_name(f"report_key__{report.name}"), sql_name(f"report_share__{report.name}")
        name = plan.compiled.playbook.reports[report.name].name
        for value, true, known, unknown in session.rows(_report_sql(key, share, figures)):
            rows.append({
                "report": report.name, "name_zh": name.zh, "name_en": name.en, "key": value, "numerator": int(true),
                "denominator": int(known), "unknown": int(unknown), "share": round(true / known, 6) if known else None,
            })  # fmt: skip
    return rows


def _report_sql(key: str, share: str, figures: str) -> str:
    """By key, and once over all keys: how many are true, known, unknown."""
    counted = (
        f"SELECT CAST({key} AS DOUBLE) AS k, sum(CAST({share} AS INTEGER)) AS t, count({share}) AS n, "
        f"count(*) - count({share}) AS u FROM {figures} WHERE {key} IS NOT NULL GROUP BY k"
    )
    return (
        f"SELECT k, coalesce(sum(t), 0), sum(n), sum(u) FROM ({counted}) GROUP BY GROUPING SETS ((k), ()) "
        "ORDER BY k NULLS FIRST"
    )
