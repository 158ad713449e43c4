"""The synthetic operator's tables as an operator exports them: CSV in GB18030 under Chinese headings.

Each file takes the place of its Parquet file; the truth stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from basekeep.contract.columns import Table
from basekeep.contract.tables import TABLES
from basekeep.engines.protocol import Stream
from basekeep.engines.sql_text import sql_name
from basekeep.kernel.progress import Progress, SilentProgress
from basekeep.kernel.text import Text
from basekeep.run.csv_result import write_csv
from basekeep.synth.options import Made

ENCODING = "gb18030"
_BATCH_ROWS = 65_536


def as_csv(made: Made, progress: Progress) -> Made:
    """Rewrite every table as CSV; gives what is there now."""
    files = []
    progress.start(len(made.files), Text("写成 GB18030 CSV", "Writing CSV in GB18030"))
    for file in made.files:
        table = TABLES.get(_table_name(file))
        files.append(_rewrite(made.into, file, table) if table else file)
        progress.advance()
    progress.done()
    return replace(made, files=tuple(files))


def csv_mapping(made: Made) -> dict[str, str]:
    """The `tables:` of a workspace over these files: each heading renamed to the contract's column."""
    names = sorted(name for name in made.rows if name in TABLES)
    return {name: _select(TABLES[name], made) for name in names}


def _select(table: Table, made: Made) -> str:
    renamed = ", ".join(f"{sql_name(column.label.zh)} as {column.name}" for column in table.columns)
    many = any(file.parent.name == table.name for file in made.files)
    return f"select {renamed} from read_csv('data/{table.name}{'/*' if many else ''}.csv')"


def _table_name(file: Path) -> str:
    """`data/staff.parquet` and `data/subscriber_month/2025-12.parquet` name their tables; `truth/…` names none."""
    if file.parts[0] != "data":
        return ""
    return file.parts[1] if len(file.parts) > 2 else file.stem


def _rewrite(into: Path, file: Path, table: Table) -> Path:
    source, target = into / file, into / file.with_suffix(".csv")
    labels = [table.column(name).label.zh for name in pq.read_schema(source).names]
    with target.open("xb") as sink:
        write_csv(_stream(source, labels), _Encoded(sink), "；", False, False, SilentProgress())
    source.unlink()
    return file.with_suffix(".csv")


def _stream(source: Path, labels: list[str]) -> Stream:
    def batches() -> Iterator[pa.RecordBatch]:
        with pq.ParquetFile(source) as reader:
            for batch in reader.iter_batches(_BATCH_ROWS):
                plain = [_plain(column) for column in batch.columns]
                yield pa.record_batch(plain, names=labels)

    schema = pa.schema([pa.field(label, pa.string()) for label in labels])
    return Stream(schema, batches())


def _plain(column: pa.Array) -> pa.Array:
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column


class _Encoded:
    """Takes whole lines in UTF-8 and passes them on in the operator's encoding."""

    def __init__(self, sink: Any) -> None:
        self._sink = sink

    def write(self, content: bytes) -> int:
        return int(self._sink.write(content.decode().encode(ENCODING)))
