"""Where each subscriber of the base stands among the figures: the one order that all arrays of decisions have."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate
from pathlib import Path

import pyarrow.parquet as pq

from basekeep.engines.sql_text import parquet_scan, sql_names

# Rows that are taken from the engine at a time.
ROWS = 122_880


def rows_of_files(figures: Sequence[Path]) -> list[int]:
    """How many rows each file has."""
    return [int(pq.read_metadata(path).num_rows) for path in figures]


def positions(figures: Sequence[Path], columns: Iterable[str] = ()) -> str:
    """`position, subscriber_id` and other columns of the figures as a table expression.

    A join does not keep the order of rows, so a row says itself where it belongs.
    """
    firsts = accumulate(rows_of_files(figures), initial=0)
    names = sql_names(("subscriber_id", *columns))
    parts = [
        f"SELECT {first} + file_row_number AS position, {names} FROM {parquet_scan(path, row_numbers=True)}"
        for first, path in zip(firsts, figures, strict=False)
    ]
    return f"({' UNION ALL '.join(parts)})"
