"""What is there is never replaced, and a failure leaves nothing behind."""

from __future__ import annotations

import errno
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from basekeep.kernel.errors import CallError, WorkError
from basekeep.kernel.progress import SilentProgress
from basekeep.synth.operator import Options, make

SMALL = Options(subscribers=200, months=2)


class Interrupted(SilentProgress):
    """Stops the work in the middle."""

    def advance(self, steps: int = 1) -> None:
        raise KeyboardInterrupt


def test_files_that_are_there_are_not_replaced(workspace: Path) -> None:
    mine = workspace / "data" / "mine.csv"
    mine.parent.mkdir(parents=True)
    mine.write_text("a,b\n")
    with pytest.raises(WorkError, match="never replaces"):
        make(SMALL, workspace, SilentProgress())
    assert [path for path in workspace.rglob("*") if path.is_file()] == [mine]


def test_an_interruption_leaves_nothing_behind(workspace: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        make(SMALL, workspace, Interrupted())
    assert list(workspace.rglob("*")) == []


def test_a_full_disk_is_told_and_leaves_nothing_behind(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(pq.ParquetWriter, "write_batch", full)
    with pytest.raises(WorkError, match="No space left"):
        make(SMALL, workspace, SilentProgress())
    assert list(workspace.rglob("*")) == []


def test_a_place_that_cannot_be_written_is_told(workspace: Path) -> None:
    workspace.write_text("a file, not a folder")
    with pytest.raises(WorkError, match="cannot be written"):
        make(SMALL, workspace, SilentProgress())
    assert workspace.read_text() == "a file, not a folder"


def test_what_a_killed_making_left_is_cleaned_up(workspace: Path) -> None:
    (workspace / ".making" / "data").mkdir(parents=True)
    (workspace / ".making" / "data" / "staff.parquet").write_bytes(b"half")
    make(SMALL, workspace, SilentProgress())
    assert sorted(path.name for path in workspace.iterdir()) == ["data", "truth"]


def test_an_empty_data_folder_is_used(workspace: Path) -> None:
    (workspace / "data").mkdir(parents=True)
    made = make(SMALL, workspace, SilentProgress())
    assert sorted(path.name for path in workspace.iterdir()) == ["data", "truth"]
    assert all((workspace / file).is_file() for file in made.files)


@pytest.mark.parametrize(
    "wrong",
    [
        {"subscribers": 0},
        {"months": 0},
        {"seed": -1},
        {"last_month": date(2025, 12, 2)},
        {"last_month": date(2051, 1, 1)},
    ],
)
def test_what_cannot_be_made_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(CallError):
        Options(**wrong)  # type: ignore[arg-type]
