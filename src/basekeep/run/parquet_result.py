"""A result as Parquet, written batch by batch."""

from __future__ import annotations

from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from basekeep.engines.protocol import Stream
from basekeep.kernel.errors import CallError
from basekeep.kernel.progress import Progress
from basekeep.kernel.text import Text
from basekeep.run.json_result import distinct


def write_parquet(stream: Stream, into: BinaryIO, progress: Progress) -> int:
    """Write a result, a row group for each batch; gives the number of rows.

    Raises:
        CallError: a column is of a type that Parquet does not have.
    """
    fields = [field.with_name(name) for field, name in zip(stream.schema, distinct(stream.schema.names), strict=True)]
    schema = pa.schema(fields)
    rows = 0
    try:
        with pq.ParquetWriter(into, schema, compression="zstd") as writer:
            for batch in stream.batches:
                writer.write_batch(pa.record_batch(batch.columns, schema=schema), row_group_size=max(batch.num_rows, 1))
                rows += batch.num_rows
                progress.advance(batch.num_rows)
    except pa.ArrowNotImplementedError as error:
        what = Text(f"有的列不能写成 Parquet：{error}", f"a column cannot be written as Parquet: {error}")
        do = Text("在 SQL 中用 cast 转换它。", "Convert it with cast in the SQL.")
        raise CallError("export.parquet_type", what, do) from error
    return rows
