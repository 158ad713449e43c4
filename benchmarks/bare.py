"""Bare reading and writing, with nothing decided in between: what Basekeep's own times are held against."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from basekeep.contract.columns import Column
from basekeep.contract.subscriber_month import SUBSCRIBER_MONTH
from basekeep.engines.duckdb import DuckSession
from basekeep.engines.sql_text import parquet_scan, parquet_scans, sql_literal, sql_name
from basekeep.kernel.months import month_text, shift_month
from basekeep.run.plan import Plan
from basekeep.run.record import RunRecord
from basekeep.store.state import partition_folder
from basekeep.store.workspace import Workspace
from benchmarks.base import Base, warm
from benchmarks.runs import made, plan_of, shipped
from benchmarks.watch import Watch

_ROW_GROUP_ROWS = 122_880


def bare_run(base: Base, watch: Watch) -> None:
    """Read each stored column that the shipped playbook's run uses, then write what that run wrote once more."""
    workspace = base.workspace()
    record = made(workspace, shipped, Watch()).record
    plan = plan_of(workspace, shipped())
    with _session(workspace) as (session, folder):
        with watch:
            for lag in plan.lags:
                _read_month(session, plan, lag)
        for number, files in enumerate(_outputs(record)):
            table = f"output_{number}"
            session.run(f"CREATE TABLE {table} AS FROM {parquet_scans(files)}")
            with watch:
                session.copy(f"FROM {table}", folder / table, _ROW_GROUP_ROWS)


def _outputs(record: RunRecord) -> Iterator[Sequence[Path]]:
    """What a run wrote, table by table: the shards of the figures are one."""
    yield record.files("figures/")
    yield from ([path] for path in record.files() if path.suffix == ".parquet" and path.parent.name != "figures")


def bare_month(base: Base, watch: Watch) -> None:
    """Copy the rows of the operator's file of the run's month."""
    _copy(base, base.month_file(0), parquet_scan(base.month_file(0)), watch)


def bare_csv(base: Base, watch: Watch) -> None:
    """The engine's own copy of the month's CSV file to Parquet."""
    _copy(base, base.csv_file, f"read_csv({sql_literal(base.csv_file)})", watch)


def _copy(base: Base, file: Path, source: str, watch: Watch) -> None:
    warm([file])
    with _session(base.workspace()) as (session, folder), watch:
        session.copy(f"FROM {source}", folder / "copy", _ROW_GROUP_ROWS)


@contextmanager
def _session(workspace: Workspace) -> Iterator[tuple[DuckSession, Path]]:
    with (
        TemporaryDirectory(dir=workspace.root) as folder,
        workspace.open_engine() as engine,
        engine.session() as session,
    ):
        yield session, Path(folder)


def _read_month(session: DuckSession, plan: Plan, lag: int) -> None:
    month = month_text(shift_month(plan.month, -lag))
    ref = plan.state.partition(SUBSCRIBER_MONTH.name, month)
    used = [name for name, at in plan.wanted if at == lag and ref and name in ref.columns]
    if ref and used:
        files = sorted(partition_folder(plan.store_dir, SUBSCRIBER_MONTH.name, month, ref.version).glob("*.parquet"))
        sums = ", ".join(_sum(SUBSCRIBER_MONTH.column(name)) for name in used)
        session.rows(f"SELECT {sums} FROM {parquet_scans(files)}")


def _sum(column: Column) -> str:
    """A sum over every cell: a least or greatest value could be answered from the file's statistics, without reading."""
    name = sql_name(column.name)
    whole = {"string": f"strlen({name})", "date": f"{name} - DATE '2000-01-01'", "bool": f"{name}::TINYINT"}
    return f"sum({whole.get(column.type, name)})"
