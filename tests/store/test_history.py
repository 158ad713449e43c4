"""History over stored months equals what plain Python makes of the same panel."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from basekeep.engines.duckdb import DuckEngine
from basekeep.kernel.months import shift_month
from basekeep.store.history import columns_of, history_files, history_sql
from basekeep.store.manifest import verify
from basekeep.store.state import State, months
from basekeep.store.storing import store_month

from .panel import JANUARY, Panel, random_panel, write_month

Pair = tuple[str, int]


def store_panel(store_dir: Path, engine: DuckEngine, panel: Panel, order: Sequence[date], shard_rows: int) -> State:
    state = State()
    for month in order:
        typed = write_month(store_dir.parent / "typed.parquet", month, panel[month], seed=month.month)
        state = store_month(store_dir, engine, month, typed, shard_rows=shard_rows)
    return state


def stored_history(
    store_dir: Path, engine: DuckEngine, state: State, month: date, wanted: Sequence[Pair]
) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for shard in range(state.shard_count):
        sql = history_sql(store_dir, state, month, shard, wanted)
        with engine.session() as session:
            names = [name for name, _ in session.columns(sql)]
            for row in session.rows(sql):
                found[row[0]] = dict(zip(names[1:], row[1:], strict=True))
    return found


def plain_history(panel: Panel, month: date, wanted: Sequence[Pair]) -> dict[str, dict[str, Any]]:
    everyone = {member for members in panel.values() for member in members}
    found: dict[str, dict[str, Any]] = {member: {} for member in everyone}
    for member, answer in found.items():
        for column, lag in wanted:
            row = panel.get(shift_month(month, -lag), {}).get(member)
            answer[f"{column}_m{lag}"] = row.get(column) if row else None
            if column in MAY_BE_NONE:
                answer[f"present_m{lag}"] = row is not None
    return found


MAY_BE_NONE = {
    "bound_until",
    "vas_until",
    "bill_due_date",
    "group_id",
    "group_role",
    "family_account_id",
    "product_class",
}
WANTED: list[Pair] = [
    ("arpu", 0), ("arpu", 1), ("arpu", 2), ("contacts", 0), ("contacts", 4), ("bound_until", 0), ("brand", 0),
    ("brand", 3), ("broadband", 1), ("roaming_min", 1), ("arpu", 12),
]  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
def test_history_equals_a_plain_python_answer(store_dir: Path, engine: DuckEngine, seed: int) -> None:
    panel = random_panel(seed, subscribers=40, months=5)
    order = sorted(panel, key=lambda month: (month.month * (seed + 3)) % 7)
    state = store_panel(store_dir, engine, panel, order, shard_rows=7)
    for month in panel:
        assert stored_history(store_dir, engine, state, month, WANTED) == plain_history(panel, month, WANTED)


def test_every_position_gives_one_row_in_the_order_of_the_roster(store_dir: Path, engine: DuckEngine) -> None:
    panel: Panel = {JANUARY: {"b": {}, "d": {}}, date(2025, 2, 1): {"c": {}, "a": {}, "d": {}}}
    state = store_panel(store_dir, engine, panel, list(panel), shard_rows=3)
    ids = [
        row[0]
        for shard in range(state.shard_count)
        for row in engine.session().rows(history_sql(store_dir, state, JANUARY, shard, [("status", 0)]))
    ]
    assert ids == ["b", "d", "a", "c"]


def test_a_subscriber_who_vanishes_and_returns_is_absent_between(store_dir: Path, engine: DuckEngine) -> None:
    away: Panel = {
        JANUARY: {"a": {"arpu": 1}, "b": {}},
        date(2025, 2, 1): {"b": {}},
        date(2025, 3, 1): {"a": {"arpu": 3}},
    }
    state = store_panel(store_dir, engine, away, list(away), shard_rows=2)
    found = stored_history(store_dir, engine, state, date(2025, 3, 1), [("arpu", 0), ("arpu", 1), ("arpu", 2)])["a"]
    assert found == {"arpu_m0": 3, "arpu_m1": None, "arpu_m2": 1}


def test_a_missing_row_is_told_from_an_empty_cell_where_empty_means_none(store_dir: Path, engine: DuckEngine) -> None:
    state = store_panel(
        store_dir,
        engine,
        {JANUARY: {"a": {}, "b": {}}, date(2025, 2, 1): {"b": {}}},
        [JANUARY, date(2025, 2, 1)],
        shard_rows=2,
    )
    found = stored_history(store_dir, engine, state, date(2025, 2, 1), [("bound_until", 0)])
    assert found == {
        "a": {"bound_until_m0": None, "present_m0": False},
        "b": {"bound_until_m0": None, "present_m0": True},
    }


def test_an_older_month_may_arrive_late_and_bring_newcomers(store_dir: Path, engine: DuckEngine) -> None:
    march = date(2025, 3, 1)
    panel = {march: {"m": {"arpu": 30}}, JANUARY: {"a": {"arpu": 10}, "m": {"arpu": 11}, "z": {}}}
    state = store_panel(store_dir, engine, panel, [march, JANUARY], shard_rows=2)
    assert months(state, "subscriber_month") == (JANUARY, march)
    assert stored_history(store_dir, engine, state, march, WANTED) == plain_history(panel, march, WANTED)


def test_a_month_or_column_that_is_not_stored_is_null_in_its_stored_type(store_dir: Path, engine: DuckEngine) -> None:
    state = store_panel(store_dir, engine, {JANUARY: {"a": {}}}, [JANUARY], shard_rows=2)
    wanted = [("arpu", 0), ("bound_until", 5), ("brand", 0), ("is_staff", 1), ("vas_count", 0)]
    columns = engine.session().columns(history_sql(store_dir, state, JANUARY, 0, wanted))
    kinds = {name: kind for name, kind in columns if not name.startswith(("present", "subscriber"))}
    assert kinds == {
        "arpu_m0": "BIGINT", "bound_until_m5": "DATE", "brand_m0": "VARCHAR", "is_staff_m1": "BOOLEAN",
        "vas_count_m0": "BIGINT",
    }  # fmt: skip


def test_a_pair_wanted_twice_is_one_column(store_dir: Path, engine: DuckEngine) -> None:
    state = store_panel(store_dir, engine, {JANUARY: {"a": {"arpu": 1}}}, [JANUARY], shard_rows=2)
    columns = engine.session().columns(history_sql(store_dir, state, JANUARY, 0, [("arpu", 0), ("arpu", 0)]))
    assert [name for name, _ in columns] == ["subscriber_id", "arpu_m0"]


def test_columns_of_a_month_are_those_that_were_mapped(store_dir: Path, engine: DuckEngine) -> None:
    state = store_panel(store_dir, engine, {JANUARY: {"a": {"arpu": 1}}}, [JANUARY], shard_rows=2)
    assert columns_of(state, JANUARY) == {"subscriber_id", "month", "status", "join_date", "arpu"}
    assert columns_of(state, date(2025, 2, 1)) == set()


def test_history_files_are_all_that_the_query_reads(store_dir: Path, engine: DuckEngine) -> None:
    panel = random_panel(1, subscribers=20, months=3)
    state = store_panel(store_dir, engine, panel, sorted(panel), shard_rows=4)
    month = max(panel)
    files = history_files(state, store_dir, month, [0, 1, 9])
    verify(files, threads=2)
    read = "".join(
        history_sql(store_dir, state, month, n, [("arpu", 0), ("arpu", 1)]) for n in range(state.shard_count)
    )
    assert all(str(file.path) in read for file in files)
    assert read.count("read_parquet") == len(files)


def test_a_shard_that_the_roster_lacks_is_refused(store_dir: Path, engine: DuckEngine) -> None:
    state = store_panel(store_dir, engine, {JANUARY: {"a": {}}}, [JANUARY], shard_rows=2)
    with pytest.raises(IndexError):
        history_sql(store_dir, state, JANUARY, 1, [("arpu", 0)])


def test_a_store_in_a_folder_with_odd_signs_is_read_as_it_is(tmp_path: Path, engine: DuckEngine) -> None:
    store_dir = tmp_path / "月=12" / "o'neil [1]*?" / "store"
    store_dir.parent.mkdir(parents=True)
    panel = random_panel(3, subscribers=10, months=2)
    state = store_panel(store_dir, engine, panel, sorted(panel), shard_rows=4)
    month = max(panel)
    assert stored_history(store_dir, engine, state, month, WANTED) == plain_history(panel, month, WANTED)
