"""Who is served, what completed lines earn and what it costs, held against plain Python on operators full of faults."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from .plain import Plain, sums_by
from .small_operator import END, MONTH, Operator, Row, declared, operator, run_step

AMOUNTS = ("line_fen", "device_fen", "big_order_fen", "total_fen")
FIELDS = ("order_id", "unit_id", "manager_id", "device_extra", *AMOUNTS)


@pytest.mark.parametrize("seed", range(6))
def test_the_ledger_is_what_plain_python_gives(seed: int, tmp_path: Path) -> None:
    made = operator(seed, 600)
    found = run_step(made, tmp_path)
    expected = Plain(made, declared()).ledger()
    assert len(expected) > 20
    assert {row["subscriber_id"]: {name: row[name] for name in FIELDS} for row in found["reward_ledger"]} == {
        who: {name: entry[name] for name in FIELDS} for who, entry in expected.items()
    }


@pytest.mark.parametrize("seed", range(3))
def test_totals_and_costs_add_up_to_the_ledger(seed: int, tmp_path: Path) -> None:
    made = operator(seed, 600)
    found = run_step(made, tmp_path)
    ledger = found["reward_ledger"]
    by_both = sums_by(ledger, ("unit_id", "manager_id"), AMOUNTS)
    assert {
        (row["unit_id"], row["manager_id"]): [row["lines"], *(row[name] for name in AMOUNTS)]
        for row in found["reward_total"]
    } == by_both
    costs = found["marketing_cost"]
    assert sum(row["cost_fen"] for row in costs) == sum(row["total_fen"] for row in ledger)
    assert sum(row["lines"] for row in costs) == len(ledger)
    assert sum(row["budget_fen"] for row in costs) == 400_000_00
    plain = Plain(made, declared())
    for row in costs:
        of = [entry for entry in ledger if plain.above(entry["unit_id"], "city") == row["unit_id"]]
        assert row["cost_fen"] == sum(entry["total_fen"] for entry in of)
        assert row["left_fen"] == row["budget_fen"] - row["cost_fen"]


@pytest.mark.parametrize("seed", range(3))
def test_every_line_of_a_class_is_served_by_it(seed: int, tmp_path: Path) -> None:
    made = operator(seed)
    plain = Plain(made, declared())
    found = run_step(made, tmp_path)["policy_line"]
    assert {row["subscriber_id"]: (row["policy_class"], row["city_id"], row["manager_id"]) for row in found} == {
        who: (figure["policy_class"], plain.above(plain.unit_of(who), "city"), plain.manager_of(who))
        for who, figure in plain.figures.items()
        if figure["policy_class"] is not None
    }


def completed(many: int, **changes: Any) -> Operator:
    """One group of so many lines, each with an order in the month."""
    members = [
        {"subscriber_id": f"S{n:03d}", "branch_id": "B", "group_id": "G", "device_model_id": None} for n in range(many)
    ]
    figures: list[Row] = [
        {"subscriber_id": row["subscriber_id"], "policy_kind": "campus", "not_on_5g": False, "not_on_5g_before": True}
        for row in members
    ]
    orders = [
        {"order_id": f"O{n}", "subscriber_id": row["subscriber_id"], "date": END, "offer_id": "plan_5g", **changes}
        for n, row in enumerate(members)
    ]
    units: list[Row] = [
        {"unit_id": "C", "parent_id": None, "level": "city", "name": "市"},
        {"unit_id": "B", "parent_id": "C", "level": "branch", "name": "支局"},
    ]
    return Operator({"members": members, "figures": figures, "orders": orders, "units": units})


@pytest.mark.parametrize(("many", "each"), [(9, 0), (10, 500), (49, 500), (50, 1000)])
def test_a_big_order_step_is_reached_exactly(many: int, each: int, tmp_path: Path) -> None:
    ledger = run_step(completed(many), tmp_path)["reward_ledger"]
    assert [row["big_order_fen"] for row in ledger] == [each] * many
    assert {row["line_fen"] for row in ledger} == {2000}


@pytest.mark.parametrize(("day", "counts"), [(date(2025, 10, 31), 0), (MONTH, 1), (END, 1), (date(2025, 12, 1), 0)])
def test_only_orders_of_the_month_complete_a_line(day: date, counts: int, tmp_path: Path) -> None:
    assert len(run_step(completed(1, date=day), tmp_path)["reward_ledger"]) == counts


def test_a_line_with_several_orders_is_paid_once_for_the_first(tmp_path: Path) -> None:
    made = completed(1)
    again = [{**made.rows("orders")[0], "order_id": "A9", "date": date(2025, 11, 5)}]
    again += [{**made.rows("orders")[0], "order_id": "A1", "date": date(2025, 11, 5)}]
    ledger = run_step(made.with_rows(orders=[*made.rows("orders"), *again]), tmp_path)["reward_ledger"]
    assert [row["order_id"] for row in ledger] == ["A1"]


def test_an_extra_is_for_a_device_of_the_month_alone(tmp_path: Path) -> None:
    models = [{"device_model_id": "D", "brand": "X", "is_5g": True, "price": 3_500_0000 + 1}]
    made = completed(3)
    since = [date(2025, 10, 31), MONTH, END]
    members = [
        {**row, "device_model_id": "D", "device_since": day}
        for row, day in zip(made.rows("members"), since, strict=True)
    ]
    ledger = run_step(made.with_rows(members=members, models=models), tmp_path)["reward_ledger"]
    assert [(row["device_extra"], row["device_fen"]) for row in ledger] == [
        (None, 0),
        ("flagship", 3000),
        ("flagship", 3000),
    ]


def test_fen_are_exact(tmp_path: Path) -> None:
    rewards = {"offers": ["plan_5g"], "line_yuan": "0.07", "big_orders": [{"from_lines": 3, "yuan": "0.01"}]}
    found = run_step(completed(3), tmp_path, declared(rewards=rewards))
    assert [row["total_fen"] for row in found["reward_total"]] == [24]


def test_budgets_that_are_declared_stand_and_the_others_share_the_rest(tmp_path: Path) -> None:
    units = [{"unit_id": name, "parent_id": None, "level": "city", "name": name} for name in "ABCD"]
    budget = {"level": "city", "total_yuan": "100", "units": {"B": "30.01", "Z": "10"}}
    made = Operator({"units": units, "orders": [], "members": []})
    found = run_step(made, tmp_path, declared(marketing_budget=budget))
    got = {row["unit_id"]: (row["budget"], row["budget_fen"]) for row in found["marketing_cost"]}
    assert got == {"A": ("even", 2000), "B": ("declared", 3001), "C": ("even", 2000), "D": ("even", 1999)}
    assert found.remarks["upgrade.budget_of_unknown_unit"] == 1


def test_without_orders_or_staff_nothing_is_earned_and_nothing_fails(tmp_path: Path) -> None:
    found = run_step(operator(1).with_rows(orders=[], staff=[]), tmp_path)
    assert found["reward_ledger"] == []
    assert found["policy_line"]
