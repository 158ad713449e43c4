"""Writes the small tables that a run joins to its subscribers: their places, their devices, the size of their groups."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from basekeep.contract.tables import DEVICE_MODEL
from basekeep.engines.protocol import Session
from basekeep.relations.history import in_base
from basekeep.run.plan import Plan
from basekeep.run.stored import stored_rows
from basekeep.run.units import write_units
from basekeep.store.history import month_sql

JOINED_FILES = {"branch_id": "units.parquet", "device_model_id": "devices.parquet", "group_id": "group_lines.parquet"}


def write_joined(plan: Plan, session: Session, folder: Path) -> tuple[dict[str, Path], int]:
    """Write a table for each key that the run joins by; gives them by key, and their rows together.

    The organisation is written wherever it is stored: the tables out show places whatever the rules name.
    """
    keys = [*(("branch_id",) if plan.has_units else ()), *(key for key in plan.keys if key != "branch_id")]
    paths = {key: folder / JOINED_FILES[key] for key in keys}
    rows = sum(_WRITERS[key](plan, session, path) for key, path in paths.items())
    return paths, rows


def _write_devices(plan: Plan, session: Session, path: Path) -> int:
    given = {"device_brand": "brand", "device_domestic": "domestic", "device_price": "price"}
    chosen = ", ".join(f"{source} AS {name}" for name, source in given.items())
    rows = stored_rows(plan, DEVICE_MODEL.name, ("device_model_id", *given.values()))
    query = f"SELECT device_model_id, {chosen} FROM {rows} ORDER BY device_model_id"
    return session.copy(query, path)


def _write_group_lines(plan: Plan, session: Session, path: Path) -> int:
    rows = month_sql(plan.store_dir, plan.state, plan.month, ("group_id", "status"))
    query = (
        f"SELECT group_id_m0 AS group_id, count(*) AS group_lines FROM ({rows}) "
        f"WHERE {in_base('status_m0')} AND group_id_m0 IS NOT NULL GROUP BY 1 ORDER BY 1"
    )
    return session.copy(query, path)


_WRITERS: Mapping[str, Callable[[Plan, Session, Path], int]] = {
    "branch_id": write_units,
    "device_model_id": _write_devices,
    "group_id": _write_group_lines,
}
