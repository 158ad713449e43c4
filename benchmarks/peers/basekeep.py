"""Basekeep: its usual run, of a playbook of just the ten rules, over the history that it laid when the months came in."""

from __future__ import annotations

from pathlib import Path

from basekeep.relations.tables_out import FIGURES
from basekeep.run.record import RunRecord
from basekeep.run.views import run_views
from basekeep.store.workspace import Workspace
from benchmarks.base import Base
from benchmarks.ingests import close_month
from benchmarks.runs import made, ten_rules
from benchmarks.watch import Watch


def answer(base: Base, into: Path, watch: Watch) -> None:
    """Run the ten rules; their members are read from the run's table `membership`, which does not count."""
    _run(base.workspace(), into, watch)


def answer_with_closing(base: Base, into: Path, watch: Watch) -> None:
    """The same, with the ingest of the month that has just closed."""
    _run(close_month(base, watch), into, watch)


def _run(workspace: Workspace, into: Path, watch: Watch) -> None:
    record = made(workspace, ten_rules, watch).record
    _write_members(workspace, record, into / "members.parquet")


def _write_members(workspace: Workspace, record: RunRecord, into: Path) -> None:
    views = run_views(record, record.playbook())
    with workspace.open_engine() as engine, engine.session() as session:
        session.run(f"CREATE VIEW {FIGURES} AS {views[FIGURES]}")
        session.copy(f"SELECT rule, subscriber_id FROM ({views['membership']})", into, 122_880)
