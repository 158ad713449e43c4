"""Vendor lists: counts as in plain Python, small cells withheld beyond reckoning, and never an identifier."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from basekeep.run.upgrade.tables import SCHEMAS
from basekeep.run.upgrade.vendor_list import COLUMNS, withhold

from .plain import full_months
from .plain_devices import PlainDevices
from .small_operator import COLUMNS as INPUTS
from .small_operator import Operator, Row, declared, operator, run_step

CELLS = st.dictionaries(
    st.tuples(st.just("city"), st.text("abc", min_size=1, max_size=2)), st.integers(1, 12), max_size=7
)


def big(seed: int) -> Operator:
    """Enough lines and stock for cells of all sizes."""
    made = operator(seed, 2500)
    return made.with_rows(stock=[{**row, "available": (row["available"] or 0) * 5} for row in made.rows("stock")])


@pytest.mark.parametrize("seed", range(4))
def test_cells_are_those_of_plain_python_or_withheld(seed: int, tmp_path: Path) -> None:
    made = big(seed)
    rows = run_step(made, tmp_path)["vendor_list"]
    plain = PlainDevices(made, declared())
    present, months = Counter[tuple[Any, ...]](), Counter[tuple[Any, ...]]()
    for who in plain.ageing():
        key = (plain.city(who), plain.present(who))
        present[key] += 1
        months[key] += full_months(plain.members[who]["device_since"])
    wanted = Counter[tuple[Any, ...]]((plain.city(who), models[0]) for who, models in plain.offered().items())
    assert [tuple(row[name] for name in ("brand", "city_id", "device_model_id")) for row in rows] == sorted(
        (plain.models[model]["brand"], city, model)
        for city, model in {*present, *wanted}
        if city and model and plain.models[model]["brand"]
    )
    assert any(row["present_withheld"] for row in rows)
    for row in rows:
        key = (row["city_id"], row["device_model_id"])
        for side, counted in (("present", present), ("wanted", wanted)):
            shown = row[f"{side}_lines"]
            assert (shown is None) == row[f"{side}_withheld"]
            assert shown is None or shown == counted[key]
            assert shown is None or shown == 0 or shown >= 5
        mean = months[key] / present[key] if present[key] else 0
        assert row["present_months"] is None or abs(row["present_months"] - mean) <= 0.5


@pytest.mark.parametrize("seed", range(4))
def test_no_withheld_cell_follows_from_what_a_city_has_in_all(seed: int, tmp_path: Path) -> None:
    rows = run_step(big(seed), tmp_path)["vendor_list"]
    for side in ("present", "wanted"):
        hidden: dict[str, int] = defaultdict(int)
        for row in rows:
            hidden[row["city_id"]] += row[f"{side}_withheld"]
        shown = {row["city_id"] for row in rows if row[f"{side}_lines"]}
        assert all(many != 1 for city, many in hidden.items() if city in shown)


@given(CELLS)
def test_each_withheld_cell_could_be_two_numbers(cells: dict[tuple[str, str], int]) -> None:
    """Whoever knows the sum, and which cells are withheld, still cannot tell one: unless everything is withheld."""
    hidden = withhold(cells, 5)
    assert {key for key, many in cells.items() if many < 5} <= hidden
    if not hidden or len(hidden) == len(cells):
        return
    total = sum(cells[key] for key in hidden)
    possible = (
        [ways for ways in product(range(1, total + 1), repeat=len(hidden)) if sum(ways) == total]
        if total < 14 and len(hidden) < 5
        else []
    )
    if possible:
        assert all(len({ways[at] for ways in possible}) > 1 for at in range(len(hidden)))
    assert len(hidden) > 1
    assert total >= 5


def test_nothing_small_nothing_withheld() -> None:
    assert withhold({("c", "a"): 5, ("c", "b"): 6}, 5) == frozenset()
    assert withhold({("c", "a"): 4, ("c", "b"): 6, ("c", "d"): 7}, 5) == {("c", "a"), ("c", "b")}


def test_the_columns_are_a_closed_list() -> None:
    assert tuple(SCHEMAS["vendor_list"].names) == COLUMNS
    closed = {"brand", "city_id", "device_model_id", "device_name", "present_lines", "present_months", "wanted_lines"}
    assert set(COLUMNS) == closed | {"present_withheld", "wanted_withheld"}


def identifiers(made: Operator) -> set[str]:
    """Everything that stands for somebody: of people, groups and staff; names too."""
    found = {row[name] for row in made.rows("people") for name in row}
    found |= {
        row[name] for row in made.rows("groups") for name in ("group_id", "name", "manager_id", "chief_manager_id")
    }
    found |= {row[name] for row in made.rows("staff") for name in ("staff_id", "name")}
    return {str(one) for one in found if one is not None}


def texts(rows: list[Row]) -> str:
    return "\n".join(str(value) for row in rows for value in row.values() if isinstance(value, str))


PLACES = [(table, field.name) for table, schema in INPUTS.items() for field in schema if str(field.type) == "string"]


@pytest.mark.parametrize(("table", "column"), PLACES, ids=[f"{table}.{column}" for table, column in PLACES])
def test_no_identifier_planted_in_any_column_comes_out(table: str, column: str, tmp_path: Path) -> None:
    made = big(7)
    ids = sorted(identifiers(made))
    draw = random.Random(f"{table}.{column}")
    forms = ["{}", "{}", "Phone {} Pro", "（{}）"]
    # Every second row of the table is given somebody's identifier, alone or among other words.
    planted = [
        {**row, column: draw.choice(forms).format(draw.choice(ids))} if at % 2 else row
        for at, row in enumerate(made.rows(table))
    ]
    harmed = made.with_rows(**{table: planted})
    found = run_step(harmed, tmp_path)
    said = texts(found["vendor_list"])
    assert not [one for one in identifiers(harmed) if len(one) > 2 and one in said]
    if table == "models" and column in ("name", "brand"):
        assert found.remarks["vendor_list.identifier"] > 0


def test_models_and_cities_called_like_somebody_are_left_out(tmp_path: Path) -> None:
    made = big(7)
    ids = sorted(row["msisdn"] for row in made.rows("people"))
    names = {row["device_model_id"]: ids[at] for at, row in enumerate(made.rows("models")) if at % 3}
    names["U1"] = ids[-1]

    def renamed(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        return [
            {key: names.get(value, value) if isinstance(value, str) else value for key, value in row.items()}
            for row in rows
        ]

    harmed = Operator({table: renamed(rows) for table, rows in made.tables.items()})
    found = run_step(harmed, tmp_path)
    assert found["vendor_list"]
    assert found.remarks["vendor_list.identifier"] > 0
    assert not [one for one in ids if one in texts(found["vendor_list"])]


def test_a_maker_that_is_a_customer_too_keeps_its_list(tmp_path: Path) -> None:
    made = big(7)
    named = [{**row, "name": "Huawei"} for row in made.rows("groups")]
    found = run_step(made.with_rows(groups=named), tmp_path)
    assert "Huawei" in {row["brand"] for row in found["vendor_list"]}
    assert "vendor_list.identifier" not in found.remarks
