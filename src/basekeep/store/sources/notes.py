"""Warnings that go with a reading that succeeded: numbers rounded, files that end without a newline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from basekeep.kernel.findings import Finding, Place
from basekeep.kernel.text import Text
from basekeep.store.sources.files import SourceFile
from basekeep.store.sources.packed import is_packed


def rounded_numbers(counts: Mapping[str, int], place: Place) -> list[Finding]:
    """One warning for each column in which numbers had more than four decimals."""
    do = Text("通常无须处理；核对源数据的精度。", "Usually nothing; check how precise the source means to be.")
    return [
        Finding(
            "number_rounded",
            place,
            Text(
                f"{name} 有 {count:,} 个值超过四位小数，四舍五入到四位",
                f"{count:,} values of {name} have more than four decimals; they are rounded half up to four",
            ),
            do,
            severity="warning",
        )
        for name, count in counts.items()
    ]


def unfinished_files(files: Sequence[SourceFile]) -> list[Finding]:
    """A warning for each text file whose last line has no end: its last cell may have been cut short."""
    found = []
    for file in files:
        if is_packed(file):
            continue
        with file.path.open("rb") as stream:
            # Two bytes: in UTF-16 a line end is one of them.
            stream.seek(-min(2, file.path.stat().st_size), 2)
            ending = stream.read()
        if b"\n" not in ending and b"\r" not in ending:
            what = Text("最后一行没有换行符，文件可能被截断", "the last line has no end: the file may be cut short")
            do = Text("核对最后一行是否完整。", "See whether the last line is whole.")
            found.append(Finding("no_final_newline", file.place(), what, do, severity="warning"))
    return found
