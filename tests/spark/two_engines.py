"""The same source and playbook in two workspaces: one for this process, one for a cluster."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from basekeep.app import ingest_tables, run_month
from basekeep.contract.subscriber_month import SUBSCRIBER_MONTH
from basekeep.kernel.progress import SilentProgress
from basekeep.playbook.shipping import shipped_folder
from basekeep.run.record import RunRecord
from basekeep.store.ingest import IngestReport
from basekeep.store.workspace import Workspace, load_workspace

TODAY = date(2026, 3, 1)
_ARROW = {
    "string": pa.string(), "date": pa.date32(), "bool": pa.bool_(), "int": pa.int64(), "number": pa.decimal128(18, 4),
}  # fmt: skip


@dataclass(frozen=True)
class Made:
    """A workspace with what was done in it."""

    workspace: Workspace

    def ingest(self, month: date | None = None, limit: str = "0.5") -> IngestReport:
        return ingest_tables(self.workspace, TODAY, month, Decimal(limit), SilentProgress())

    def run(self, month: date) -> RunRecord:
        return run_month(self.workspace, month, SilentProgress()).record


def source_file(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    """The rows of a panel as an operator might give them: numbers as decimals, any order."""
    mapped = {name for row in rows for name in row}
    columns = [column for column in SUBSCRIBER_MONTH.columns if column.name in mapped]
    arrays = {c.name: pa.array([_cell(row.get(c.name), c.type) for row in rows], _ARROW[c.type]) for c in columns}
    pq.write_table(pa.table(arrays), path)


def _cell(value: object, kind: str) -> Any:
    if kind == "number" and value is not None:
        assert isinstance(value, Decimal | Fraction | int)
        exact = Fraction(value)
        return Decimal(exact.numerator) / Decimal(exact.denominator)
    return value


def workspace(folder: Path, settings: str, select: str) -> Made:
    """A workspace beside its sources, with the shipped playbook."""
    folder.mkdir()
    text = f"{settings}language: en\ntables:\n  subscriber_month: {select}\n"
    (folder / "basekeep.yaml").write_text(text, encoding="utf-8")
    shutil.copytree(shipped_folder(), folder / "playbook")
    return Made(load_workspace(folder))


def on_cluster(master: str, shards: int) -> str:
    """The settings of a workspace whose work a cluster does."""
    return f"engine: spark\nspark: {{master: '{master}', shards: {shards}, worker_memory: 300MB}}\n"
