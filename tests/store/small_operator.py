"""A very small operator: a workspace with CSV files as they are exported, and the select of each table."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from basekeep.engines.duckdb import DuckEngine
from basekeep.kernel.months import month_text
from basekeep.store.ingest import IngestReport, ingest
from basekeep.store.workspace import load_workspace

TODAY = date(2025, 12, 15)
SETTINGS = """\
language: en
reject_limit: 0.2
threads: 2
tables:
  subscriber_month: select * from read_csv('data/month_*.csv')
  org_unit: select * from read_csv('data/units.csv')
"""

# subscriber → ARPU as the operator writes it
Arpu = Mapping[str, str]


class Operator:
    """Writes the operator's files and ingests them; takes a folder that is there as it is."""

    def __init__(self, root: Path) -> None:
        self.root = root
        if root.exists():
            return
        (root / "data").mkdir(parents=True)
        (root / "basekeep.yaml").write_text(SETTINGS, encoding="utf-8")
        self.write("units", ["unit_id", "parent_id", "level", "name"], [["1", "", "province", "省"]])

    @property
    def store_dir(self) -> Path:
        return self.root / "store"

    def month(self, month: date, arpu: Arpu) -> None:
        """The file of one month."""
        rows = [[member, month.isoformat(), "active", "2020-05-17", value] for member, value in arpu.items()]
        self.write(f"month_{month_text(month)}", ["subscriber_id", "month", "status", "join_date", "arpu"], rows)

    def write(self, name: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        with (self.root / "data" / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])

    def ingest(self, month: date | None = None, reject_limit: str | None = None) -> IngestReport:
        """One ingest, with small shards."""
        workspace = load_workspace(self.root)
        limit = Decimal(reject_limit) if reject_limit else None
        with DuckEngine(threads=2) as engine:
            return ingest(workspace, engine, TODAY, month, reject_limit=limit, shard_rows=2)
