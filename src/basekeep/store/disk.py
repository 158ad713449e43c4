"""Puts files on the disk so that they are there after a power cut. No OSError leaves a `disk_errors` block."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from basekeep.kernel.errors import WorkError
from basekeep.kernel.text import Text

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


@contextlib.contextmanager
def disk_errors() -> Iterator[None]:
    """Turn every OSError of the block into a WorkError that says what to do."""
    try:
        yield
    except OSError as error:
        raise _translated(error) from error


def _translated(error: OSError) -> WorkError:
    place = error.filename or ""
    if error.errno in _FULL:
        zh, en = (f"，写不下 {place}", f": cannot write {place}") if place else ("", "")
        return WorkError(
            "store.disk_full",
            Text(f"磁盘已满{zh}", f"the disk is full{en}"),
            Text(
                "清理磁盘空间后重新执行；已有数据没有变化。",
                "Free disk space and call again; nothing stored was changed.",
            ),
        )
    if error.errno in _FORBIDDEN:
        return WorkError(
            "store.not_allowed",
            Text(f"没有权限写入：{place}", f"not allowed to write: {place}"),
            Text(
                "检查工作区文件夹的权限，或换一个可写的工作区。",
                "Look at the rights of the workspace folder, or use another one.",
            ),
        )
    return WorkError(
        "store.disk_failed",
        Text(f"读写文件失败：{place}（{error.strerror}）", f"reading or writing failed: {place} ({error.strerror})"),
        Text("检查磁盘和文件夹后重新执行。", "Look at the disk and the folder, then call again."),
    )


def sync(path: Path) -> None:
    """Make a file's content, or a folder's list of names, survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_new(path: Path, content: bytes) -> None:
    """Write a file that did not exist."""
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def replace_file(path: Path, content: bytes, staging: Path) -> None:
    """Put a file in place in one step: a reader sees the old one or the new one, whole."""
    staged = staging / f"{path.name}.{secrets.token_hex(4)}"
    write_new(staged, content)
    os.replace(staged, path)
    sync(path.parent)


def place_folder(staged: Path, target: Path) -> None:
    """Move a finished folder of files to its place in one step."""
    for file in sorted(staged.iterdir()):
        sync(file)
    sync(staged)
    make_folder(target.parent)
    os.rename(staged, target)
    sync(target.parent)


def make_folder(path: Path) -> None:
    """Make a folder and those above it, so that they survive a power cut."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(exist_ok=True)
        sync(folder.parent)


def remove(path: Path) -> None:
    """Remove a file or a whole folder."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def link_or_copy(source: Path, target: Path) -> None:
    """The same file in a second folder: stored files never change, so one copy on the disk is enough."""
    try:
        os.link(source, target)
    except OSError:
        # File systems without hard links.
        shutil.copyfile(source, target)
