"""Copies a CSV file with every record's line number in front and its broken lines set apart.

Needed only when something in the file is rejected. A line whose quote never closes costs that line alone:
reading goes on with the next one. Never changes a record.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from basekeep.kernel.progress import Progress
from basekeep.kernel.text import Text
from basekeep.store.sources.broken_lines import BrokenLines
from basekeep.store.sources.packed import CHUNK
from basekeep.store.sources.pieces import Piece
from basekeep.store.sources.record_shapes import RecordShape

# DuckDB's own limit for one record is 2 MB; longer is no record of a table.
_LONGEST_LINE = 1_900_000
_LONGEST_CELL_OVER_LINES = 64 << 10

_Line = tuple[int, bytes]
_NextLine = Callable[[], _Line | None]


def number_lines(
    piece: Piece, target: Path, broken: BrokenLines, progress: Progress, single: frozenset[int] = frozenset()
) -> int:
    """Write the records of `piece` to `target`, numbered; what is no record goes to `broken`.

    `single` are the columns, by index, whose cells hold no line break. Gives the number of the last line where the file breaks off within it, else 0.
    """
    assert piece.dialect is not None
    shape = RecordShape(piece.dialect, len(piece.columns), single)
    progress.start(piece.scanned.stat().st_size // CHUNK + 1, Text("查找出错的行", "Finding the lines at fault"))
    with piece.scanned.open("rb") as source, target.open("wb") as out:
        physical = _PhysicalLines(source, piece.first_row_line)
        while block := physical.block():
            text = b"\n".join(block).replace(b"\r\n", b"\n").removesuffix(b"\r")
            lines = text.split(b"\n")
            if len(lines) == len(block) and shape.all_plain(text, lines):
                out.write(b"".join(_plainly(lines, physical.first, shape.delimiter)))
            else:
                for number, record in _records(block, physical, shape, broken):
                    out.write(b"%d%b%b\n" % (number, shape.delimiter, record))
            progress.advance()
        cut = _cut_line(source, piece, shape)
    progress.done()
    return physical.last if cut and broken.last == physical.last else 0


def _cut_line(source: BinaryIO, piece: Piece, shape: RecordShape) -> bool:
    """Whether the last line has no line end and lacks cells."""
    size = piece.scanned.stat().st_size
    source.seek(max(0, size - _LONGEST_LINE))
    last = re.split(rb"[\r\n]", source.read())[-1]
    return bool(last) and shape.is_short(last)


def _plainly(lines: list[bytes], first: int, delimiter: bytes) -> list[bytes]:
    return [b"%d%b%b\n" % (number, delimiter, line) for number, line in enumerate(lines, first)]


def _records(block: list[bytes], physical: _PhysicalLines, shape: RecordShape, broken: BrokenLines) -> Iterator[_Line]:
    """Records with the number of the line they begin on; the last may reach beyond the block."""
    inside = iter(list(enumerate(block, physical.first)))
    waiting: deque[_Line] = deque()
    while line := waiting.popleft() if waiting else next(inside, None):
        number, body = line[0], line[1].removesuffix(b"\r")
        if shape.skips(body):
            continue
        if shape.is_record(body):
            yield number, body
        elif shape.is_open(body) and (
            whole := _joined(line[1], lambda: next(inside, None) or physical.line(), waiting, shape)
        ):
            yield number, whole
        else:
            broken.add(number, body)


def _joined(body: bytes, following: _NextLine, waiting: deque[_Line], shape: RecordShape) -> bytes | None:
    """The record that goes on over the lines that follow; None, and nothing is consumed, when there is none."""
    parts, size = [body], len(body)
    while size < _LONGEST_CELL_OVER_LINES:
        if len(parts) > len(waiting):
            line = following()
            if line is None:
                return None
            waiting.append(line)
        part = waiting[len(parts) - 1][1]
        parts.append(part)
        size += len(part) + 1
        if shape.quote in part:
            whole = b"\n".join(parts).removesuffix(b"\r")
            if shape.is_record(whole):
                if not shape.may_span(parts):
                    return None
                for _ in parts[1:]:
                    waiting.popleft()
                return whole
            if not shape.is_open(whole):
                return None
    return None


class _PhysicalLines:
    """The lines of a file from a given one on, without their newline, in blocks of about a mebibyte.

    `first` is the number of the first line of the block given last.
    """

    def __init__(self, source: BinaryIO, begin: int) -> None:
        head = source.read(64 << 10)
        source.seek(3 if head.startswith(b"\xef\xbb\xbf") else 0)
        # Some exports end lines with a bare carriage return.
        self._lines = _cut(source, b"\r" if b"\r" in head and b"\n" not in head else b"\n")
        self._next = 1
        self.first = 1
        while self._next < begin and self.line():
            continue

    @property
    def last(self) -> int:
        """The number of the last line given."""
        return self._next - 1

    def line(self) -> _Line | None:
        """The next line and its number."""
        content = next(self._lines, None)
        if content is None:
            return None
        self._next += 1
        return self._next - 1, content

    def block(self) -> list[bytes]:
        """The next lines; an empty list at the end."""
        self.first = self._next
        lines: list[bytes] = []
        size = 0
        for content in self._lines:
            lines.append(content)
            size += len(content)
            if size >= CHUNK:
                break
        self._next += len(lines)
        return lines


def _cut(source: BinaryIO, ending: bytes) -> Iterator[bytes]:
    """Lines without their ending; one too long for a record is cut short, and made to be none."""
    rest = b""
    while chunk := source.read(CHUNK):
        *lines, rest = (rest + chunk).split(ending)
        yield from lines
        if len(rest) > _LONGEST_LINE:
            # No record holds a bare carriage return, so this is reported whatever it begins with.
            rest = b"\r" + rest[:4096]
    if rest:
        yield rest
