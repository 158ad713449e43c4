"""What one record of a CSV file looks like, told exactly as DuckDB tells it. Pure: bytes in, yes or no out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from basekeep.store.sources.csv_head import Dialect

# From so many cells on, text that happens to have the delimiters of a record is no accident.
_TELLING = 4


class RecordShape:
    """A record of so many cells in one dialect; cells of the columns `single` (by index) hold no line break."""

    def __init__(self, dialect: Dialect, width: int, single: frozenset[int] = frozenset()) -> None:
        self.delimiter = dialect.delimiter.encode()
        self.quote = dialect.quote.encode()
        self.escape = dialect.escape.encode()
        self._comment = dialect.comment.encode()
        self._width = width
        self._single = single
        self._cell, self._record, self._open = _patterns(self.delimiter, self.quote, self.escape, width)

    def skips(self, body: bytes) -> bool:
        """An empty line (a record of one empty cell where there is one column), or a comment."""
        return (not body and self._width > 1) or bool(self._comment and body.startswith(self._comment))

    def is_record(self, body: bytes) -> bool:
        """Whether the bytes are one whole record; empty cells too many at its end are borne."""
        if (self.quote and self.quote in body) or b"\r" in body:
            return self._record.fullmatch(body) is not None
        extra = body.count(self.delimiter) - self._width + 1
        return extra == 0 or (extra > 0 and body.endswith(self.delimiter * extra))

    def is_open(self, body: bytes) -> bool:
        """Whether the bytes end inside a quoted cell."""
        return bool(self.quote) and self._open.fullmatch(body) is not None

    def is_short(self, body: bytes) -> bool:
        """Whether the bytes end before the last cell of a record does."""
        return self.is_open(body) or body.count(self.delimiter) < self._width - 1

    def may_span(self, lines: Sequence[bytes]) -> bool:
        """Whether lines that make one record are meant as one, and not swallowed by a quote never closed.

        Not meant are a line break in a column that holds none, and whole records inside a cell. The last line is a
        harder case: the end of a text with as many delimiters as cells before it looks like a record too.
        """
        broken = [index for index, cell in enumerate(self._cells(b"\n".join(lines))) if b"\n" in cell]
        if not self._single.isdisjoint(broken):
            return False
        if self._width < _TELLING:
            return True
        inside = [*lines[1:-1], *(lines[-1:] if broken and broken[-1] >= _TELLING - 1 else ())]
        return not any(self.is_record(line.removesuffix(b"\r")) for line in inside)

    def _cells(self, record: bytes) -> Iterator[bytes]:
        at = 0
        while at <= len(record) and (cell := self._cell.match(record, at)):
            yield cell.group()
            at = cell.end() + len(self.delimiter)

    def all_plain(self, text: bytes, lines: list[bytes]) -> bool:
        """Whether these lines, joined in `text`, are all records without a quote: the fast answer for most."""
        if (self.quote and self.quote in text) or b"\r" in text or self._comment:
            return False
        counts = [line.count(self.delimiter) for line in lines]
        return counts.count(self._width - 1) == len(lines)


_Pattern = re.Pattern[bytes]


def _patterns(delimiter: bytes, quote: bytes, escape: bytes, width: int) -> tuple[_Pattern, _Pattern, _Pattern]:
    """Patterns of a cell, a whole record, one that ends inside a quoted cell. Atomic groups: never tried twice."""
    between, mark, mask = re.escape(delimiter), re.escape(quote), re.escape(escape)
    plain = b"[^%b\r\n]*+" % between if len(delimiter) == 1 else b"(?:(?!%b)[^\r\n])*+" % between
    if not quote:
        record = b"%b(?:%b%b){%d}(?:%b)*" % (plain, between, plain, width - 1, between)
        return re.compile(plain), re.compile(record), re.compile(b"(?!)")
    inner = b"(?:[^%b]|%b%b)*+" % (mark, mark, mark)
    if escape not in (b"", quote):
        inner = b"(?:[^%b%b]|%b[%b%b])*+" % (mark, mask, mask, mark, mask)
    # The engine takes a quote for one behind a single blank too, and bears blanks after the closing one.
    lead, after = (b"", b"") if delimiter == b" " else (b" ?", b" *+")
    cell = b"(?>%b%b%b%b%b|(?!%b%b)%b)" % (lead, mark, inner, mark, after, lead, mark, plain)
    empties = b"(?:%b(?:%b%b)?)*" % (between, mark, mark)
    record = b"%b(?:%b%b){%d}%b" % (cell, between, cell, width - 1, empties)
    still_open = b"(?:%b%b){0,%d}%b%b%b" % (cell, between, width - 1, lead, mark, inner)
    return re.compile(cell, re.DOTALL), re.compile(record, re.DOTALL), re.compile(still_open, re.DOTALL)
