"""What one record of a CSV file looks like, told exactly as DuckDB tells it. Pure: bytes in, yes or no out."""

from __future__ import annotations

import re

from basekeep.store.sources.csv_head import Dialect


class RecordShape:
    """A record of so many cells in one dialect."""

    def __init__(self, dialect: Dialect, width: int) -> None:
        self.delimiter = dialect.delimiter.encode()
        self.quote = dialect.quote.encode()
        self._comment = dialect.comment.encode()
        self._width = width
        self._record, self._open = _patterns(self.delimiter, self.quote, dialect.escape.encode(), width)

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

    def all_plain(self, text: bytes, lines: list[bytes]) -> bool:
        """Whether these lines, joined in `text`, are all records without a quote: the fast answer for most."""
        if (self.quote and self.quote in text) or b"\r" in text or self._comment:
            return False
        counts = [line.count(self.delimiter) for line in lines]
        return counts.count(self._width - 1) == len(lines)


def _patterns(delimiter: bytes, quote: bytes, escape: bytes, width: int) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """Patterns of a whole record and of one that ends inside a quoted cell. Atomic groups: never tried twice."""
    between, mark, mask = re.escape(delimiter), re.escape(quote), re.escape(escape)
    plain = b"[^%b\r\n]*+" % between if len(delimiter) == 1 else b"(?:(?!%b)[^\r\n])*+" % between
    if not quote:
        return re.compile(b"%b(?:%b%b){%d}(?:%b)*" % (plain, between, plain, width - 1, between)), re.compile(b"(?!)")
    inner = b"(?:[^%b]|%b%b)*+" % (mark, mark, mark)
    if escape not in (b"", quote):
        inner = b"(?:[^%b%b]|%b[%b%b])*+" % (mark, mask, mask, mark, mask)
    # The engine takes a quote for one behind a single blank too, and bears blanks after the closing one.
    lead, after = (b"", b"") if delimiter == b" " else (b" ?", b" *+")
    cell = b"(?>%b%b%b%b%b|(?!%b%b)%b)" % (lead, mark, inner, mark, after, lead, mark, plain)
    empties = b"(?:%b(?:%b%b)?)*" % (between, mark, mark)
    record = b"%b(?:%b%b){%d}%b" % (cell, between, cell, width - 1, empties)
    still_open = b"(?:%b%b){0,%d}%b%b%b" % (cell, between, width - 1, lead, mark, inner)
    return re.compile(record, re.DOTALL), re.compile(still_open, re.DOTALL)
