"""Benchmark projects: chosen and reviewed as in plain Python; at most two a city, each month of the quarter once."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from basekeep.run.upgrade.benchmarks import quarter_months

from .plain_devices import PlainDevices
from .small_operator import END, Operator, Row, declared, operator, run_step

OCTOBER, NOVEMBER, DECEMBER = date(2025, 10, 1), date(2025, 11, 1), date(2025, 12, 1)


class PlainProjects(PlainDevices):
    """The projects, group by group."""

    def members_of(self, group: str) -> list[str]:
        return [who for who, member in self.members.items() if member["group_id"] == group]

    def city_of(self, group: str) -> str | None:
        held = Counter(city for who in self.members_of(group) if (city := self.city(who)))
        own = self.above(self.groups[group]["unit_id"], "city")
        if own in held:
            return own
        return min(held, key=lambda city: (-held[city], city)) if held else None

    def completed(self, group: str) -> dict[str, date]:
        """Lines of the group with their first 5G order of the quarter, as its month."""
        assert self.upgrade.rewards is not None
        found: dict[str, date] = {}
        for order in sorted(self.operator.rows("orders"), key=lambda one: one["date"]):
            who = order["subscriber_id"]
            if order["offer_id"] in self.upgrade.rewards.offers and OCTOBER <= order["date"] <= END:
                found.setdefault(who, order["date"].replace(day=1))
        return {who: month for who, month in found.items() if who in set(self.members_of(group))}

    def points(self, group: str, values: dict[str, float]) -> int:
        assert self.upgrade.benchmark is not None
        worth = self.upgrade.benchmark.worth
        highest = max(values[other] for other in values if self.city_of(other) == self.city_of(group))
        ageing = [who for who in self.ageing() if self.members[who]["group_id"] == group]
        served = sum(who in self.offered() for who in ageing)
        roles = {self.members[who]["group_role"] for who in self.members_of(group)}
        return (
            (math.floor(Fraction(worth.value) * Fraction(values[group]) / Fraction(highest)) if highest else 0)
            + math.floor(worth.stock * (Fraction(served, len(ageing)) if ageing else 1))
            + (worth.manager if self.group_manager(group) else 0)
            + (worth.contact if roles & {"contact", "key_person", "leader"} else 0)
            + (worth.started if self.completed(group) else 0)
        )

    def lines(self, group: str) -> int:
        done = self.completed(group)
        return sum(self.figures[who]["not_on_5g"] is True or who in done for who in self.members_of(group))


@pytest.mark.parametrize("seed", range(5))
def test_projects_are_those_of_plain_python(seed: int, tmp_path: Path) -> None:
    made = operator(seed, 500)
    rows = run_step(made, tmp_path)["benchmark_project"]
    plain = PlainProjects(made, declared())
    values = {row["group_id"]: row["expected_value"] for row in made.rows("targets")}
    by_city: dict[str, list[str]] = defaultdict(list)
    for group in values:
        if city := plain.city_of(group):
            by_city[city].append(group)
    expected: dict[tuple[str, int], tuple[str, int]] = {}
    for city, groups in by_city.items():
        chosen = sorted(groups, key=lambda one: (-plain.points(one, values), plain.rank[one]))[:2]
        expected |= {(city, at + 1): (one, plain.points(one, values)) for at, one in enumerate(chosen)}
    assert expected
    assert {(row["city_id"], row["place"]): (row["group_id"], row["score"]) for row in rows} == expected
    assert [(row["city_id"], row["place"], row["month"]) for row in rows] == sorted(
        (city, place, month) for city, place in expected for month in (OCTOBER, NOVEMBER, DECEMBER)
    )
    for row in rows:
        done = plain.completed(row["group_id"])
        until = sum(month <= row["month"] for month in done.values())
        assert row["completed_lines"] == (None if row["month"] == DECEMBER else until)
        assert row["lines"] == plain.lines(row["group_id"])
        share = {OCTOBER: Fraction(1, 5), NOVEMBER: Fraction(3, 5), DECEMBER: Fraction(1)}[row["month"]]
        assert row["planned_lines"] == math.ceil(share * row["lines"])
        assert row["quarter"] == "2025-Q4"


def test_one_a_city_where_only_one_is_wanted(tmp_path: Path) -> None:
    benchmark: dict[str, Any] = declared().model_dump(mode="json")["benchmark"]
    rows = run_step(operator(2, 500), tmp_path, declared(benchmark={**benchmark, "per_city": 1}))["benchmark_project"]
    assert {row["place"] for row in rows} == {1}


def project(days: list[date]) -> Operator:
    """One target group of ten lines not on 5G, some with an order."""
    members: list[Row] = [{"subscriber_id": f"S{n}", "branch_id": "C", "group_id": "G"} for n in range(10)]
    return Operator({
        "units": [{"unit_id": "C", "parent_id": None, "level": "city", "name": "市"}],
        "groups": [{"group_id": "G", "unit_id": "C"}],
        "targets": [{"group_id": "G", "rank": 1, "expected_value": 12.5}],
        "members": members,
        "figures": [{"subscriber_id": row["subscriber_id"], "not_on_5g": True} for row in members],
        "orders": [
            {"order_id": f"O{n}", "subscriber_id": f"S{n}", "date": day, "offer_id": "pack_5g"} for n, day in enumerate(days)
        ],
    })  # fmt: skip


def test_the_review_says_planned_against_completed(tmp_path: Path) -> None:
    days = [date(2025, 9, 30), OCTOBER, date(2025, 10, 31), NOVEMBER, date(2025, 12, 1)]
    rows = run_step(project(days), tmp_path)["benchmark_project"]
    assert [row["review_en"] for row in rows] == [
        "2 due, 2 completed: exactly as planned", "6 due, 3 completed: 3 behind", "to come; 10 due by the month's end",
    ]  # fmt: skip
    assert rows[1]["review_zh"] == "应完成 6 户，已完成 3 户，落后 3 户"
    assert [(row["stage"], row["stage_zh"]) for row in rows] == [(1, "快速启动"), (2, "全面推进"), (3, "总结推广")]
    assert rows[0]["why_en"] == (
        "expected value 12.50 (50); stock for 0 of 0 ageing devices (20); no manager who is there (0); "
        "no contact or key person (0); 3 lines completed this quarter (5)"
    )


@pytest.mark.parametrize(("month", "first"), [(1, 1), (3, 1), (4, 4), (12, 10)])
def test_a_quarter_begins_in_its_first_month(month: int, first: int) -> None:
    assert quarter_months(date(2025, month, 1)) == (
        date(2025, first, 1),
        date(2025, first + 1, 1),
        date(2025, first + 2, 1),
    )
