"""Reads small files as a contract table, and gives what came out in plain Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from basekeep.contract.tables import TABLES
from basekeep.engines.duckdb import DuckEngine
from basekeep.kernel.errors import FindingsError
from basekeep.kernel.findings import Finding, Place
from basekeep.store.sources.ledger import Ledger, RejectReason
from basekeep.store.sources.reading import Reading, check_mapping, read_table

TODAY = date(2026, 1, 5)
PLACE = Place("basekeep.yaml", 7, 3)
HEADER = "subscriber_id,month,status,join_date"
ROW = "S1,2025-12-01,active,2020-01-05"


@dataclass
class Reader:
    """A workspace folder and an engine."""

    engine: DuckEngine
    root: Path
    staging: Path
    used: int = field(default=0)

    def write(self, name: str, text: str, encoding: str = "utf-8") -> Path:
        """A text file in the workspace, with the line ends as given."""
        return self.write_bytes(name, text.encode(encoding))

    def write_bytes(self, name: str, content: bytes) -> Path:
        """A file in the workspace."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def read(self, select: str, table: str = "subscriber_month", month: date | None = None) -> Reading:
        """Read a table as of 5 January 2026."""
        self.used += 1
        staging = self.staging / str(self.used)
        staging.mkdir(parents=True)
        with self.engine.session() as session:
            return read_table(session, TABLES[table], select, self.root, staging, TODAY, month, place=PLACE)

    def read_csv(self, lines: Sequence[str], table: str = "subscriber_month") -> Reading:
        """Read a table from one CSV file `t.csv` of these lines."""
        self.write("t.csv", "".join(f"{line}\n" for line in lines))
        return self.read("select * from 't.csv'", table)

    def refused(self, select: str, table: str = "subscriber_month", month: date | None = None) -> tuple[Finding, ...]:
        """The findings for which nothing is read; none at all is a failure."""
        try:
            reading = self.read(select, table, month)
        except FindingsError as error:
            return error.findings
        raise AssertionError(f"was read: {reading.ledger}")

    def check(self, select: str, table: str = "subscriber_month") -> tuple[Finding, ...]:
        """What `basekeep check` finds."""
        with self.engine.session() as session:
            return check_mapping(session, TABLES[table], select, self.root, PLACE)


def stored(reading: Reading) -> list[dict[str, Any]]:
    """The stored rows of all months, by month and then by their cells."""
    rows = [row for path in reading.months.values() for row in pq.read_table(path).to_pylist()]
    return sorted(rows, key=lambda row: [str(cell) for cell in row.values()])


def column(reading: Reading, name: str) -> list[Any]:
    """One stored column."""
    return [row[name] for row in stored(reading)]


def rejected(reading: Reading) -> list[dict[str, Any]]:
    """The rejected rows as they are kept."""
    if reading.ledger.rejects_file is None:
        return []
    rows: list[dict[str, Any]] = pq.read_table(reading.ledger.rejects_file).to_pylist()
    return rows


def reason(ledger: Ledger) -> RejectReason:
    """The only reason of a ledger."""
    (only,) = ledger.reasons
    return only


def places(findings: Sequence[Finding]) -> Mapping[str, str]:
    """The place of each finding by its code."""
    return {finding.code: str(finding.place) for finding in findings}
