"""One month on the roster: positions, newcomers, padding, bytes."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from basekeep.contract.subscriber_month import SUBSCRIBER_MONTH
from basekeep.engines.duckdb import DuckEngine
from basekeep.kernel.errors import WorkError
from basekeep.kernel.months import month_text
from basekeep.store.state import State, partition_folder, read_state
from basekeep.store.storing import store_month

from .panel import JANUARY, JOINED, random_panel, write_month, write_typed

FEBRUARY = date(2025, 2, 1)


@pytest.fixture
def typed(tmp_path: Path) -> Path:
    return tmp_path / "typed.parquet"


def roster_ids(store_dir: Path) -> list[str]:
    state = read_state(store_dir)
    assert state.roster
    folder = partition_folder(store_dir, "roster", "all", state.roster.version)
    return [
        member
        for path in sorted(folder.glob("p*.parquet"))
        for member in pq.read_table(path)["subscriber_id"].to_pylist()
    ]


def month_folder(store_dir: Path, state: State, month: str) -> Path:
    ref = state.partition("subscriber_month", month)
    assert ref
    return partition_folder(store_dir, "subscriber_month", month, ref.version)


def stored_ids(folder: Path) -> list[list[str | None]]:
    return [pq.read_table(path)["subscriber_id"].to_pylist() for path in sorted(folder.glob("p*.parquet"))]


def test_newcomers_follow_in_ascending_order_and_nobody_moves(store_dir: Path, engine: DuckEngine, typed: Path) -> None:
    store_month(store_dir, engine, JANUARY, write_month(typed, JANUARY, {"m": {}, "b": {}, "z": {}}), shard_rows=2)
    store_month(store_dir, engine, FEBRUARY, write_month(typed, FEBRUARY, {"y": {}, "m": {}, "a": {}, "0": {}}))
    assert roster_ids(store_dir) == ["b", "m", "z", "0", "a", "y"]


def test_each_shard_holds_its_positions_with_nulls_for_those_away(
    store_dir: Path, engine: DuckEngine, typed: Path
) -> None:
    store_month(store_dir, engine, JANUARY, write_month(typed, JANUARY, {c: {} for c in "abcdefg"}), shard_rows=3)
    state = store_month(store_dir, engine, FEBRUARY, write_month(typed, FEBRUARY, {"f": {}, "a": {}}))
    assert stored_ids(month_folder(store_dir, state, "2025-02")) == [["a", None, None], [None, None, "f"]]
    ref = state.partition("subscriber_month", "2025-02")
    assert ref is not None
    assert (ref.rows, ref.positions) == (2, 6)


def test_a_shard_is_one_row_group(store_dir: Path, engine: DuckEngine, typed: Path) -> None:
    members: dict[str, dict[str, Any]] = {f"{n:05d}": {"arpu": n} for n in range(5000)}
    state = store_month(store_dir, engine, JANUARY, write_month(typed, JANUARY, members), shard_rows=4096)
    files = sorted(month_folder(store_dir, state, "2025-01").glob("*.parquet"))
    assert [pq.ParquetFile(path).num_row_groups for path in files] == [1, 1]


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_the_order_of_rows_and_the_threads_leave_no_trace_in_the_bytes(tmp_path: Path, threads: int) -> None:
    panel = random_panel(5, subscribers=3000, months=2)
    states = []
    for seed in range(2):
        store_dir = tmp_path / str(seed)
        with DuckEngine(threads=threads if seed else 3, temp_dir=tmp_path / "spill") as engine:
            for month in sorted(panel):
                typed = write_month(tmp_path / "typed.parquet", month, panel[month], seed)
                store_month(store_dir, engine, month, typed, shard_rows=512)
        states.append(read_state(store_dir))
    assert states[0] == states[1]


def test_the_same_month_is_the_same_version_after_the_roster_grew(
    store_dir: Path, engine: DuckEngine, typed: Path
) -> None:
    january = {c: {"arpu": 7} for c in "abcde"}
    first = store_month(store_dir, engine, JANUARY, write_month(typed, JANUARY, january), shard_rows=3)
    grown = store_month(store_dir, engine, FEBRUARY, write_month(typed, FEBRUARY, {c: {} for c in "defghijk"}))
    again = store_month(store_dir, engine, JANUARY, write_month(typed, JANUARY, january, seed=9))
    assert again == grown
    assert again.partition("subscriber_month", "2025-01") == first.partition("subscriber_month", "2025-01")


@pytest.mark.parametrize("seed", range(8))
def test_later_and_earlier_newcomers_leave_no_trace_in_a_month(tmp_path: Path, engine: DuckEngine, seed: int) -> None:
    panel = random_panel(seed, subscribers=60, months=4)
    first, *others = sorted(panel)
    store_dir = tmp_path / "store"
    typed = write_month(tmp_path / "t.parquet", first, panel[first])
    kept = store_month(store_dir, engine, first, typed, shard_rows=16).partition("subscriber_month", month_text(first))
    for month in others:
        store_month(store_dir, engine, month, write_month(tmp_path / "t.parquet", month, panel[month]))
    again = store_month(store_dir, engine, first, write_month(tmp_path / "t.parquet", first, panel[first], seed=1))
    assert again.partition("subscriber_month", month_text(first)) == kept


def test_a_month_read_again_is_a_new_version_and_the_old_one_stays(
    store_dir: Path, engine: DuckEngine, typed: Path
) -> None:
    old = store_month(store_dir, engine, JANUARY, write_month(typed, JANUARY, {"a": {"arpu": 1}}))
    new = store_month(store_dir, engine, JANUARY, write_month(typed, JANUARY, {"a": {"arpu": 2}}))
    values = [
        pq.read_table(month_folder(store_dir, state, "2025-01") / "p00000.parquet")["arpu"].to_pylist()
        for state in (old, new)
    ]
    assert values == [[1], [2]]
    assert new.previous == old.name


def test_another_mapping_is_another_version(store_dir: Path, engine: DuckEngine, typed: Path) -> None:
    write_month(typed, JANUARY, {"a": {}})
    first = store_month(store_dir, engine, JANUARY, typed, mapping="select 1")
    second = store_month(store_dir, engine, JANUARY, typed, mapping="select 2")
    assert first.partition("subscriber_month", "2025-01") != second.partition("subscriber_month", "2025-01")


def test_full_shards_of_the_roster_are_not_written_again(store_dir: Path, engine: DuckEngine, typed: Path) -> None:
    first = store_month(store_dir, engine, JANUARY, write_month(typed, JANUARY, {c: {} for c in "abc"}), shard_rows=2)
    second = store_month(store_dir, engine, FEBRUARY, write_month(typed, FEBRUARY, {"d": {}}))
    assert first.roster
    assert second.roster
    folders = [partition_folder(store_dir, "roster", "all", ref.version) for ref in (first.roster, second.roster)]
    assert os.path.samefile(folders[0] / "p00000.parquet", folders[1] / "p00000.parquet")
    assert not os.path.samefile(folders[0] / "p00001.parquet", folders[1] / "p00001.parquet")


BASE = {"month": JANUARY, "status": "active", "join_date": JOINED}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{"subscriber_id": "a"}, {"subscriber_id": "a"}], "1 rows with a repeated subscriber id"),
        ([{"subscriber_id": "a"}, {"subscriber_id": None}], "1 without one"),
        ([{"subscriber_id": "a"}, {"subscriber_id": "b", "month": FEBRUARY}], "1 of another month"),
    ],
)
def test_rows_that_would_misplace_a_subscriber_are_refused(
    store_dir: Path, engine: DuckEngine, typed: Path, rows: list[dict[str, Any]], said: str
) -> None:
    write_typed(typed, SUBSCRIBER_MONTH, [BASE | row for row in rows], [*BASE, "subscriber_id"])
    with pytest.raises(WorkError) as caught:
        store_month(store_dir, engine, JANUARY, typed)
    assert said in caught.value.say("en")
    assert read_state(store_dir) == State()


def test_a_month_that_memory_does_not_hold_is_aligned_all_the_same(tmp_path: Path) -> None:
    members = {f"{n:06d}": {"arpu": n, "address_id": f"{n * 7919:08d}" * 150} for n in range(60_000)}
    typed = write_month(tmp_path / "typed.parquet", JANUARY, members)
    states = []
    for limit in ("150MB", "1GB"):
        with DuckEngine(threads=1, memory_limit=limit, temp_dir=tmp_path / "spill") as engine:
            states.append(store_month(tmp_path / limit, engine, JANUARY, typed, shard_rows=8192))
            assert (tmp_path / "spill").exists() == (limit == "150MB")
    assert states[0] == states[1]


def test_nothing_is_left_in_the_engine(store_dir: Path, engine: DuckEngine, typed: Path) -> None:
    store_month(store_dir, engine, JANUARY, write_month(typed, JANUARY, {"a": {}}))
    assert engine.session().rows("SELECT table_name FROM duckdb_tables()") == []
