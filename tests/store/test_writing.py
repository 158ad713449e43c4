"""One writer, one atomic step: what readers see, who is refused, what a full or closed disk changes."""

from __future__ import annotations

import multiprocessing
import os
import resource
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from basekeep.engines.duckdb import DuckEngine
from basekeep.kernel.errors import BusyError, WorkError
from basekeep.store.disk import disk_errors
from basekeep.store.state import State, read_state
from basekeep.store.storing import store_month
from basekeep.store.verifying import verify_store
from basekeep.store.writing import writing
from rights import needs_rights

from .panel import JANUARY, write_month


@pytest.fixture
def stored(store_dir: Path, engine: DuckEngine, tmp_path: Path) -> State:
    typed = write_month(tmp_path / "t.parquet", JANUARY, {c: {"arpu": 1} for c in "abc"})
    return store_month(store_dir, engine, JANUARY, typed, shard_rows=4096)


def every_file(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_store_that_was_never_written_is_empty(store_dir: Path) -> None:
    assert read_state(store_dir) == State()


def test_a_second_writer_is_told_so(store_dir: Path) -> None:
    with writing(store_dir), pytest.raises(BusyError) as caught, writing(store_dir):
        raise AssertionError("two writers at once")
    assert caught.value.exit_status == 1
    assert "另一个进程" in caught.value.say("zh")


def test_the_store_is_free_again_after_a_writer_failed(store_dir: Path) -> None:
    with pytest.raises(ZeroDivisionError), writing(store_dir):
        raise ZeroDivisionError
    with writing(store_dir) as work:
        assert list((store_dir / "staging").iterdir()) == [work.staging]


def test_a_writer_of_another_process_is_noticed(store_dir: Path) -> None:
    script = (
        "import sys, pathlib\n"
        "from basekeep.store.writing import writing\n"
        "with writing(pathlib.Path(sys.argv[1])):\n"
        "    print('held', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(store_dir)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout
        assert other.stdout.readline() == "held\n"
        with pytest.raises(BusyError), writing(store_dir):
            raise AssertionError("two writers at once")
        other.kill()
    with writing(store_dir) as work:
        assert work.state == State()


def test_readers_see_nothing_before_the_publishing_step(store_dir: Path, stored: State) -> None:
    with writing(store_dir) as work:
        work.new_folder().joinpath("x").write_text("unfinished")
        assert read_state(store_dir) == stored
    assert read_state(store_dir) == stored


def test_a_state_must_follow_the_one_it_was_made_from(store_dir: Path, stored: State) -> None:
    with writing(store_dir) as work, pytest.raises(ValueError, match="follows"):
        work.publish(replace(stored, sequence=stored.sequence + 2))
    assert read_state(store_dir) == stored


def test_the_next_writer_removes_what_was_never_published(store_dir: Path, stored: State) -> None:
    before = every_file(store_dir)
    for left in ("staging/old/x", "tables/subscriber_month/2025-02/0123456789abcdef/p00000.parquet",
                 "tables/roster/all/0123456789abcdef/p00000.parquet", "states/000002-0123456789ab.json",
                 "spill/999999999-ab/x.tmp"):  # fmt: skip
        (store_dir / left).parent.mkdir(parents=True, exist_ok=True)
        (store_dir / left).write_bytes(b"half")
    with writing(store_dir):
        pass
    assert every_file(store_dir) == before


def test_the_spill_of_a_running_process_is_left_alone(store_dir: Path) -> None:
    mine = store_dir / "spill" / f"{os.getpid()}-ab"
    mine.mkdir(parents=True)
    with writing(store_dir):
        assert mine.exists()


def store_in_small_files(store_dir: Path, typed: Path, limit: int) -> None:
    """Run by a process of its own: every file larger than the limit fails to be written, as on a full disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    with DuckEngine(threads=1) as engine, pytest.raises(WorkError) as caught:
        store_month(store_dir, engine, date(2025, 2, 1), typed)
    assert caught.value.code.endswith("disk_full")
    assert "磁盘" in caught.value.say("zh")
    assert "the disk is full" in caught.value.say("en")
    assert "{" not in caught.value.say("en")


@pytest.mark.parametrize("limit", [1, 400, 5000, 12_000])
def test_a_disk_that_takes_no_more_changes_nothing(store_dir: Path, stored: State, tmp_path: Path, limit: int) -> None:
    members = {f"{n}": {"arpu": n * 7919 % 100_000, "msisdn": f"{n * 104729}"} for n in range(20_000)}
    typed = write_month(tmp_path / "t.parquet", date(2025, 2, 1), members)
    before = every_file(store_dir)
    writer = multiprocessing.get_context("spawn").Process(target=store_in_small_files, args=(store_dir, typed, limit))
    writer.start()
    writer.join()
    assert writer.exitcode == 0
    assert read_state(store_dir) == stored
    with writing(store_dir):
        pass
    assert every_file(store_dir) == before
    assert not verify_store(store_dir).damaged


@needs_rights
def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(WorkError, match="not allowed"), writing(tmp_path / "store"):
        pass


def test_a_store_that_cannot_be_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WorkError) as caught, writing(tmp_path / "file" / "store"):
        pass
    assert str(tmp_path / "file") in caught.value.say("zh")


@pytest.mark.parametrize(
    ("number", "code"),
    [(28, "store.disk_full"), (122, "store.disk_full"), (30, "store.not_allowed"), (13, "store.not_allowed"),
     (5, "store.disk_failed")],
)  # fmt: skip
def test_each_failure_of_the_disk_has_its_words(number: int, code: str) -> None:
    with pytest.raises(WorkError) as caught, disk_errors():
        raise OSError(number, os.strerror(number), "/some/file")
    assert caught.value.code == code
    assert "/some/file" in caught.value.say("zh")
    assert caught.value.do
