"""A result as JSON, written row by row; exact numbers stay exact."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from basekeep.engines.protocol import Stream
from basekeep.kernel.progress import Progress
from basekeep.run.result_text import as_text


def write_json(stream: Stream, into: BinaryIO, progress: Progress) -> int:
    """Write a result as one array of objects; gives the number of rows."""
    rows = 0
    into.write(b"[")
    for row in json_rows(stream, progress):
        into.write(b",\n" if rows else b"\n")
        into.write(row.encode())
        rows += 1
    into.write(b"\n]\n")
    return rows


def json_rows(stream: Stream, progress: Progress) -> Iterator[str]:
    """Each row as a JSON object; a column that bears another's name is called `name_2`."""
    keys = [f"{json.dumps(name, ensure_ascii=False)}: " for name in distinct(stream.schema.names)]
    for batch in stream.batches:
        cells = [
            pc.binary_join_element_wise(key, _json_texts(column), "")
            for key, column in zip(keys, batch.columns, strict=True)
        ]
        for row in pc.binary_join_element_wise(*cells, ", ").to_pylist() if cells else []:
            yield f"{{{row}}}"
        progress.advance(batch.num_rows)


def _json_texts(column: pa.Array) -> pa.Array:
    """A column as JSON texts. Whole columns at once where the type allows: ten times as fast as value by value."""
    kind = column.type
    if pa.types.is_boolean(kind) or pa.types.is_integer(kind) or pa.types.is_decimal(kind):
        return as_text(column, "").fill_null("null")
    if pa.types.is_floating(kind):
        return pc.if_else(pc.fill_null(pc.is_finite(column), False), as_text(column, ""), "null")
    if pa.types.is_date(kind) or (pa.types.is_timestamp(kind) and kind.tz is None):
        text = pc.replace_substring(as_text(column, ""), " ", "T")
        return pc.binary_join_element_wise('"', text, '"', "").fill_null("null")
    values = column.to_pylist()
    if pa.types.is_string(kind):
        return pa.array(["null" if value is None else encode_basestring(value) for value in values], pa.string())
    return pa.array([json_value(value) for value in values], pa.string())


def distinct(names: list[str]) -> list[str]:
    """The names of columns, each once."""
    found: dict[str, None] = {}
    for name in names:
        count, free = 1, name
        while free in found:
            count += 1
            free = f"{name}_{count}"
        found[free] = None
    return list(found)


def json_value(value: Any) -> str:
    """One value as JSON."""
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, float):
        return json.dumps(value) if math.isfinite(value) else "null"
    if isinstance(value, datetime | date | time):
        return json.dumps(value.isoformat())
    if isinstance(value, timedelta | bytes):
        return json.dumps(value.hex() if isinstance(value, bytes) else str(value))
    if isinstance(value, dict):
        items = (f"{json.dumps(str(key), ensure_ascii=False)}: {json_value(item)}" for key, item in value.items())
        return "{" + ", ".join(items) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(json_value(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False, default=str)
