"""Stores a table that is not aligned: one Parquet file, sorted by its key, then by all other columns."""

from __future__ import annotations

from pathlib import Path

from basekeep.contract.columns import Table
from basekeep.engines.protocol import Engine
from basekeep.engines.sql_text import parquet_scan, sql_names
from basekeep.store.stored_form import typed_columns

DATA_FILE = "data.parquet"


def write_plain(engine: Engine, table: Table, typed: Path, folder: Path) -> tuple[int, tuple[tuple[str, str], ...]]:
    """Write `data.parquet` into an empty folder from Parquet in stored types, in any order of rows.

    Sorted by every column, so the same rows always give the same bytes. Gives rows and columns.
    """
    source = parquet_scan(typed)
    with engine.session() as session:
        columns = typed_columns(session, table, source)
        names = [name for name, _ in columns]
        order = [*table.key, *(name for name in names if name not in table.key)]
        known = [name for name in order if name in names]
        rows = session.copy(
            f"SELECT {sql_names(names)} FROM {source} ORDER BY {sql_names(known)}",
            folder / DATA_FILE,
        )
    return rows, columns
