"""Everything that can be measured, by name: the ways to compute ten rules, and what Basekeep is held against.

Imports nothing of what it names: the process that starts all others stays small.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from importlib.util import find_spec

PEERS = "benchmarks.peers"


@dataclass(frozen=True)
class Measure:
    """A function `module:function` that does the work; `package` is what it needs besides Basekeep's own."""

    label: str
    function: str
    package: str = ""

    @property
    def lacks(self) -> str:
        """Why it cannot be measured here; empty where it can."""
        if self.package and find_spec(self.package) is None:
            return f"`{self.package}` is not installed"
        if self.package == "pyspark" and shutil.which("java") is None:
            return "Java is not installed"
        return ""


BASEKEEP = "basekeep"

# The ten rules: each writes (rule, subscriber_id) of the same members.
WAYS = {
    BASEKEEP: Measure("Basekeep", f"{PEERS}.basekeep:answer"),
    "closing": Measure("Basekeep with closing the month", f"{PEERS}.basekeep:answer_with_closing"),
    "analyst": Measure("One query per rule", f"{PEERS}.analyst:answer"),
    "analyst_grouped": Measure("One grouped query per rule", f"{PEERS}.analyst:answer_grouped"),
    "duckdb": Measure("DuckDB in one pass", f"{PEERS}.duckdb_one_pass:answer"),
    "polars": Measure("Polars", f"{PEERS}.polars:answer", "polars"),
    "chdb": Measure("chDB", f"{PEERS}.clickhouse:answer", "chdb"),
    "pandas": Measure("pandas", f"{PEERS}.pandas:answer", "pandas"),
    "pyspark": Measure("PySpark", f"{PEERS}.spark:answer", "pyspark"),
}

# Basekeep's own work, and what it is held against.
WORK = {
    "run": Measure("run of the shipped playbook", "benchmarks.runs:run_shipped"),
    "bare_run": Measure("bare reading and writing of the same", "benchmarks.bare:bare_run"),
    "tenfold": Measure("run with each rule ten times", "benchmarks.runs:run_tenfold"),
    "close": Measure("ingest of one more month", "benchmarks.ingests:close_month"),
    "close_file": Measure("the same, the select naming that file", "benchmarks.ingests:close_month_file"),
    "bare_month": Measure("bare copy of that month's rows", "benchmarks.bare:bare_month"),
    "csv": Measure("ingest of a month of CSV", "benchmarks.ingests:ingest_csv"),
    "bare_csv": Measure("DuckDB's copy of the same CSV to Parquet", "benchmarks.bare:bare_csv"),
    "scorecard": Measure("Basekeep, the scorecard alone", "benchmarks.runs:run_scorecard"),
    "zen": Measure("GoRules Zen, row by row", f"{PEERS}.zen:judge", "zen"),
}
