"""A writer killed at any point leaves the state before or the state after, whole, and the next call cleans up."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

from basekeep.engines.duckdb import DuckEngine
from basekeep.store.state import read_state
from basekeep.store.storing import store_month
from basekeep.store.verifying import verify_store

from .killing import killed_before, touches_of
from .panel import JANUARY, write_month

FEBRUARY = date(2025, 2, 1)


def store(store_dir: Path, month: date, typed: Path) -> None:
    with DuckEngine(threads=1) as engine:
        store_month(store_dir, engine, month, typed, shard_rows=2)


def published_names(store_dir: Path) -> set[str]:
    return {str(path.relative_to(store_dir)) for path in store_dir.rglob("*")}


def test_a_writer_killed_at_any_touch_of_the_disk_leaves_a_whole_state(tmp_path: Path) -> None:
    january = write_month(tmp_path / "1.parquet", JANUARY, {c: {"arpu": 1} for c in "abc"})
    february = write_month(tmp_path / "2.parquet", FEBRUARY, {c: {"arpu": 2} for c in "bcdef"})
    base, goal = tmp_path / "base", tmp_path / "goal"
    store(base, JANUARY, january)
    shutil.copytree(base, goal)
    store(goal, FEBRUARY, february)
    before, after = read_state(base), read_state(goal)

    touches = touches_of(store, shutil.copytree(base, tmp_path / "count"), FEBRUARY, february)
    assert touches > 30
    ends = set()
    # Each one around the publishing step, every third before.
    for touch in (*range(1, touches - 24, 3), *range(touches - 24, touches + 1)):
        trial = shutil.copytree(base, tmp_path / "trial")
        assert killed_before(touch, store, trial, FEBRUARY, february)
        found = read_state(trial)
        assert found in (before, after)
        ends.add(found.sequence)
        assert not verify_store(trial).damaged
        store(trial, FEBRUARY, february)
        assert read_state(trial) == after
        assert not verify_store(trial).damaged
        assert published_names(trial) == published_names(goal)
        shutil.rmtree(trial)
    assert ends == {before.sequence, after.sequence}
