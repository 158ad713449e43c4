"""A run of a base that the memory allowed does not hold goes by way of the disk, and its bytes are the same."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from basekeep.checks.playbook import sound_playbook
from basekeep.engines.duckdb import DuckEngine
from basekeep.engines.errors import EngineError
from basekeep.kernel.progress import SilentProgress
from basekeep.run.plan import plan_run
from basekeep.run.run import run
from basekeep.store.ingest import ingest
from basekeep.store.state import read_state
from basekeep.store.workspace import Workspace, load_workspace
from basekeep.store.writing import writing

# Both tests stand on one base.
pytestmark = pytest.mark.xdist_group("spill")

MONTH = date(2025, 12, 1)
# Ids of 64 letters: a ranking has to put 25 MB of them in order, with as much again beside them.
SUBSCRIBERS = 400_000
LIMIT = "40MB"
PLAYBOOK = """\
playbook: {name: {zh: 排名, en: Ranked}, history_months: 1}
scorecards:
  everybody:
    name: {zh: 全体, en: Everybody}
    wording: {zh: 全体, en: Everybody}
    space: {active: {name: {zh: 正常, en: Active}, when: status = 'active'}}
    attributes:
      value:
        name: {zh: 价值, en: Value}
        levels: {high: {when: arpu > 50, points: 10, reason: {zh: 高, en: High}}}
        otherwise: {points: 0, reason: {zh: 低, en: Low}}
    script: {zh: 您好, en: Hello}
"""


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace with one month, ingested with as much memory as it likes."""
    root = tmp_path_factory.mktemp("large")
    (root / "playbook").mkdir()
    (root / "playbook" / "playbook.yaml").write_text(PLAYBOOK, encoding="utf-8")
    numbers = range(SUBSCRIBERS)
    columns = {
        "subscriber_id": pa.array([f"{n * 7919 % SUBSCRIBERS:08d}" * 8 for n in numbers]),
        "month": pa.array([MONTH] * SUBSCRIBERS),
        "status": pa.array(["active"] * SUBSCRIBERS),
        "join_date": pa.array([date(2020, 5, 17)] * SUBSCRIBERS),
        "arpu": pa.array([float(n % 100) for n in numbers]),
    }
    pq.write_table(pa.table(columns), root / "month.parquet", row_group_size=16_384)
    unit = {"unit_id": ["1"], "parent_id": pa.array([None], pa.string()), "level": ["province"], "name": ["省"]}
    pq.write_table(pa.table(unit), root / "units.parquet")
    tables = "".join(
        f"  {name}: select * from read_parquet('{file}.parquet')\n"
        for name, file in (("subscriber_month", "month"), ("org_unit", "units"))
    )
    (root / "basekeep.yaml").write_text(f"language: en\nthreads: 1\ntables:\n{tables}", encoding="utf-8")
    at = load_workspace(root)
    with at.open_engine() as engine:
        ingest(at, engine, date(2026, 1, 1), None, shard_rows=65_536)
    return at


def limited(large: Workspace, root: Path) -> Workspace:
    """The same months and playbook where the settings allow less memory."""
    shutil.copytree(large.root, root / "small", ignore=shutil.ignore_patterns("runs", "timings"))
    settings = root / "small" / "basekeep.yaml"
    settings.write_text(f"memory_limit: {LIMIT}\n{settings.read_text(encoding='utf-8')}", encoding="utf-8")
    return load_workspace(root / "small")


def made(at: Workspace, engine: DuckEngine) -> None:
    """Run the month."""
    with writing(at.store_dir) as work:
        plan = plan_run(sound_playbook(at.playbook_dir), at.store_dir, read_state(at.store_dir), MONTH)
        run(plan, engine, work, SilentProgress())


def spilled(at: Workspace) -> bool:
    """Whether an engine of the workspace, not yet closed, has put something on the disk."""
    return any((at.store_dir / "spill").iterdir())


def kept(at: Workspace) -> Mapping[str, bytes]:
    """Every file of the months and of the runs."""
    files = (path for part in ("tables", "runs") for path in (at.store_dir / part).rglob("*") if path.is_file())
    return {path.relative_to(at.store_dir).as_posix(): path.read_bytes() for path in files}


def test_what_memory_does_not_hold_goes_by_the_disk_and_gives_the_same_bytes(large: Workspace, tmp_path: Path) -> None:
    small = limited(large, tmp_path)
    for at in (large, small):
        with at.open_engine() as engine:
            made(at, engine)
            assert spilled(at) == (at is small)
    assert kept(small) == kept(large)


def test_without_a_disk_to_go_by_the_same_limit_is_too_small(large: Workspace, tmp_path: Path) -> None:
    small = limited(large, tmp_path)
    nowhere = tmp_path / "nowhere"
    nowhere.write_text("a file where the folder should be", encoding="utf-8")
    with DuckEngine(1, LIMIT, nowhere) as engine, pytest.raises(EngineError):
        made(small, engine)
