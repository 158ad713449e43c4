"""Families, their members, confidence and ties are those of an independent answer in plain Python, on pairs full of limits."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from families.stored_pairs import families_in, rows_of, stored_run
from oracle.families import Rules, confidence, families_of, knots, physical, ties_of, well_tied, without_hubs
from oracle.family_pairs import pairs_of, settle
from oracle.generate import panel
from oracle.panel import Panel

MONTH = date(2025, 12, 1)
OTHERWISE = {"family_months": "2", "family_largest": "5", "family_most_ties": "6", "family_tied_share": "60%", "family_cell_weight": "1/3"}  # fmt: skip
RULES = [Rules(), Rules(2, 5, 6, Fraction(3, 5), Fraction(1, 3))]


@pytest.mark.parametrize("seed", range(6))
def test_families_and_the_rule_equal_the_plain_answer(seed: int, tmp_path: Path) -> None:
    rows = panel(seed, 150, MONTH, months=2)
    settle(rows, MONTH, seed)
    pairs, rules = pairs_of(rows, MONTH, seed), RULES[seed % 2]
    record = stored_run(tmp_path, rows, pairs, MONTH, values=OTHERWISE if seed % 2 else None)
    people = Panel(rows, MONTH)
    ties = without_hubs(ties_of(people, pairs, rules), rules.most_ties)
    expected = families_of(ties, rules)
    # Knots that have to be cut, and hubs, are among them.
    assert sum(not well_tied(knot, ties, rules) for knot in knots(ties)) > 2
    assert len(ties) < len(ties_of(people, pairs, rules))
    found = families_in(record)
    assert set(found.values()) == expected
    for row in rows_of(record, "families/family.parquet"):
        family = found[row["family_id"]]
        exact = confidence(family, ties, rules) * 10_000
        assert row["confidence"] * 10_000 == (exact + Fraction(1, 2)).__floor__()
        assert row["size"] == len(family)
        told = json.loads(row["evidence"])
        near = {edge: tie for edge, tie in ties.items() if row["subscriber_id"] in edge and set(edge) <= family}
        assert (told["tied"], told["others"], told["months"]) == (len(near), len(family) - 1, rules.months)
        assert [tie["with"] for tie in told["ties"]] == sorted(
            who for edge in near for who in edge if who != row["subscriber_id"]
        )
        for (a, b), told_tie in zip(sorted(near), _by_edge(told["ties"], row["subscriber_id"]), strict=True):
            tie = near[a, b]
            assert told_tie["minutes"] == float(tie.minutes)
            assert told_tie["least_night_share"] == float(tie.night)
            assert told_tie["same"] == ("address" if tie.same_address else "cell")
    truths = {row["subscriber_id"]: row["rule__family__physical"] for row in rows_of(record, "figures/*.parquet")}
    assert truths == physical(rows, pairs, MONTH, rules)
    assert {True, False, None} <= set(truths.values())


def _by_edge(ties: list[dict[str, object]], who: str) -> list[dict[str, object]]:
    return sorted(ties, key=lambda tie: tuple(sorted([who, str(tie["with"])])))


def test_the_order_of_rows_changes_no_byte(tmp_path: Path) -> None:
    rows = panel(9, 80, MONTH, months=1)
    settle(rows, MONTH, 9)
    pairs = pairs_of(rows, MONTH, 9)
    files = []
    for number, (given, given_pairs) in enumerate([(rows, pairs), (rows[::-1], pairs[::-1])]):
        folder = tmp_path / str(number)
        folder.mkdir()
        files.append(stored_run(folder, given, given_pairs, MONTH).content["files"])
    assert files[0] == files[1]
    assert "families/shards/p00001.parquet" in files[0]


def test_a_familys_id_is_the_same_next_month_and_tells_no_phone_number(tmp_path: Path) -> None:
    rows = [
        {"subscriber_id": who, "month": month, "status": "active", "join_date": date(2020, 1, 1), "home_cell_id": "C1"}
        for who in ("13900000001", "13900000002", "13900000003")
        for month in (date(2025, 11, 1), MONTH)
    ]
    calls = {"minutes_ab": 3, "minutes_ba": 4, "night_share": 1, "via_vnet": False}
    pairs = [
        {"month": date(2025, number, 1), "a_id": "13900000001", "b_id": other, **calls}
        for number in range(9, 13)
        for other in ("13900000002", "13900000003")
        if other == "13900000002" or number > 9
    ]
    ids = []
    for month in (date(2025, 11, 1), MONTH):
        folder = tmp_path / month.isoformat()
        folder.mkdir()
        ids.append(families_in(stored_run(folder, rows, pairs, month)))
    assert [sorted(map(len, found.values())) for found in ids] == [[2], [3]]
    assert list(ids[0]) == list(ids[1])
    assert "1390000" not in next(iter(ids[0]))


def test_where_nobody_is_tied_there_is_no_family_and_the_rule_is_false(tmp_path: Path) -> None:
    rows = [
        {"subscriber_id": who, "month": MONTH, "status": "active", "join_date": date(2020, 1, 1), "address_id": "A"}
        for who in ("S1", "S2")
    ]
    calls = {"minutes_ab": 3, "minutes_ba": 4, "night_share": 0, "via_vnet": False}
    pairs = [{"month": date(2025, number, 1), "a_id": "S1", "b_id": "S2", **calls} for number in (10, 11, 12)]
    record = stored_run(tmp_path, rows, pairs, MONTH)
    assert families_in(record) == {}
    assert {row["rule__family__physical"] for row in rows_of(record, "figures/*.parquet")} == {False}
