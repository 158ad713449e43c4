"""One writer at a time: lock, stage, place, publish. Readers see the state before or after, never between."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from basekeep.kernel.errors import BusyError, DamageError
from basekeep.kernel.text import Text
from basekeep.store.disk import disk_errors, make_folder, place_folder, remove, replace_file, sync
from basekeep.store.leftovers import STAGING, clear_leftovers
from basekeep.store.manifest import MANIFEST, Manifest, expected_files, verify
from basekeep.store.state import HEAD, STATES, PartitionRef, State, partition_folder, read_state


@dataclass
class Work:
    """A writer's hold on the store: the state it began from and its own staging folder."""

    store_dir: Path
    state: State
    staging: Path
    _folders: int = field(default=0, init=False)

    def new_folder(self) -> Path:
        """A new empty folder to write a version in."""
        self._folders += 1
        folder = self.staging / f"{self._folders:04d}"
        with disk_errors():
            folder.mkdir()
        return folder

    def place(self, staged: Path, manifest: Manifest) -> PartitionRef:
        """Move a finished, described folder to its place; it counts only once a state that names it is published.

        A version that is there already stays as it is, unless it is damaged: then its files are put back.
        """
        target = partition_folder(self.store_dir, manifest.table, manifest.partition, manifest.version)
        with disk_errors():
            if not target.exists():
                place_folder(staged, target)
            elif not _whole(target, manifest):
                _put_back(staged, target, manifest)
            else:
                remove(staged)
        positions = sum(entry.rows for entry in manifest.files)
        columns = tuple(name for name, _ in manifest.columns)
        return PartitionRef(manifest.version, manifest.sha256, manifest.rows, positions, columns)

    def begin(self, shard_rows: int, shards: int = 0) -> State:
        """The state to build on; an empty store takes this shard size or, cut by ids, this number of shards, for good."""
        if self.state.sequence == 0:
            self.state = replace(self.state, shard_rows=shard_rows, shards=shards)
        return self.state

    def publish_changes(self, changes: Mapping[tuple[str, str], PartitionRef], roster: PartitionRef | None) -> bool:
        """Publish the state in which these partitions take these versions; False where it would be the same."""
        state = self.state.followed_by(changes, roster)
        if (state.partitions, state.roster) == (self.state.partitions, self.state.roster):
            return False
        self.publish(state)
        return True

    def publish(self, state: State) -> None:
        """Make a state the current one: the single step that readers see."""
        if state.sequence != self.state.sequence + 1:
            raise ValueError("a state follows the one that this writer began from")
        with disk_errors():
            make_folder(self.store_dir / STATES)
            replace_file(self.store_dir / STATES / state.name, state.encode(), self.staging)
            replace_file(self.store_dir / HEAD, f"{state.name}\n".encode(), self.staging)
        self.state = state


@contextlib.contextmanager
def writing(store_dir: Path) -> Iterator[Work]:
    """Hold the store as its only writer; what a killed writer left is cleared first.

    Raises:
        BusyError: another process holds it.
        WorkError: the disk is full or the folder cannot be written.
    """
    with disk_errors():
        make_folder(store_dir)
        with _locked(store_dir / "lock"):
            clear_leftovers(store_dir)
            staging = store_dir / STAGING / secrets.token_hex(8)
            make_folder(staging)
            try:
                yield Work(store_dir, read_state(store_dir), staging)
            finally:
                with contextlib.suppress(OSError):
                    remove(staging)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """An advisory lock: the kernel drops it with the process, so a crash leaves none behind."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _busy() from None
        yield
    finally:
        os.close(handle)


def _busy() -> BusyError:
    return BusyError(
        "store.busy",
        Text("另一个进程正在写这个工作区", "another process is writing to this workspace"),
        Text("等它结束后重新执行。", "Wait until it is done, then call again."),
    )


def _whole(folder: Path, manifest: Manifest) -> bool:
    try:
        verify(expected_files(folder, manifest.sha256))
    except DamageError:
        return False
    return True


def _put_back(staged: Path, target: Path, manifest: Manifest) -> None:
    for name in (*(entry.name for entry in manifest.files), MANIFEST):
        sync(staged / name)
        os.replace(staged / name, target / name)
    sync(target)
    remove(staged)
