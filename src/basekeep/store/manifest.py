"""What a stored folder must hold: each file's SHA-256, rows, columns and the select that made it.

A file is hashed before it is used: a flipped bit in Parquet is otherwise read as data.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from basekeep.engines.protocol import Engine
from basekeep.kernel.errors import DamageError
from basekeep.kernel.progress import Progress, SilentProgress
from basekeep.kernel.text import Text
from basekeep.store.disk import disk_errors, write_new

MANIFEST = "manifest.json"
# Large: beside busy Python code every piece waits for its turn twice, to be read and to be hashed.
_CHUNK_BYTES = 16 << 20


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file of a stored folder."""

    name: str
    bytes: int
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """A stored folder's content. Its version is made from nothing else, so the same data is the same version."""

    table: str
    partition: str
    mapping: str
    rows: int
    columns: tuple[tuple[str, str], ...]
    files: tuple[FileEntry, ...]

    def encode(self) -> bytes:
        """The manifest as JSON, always the same bytes for the same content."""
        return (json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()

    @property
    def sha256(self) -> str:
        """SHA-256 of the encoded manifest."""
        return hashlib.sha256(self.encode()).hexdigest()

    @property
    def version(self) -> str:
        """The name of the folder that this manifest describes."""
        return self.sha256[:16]


@dataclass(frozen=True, slots=True)
class ExpectedFile:
    """A stored file and the SHA-256 it must have."""

    path: Path
    sha256: str


def write_manifest(
    folder: Path, table: str, partition: str, mapping: str, rows: int,
    columns: Iterable[tuple[str, str]], file_rows: dict[str, int],
) -> Manifest:  # fmt: skip
    """Describe a finished folder in its `manifest.json`; `rows` are the rows of data, without padding."""
    with disk_errors():
        files = tuple(
            FileEntry(name, (folder / name).stat().st_size, count, sha256_of(folder / name))
            for name, count in sorted(file_rows.items())
        )
        manifest = Manifest(table, partition, mapping, rows, tuple(columns), files)
        write_new(folder / MANIFEST, manifest.encode())
    return manifest


def read_manifest(folder: Path, sha256: str) -> Manifest:
    """The manifest of a stored folder.

    Raises:
        DamageError: it is missing or is not the one with this SHA-256.
    """
    verify([ExpectedFile(folder / MANIFEST, sha256)])
    with disk_errors():
        found = json.loads((folder / MANIFEST).read_bytes())
    found["columns"] = tuple((name, kind) for name, kind in found["columns"])
    found["files"] = tuple(FileEntry(**entry) for entry in found["files"])
    return Manifest(**found)


def expected_files(folder: Path, sha256: str) -> tuple[ExpectedFile, ...]:
    """The files that a stored folder must hold, its manifest checked."""
    manifest = read_manifest(folder, sha256)
    return tuple(ExpectedFile(folder / entry.name, entry.sha256) for entry in manifest.files)


def verify(files: Iterable[ExpectedFile], threads: int = 1, progress: Progress | None = None) -> None:
    """Hash files and compare.

    Raises:
        DamageError: names the first file, in the given order, that is missing or changed.
    """
    with contextlib.closing(damaged_files(files, threads, progress)) as damaged:
        for damage in damaged:
            raise damage


def damaged_files(
    files: Iterable[ExpectedFile], threads: int = 1, progress: Progress | None = None
) -> Generator[DamageError, None, None]:
    """An error for each file that is missing or changed, in the given order.

    Hashing lets other threads run, so several files go at once.
    """
    wanted = tuple(files)
    shown = progress or SilentProgress()
    shown.start(len(wanted), Text("核对存储文件", "Verifying stored files"))
    pool = ThreadPoolExecutor(max(1, threads))
    try:
        for file, found in zip(wanted, pool.map(_sha256_or_none, (file.path for file in wanted)), strict=True):
            if found != file.sha256:
                yield _damaged(file, found)
            shown.advance()
    finally:
        pool.shutdown(cancel_futures=True)
        shown.done()


def verify_spread(engine: Engine, files: Iterable[ExpectedFile]) -> None:
    """The same where the engine's workers are, the files of one shard at a time.

    Raises:
        DamageError: names a file that is missing or changed.
    """
    shards: dict[str, list[ExpectedFile]] = {}
    for file in files:
        shards.setdefault(file.path.name, []).append(file)
    engine.spread(_verify_there, list(shards.values()), lambda: None)


def _verify_there(_engine: Engine, files: list[ExpectedFile]) -> None:
    verify(files)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as file:
        while piece := file.read(_CHUNK_BYTES):
            digest.update(piece)
    return digest.hexdigest()


def _sha256_or_none(path: Path) -> str | None:
    try:
        return sha256_of(path)
    except OSError:
        return None


def _damaged(file: ExpectedFile, found: str | None) -> DamageError:
    if found is None:
        what = Text(f"存储文件缺失或读不出来：{file.path}", f"a stored file is missing or unreadable: {file.path}")
    else:
        what = Text(
            f"存储文件已损坏：{file.path}（应为 {file.sha256[:16]}…，实为 {found[:16]}…）",
            f"a stored file is damaged: {file.path} (expected {file.sha256[:16]}…, found {found[:16]}…)",
        )
    return DamageError("store.damaged", what, _REPAIR)


_REPAIR = Text(
    "月份或表：重新执行 basekeep ingest 即可修复。名册（roster）：从备份恢复，或移走 store/ 后重新读入全部月份。",
    "A month or table is put back by ingesting it again; the roster by a backup, or by moving store/ away and ingesting "
    "all months again.",
)
