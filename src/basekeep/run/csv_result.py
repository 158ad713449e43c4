"""A result as CSV in UTF-8, written batch by batch. Quotation marks stand only where a cell needs them."""

from __future__ import annotations

from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc

from basekeep.engines.protocol import Stream
from basekeep.kernel.progress import Progress
from basekeep.run.result_text import as_text, harmless, is_data


class Sink(Protocol):
    """Takes bytes, whole lines at a time."""

    def write(self, content: bytes, /) -> int:
        """Take them."""


_BOM = b"\xef\xbb\xbf"


def write_csv(stream: Stream, into: Sink, separator: str, bom: bool, excel_safe: bool, progress: Progress) -> int:
    """Write a result; gives the number of rows.

    Args:
        separator: what stands between the members of a list in one cell.
        bom: begin with the mark by which Excel knows UTF-8.
        excel_safe: put a quotation mark before texts that a spreadsheet would take for formulas.
    """
    header = [_quoted(harmless(name) if excel_safe else name) for name in map(_one, stream.schema.names)]
    into.write(_BOM if bom else b"")
    _write_lines(header, into)
    rows = 0
    for batch in stream.batches:
        cells = []
        for column in batch.columns:
            text = as_text(column, separator)
            cells.append(_quoted(harmless(text) if excel_safe and not is_data(column.type) else text))
        _write_lines(cells, into)
        rows += batch.num_rows
        progress.advance(batch.num_rows)
    return rows


def _one(name: str) -> pa.Array:
    return pa.array([name], pa.string())


def _quoted(text: pa.Array) -> pa.Array:
    """An empty text is `""`, so that it can be told from an empty cell."""
    needs = pc.or_(pc.match_substring_regex(text, '[",\r\n]'), pc.equal(text, ""))
    marked = pc.binary_join_element_wise('"', pc.replace_substring(text, '"', '""'), '"', "")
    return pc.if_else(needs, marked, text)


def _write_lines(cells: list[pa.Array], into: Sink) -> None:
    if len(cells) == 1:
        # A line with nothing on it would be skipped by whoever reads it.
        lines = cells[0].fill_null('""')
    else:
        lines = pc.binary_join_element_wise(*(cell.fill_null("") for cell in cells), ",")
    if len(lines):
        into.write(("\n".join(lines.to_pylist()) + "\n").encode())
