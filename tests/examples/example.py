"""An example's workspace, copied beside the real data, ingested, run and queried. Never writes into the repository."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from basekeep.checks.playbook import sound_playbook
from basekeep.contract.subscriber_month import SUBSCRIBER_MONTH
from basekeep.engines.sql_text import parquet_scans
from basekeep.kernel.progress import SilentProgress
from basekeep.run.plan import plan_run
from basekeep.run.query import open_query
from basekeep.run.record import find_run
from basekeep.run.run import run
from basekeep.store.ingest import IngestReport, ingest
from basekeep.store.state import read_state
from basekeep.store.workspace import Workspace, load_workspace
from basekeep.store.writing import writing

REPOSITORY = Path(__file__).parents[2]
SHARED = REPOSITORY.parent / "shared"
EXAMPLES = REPOSITORY / "examples"
TODAY = date(2025, 1, 1)


def needs_data(folder: str) -> pytest.MarkDecorator:
    """Skips where the real data does not lie beside the repository; it may not be redistributed."""
    absent = not (SHARED / "data" / folder).is_dir()
    return pytest.mark.skipif(absent, reason=f"the real data is not here: shared/data/{folder} beside the repository")


@dataclass(frozen=True)
class Example:
    """One example's workspace in a folder of the test's own."""

    workspace: Workspace

    def ingest(self) -> IngestReport:
        """Read the mapped files."""
        with self.workspace.open_engine() as engine:
            return ingest(self.workspace, engine, TODAY)

    def run(self, month: date) -> str:
        """Run a month; gives the run's id."""
        store = self.workspace.store_dir
        with self.workspace.open_engine() as engine, writing(store) as work:
            plan = plan_run(sound_playbook(self.workspace.playbook_dir), store, read_state(store), month)
            return run(plan, engine, work, SilentProgress()).record.run_id

    def ask(self, sql: str, run_id: str | None = None) -> list[list[str]]:
        """A query's answer, as texts: what `basekeep query` prints."""
        return [["" if value is None else str(value) for value in row.values()] for row in self.answer(sql, run_id)]

    def answer(self, sql: str, run_id: str | None = None) -> list[dict[str, Any]]:
        """A query's answer."""
        store = self.workspace.store_dir
        with self.workspace.open_engine() as engine, engine.session() as session:
            query = open_query(engine, session, store, read_state(store), sql, run_id, SilentProgress())
            return [row for batch in query.stream(1000).batches for row in batch.to_pylist()]

    def figures(self, run_id: str) -> Mapping[str, Mapping[str, Any]]:
        """A run's figures by subscriber: every rule true, false or None."""
        files = find_run(self.workspace.store_dir, run_id).files("figures/")
        with self.workspace.open_engine() as engine, engine.session() as session:
            table = session.arrow(f"SELECT * FROM {parquet_scans(files)}")
        return {row["subscriber_id"]: row for row in table.to_pylist()}

    def rows(self) -> list[dict[str, object]]:
        """The stored rows, with the mapped columns only: to the second answer a column in no row is unknown."""
        partitions = read_state(self.workspace.store_dir).partitions[SUBSCRIBER_MONTH.name].values()
        mapped = {column for ref in partitions for column in ref.columns}
        names = [name for name in SUBSCRIBER_MONTH.names if name in mapped]
        return self.answer(f"SELECT {', '.join(names)} FROM subscriber_month")


def copied(name: str, folder: Path) -> Example:
    """The example `name` in `folder`, as deep below the data as in the repository, so that its mapping finds it."""
    shared = folder / SHARED.name
    if not shared.exists():
        shared.symlink_to(SHARED, target_is_directory=True)
    target = folder / REPOSITORY.name / EXAMPLES.name / name
    shutil.copytree(EXAMPLES / name, target, ignore=shutil.ignore_patterns("store"))
    return Example(load_workspace(target))


def sql_of(name: str, file: str) -> str:
    """The text of an example's query."""
    return (EXAMPLES / name / file).read_text(encoding="utf-8")


def readme_tables(name: str, file: str) -> list[list[list[str]]]:
    """The tables of an example's README, in order: rows of cells, without the heads."""
    tables: list[list[list[str]]] = []
    before = ""
    for line in (EXAMPLES / name / file).read_text(encoding="utf-8").splitlines():
        if line.startswith("|"):
            if not before.startswith("|"):
                tables.append([])
            tables[-1].append([cell.strip() for cell in line.strip("|").split("|")])
        before = line
    return [table[2:] for table in tables]
