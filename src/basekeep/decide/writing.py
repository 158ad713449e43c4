"""Writes tables of decisions block by block, the same bytes each time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from basekeep.decide.base import NO_DAY, Int
from basekeep.run.decision_tables import FOLDER, SCHEMAS

# Subscribers of a block; their candidates are in memory as Arrow at one time.
BLOCK = 250_000
Columns = dict[str, Any]


def write_blocks(folder: Path, table: str, blocks: Iterable[Columns]) -> int:
    """Write a table from columns by name, each block a row group; gives the number of rows.

    Columns may be Arrow dictionaries: the file says the schema's own types.
    """
    schema, rows = SCHEMAS[table], 0
    # Ids are as many as rows: a dictionary of them is built in vain.
    repeated = [field.name for field in schema if field.name != "subscriber_id"]
    path = folder / FOLDER / f"{table}.parquet"
    writer: Any = None
    try:
        for columns in blocks:
            made = pa.table([columns[name] for name in schema.names], names=schema.names)
            if writer is None:
                writer = pq.ParquetWriter(
                    path, made.schema, compression="zstd", use_dictionary=_paths(schema, repeated), store_schema=False
                )
            writer.write_table(made, row_group_size=max(made.num_rows, 1))
            rows += made.num_rows
    finally:
        if writer is not None:
            writer.close()
    if writer is None:
        pq.write_table(schema.empty_table(), path, compression="zstd", store_schema=False)
    return rows


def write_rows(folder: Path, table: str, rows: Sequence[Columns]) -> None:
    """Write a small table from its rows."""
    made = pa.Table.from_pylist(list(rows), schema=SCHEMAS[table])
    pq.write_table(made, folder / FOLDER / f"{table}.parquet", compression="zstd", store_schema=False)


def _paths(schema: pa.Schema, names: list[str]) -> list[str]:
    """Columns as Parquet names them: a list's items lie below it."""
    return [f"{name}.list.element" if pa.types.is_list(schema.field(name).type) else name for name in names]


def labels(places: npt.NDArray[Any], names: Sequence[str | None]) -> pa.Array:
    """Places in a list of names as texts, unknown where -1."""
    indices = pa.array(places.astype(np.int32), mask=places < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(names), pa.string()))


def known(values: npt.NDArray[Any], there: npt.NDArray[np.bool_]) -> pa.Array:
    """Numbers, unknown where not there."""
    return pa.array(values, mask=~there)


def days(values: Int) -> pa.Array:
    """Day numbers as dates, unknown where there is none."""
    return pa.array(values, mask=values == NO_DAY).cast(pa.date32())
