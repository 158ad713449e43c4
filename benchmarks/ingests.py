"""Ingests that are measured: one more month into a stored history, and one month of CSV."""

from __future__ import annotations

from basekeep.store.ingest import ingest
from basekeep.store.workspace import Workspace
from benchmarks.base import MONTH, TODAY, Base, warm
from benchmarks.watch import Watch


def close_month(base: Base, watch: Watch) -> Workspace:
    """The month that has just closed into the history that ends before it; gives where it is now stored.

    The select names the files of all months, as a workspace's does.
    """
    return _close(base, "*", watch)


def close_month_file(base: Base, watch: Watch) -> Workspace:
    """The same where the select names the file of that month alone."""
    return _close(base, base.month_file(0).stem, watch)


def _close(base: Base, file: str, watch: Watch) -> Workspace:
    workspace = base.month_before(file)
    # Of the history it reads the roster.
    warm([base.month_file(0), *workspace.store_dir.glob("tables/roster/**/*.parquet")])
    _ingest(workspace, watch)
    return workspace


def ingest_csv(base: Base, watch: Watch) -> None:
    """The run's month of CSV, into an empty store."""
    workspace = base.fresh("from_csv", f"select * from read_csv('../{base.csv_file.relative_to(base.folder)}')")
    warm([base.csv_file])
    _ingest(workspace, watch)


def _ingest(workspace: Workspace, watch: Watch) -> None:
    with workspace.open_engine() as engine, watch:
        ingest(workspace, engine, TODAY, MONTH)
