"""The base that is measured: a synthetic operator's monthly files, and the same months in Basekeep's store.

`before/` is a workspace whose history ends a month earlier: what closing the month is measured on.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from basekeep.contract.subscriber_month import SUBSCRIBER_MONTH
from basekeep.engines.duckdb import DuckEngine
from basekeep.engines.sql_text import parquet_scan, sql_literal
from basekeep.kernel.months import month_text, shift_month
from basekeep.kernel.progress import SilentProgress
from basekeep.store.ingest import ingest
from basekeep.store.state import months, read_state
from basekeep.store.workspace import Workspace, load_workspace
from basekeep.synth.operator import Options, make

MONTH = date(2025, 12, 1)
TODAY = date(2026, 1, 1)


@dataclass(frozen=True)
class Base:
    """A folder with everything of one size."""

    folder: Path

    def month_file(self, lag: int) -> Path:
        """The operator's file of the month `lag` months before the run's."""
        return self.folder / "data" / "subscriber_month" / f"{month_text(shift_month(MONTH, -lag))}.parquet"

    @property
    def csv_file(self) -> Path:
        """The run's month as CSV."""
        return self.folder / "csv" / "subscriber_month.csv"

    def workspace(self) -> Workspace:
        """Where all months are stored."""
        return load_workspace(self.folder)

    def fresh(self, name: str, select: str) -> Workspace:
        """A new workspace beside the data, which reads the monthly table with this select and has stored nothing."""
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return _workspace(folder, select, "../")

    def month_before(self, file: str) -> Workspace:
        """A workspace whose history ends before the run's month, and which reads this file; its own are links."""
        workspace = self.fresh("closing", _select("../", file))
        _link(self.folder / "before" / "store", workspace.store_dir)
        return workspace


def warm(paths: Iterable[Path]) -> None:
    """Read files once, so that what follows finds them in memory as far as memory goes."""
    for path in paths:
        with path.open("rb", buffering=0) as file:
            while file.read(1 << 22):
                pass


def main() -> None:
    """`python -m benchmarks.base FOLDER SUBSCRIBERS`: makes what is not there yet."""
    base = Base(Path(sys.argv[1]))
    if not (base.folder / "data").exists():
        base.folder.mkdir(parents=True, exist_ok=True)
        make(Options(subscribers=int(sys.argv[2])), base.folder, SilentProgress())
    # What the operator knows of itself is not measured, and it is large.
    shutil.rmtree(base.folder / "truth", ignore_errors=True)
    _before(base)
    _all_months(base)
    _csv(base)


def _before(base: Base) -> None:
    if not (base.folder / "before" / "store" / "HEAD").exists():
        _ingest(base.fresh("before", f"{_select('../')} where month < date '{MONTH}'"), None)


def _all_months(base: Base) -> None:
    store = base.folder / "store"
    if MONTH in months(read_state(store), SUBSCRIBER_MONTH.name):
        return
    shutil.rmtree(store, ignore_errors=True)
    _link(base.folder / "before" / "store", store)
    _ingest(_workspace(base.folder, _select(""), ""), MONTH)


def _csv(base: Base) -> None:
    if base.csv_file.exists():
        return
    base.csv_file.parent.mkdir(exist_ok=True)
    unfinished = base.csv_file.with_suffix(".part")
    with DuckEngine() as engine, engine.session() as session:
        source = parquet_scan(base.month_file(0))
        session.run(f"COPY (SELECT * FROM {source}) TO {sql_literal(unfinished)} (FORMAT csv)")
    unfinished.replace(base.csv_file)


def _ingest(workspace: Workspace, month: date | None) -> None:
    with workspace.open_engine() as engine:
        ingest(workspace, engine, TODAY, month)


def _select(to_data: str, file: str = "*") -> str:
    return f"select * from read_parquet('{to_data}data/subscriber_month/{file}.parquet')"


def _workspace(folder: Path, select: str, to_data: str) -> Workspace:
    units = f"select * from read_parquet('{to_data}data/org_unit.parquet')"
    settings = f"language: en\ntables:\n  subscriber_month: {select}\n  org_unit: {units}\n"
    (folder / "basekeep.yaml").write_text(settings, encoding="utf-8")
    return load_workspace(folder)


def _link(store: Path, to: Path) -> None:
    """A store's files under another name: none of them is ever changed where it lies."""
    shutil.copytree(store, to, copy_function=os.link)


if __name__ == "__main__":
    main()
