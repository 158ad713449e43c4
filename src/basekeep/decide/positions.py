"""Where each subscriber of the base stands among the figures: the one order that all arrays of decisions have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq

from basekeep.engines.protocol import Session
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


def placed(
    session: Session, query: str, rows: int, types: Mapping[str, npt.DTypeLike], fill: int = 0
) -> dict[str, npt.NDArray[Any]]:
    """Arrays of a query's columns, each value at its row's `position`, `fill` where no row has one.

    Args:
        query: gives `position`, each at most once, and a column for each of `types`, without nulls.
        rows: how long the arrays are.
    """
    found: dict[str, npt.NDArray[Any]] = {name: np.full(rows, fill, kind) for name, kind in types.items()}
    for batch in session.batches(query, ROWS).batches:
        at = batch.column("position").to_numpy()
        for name in types:
            found[name][at] = batch.column(name).to_numpy(zero_copy_only=False)
    return found
