"""The head of a CSV file: its delimiter, its column names, the line on which its rows begin."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from basekeep.store.sources.csv_options import CsvOptions

_DELIMITERS = (",", "\t", "|", ";", "\x01", "^")
_LOOKED_AT = 20


@dataclass(frozen=True, slots=True)
class Dialect:
    """How cells are told apart; `quote` and `escape` are empty where there is no quoting."""

    delimiter: str = ","
    quote: str = '"'
    escape: str = '"'
    comment: str = ""
    nulls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CsvHead:
    """Column names, dialect and the physical line (from 1) of the first row.

    `has_rows` is False for a bare header. `even` says that the lines before the first row are one record each, so
    that skipping so many records, which is what the engine does, skips these lines.
    """

    columns: tuple[str, ...]
    dialect: Dialect
    first_row_line: int
    has_rows: bool
    even: bool


def read_head(text: str, whole: bool, options: CsvOptions) -> CsvHead:
    """Read the head from a file's first text; `whole` says that the text is all there is."""
    delimiter = options.delim or _likely_delimiter(text, options)
    dialect = Dialect(delimiter, options.quote, options.escape, options.comment, options.nulls)
    lines = io.StringIO(text, newline="")
    cells, begins, ends = next(_records(lines, options, delimiter), ([], options.skip, options.skip))
    if len(cells) > 1 and not cells[-1].strip():
        cells = cells[:-1]
    named = cells if options.header else [f"column{index}" for index in range(len(cells))]
    names = [*options.names[: len(cells)], *named[len(options.names) :]]
    has_rows = not whole or not options.header or bool(lines.read().strip())
    first_row_line = (ends if options.header else begins) + 1
    even = _even(text, first_row_line, options)
    return CsvHead(distinct_names(names), dialect, first_row_line, has_rows and bool(cells), even)


def _even(text: str, first_row_line: int, options: CsvOptions) -> bool:
    before = list(islice(io.StringIO(text, newline=""), first_row_line - 1))
    commented = bool(options.comment) and any(line.startswith(options.comment) for line in before)
    spanning = bool(options.quote) and any(line.count(options.quote) % 2 for line in before)
    return not commented and not spanning


def _records(lines: io.StringIO, options: CsvOptions, delimiter: str) -> Iterator[tuple[list[str], int, int]]:
    """Records that hold something: cells, and the physical lines before and at their end."""
    for _ in range(options.skip):
        next(lines, None)
    before = options.skip
    for cells, read in _rows(lines, options, delimiter):
        after = options.skip + read
        commented = bool(options.comment and cells and cells[0].startswith(options.comment))
        if cells and not commented and (len(cells) > 1 or cells[0].strip()):
            yield cells, before, after
        before = after


def _rows(lines: io.StringIO, options: CsvOptions, delimiter: str) -> Iterator[tuple[list[str], int]]:
    """Cells of each record, and how many lines were read so far; ends early where quoting goes astray."""
    if len(delimiter) > 1:
        # The csv module knows one-character delimiters only.
        for number, line in enumerate(lines, 1):
            yield [cell.strip(options.quote or None) for cell in line.rstrip("\r\n").split(delimiter)], number
        return
    if options.quote:
        reader = csv.reader(lines, delimiter=delimiter, quotechar=options.quote)
    else:
        reader = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    try:
        for cells in reader:
            yield cells, reader.line_num
    except csv.Error:
        return


def _likely_delimiter(text: str, options: CsvOptions) -> str:
    """The delimiter by which most of the first lines have as many cells as the header."""

    def score(delimiter: str) -> tuple[int, int]:
        records = _records(io.StringIO(text, newline=""), options, delimiter)
        widths = [len(cells) for cells, _, _ in islice(records, _LOOKED_AT)]
        if not widths or widths[0] == 1:
            return (0, 0)
        return (sum(width == widths[0] for width in widths), widths[0])

    best = max(_DELIMITERS, key=score)
    return best if score(best) > (0, 0) else ","


def distinct_names(names: Iterable[str]) -> tuple[str, ...]:
    """Column names as DuckDB would give them: no two alike, none empty."""
    taken: set[str] = set()
    found: list[str] = []
    for index, name in enumerate(names):
        plain = name.strip().strip("\ufeff") or f"column{index}"
        unique, again = plain, 0
        while unique.lower() in taken:
            again += 1
            unique = f"{plain}_{again}"
        taken.add(unique.lower())
        found.append(unique)
    return tuple(found)
