"""One measurement in a process of its own, printed as JSON: `run` makes the run, `bare` reads and writes the same."""

from __future__ import annotations

import json
import resource
import shutil
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from basekeep.checks.playbook import sound_playbook
from basekeep.contract.subscriber_month import SUBSCRIBER_MONTH
from basekeep.engines.duckdb import DuckSession
from basekeep.engines.sql_text import parquet_scans, sql_name
from basekeep.kernel.months import month_text, shift_month
from basekeep.kernel.progress import SilentProgress
from basekeep.playbook.shipping import shipped_folder
from basekeep.run.plan import Plan, plan_run
from basekeep.run.record import find_run, runs_folder
from basekeep.run.run import run
from basekeep.store.state import partition_folder, read_state
from basekeep.store.workspace import load_workspace
from basekeep.store.writing import writing

MONTH = date(2025, 12, 1)
_SUMMED = {"int", "number"}


def main() -> None:
    """`python -m benchmarks.measure FOLDER run|bare`."""
    folder, what = Path(sys.argv[1]), sys.argv[2]
    print(json.dumps(_run(folder) if what == "run" else _bare(folder)))


def _run(folder: Path) -> dict[str, float]:
    workspace = load_workspace(folder)
    # Made anew each time, also after a change of the program that makes other bytes.
    shutil.rmtree(runs_folder(workspace.store_dir), ignore_errors=True)
    with workspace.open_engine() as engine, writing(workspace.store_dir) as work:
        start, cpu = time.perf_counter(), time.process_time()
        outcome = run(_plan(workspace.store_dir), engine, work, SilentProgress())
        seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    steps = {f"run: {step.name}": step.seconds for step in outcome.timing.steps}
    steps |= {f"run: {step.name}, processors": step.cpu_seconds for step in outcome.timing.steps}
    return {"run": seconds, **steps, "run_cpu": cpu, "run_peak_gib": peak}


def _plan(store: Path) -> Plan:
    return plan_run(sound_playbook(shipped_folder()), store, read_state(store), MONTH)


def _bare(folder: Path) -> dict[str, float]:
    """A sum (or a greatest value) over each column the run uses, then its figures and ranks written once more."""
    workspace = load_workspace(folder)
    plan = _plan(workspace.store_dir)
    record = find_run(workspace.store_dir, None)
    with workspace.open_engine() as engine, engine.session() as session:
        start, cpu = time.perf_counter(), time.process_time()
        for lag in plan.lags:
            _read_month(session, plan, lag)
        read, cpu = time.perf_counter() - start, time.process_time() - cpu
        wrote, wrote_cpu = _write_again(session, [record.files("figures/"), record.files("rank/")])
        return {"bare_read": read, "bare_write": wrote, "bare_cpu": cpu + wrote_cpu}


def _read_month(session: DuckSession, plan: Plan, lag: int) -> None:
    month = month_text(shift_month(plan.month, -lag))
    ref = plan.state.partition(SUBSCRIBER_MONTH.name, month)
    used = [name for name, at in plan.wanted if at == lag and ref and name in ref.columns]
    if not ref or not used:
        return
    files = sorted(partition_folder(plan.store_dir, SUBSCRIBER_MONTH.name, month, ref.version).glob("*.parquet"))
    taken = ["sum" if SUBSCRIBER_MONTH.column(name).type in _SUMMED else "max" for name in used]
    chosen = ", ".join(f"{how}({sql_name(name)})" for how, name in zip(taken, used, strict=True))
    session.rows(f"SELECT {chosen} FROM {parquet_scans(files)}")


def _write_again(session: DuckSession, tables: list[tuple[Path, ...]]) -> tuple[float, float]:
    seconds = cpu = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for index, files in enumerate(tables):
            session.run(f"CREATE OR REPLACE TEMP TABLE held AS SELECT * FROM {parquet_scans(files)}")
            start, began = time.perf_counter(), time.process_time()
            session.copy("FROM held", Path(folder) / f"{index}.parquet", 122_880)
            seconds += time.perf_counter() - start
            cpu += time.process_time() - began
    return seconds, cpu


if __name__ == "__main__":
    main()
