"""Benchmark projects: in each city the one or two target groups most worth making an example of this quarter, and how they go.

Chosen as of the month of the run. A line counts as completed once, with its first order of a listed offer in the quarter.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from basekeep.contract.columns import NUMBER_SCALE
from basekeep.engines.protocol import Session
from basekeep.engines.sql_text import sql_literal
from basekeep.kernel.months import month_end, shift_month
from basekeep.kernel.text import Text
from basekeep.playbook.upgrade import Benchmark, Worth
from basekeep.run.upgrade.inputs import Inputs
from basekeep.run.upgrade.marketing_cost import Row

_QUARTER = 3


@dataclass(frozen=True)
class Candidate:
    """One target group in its city. `value` in ten-thousandths; `completed` by month of the quarter."""

    group_id: str
    city_id: str
    rank: int
    value: int
    manager_id: str | None
    responsible_id: str | None
    ageing: int
    served: int
    contact: bool
    lines: int
    completed: Mapping[date, int]


def benchmark_projects(declared: Benchmark, inputs: Inputs, session: Session) -> list[Row]:
    """A row for each project and month of the quarter, by city, place and month."""
    by_city: dict[str, list[Candidate]] = {}
    for one in _candidates(inputs, session):
        by_city.setdefault(one.city_id, []).append(one)
    rows: list[Row] = []
    for city in sorted(by_city):
        highest = max(one.value for one in by_city[city])
        worth = {one.group_id: _points(one, highest, declared.worth) for one in by_city[city]}
        chosen = sorted(by_city[city], key=lambda one: (-sum(worth[one.group_id].values()), one.rank))
        for place, one in enumerate(chosen[: declared.per_city]):
            rows += _project(place + 1, one, worth[one.group_id], declared, inputs.month)
    return rows


def quarter_months(month: date) -> tuple[date, date, date]:
    """The three months of the quarter that a month lies in."""
    first = date(month.year, (month.month - 1) // _QUARTER * _QUARTER + 1, 1)
    return first, shift_month(first, 1), shift_month(first, 2)


def _points(one: Candidate, highest: int, worth: Worth) -> dict[str, int]:
    """What earns a group its place; parts of points are dropped."""
    supplied = Fraction(one.served, one.ageing) if one.ageing else Fraction(1)
    return {
        "value": worth.value * max(one.value, 0) // highest if highest > 0 else 0,
        "stock": int(worth.stock * supplied),
        "manager": worth.manager if one.manager_id else 0,
        "contact": worth.contact if one.contact else 0,
        "started": worth.started if any(one.completed.values()) else 0,
    }


def _candidates(inputs: Inputs, session: Session) -> Iterator[Candidate]:
    cities = _cities(session)
    ageing = _ageing(inputs, session)
    completed = _completed(inputs, session)
    query = (
        "SELECT g.group_id, g.rank, coalesce(g.expected_value, 0), g.manager_id, coalesce(g.manager_id, p.manager_id), "
        "coalesce(bool_or(l.group_role IN ('contact', 'key_person', 'leader')), FALSE), "
        "count_if(l.not_on_5g OR l.subscriber_id IN (SELECT subscriber_id FROM upgrade__quarter)) "
        "FROM upgrade__group g LEFT JOIN upgrade__place p ON g.unit_id = p.unit_id "
        "JOIN upgrade__line l ON g.group_id = l.group_id WHERE g.rank IS NOT NULL GROUP BY ALL ORDER BY g.rank"
    )
    for group, rank, value, manager, responsible, contact, lines in session.rows(query):
        if group in cities:
            old, served = ageing.get(group, (0, 0))
            yield Candidate(
                group, cities[group], int(rank), round(value * NUMBER_SCALE), manager, responsible, old, served,
                bool(contact), int(lines), completed.get(group, {}),
            )  # fmt: skip


def _cities(session: Session) -> dict[str, str]:
    """The city of each group: its own where some member lies there, else the one that holds most, the first by id."""
    rows = session.rows(
        "SELECT l.group_id, l.city_id FROM upgrade__line l JOIN upgrade__group g ON l.group_id = g.group_id "
        "LEFT JOIN upgrade__place p ON g.unit_id = p.unit_id WHERE g.rank IS NOT NULL AND l.city_id IS NOT NULL "
        "GROUP BY ALL ORDER BY l.group_id, bool_or(coalesce(p.city_id = l.city_id, FALSE)) DESC, count(*) DESC, l.city_id"
    )
    return dict(reversed(rows))


def _ageing(inputs: Inputs, session: Session) -> dict[str, tuple[int, int]]:
    """By group: ageing devices, and those that stock can replace."""
    if inputs.declared.devices is None:
        return {}
    rows = session.rows(
        "SELECT a.group_id, count(*), count(c.subscriber_id) FROM upgrade__ageing a "
        "LEFT JOIN (SELECT subscriber_id FROM upgrade__chosen WHERE choice = 1) c ON a.subscriber_id = c.subscriber_id "
        "GROUP BY a.group_id"
    )
    return {group: (int(many), int(served)) for group, many, served in rows}


def _completed(inputs: Inputs, session: Session) -> dict[str, dict[date, int]]:
    """By group and month of the quarter: lines that completed in it."""
    offers = inputs.declared.rewards.offers if inputs.declared.rewards else ()
    listed = ", ".join(map(sql_literal, offers)) or "NULL"
    first = quarter_months(inputs.month)[0]
    session.run(
        "CREATE OR REPLACE TEMP TABLE upgrade__quarter AS "
        f"SELECT subscriber_id, CAST(date_trunc('month', min(date)) AS DATE) AS month FROM {inputs.orders} o "
        f"WHERE date BETWEEN DATE '{first}' AND DATE '{month_end(inputs.month)}' AND offer_id IN ({listed}) GROUP BY subscriber_id"
    )
    found: dict[str, dict[date, int]] = {}
    query = (
        "SELECT l.group_id, q.month, count(*) FROM upgrade__quarter q JOIN upgrade__line l ON q.subscriber_id = l.subscriber_id "
        "WHERE l.group_rank IS NOT NULL GROUP BY ALL"
    )
    for group, month, lines in session.rows(query):
        found.setdefault(group, {})[month] = int(lines)
    return found


def _project(place: int, one: Candidate, points: Mapping[str, int], declared: Benchmark, month: date) -> Iterator[Row]:
    months, done = quarter_months(month), 0
    why = _why(one, points)
    for number, (at, stage) in enumerate(zip(months, declared.stages, strict=True), start=1):
        planned = math.ceil(stage.planned_share * one.lines)
        done += one.completed.get(at, 0)
        completed = done if at <= month else None
        review = _review(planned, completed)
        yield {
            "city_id": one.city_id, "quarter": f"{month.year}-Q{(month.month + 2) // _QUARTER}", "place": place,
            "group_id": one.group_id, "manager_id": one.responsible_id, "score": sum(points.values()),
            "expected_value": one.value / NUMBER_SCALE, "lines": one.lines, "why_zh": why.zh, "why_en": why.en, "month": at,
            "stage": number, "stage_zh": stage.name.zh, "stage_en": stage.name.en, "planned_lines": planned,
            "completed_lines": completed, "review_zh": review.zh, "review_en": review.en,
        }  # fmt: skip


def _why(one: Candidate, points: Mapping[str, int]) -> Text:
    """What earned each part of the score, in words."""
    value = f"{one.value / NUMBER_SCALE:,.2f}"
    supply = Text(
        f"{one.ageing:,} 台老旧终端中 {one.served:,} 台有货",
        f"stock for {one.served:,} of {one.ageing:,} ageing devices",
    )
    manager = (
        Text("客户经理在岗", "a manager who is there")
        if one.manager_id
        else Text("没有在岗的客户经理", "no manager who is there")
    )
    contact = (
        Text("有联系人或关键人", "a contact or key person")
        if one.contact
        else Text("没有联系人和关键人", "no contact or key person")
    )
    done = sum(one.completed.values())
    started = Text(f"本季已竣工 {done:,} 户", f"{done:,} lines completed this quarter")
    parts = {
        "value": Text(f"期望价值 {value}", f"expected value {value}"),
        "stock": supply,
        "manager": manager,
        "contact": contact,
        "started": started,
    }
    return Text(
        "；".join(f"{text.zh}（{points[name]} 分）" for name, text in parts.items()),
        "; ".join(f"{text.en} ({points[name]})" for name, text in parts.items()),
    )


def _review(planned: int, completed: int | None) -> Text:
    """The month's review: planned against completed, both from the quarter's first day."""
    if completed is None:
        return Text(f"未到；到月末应完成 {planned:,} 户", f"to come; {planned:,} due by the month's end")
    zh, en = f"应完成 {planned:,} 户，已完成 {completed:,} 户", f"{planned:,} due, {completed:,} completed"
    if completed < planned:
        return Text(f"{zh}，落后 {planned - completed:,} 户", f"{en}: {planned - completed:,} behind")
    if completed > planned:
        return Text(f"{zh}，超前 {completed - planned:,} 户", f"{en}: {completed - planned:,} ahead")
    return Text(f"{zh}，正好按计划", f"{en}: exactly as planned")
