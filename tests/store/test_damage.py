"""A flipped bit in any stored file is found before the file is used, and the file is named."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from basekeep.contract.tables import ORG_UNIT
from basekeep.engines.duckdb import DuckEngine
from basekeep.kernel.errors import DamageError
from basekeep.store.manifest import ExpectedFile, sha256_of, verify
from basekeep.store.state import State, read_state
from basekeep.store.storing import store_month, store_table
from basekeep.store.verifying import verify_store

from .panel import JANUARY, random_panel, write_month, write_typed


def flip_bit(path: Path, at: float = 0.5) -> None:
    content = bytearray(path.read_bytes())
    content[int(at * (len(content) - 1))] ^= 0x04
    path.write_bytes(content)


@pytest.fixture
def stored(store_dir: Path, engine: DuckEngine, tmp_path: Path) -> State:
    panel = random_panel(2, subscribers=30, months=2)
    for month in sorted(panel):
        store_month(store_dir, engine, month, write_month(tmp_path / "t.parquet", month, panel[month]), shard_rows=8)
    units = [{"unit_id": "1", "parent_id": None, "level": "province", "name": "省"}]
    typed = write_typed(tmp_path / "u.parquet", ORG_UNIT, units, ["unit_id", "parent_id", "level", "name"])
    return store_table(store_dir, engine, ORG_UNIT, None, typed)


@pytest.mark.parametrize(
    "kind",
    [
        "tables/subscriber_month/*/*/p00001.parquet", "tables/subscriber_month/*/*/manifest.json",
        "tables/org_unit/all/*/data.parquet", "tables/org_unit/all/*/manifest.json", "states/000003-*.json",
    ],
)  # fmt: skip
@pytest.mark.parametrize("at", [0.0, 0.3, 0.7, 1.0])
def test_a_flipped_bit_is_found_and_the_file_named(store_dir: Path, stored: State, kind: str, at: float) -> None:
    path = max(store_dir.glob(kind))
    assert not verify_store(store_dir).damaged
    flip_bit(path, at)
    (error,) = verify_store(store_dir).damaged
    assert str(path) in error.say("zh")
    assert str(path) in error.say("en")


def test_every_file_of_the_store_is_counted_and_every_damaged_one_is_named(store_dir: Path, stored: State) -> None:
    files = [path for path in store_dir.glob("*/**/*") if path.is_file()]
    found = verify_store(store_dir, threads=3)
    assert (found.files, found.bytes) == (len(files), sum(path.stat().st_size for path in files))
    lost, flipped = sorted(store_dir.glob("tables/subscriber_month/*/*/p00000.parquet"))
    lost.unlink()
    flip_bit(flipped)
    whose = next(store_dir.glob("tables/org_unit/all/*/manifest.json"))
    flip_bit(whose)
    damaged = verify_store(store_dir, threads=3).damaged
    assert (
        sorted(str(path) in error.what.en for error in damaged for path in (lost, flipped, whose))
        == [False] * 6 + [True] * 3
    )


@pytest.mark.parametrize("name", ["p00000.parquet", "manifest.json"])
def test_a_flipped_bit_in_the_roster_stops_the_next_month(
    store_dir: Path, stored: State, engine: DuckEngine, tmp_path: Path, name: str
) -> None:
    assert stored.roster
    path = store_dir / "tables" / "roster" / "all" / stored.roster.version / name
    flip_bit(path)
    typed = write_month(tmp_path / "t.parquet", date(2025, 3, 1), {"new": {}})
    with pytest.raises(DamageError) as caught:
        store_month(store_dir, engine, date(2025, 3, 1), typed)
    assert str(path) in caught.value.say("en")
    assert read_state(store_dir) == stored


@pytest.mark.parametrize("at", [0.0, 0.5, 0.9])
def test_a_flipped_bit_in_head_is_found(store_dir: Path, stored: State, at: float) -> None:
    flip_bit(store_dir / "HEAD", at)
    with pytest.raises(DamageError, match="HEAD"):
        read_state(store_dir)


def test_a_lost_head_is_not_taken_for_an_empty_store(store_dir: Path, stored: State) -> None:
    (store_dir / "HEAD").unlink()
    with pytest.raises(DamageError, match="HEAD"):
        read_state(store_dir)


def test_a_lost_file_is_named(store_dir: Path, stored: State) -> None:
    path = max(store_dir.glob("tables/subscriber_month/*/*/p00000.parquet"))
    path.unlink()
    (error,) = verify_store(store_dir).damaged
    assert str(path) in error.what.en


def test_an_older_version_is_verified_too(store_dir: Path, stored: State, engine: DuckEngine, tmp_path: Path) -> None:
    old = next(store_dir.glob("tables/subscriber_month/2025-01/*/p00000.parquet"))
    store_month(store_dir, engine, JANUARY, write_month(tmp_path / "t.parquet", JANUARY, {"a": {}}))
    flip_bit(old)
    (error,) = verify_store(store_dir).damaged
    assert str(old) in error.what.en


def test_a_damaged_month_read_again_is_whole_again(
    store_dir: Path, stored: State, engine: DuckEngine, tmp_path: Path
) -> None:
    panel = random_panel(2, subscribers=30, months=2)
    flip_bit(next(store_dir.glob("tables/subscriber_month/2025-01/*/p00001.parquet")))
    again = store_month(store_dir, engine, JANUARY, write_month(tmp_path / "t.parquet", JANUARY, panel[JANUARY]))
    assert again == stored
    assert not verify_store(store_dir).damaged


def test_damage_to_an_older_state_removes_nothing(
    store_dir: Path, stored: State, engine: DuckEngine, tmp_path: Path
) -> None:
    flip_bit(next((store_dir / "states").glob("000001-*.json")))
    before = set(store_dir.glob("tables/*/*/*/*"))
    store_month(store_dir, engine, JANUARY, write_month(tmp_path / "t.parquet", JANUARY, {"a": {}}))
    assert before <= set(store_dir.glob("tables/*/*/*/*"))


def test_the_first_damaged_file_in_order_is_named_whatever_the_threads(tmp_path: Path) -> None:
    files = []
    for number in range(20):
        path = tmp_path / f"{number:02d}"
        path.write_bytes(bytes([number]) * 1000)
        files.append(ExpectedFile(path, sha256_of(path)))
    flip_bit(tmp_path / "17")
    flip_bit(tmp_path / "04")
    with pytest.raises(DamageError, match="04"):
        verify(files, threads=4)
