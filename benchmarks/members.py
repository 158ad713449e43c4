"""Holds each way's members against Basekeep's, rule by rule."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from basekeep.engines.duckdb import DuckEngine, DuckSession
from basekeep.engines.sql_text import parquet_scans
from benchmarks.base import Base
from benchmarks.child import answers_of
from benchmarks.measures import BASEKEEP, WAYS


def main() -> None:
    """`python -m benchmarks.members FOLDER NAME…`: the differences as JSON."""
    base = Base(Path(sys.argv[1]))
    with DuckEngine() as engine, engine.session() as session:
        print(json.dumps([line for way in sys.argv[2:] for line in differences(session, base, way)]))


def differences(session: DuckSession, base: Base, way: str) -> list[str]:
    """A sentence for each rule whose members are not Basekeep's; one who is named twice differs too."""
    ours, theirs = (f"SELECT rule, subscriber_id FROM {_answers(base, name)}" for name in (BASEKEEP, way))
    sides = [("left out", f"{ours} EXCEPT ALL {theirs}"), ("added", f"{theirs} EXCEPT ALL {ours}")]
    union = " UNION ALL ".join(f"SELECT '{side}' AS side, rule FROM ({query})" for side, query in sides)
    found = session.rows(f"SELECT rule, side, count(*) FROM ({union}) GROUP BY ALL ORDER BY ALL")
    return [f"{WAYS[way].label}, rule {rule}: {many:,} members {side}" for rule, side, many in found]


def _answers(base: Base, way: str) -> str:
    return parquet_scans(sorted(answers_of(base, way).glob("*.parquet")))


if __name__ == "__main__":
    main()
