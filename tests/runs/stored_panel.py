"""Puts a panel of plain rows into a store, so that a run can be held against the plain-Python answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from basekeep.contract.columns import NUMBER_SCALE
from basekeep.contract.subscriber_month import SUBSCRIBER_MONTH
from basekeep.engines.protocol import Engine
from basekeep.store.storing import store_month

_ARROW = {"string": pa.string(), "date": pa.date32(), "bool": pa.bool_(), "int": pa.int64(), "number": pa.int64()}


def physical(value: object, kind: str) -> Any:
    """A cell as it is stored."""
    if kind == "number" and value is not None:
        assert isinstance(value, Decimal | Fraction | int)
        scaled = Fraction(value) * NUMBER_SCALE
        assert scaled.denominator == 1
        return int(scaled)
    return value


def store_rows(rows: Iterable[Mapping[str, object]], store_dir: Path, engine: Engine, shard_rows: int = 64) -> None:
    """Store the rows of a panel, month by month; only columns that some row has."""
    rows = list(rows)
    mapped = {name for row in rows for name in row}
    columns = [column for column in SUBSCRIBER_MONTH.columns if column.name in mapped]
    for month in sorted({row["month"] for row in rows if isinstance(row["month"], date)}):
        of_month = [row for row in rows if row["month"] == month]
        arrays = {
            c.name: pa.array([physical(row.get(c.name), c.type) for row in of_month], _ARROW[c.type]) for c in columns
        }
        typed = store_dir.parent / f"typed-{month}.parquet"
        pq.write_table(pa.table(arrays), typed)
        store_month(store_dir, engine, month, typed, shard_rows=shard_rows)
