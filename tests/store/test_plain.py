"""Tables that are not aligned: one file, sorted by key, the same bytes for the same rows."""

from __future__ import annotations

import random
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from basekeep.contract.tables import CALL_PAIR, CONTACT_LOG, DEVICE_STOCK, FIELD_ACTIVITY, ORG_UNIT
from basekeep.engines.duckdb import DuckEngine
from basekeep.store.state import State, partition_folder
from basekeep.store.storing import store_table

from .panel import JANUARY, write_typed


def stored_rows(store_dir: Path, state: State, table: str, key: str) -> list[dict[str, Any]]:
    ref = state.partition(table, key)
    assert ref
    path = partition_folder(store_dir, table, key, ref.version) / "data.parquet"
    rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    assert len(rows) == ref.rows == ref.positions
    return rows


def test_rows_are_sorted_by_key(store_dir: Path, engine: DuckEngine, tmp_path: Path) -> None:
    rows = [{"device_model_id": d, "unit_id": u, "available": 1} for d, u in ("b2", "a9", "b1", "a1")]
    typed = write_typed(tmp_path / "t.parquet", DEVICE_STOCK, rows, DEVICE_STOCK.names)
    state = store_table(store_dir, engine, DEVICE_STOCK, None, typed)
    stored = stored_rows(store_dir, state, "device_stock", "all")
    assert [row["device_model_id"] + row["unit_id"] for row in stored] == ["a1", "a9", "b1", "b2"]


def test_a_monthly_table_is_kept_by_month(store_dir: Path, engine: DuckEngine, tmp_path: Path) -> None:
    rows = [{"month": JANUARY, "a_id": "a", "b_id": "b", "minutes_ab": 123}]
    typed = write_typed(tmp_path / "t.parquet", CALL_PAIR, rows, list(rows[0]))
    state = store_table(store_dir, engine, CALL_PAIR, JANUARY, typed)
    assert stored_rows(store_dir, state, "call_pair", "2025-01") == rows
    assert state.roster is None


def test_every_stored_type_comes_back_as_it_was(store_dir: Path, engine: DuckEngine, tmp_path: Path) -> None:
    rows = [
        {"contact_id": "1", "subscriber_id": "甲", "at": datetime(2025, 1, 2, 3, 4, 5, 678901), "result": None},
        {"contact_id": "2", "subscriber_id": "a'b", "at": datetime(1999, 12, 31), "result": "agreed"},
    ]
    typed = write_typed(tmp_path / "t.parquet", CONTACT_LOG, rows, list(rows[0]))
    state = store_table(store_dir, engine, CONTACT_LOG, None, typed)
    assert stored_rows(store_dir, state, "contact_log", "all") == rows


def test_columns_stand_in_the_order_of_the_contract(store_dir: Path, engine: DuckEngine, tmp_path: Path) -> None:
    unit = {"name": "省", "level": "province", "parent_id": None, "unit_id": "1"}
    typed = write_typed(tmp_path / "t.parquet", ORG_UNIT, [unit], list(unit))
    state = store_table(store_dir, engine, ORG_UNIT, None, typed)
    assert list(stored_rows(store_dir, state, "org_unit", "all")[0]) == ["unit_id", "parent_id", "level", "name"]


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_neither_order_nor_threads_change_the_version(tmp_path: Path, threads: int) -> None:
    draw = random.Random(1)
    # Without a key, and with rows that are the same.
    rows = [
        {
            "staff_id": f"s{draw.randrange(50)}",
            "date": date(2025, 1, draw.randrange(1, 4)),
            "quantity": draw.randrange(3),
        }
        for _ in range(150_000)
    ]
    states: list[State] = []
    for many in (3, threads):
        typed = write_typed(tmp_path / "t.parquet", FIELD_ACTIVITY, rows, list(rows[0]))
        with DuckEngine(threads=many, temp_dir=tmp_path / "spill") as engine:
            states.append(store_table(tmp_path / f"store{len(states)}", engine, FIELD_ACTIVITY, None, typed))
        draw.shuffle(rows)
    assert states[0] == states[1]


def test_what_is_not_in_stored_form_is_refused(store_dir: Path, engine: DuckEngine, tmp_path: Path) -> None:
    with engine.session() as session:
        session.copy("SELECT 1 AS unit_id, 'x' AS nonsense", tmp_path / "t.parquet", 10)
    with pytest.raises(ValueError, match=r"missing .*parent_id.* wrong .*unit_id INTEGER.*nonsense"):
        store_table(store_dir, engine, ORG_UNIT, None, tmp_path / "t.parquet")
