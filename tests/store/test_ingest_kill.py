"""An ingest killed on its way leaves all of the state before, or all of the state after."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

from basekeep.store.state import read_state
from basekeep.store.verifying import verify_store

from .killing import killed_before, touches_of
from .small_operator import Operator

JANUARY, FEBRUARY, MARCH = (date(2025, month, 1) for month in (1, 2, 3))


def ingest(root: Path) -> None:
    Operator(root).ingest()


def test_an_ingest_killed_on_its_way_is_all_or_nothing(tmp_path: Path) -> None:
    base = Operator(tmp_path / "base")
    base.month(JANUARY, {"a": "1", "b": "2"})
    base.ingest()
    base.month(JANUARY, {"a": "1", "b": "3"})
    base.month(FEBRUARY, {"c": "4", "b": "x"} | {f"s{n}": "1" for n in range(9)})
    base.month(MARCH, {"d": "5", "a": "6"})
    before = read_state(base.store_dir)
    goal = Operator(shutil.copytree(base.root, tmp_path / "goal"))
    goal.ingest()
    after = read_state(goal.store_dir)

    touches = touches_of(ingest, shutil.copytree(base.root, tmp_path / "count"))
    assert touches > 100
    ends = set()
    for touch in (*range(1, touches - 6, touches // 10), *range(touches - 6, touches + 1)):
        trial = Operator(shutil.copytree(base.root, tmp_path / "trial"))
        killed_before(touch, ingest, trial.root)
        found = read_state(trial.store_dir)
        assert found in (before, after)
        ends.add(found.sequence)
        assert not verify_store(trial.store_dir).damaged
        trial.ingest()
        assert read_state(trial.store_dir) == after
        assert not verify_store(trial.store_dir).damaged
        assert list((trial.store_dir / "staging").iterdir()) == []
        shutil.rmtree(trial.root)
    assert ends == {before.sequence, after.sequence}
