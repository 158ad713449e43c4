"""Puts a panel with its call pairs into a store and runs a month of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from basekeep.checks.playbook import sound_playbook
from basekeep.contract.tables import CALL_PAIR
from basekeep.engines.duckdb import DuckEngine
from basekeep.engines.protocol import Engine
from basekeep.kernel.progress import SilentProgress
from basekeep.playbook.changing import with_parameters
from basekeep.playbook.shipping import shipped_folder
from basekeep.run.plan import plan_run
from basekeep.run.record import RunRecord
from basekeep.run.run import run
from basekeep.store.state import read_state
from basekeep.store.storing import store_table
from basekeep.store.writing import writing
from runs.stored_panel import physical, store_rows

_ARROW = {"string": pa.string(), "date": pa.date32(), "bool": pa.bool_(), "number": pa.int64()}


def store_pairs(
    pairs: Sequence[Mapping[str, object]], store: Path, engine: Engine, missing: Collection[str] = ()
) -> None:
    """Store the pairs, month by month, but for some columns."""
    columns = [column for column in CALL_PAIR.columns if column.name not in missing]
    for month in sorted({row["month"] for row in pairs if isinstance(row["month"], date)}):
        of_month = [row for row in pairs if row["month"] == month]
        arrays = {
            c.name: pa.array([physical(row.get(c.name), c.type) for row in of_month], _ARROW[c.type]) for c in columns
        }
        typed = store.parent / f"pairs-{month}.parquet"
        pq.write_table(pa.table(arrays), typed)
        store_table(store, engine, CALL_PAIR, month, typed)


def stored_run(
    folder: Path,
    rows: Sequence[Mapping[str, object]],
    pairs: Sequence[Mapping[str, object]],
    month: date,
    missing: Collection[str] = (),
    values: Mapping[str, str] | None = None,
) -> RunRecord:
    """Store rows and pairs below the folder, and run the shipped playbook, with some of its parameters set otherwise."""
    store = folder / "store"
    with DuckEngine(threads=2) as engine:
        store_rows(rows, store, engine)
        store_pairs(pairs, store, engine, missing)
        return run_stored(store, engine, month, values)


def run_stored(store: Path, engine: Engine, month: date, values: Mapping[str, str] | None = None) -> RunRecord:
    """Run the shipped playbook on what is stored."""
    playbook = with_parameters(sound_playbook(shipped_folder()), values or {})
    with writing(store) as work:
        plan = plan_run(playbook, store, read_state(store), month)
        return run(plan, engine, work, SilentProgress()).record


def rows_of(record: RunRecord, files: str) -> list[dict[str, Any]]:
    """The rows of a table of the run, from its files."""
    with DuckEngine(threads=1) as engine, engine.session() as session:
        found: list[dict[str, Any]] = session.arrow(f"SELECT * FROM '{record.folder}/{files}'").to_pylist()
    return found


def families_in(record: RunRecord) -> dict[str, frozenset[str]]:
    """The members of each family of a run."""
    found: dict[str, set[str]] = {}
    for row in rows_of(record, "families/family.parquet"):
        found.setdefault(row["family_id"], set()).add(row["subscriber_id"])
    return {family: frozenset(members) for family, members in found.items()}
