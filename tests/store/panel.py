"""Small panels: who had which values in which month, written as typed Parquet the way reading hands it over."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from basekeep.contract.columns import Table
from basekeep.contract.subscriber_month import SUBSCRIBER_MONTH
from basekeep.kernel.months import shift_month

# month → subscriber → column → stored value
Panel = Mapping[date, Mapping[str, Mapping[str, Any]]]

JANUARY = date(2025, 1, 1)
JOINED = date(2020, 5, 17)

_ARROW = {
    "string": pa.string(), "date": pa.date32(), "bool": pa.bool_(), "int": pa.int64(), "number": pa.int64(),
    "timestamp": pa.timestamp("us"),
}  # fmt: skip


def write_typed(path: Path, table: Table, rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> Path:
    """Rows of a contract table as Parquet in stored types."""
    schema = pa.schema([(name, _ARROW[table.column(name).type]) for name in names])
    pq.write_table(pa.table({name: [row.get(name) for row in rows] for name in names}, schema=schema), path)
    return path


def write_month(path: Path, month: date, members: Mapping[str, Mapping[str, Any]], seed: int = 0) -> Path:
    """One month of a panel; the seed chooses the order of its rows."""
    rows = [
        {"subscriber_id": member, "month": month, "status": "active", "join_date": JOINED, **values}
        for member, values in members.items()
    ]
    random.Random(seed).shuffle(rows)
    given = {name for row in rows for name in row}
    names = [name for name in SUBSCRIBER_MONTH.names if name in given]
    return write_typed(path, SUBSCRIBER_MONTH, rows, names)


def random_panel(seed: int, subscribers: int, months: int) -> dict[date, dict[str, dict[str, Any]]]:
    """Subscribers who come, stay away and come back; unknown values; columns that some months lack."""
    draw = random.Random(seed)
    ids = [f"S{draw.randrange(10**6):06d}-{n}" for n in range(subscribers)]
    panel: dict[date, dict[str, dict[str, Any]]] = {}
    for index in range(months):
        columns = [name for name in ("arpu", "contacts", "bound_until", "brand", "broadband") if draw.random() < 0.8]
        here = draw.sample(ids, draw.randrange(1, subscribers))
        panel[shift_month(JANUARY, index)] = {member: {c: _value(draw, c) for c in columns} for member in here}
    return panel


def _value(draw: random.Random, column: str) -> Any:
    values: dict[str, Any] = {
        "arpu": draw.randrange(-(10**6), 10**7),
        "contacts": draw.randrange(100),
        "bound_until": date(2025, 1, draw.randrange(1, 29)),
        "brand": draw.choice(["gotone", "神州行", "o'brien"]),
        "broadband": draw.random() < 0.5,
    }
    return None if draw.random() < 0.3 else values[column]
