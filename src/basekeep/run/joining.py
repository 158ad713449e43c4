"""Writes the small tables that a run joins to its subscribers: their places, their devices, the size of their groups."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from basekeep.contract.tables import DEVICE_MODEL
from basekeep.engines.protocol import Session
from basekeep.engines.sql_text import parquet_scans
from basekeep.relations.history import BASE_STATUSES
from basekeep.run.plan import Plan
from basekeep.run.units import write_units
from basekeep.store.history import month_sql
from basekeep.store.manifest import expected_files, verify
from basekeep.store.state import ALL, partition_folder

JOINED_FILES = {"branch_id": "units.parquet", "device_model_id": "devices.parquet", "group_id": "group_lines.parquet"}
_ROW_GROUP_ROWS = 122_880


def write_joined(plan: Plan, session: Session, folder: Path) -> tuple[dict[str, Path], int]:
    """Write a table for each key that the run joins by; gives them by key, and their rows together.

    The organisation is written wherever it is stored: the tables out show places whatever the rules name.

    Raises:
        DamageError: a stored file that is read is not what was stored.
    """
    keys = [*(("branch_id",) if plan.has_units else ()), *(key for key in plan.keys if key != "branch_id")]
    paths = {key: folder / JOINED_FILES[key] for key in keys}
    rows = sum(_WRITERS[key](plan, session, path) for key, path in paths.items())
    return paths, rows


def _write_devices(plan: Plan, session: Session, path: Path) -> int:
    files = stored_paths(plan, DEVICE_MODEL.name, ALL)
    ref = plan.state.partition(DEVICE_MODEL.name, ALL)
    held = ref.columns if ref else ()
    given = {"device_brand": "brand", "device_domestic": "domestic", "device_price": "price"}
    kinds = {"device_brand": "VARCHAR", "device_domestic": "BOOLEAN", "device_price": "BIGINT"}
    chosen = ", ".join(
        f"{source if source in held else f'CAST(NULL AS {kinds[name]})'} AS {name}" for name, source in given.items()
    )
    query = f"SELECT device_model_id, {chosen} FROM {parquet_scans(files)} ORDER BY device_model_id"
    return session.copy(query, path, _ROW_GROUP_ROWS)


def _write_group_lines(plan: Plan, session: Session, path: Path) -> int:
    inside = ", ".join(f"'{status}'" for status in BASE_STATUSES)
    rows = month_sql(plan.store_dir, plan.state, plan.month, ("group_id", "status"))
    query = (
        f"SELECT group_id_m0 AS group_id, count(*) AS group_lines FROM ({rows}) "
        f"WHERE status_m0 IN ({inside}) AND group_id_m0 IS NOT NULL GROUP BY 1 ORDER BY 1"
    )
    return session.copy(query, path, _ROW_GROUP_ROWS)


def stored_paths(plan: Plan, table: str, key: str) -> list[Path]:
    """The files of a stored partition, hashed; none where it is not stored.

    Raises:
        DamageError: one is missing or changed.
    """
    ref = plan.state.partition(table, key)
    if ref is None:
        return []
    files = expected_files(partition_folder(plan.store_dir, table, key, ref.version), ref.manifest_sha256)
    verify(files)
    return [file.path for file in files]


_WRITERS: Mapping[str, Callable[[Plan, Session, Path], int]] = {
    "branch_id": write_units,
    "device_model_id": _write_devices,
    "group_id": _write_group_lines,
}
