"""Replacement devices: the same as line by line in plain Python; stock is never exceeded; packages add up."""

from __future__ import annotations

import math
from collections import Counter
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from basekeep.run.upgrade.stock import Block, assign

from .plain_devices import PlainDevices
from .small_operator import Operator, Row, declared, operator, run_step


def offered(rows: list[Row]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in rows:
        assert row["choice"] == len(found.setdefault(row["subscriber_id"], [])) + 1
        found[row["subscriber_id"]].append(row["device_model_id"])
    return found


@pytest.mark.parametrize("seed", range(6))
def test_offers_are_those_of_plain_python(seed: int, tmp_path: Path) -> None:
    made = operator(seed, 900)
    found = run_step(made, tmp_path)
    plain = PlainDevices(made, declared())
    expected = plain.offered()
    assert len(expected) > 20
    assert offered(found["replacement_device"]) == expected
    stock = plain.stock()
    for row in found["replacement_device"]:
        city = plain.city(row["subscriber_id"])
        assert city == row["city_id"]
        assert row["score"] == plain.score(
            plain.present(row["subscriber_id"]), row["device_model_id"], stock[city or ""][row["device_model_id"]]
        )
    assert found.remarks.get("upgrade.without_supply", 0) == len(plain.ageing()) - len(expected)


@pytest.mark.parametrize("seed", range(6))
def test_first_choices_never_exceed_the_stock(seed: int, tmp_path: Path) -> None:
    made = operator(seed, 900)
    rows = run_step(made, tmp_path)["replacement_device"]
    stock = PlainDevices(made, declared()).stock()
    used = Counter((row["city_id"], row["device_model_id"]) for row in rows if row["choice"] == 1)
    assert used
    assert all(many <= stock[city][model] for (city, model), many in used.items())
    assert all(row["device_model_id"] in stock[row["city_id"]] for row in rows)


@pytest.mark.parametrize("seed", range(4))
def test_packages_add_up_to_the_first_choices(seed: int, tmp_path: Path) -> None:
    made = operator(seed, 900)
    found, plain = run_step(made, tmp_path), PlainDevices(made, declared())
    firsts = [row for row in found["replacement_device"] if row["choice"] == 1]
    rows = {(row["group_id"], row["device_model_id"]): row for row in found["group_package"]}
    assert Counter((row["group_id"], row["device_model_id"]) for row in firsts) == {
        k: r["lines"] for k, r in rows.items()
    }
    for (group, model), row in rows.items():
        credits = [
            plain.trade_in_fen(first["subscriber_id"]) for first in firsts
            if (first["group_id"], first["device_model_id"]) == (group, model)
        ]  # fmt: skip
        assert (row["trade_in_lines"], row["trade_in_fen"]) == (sum(c > 0 for c in credits), sum(credits))
        price = plain.models[model]["price"]
        dear = price is not None and price >= 1000 * 10_000
        assert row["instalment_lines"] == (row["lines"] if dear else 0)
        assert row["monthly_fen"] == (math.ceil(Fraction(price, 100 * 24)) if dear else None)


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(1, 9)), max_size=12),
    st.lists(st.integers(0, 9), min_size=5, max_size=5),
    st.lists(st.permutations(range(5)), min_size=3, max_size=3),
)
def test_stock_is_never_exceeded_and_never_left_while_somebody_waits(
    wanted: list[tuple[int, int]], stock: list[int], wishes: list[list[int]]
) -> None:
    blocks = [Block(at, wish, lines) for at, (wish, lines) in enumerate(wanted)]
    used: Counter[int] = Counter()
    served: Counter[int] = Counter()
    for one in assign(blocks, wishes, stock):
        used[one.choices[0]] += one.end - one.start
        served[one.block] += one.end - one.start
        assert len(set(one.choices)) == len(one.choices) <= 3
    assert all(many <= stock[supply] for supply, many in used.items())
    for block in blocks:
        assert served[block.block] <= block.lines
        if served[block.block] < block.lines:
            assert [used[supply] for supply in range(5)] == stock


def one_line(**changes: Any) -> Operator:
    """One line of a target group with a device of 21 months, and three models in stock."""
    member = {
        "subscriber_id": "S",
        "branch_id": "C",
        "group_id": "G",
        "device_model_id": "OLD",
        "device_5g": False,
        "device_since": date(2024, 2, 29),
    }
    models = [
        ("OLD", "Huawei", 2000, False), ("N1", "Huawei", 2500, True), ("N2", "Apple", 2100, True), ("N3", "Huawei", 5000, True),
        ("N4", "Huawei", 2500, True), ("N5", "Xiaomi", 900, True),
    ]  # fmt: skip
    return Operator({
        "units": [{"unit_id": "C", "parent_id": None, "level": "city", "name": "市"}],
        "groups": [{"group_id": "G", "unit_id": "C"}],
        "targets": [{"group_id": "G", "rank": 1, "expected_value": 1.0}],
        "members": [{**member, **changes}],
        "figures": [{"subscriber_id": "S", "not_on_5g": True}],
        "models": [
            {"device_model_id": name, "brand": brand, "name": name, "price": yuan * 10_000, "is_5g": is_5g}
            for name, brand, yuan, is_5g in models
        ],
        "stock": [{"device_model_id": name, "unit_id": "C", "available": 3} for name, *_ in models],
    })  # fmt: skip


def test_the_reasons_say_what_earned_the_points(tmp_path: Path) -> None:
    rows = run_step(one_line(), tmp_path)["replacement_device"]
    assert [(row["device_model_id"], row["score"]) for row in rows] == [("N1", 90), ("N4", 90), ("N3", 75)]
    assert rows[0]["reasons_zh"] == ["同品牌：Huawei", "价位相同：中端", "系统相同：安卓，资料易迁移", "本市有货 3 台"]
    assert rows[2]["reasons_en"] == [
        "the same brand: Huawei", "1 price tier(s) higher: High-end", "the same system, Android: data move easily",
        "3 in stock in the city",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("since", "counts"), [(date(2024, 2, 29), 3), (date(2024, 3, 1), 0), (date(2024, 2, 1), 3), (None, 0)]
)
def test_a_device_ages_at_exactly_so_many_months(since: date | None, counts: int, tmp_path: Path) -> None:
    assert len(run_step(one_line(device_since=since), tmp_path)["replacement_device"]) == counts


def test_a_5g_device_is_not_replaced(tmp_path: Path) -> None:
    assert run_step(one_line(device_5g=True), tmp_path)["replacement_device"] == []


def test_an_unknown_present_device_is_said_and_served(tmp_path: Path) -> None:
    found = run_step(one_line(device_model_id="D??"), tmp_path)
    rows = found["replacement_device"]
    assert [row["present_model_id"] for row in rows] == ["D??"] * 3
    assert rows[0]["reasons_en"] == ["3 in stock in the city", "the present device is not known"]
    assert found.remarks["subscriber_month.unknown_device_model"] == 1
