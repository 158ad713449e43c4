"""ClickHouse inside the process (chDB), one query for all ten rules."""

from __future__ import annotations

from pathlib import Path

import chdb

from benchmarks.base import Base
from benchmarks.peers.one_pass import members_sql, statistics_sql
from benchmarks.watch import Watch

_SETTINGS = "SETTINGS join_use_nulls = 1, cast_keep_nullable = 1"


def answer(base: Base, into: Path, watch: Watch) -> None:
    """Write the members of the ten rules."""

    def table(lag: int) -> str:
        return f"file('{base.month_file(lag)}', Parquet)"

    chdb.query("SELECT 1")
    with watch:
        taken = chdb.query(f"{statistics_sql(table, 'quantileExactInclusive(0.8)(arpu_0)')} {_SETTINGS}", "CSV")
        statistics = str(taken).strip().split(",")
        members = members_sql(table, statistics, "arrayJoin([{}])")
        target = f"INSERT INTO FUNCTION file('{into / 'members.parquet'}', Parquet)"
        chdb.query(f"{target} {members} {_SETTINGS}, output_format_parquet_compression_method = 'zstd'")
