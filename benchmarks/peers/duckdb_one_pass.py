"""DuckDB, one query by hand for all ten rules."""

from __future__ import annotations

from pathlib import Path

import duckdb

from benchmarks.base import Base
from benchmarks.peers.one_pass import members_sql, statistics_sql
from benchmarks.watch import Watch


def answer(base: Base, into: Path, watch: Watch) -> None:
    """Write the members of the ten rules."""

    def table(lag: int) -> str:
        return f"read_parquet('{base.month_file(lag)}')"

    with duckdb.connect() as connection, watch:
        statistics = connection.execute(statistics_sql(table, "quantile_cont(arpu_0::DOUBLE, 0.8)")).fetchone()
        assert statistics
        members = members_sql(table, statistics, "unnest([{}])")
        connection.execute(f"COPY ({members}) TO '{into / 'members.parquet'}' (COMPRESSION zstd)")
