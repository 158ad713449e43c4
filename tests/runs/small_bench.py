"""A panel in a store and an engine: runs the shipped playbook, or one changed, and reads what came out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from basekeep.engines.duckdb import DuckEngine
from basekeep.kernel.progress import SilentProgress
from basekeep.playbook.declarations import Playbook
from basekeep.run.plan import plan_run
from basekeep.run.record import RunRecord
from basekeep.run.replay import Replay, replay
from basekeep.run.run import run
from basekeep.store.state import read_state
from basekeep.store.writing import writing
from runs.stored_panel import store_rows


@dataclass(frozen=True)
class SmallBench:
    """A store in a folder."""

    store: Path
    engine: DuckEngine

    def run(self, playbook: Playbook, month: date) -> RunRecord:
        with writing(self.store) as work:
            plan = plan_run(playbook, self.store, read_state(self.store), month)
            return run(plan, self.engine, work, SilentProgress()).record

    def replay(self, record: RunRecord) -> Replay:
        return replay(record, self.store, read_state(self.store))

    def figures(self, record: RunRecord) -> dict[str, dict[str, Any]]:
        with self.engine.session() as session:
            table = session.arrow(f"SELECT * FROM read_parquet('{record.folder}/figures/*.parquet')")
        return {row["subscriber_id"]: row for row in table.to_pylist()}

    def rows(self, query: str) -> list[dict[str, Any]]:
        """The rows of a query; a column `evidence` is read as JSON."""
        with self.engine.session() as session:
            found = session.arrow(query).to_pylist()
        return [{**row, "evidence": json.loads(row["evidence"])} if "evidence" in row else row for row in found]


@contextmanager
def bench_of(rows: Sequence[Mapping[str, object]], folder: Path) -> Iterator[SmallBench]:
    """The rows stored."""
    with DuckEngine(threads=2) as engine:
        store_rows(rows, folder / "store", engine)
        yield SmallBench(folder / "store", engine)


def true_rules(figures: Mapping[str, Mapping[str, Any]]) -> dict[tuple[str, str], set[str]]:
    """Who is in each rule, by (segment, rule)."""
    found: dict[tuple[str, str], set[str]] = {}
    for who, row in figures.items():
        for column, truth in row.items():
            if column.startswith("rule__"):
                _, segment, rule = column.split("__")
                found.setdefault((segment, rule), set()).update({who} if truth else ())
    return found
