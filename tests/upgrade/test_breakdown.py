"""The goal shared out: exact at each level, as one by one in plain Python, floors kept, lines counted where they lie."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from basekeep.playbook.upgrade import Upgrade

from .plain import Plain
from .small_operator import Operator, Row, declared, operator, run_step
from .test_apportion import one_by_one

LEVELS = ("province", "city", "county", "branch")


def goal(**changes: Any) -> Upgrade:
    return declared(breakdown={"goal_share": "30%", "least_lines": 5, **changes})


def wanted(plain: Plain) -> list[str]:
    """Lines of a class, and lines of target groups that are not on 5G."""
    return [
        who for who, figure in plain.figures.items()
        if figure["policy_class"] is not None or (plain.is_target(who) and figure["not_on_5g"] is True)
    ]  # fmt: skip


CASES = [
    (0, {}),
    (1, {"least_lines": 0}),
    (2, {"total_lines": 1000}),
    (3, {"total_lines": 7}),
    (4, {"goal_share": "100%"}),
    (5, {"least_lines": 40}),
]


@pytest.mark.parametrize(("seed", "changes"), CASES)
def test_every_level_adds_up_and_is_what_plain_python_gives(seed: int, changes: dict[str, Any], tmp_path: Path) -> None:
    made, upgrade = operator(seed, 900), goal(**changes)
    rows = {row["unit_id"]: row for row in run_step(made, tmp_path, upgrade)["breakdown"]}
    plain = Plain(made, upgrade)
    assert set(rows) == set(plain.units)
    lines = Counter(unit for who in wanted(plain) for unit in plain.chain(plain.unit_of(who)))
    assert {name: row["lines"] for name, row in rows.items()} == {name: lines[name] for name in rows}
    (top,) = (row for row in rows.values() if row["parent_id"] is None)
    expected = changes.get("total_lines", int(lines["U"] * (100 if "goal_share" in changes else 30) / 100 + 0.5))
    assert top["target_lines"] == expected
    for name, row in rows.items():
        below = {child: one for child, one in rows.items() if one["parent_id"] == name}
        assert row["target_lines"] == sum(one["target_lines"] for one in below.values()) + row["own_target_lines"]
        assert row["lines"] == sum(one["lines"] for one in below.values()) + row["own_lines"]
        parts = {child: (one["lines"], one["floor_lines"]) for child, one in below.items()}
        if row["own_lines"]:
            parts[""] = (
                row["own_lines"],
                min(row["own_lines"], upgrade.breakdown.least_lines if upgrade.breakdown else 0),
            )
        if below:
            shared = one_by_one(
                row["target_lines"], {k: w for k, (w, _) in parts.items()}, {k: f for k, (_, f) in parts.items()}
            )
            assert {child: one["target_lines"] for child, one in below.items()} == {
                k: v for k, v in shared.items() if k
            }


@pytest.mark.parametrize("seed", range(3))
def test_floors_hold_for_small_units(seed: int, tmp_path: Path) -> None:
    rows = run_step(operator(seed, 900), tmp_path, goal())["breakdown"]
    leaves = [row for row in rows if row["level"] == "branch"]
    assert all(row["target_lines"] >= min(5, row["lines"]) for row in leaves)
    assert all(row["target_lines"] <= row["lines"] for row in rows)


@pytest.mark.parametrize("seed", range(3))
def test_groups_hang_at_one_unit_and_all_above(seed: int, tmp_path: Path) -> None:
    made = operator(seed, 900)
    found = run_step(made, tmp_path)
    plain = Plain(made, declared())
    hung: Counter[str] = Counter()
    for group in plain.rank:
        unit = plain.groups[group]["unit_id"]
        if unit not in plain.units:
            counties = Counter(
                plain.above(plain.unit_of(who), "county") or plain.unit_of(who)
                for who in wanted(plain)
                if plain.members[who]["group_id"] == group and plain.unit_of(who)
            )
            unit = min(counties, key=lambda one: (-counties[one], str(one))) if counties else None
        hung.update(plain.chain(unit))
    assert {row["unit_id"]: row["groups"] for row in found["breakdown"]} == {name: hung[name] for name in plain.units}
    unknown = sum(plain.groups[group]["unit_id"] not in plain.units for group in plain.rank)
    assert found.remarks.get("group_account.unit_unknown", 0) == unknown


def tree(*rows: tuple[str, str | None, str, int]) -> Operator:
    """Units, each with so many lines of its own to upgrade."""
    units: list[Row] = [{"unit_id": n, "parent_id": p, "level": level, "name": n} for n, p, level, _ in rows]
    members: list[Row] = [
        {"subscriber_id": f"{n}-{at}", "branch_id": n} for n, _, _, many in rows for at in range(many)
    ]
    figures = [
        {"subscriber_id": m["subscriber_id"], "policy_class": "campus", "policy_kind": "campus", "not_on_5g": True}
        for m in members
    ]
    return Operator({"units": units, "members": members, "figures": figures})


def targets(made: Operator, folder: Path, **changes: Any) -> dict[str, tuple[int, int]]:
    rows = run_step(made, folder, goal(**changes))["breakdown"]
    return {row["unit_id"]: (row["target_lines"], row["own_target_lines"]) for row in rows}


def test_lines_of_grids_count_in_their_branch_and_lines_of_counties_stay_theirs(tmp_path: Path) -> None:
    made = tree(("C", None, "city", 0), ("K", "C", "county", 4), ("B", "K", "branch", 2), ("B1", "B", "grid", 6))
    found = targets(made, tmp_path, goal_share="100%")
    assert found == {"C": (12, 0), "K": (12, 4), "B": (8, 8)}


def test_two_tops_and_a_circle_share_the_goal_all_the_same(tmp_path: Path) -> None:
    made = tree(
        ("P", None, "province", 10), ("Q", None, "province", 10), ("X", "Y", "county", 10), ("Y", "X", "branch", 10)
    )
    found = targets(made, tmp_path, total_lines=8, least_lines=0)
    assert {name: target for name, (target, _) in found.items()} == {"P": 2, "Q": 2, "X": 4, "Y": 2}


def test_lines_at_no_unit_are_said(tmp_path: Path) -> None:
    made = tree(("P", None, "province", 3))
    lost: list[Row] = [{"subscriber_id": "lost", "branch_id": "?"}]
    figures: list[Row] = [
        {"subscriber_id": "lost", "policy_class": "campus", "policy_kind": "campus", "not_on_5g": True}
    ]
    made = made.with_rows(members=[*made.rows("members"), *lost], figures=[*made.rows("figures"), *figures])
    found = run_step(made, tmp_path, goal())
    assert found.remarks["upgrade.line_without_unit"] == 1
    assert found["breakdown"][0]["lines"] == 3


def test_rounding_is_explained_in_both_languages(tmp_path: Path) -> None:
    made = tree(
        ("P", None, "province", 0),
        ("A", "P", "city", 100),
        ("B", "P", "city", 100),
        ("C", "P", "city", 3),
        ("D", "P", "city", 100),
    )
    rows = {row["unit_id"]: row for row in run_step(made, tmp_path, goal(total_lines=100, least_lines=3))["breakdown"]}
    assert [rows[name]["target_lines"] for name in "PABCD"] == [100, 33, 32, 3, 32]
    assert rows["P"]["why_en"].endswith("100.00 due, a whole number.")
    assert (
        rows["A"]["why_en"]
        == "of the goal of 100 above, with 100 of the 303 lines there: 33.00 due, rounded to 33 so that the sum stays exact."
    )
    assert rows["B"]["why_en"].endswith("; 32 after others were raised to their floors.")
    assert rows["C"]["why_zh"] == "上级目标 100 户，上级 303 户中占 3 户，应得 0.99 户，取下限 3 户。"
