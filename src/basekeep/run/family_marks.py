"""One small file per shard beside the history, row by row with the roster: who is in a physical family, and in which."""

from __future__ import annotations

import os
import secrets
from functools import partial
from pathlib import Path

from basekeep.engines.protocol import Engine
from basekeep.engines.sql_text import parquet_scan
from basekeep.relations.history import FAMILY, FAMILY_MARKS
from basekeep.relations.ties import HOME_COLUMNS
from basekeep.run.plan import Plan
from basekeep.store.history import history_sql
from basekeep.store.roster import shard_file
from basekeep.store.state import ALL, ROSTER, partition_folder

SHARDS = "shards"
_NOBODY = f"SELECT CAST(NULL AS BOOLEAN) AS {FAMILY}, CAST(NULL AS VARCHAR) AS family_id, CAST(NULL AS INTEGER) AS family_size"


def marks_sql(families: Path, shard: int) -> str:
    """The marks of a shard as a query, or of nobody where the shard is younger than the run."""
    path = families / SHARDS / shard_file(shard)
    return f"SELECT {', '.join(FAMILY_MARKS)} FROM {parquet_scan(path)}" if path.exists() else _NOBODY


def write_marks(plan: Plan, engine: Engine, families: Path, making: Path) -> None:
    """Write the marks of every shard: true in a family, false where one's home is known, else unknown."""
    (families / SHARDS).mkdir()
    placed = making / "placed.parquet"
    _write_places(plan, engine, families / "family.parquet", placed)
    queries = [(shard, _query(plan, placed, shard)) for shard in range(plan.state.shard_count)]
    engine.spread(partial(_write, families / SHARDS), queries, lambda: None)


def _write_places(plan: Plan, engine: Engine, family: Path, path: Path) -> None:
    """Every member with its shard and its place in it, in their order: so that a worker reads its own shard's alone."""
    assert plan.state.roster is not None
    folder = partition_folder(plan.store_dir, ROSTER, ALL, plan.state.roster.version)
    shards = [
        f"SELECT {shard} AS shard, file_row_number AS place, subscriber_id "
        f"FROM {parquet_scan(folder / shard_file(shard), row_numbers=True)}"
        for shard in range(plan.state.shard_count)
    ]
    with engine.session() as session:
        session.copy(
            f"SELECT r.shard, r.place, f.family_id, f.size AS family_size FROM ({' UNION ALL '.join(shards)}) r "
            f"JOIN {parquet_scan(family)} f USING (subscriber_id) ORDER BY r.shard, r.place",
            path,
        )


def _query(plan: Plan, placed: Path, shard: int) -> str:
    wanted = [(name, 0) for name in HOME_COLUMNS]
    history = history_sql(plan.store_dir, plan.state, plan.month, shard, wanted)
    known = " OR ".join(f"{name}_m0 IS NOT NULL" for name in HOME_COLUMNS)
    members = f"SELECT place, family_id, family_size FROM {parquet_scan(placed)} WHERE shard = {shard}"
    return (
        f"SELECT CASE WHEN f.family_id IS NOT NULL THEN TRUE WHEN h.known THEN FALSE END AS {FAMILY}, "
        "f.family_id, f.family_size "
        f"FROM (SELECT row_number() OVER () - 1 AS place, {known} AS known FROM ({history})) h "
        f"LEFT JOIN ({members}) f USING (place) ORDER BY place"
    )


def _write(folder: Path, engine: Engine, item: tuple[int, str]) -> None:
    shard, query = item
    path = folder / shard_file(shard)
    # Elsewhere the same shard may be begun twice: none is ever seen half written.
    part = path.with_name(f"{path.name}.{secrets.token_hex(6)}")
    with engine.session() as session:
        session.copy(query, part)
    os.replace(part, path)
