"""From the paths of a source to the files that are there. Looks at names and sizes only, never at content."""

from __future__ import annotations

import glob
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from basekeep.kernel.findings import Finding, Place, near_names
from basekeep.kernel.text import Text


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of the operator: where it is, and the name that the user knows it by."""

    path: Path
    shown: str

    def place(self, line: int = 0, column: int = 0) -> Place:
        """A place in this file."""
        return Place(self.shown, line, column)


def find_files(patterns: Sequence[str], root: Path, place: Place) -> tuple[tuple[SourceFile, ...], tuple[Finding, ...]]:
    """The files that the patterns name, sorted within each pattern, none twice; and what is missing.

    Relative patterns start at `root`. A file whose very name is the pattern is taken as it is.
    """
    files: dict[str, SourceFile] = {}
    findings: list[Finding] = []
    for pattern in patterns:
        names = _names(pattern, root)
        if not names:
            findings.append(_absent(pattern, root, place))
        for name in names:
            file = SourceFile(root / name, Path(name).as_posix())
            files.setdefault(os.path.abspath(file.path), file)
    usable = tuple(files.values())
    findings += [fault for file in usable if (fault := _fault(file))]
    return usable, tuple(findings)


def _names(pattern: str, root: Path) -> list[str]:
    if (root / pattern).is_file():
        return [pattern]
    found = glob.glob(pattern, root_dir=root, recursive=True)
    return sorted(name for name in found if (root / name).is_file())


def _fault(file: SourceFile) -> Finding | None:
    if not os.access(file.path, os.R_OK):
        return Finding(
            "file_unreadable",
            file.place(),
            Text("没有读取权限", "no permission to read it"),
            Text("给运行本程序的用户读取权限。", "Let the user who runs this program read it."),
        )
    if file.path.stat().st_size == 0:
        return Finding(
            "file_empty",
            file.place(),
            Text("文件是空的（0 字节）", "the file is empty (0 bytes)"),
            Text("重新导出这个文件，或把它移出目录。", "Export the file again, or move it away."),
        )
    return None


def _absent(pattern: str, root: Path, place: Place) -> Finding:
    """No file: with names near to it from the same folder."""
    folder = (root / pattern).parent
    beside = [entry.name for entry in folder.iterdir()] if folder.is_dir() else []
    near = tuple((Path(pattern).parent / name).as_posix() for name in near_names(Path(pattern).name, beside))
    if glob.has_magic(pattern):
        what = Text(f"没有文件符合 {pattern}", f"no file matches {pattern}")
    elif (root / pattern).is_dir():
        what = Text(f"{pattern} 是目录，不是文件", f"{pattern} is a folder, not a file")
    else:
        what = Text(f"找不到文件 {pattern}", f"there is no file {pattern}")
    do = Text(
        "核对路径；相对路径从工作区目录算起，目录用 目录/*.csv。",
        "Check the path; relative paths start at the workspace folder, a folder is written folder/*.csv.",
    )
    return Finding("file_missing", place, what, do, near)
