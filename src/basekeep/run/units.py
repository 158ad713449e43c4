"""Where each unit of the organisation lies, and which parameters an overlay gives it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from basekeep.contract.tables import ORG_UNIT
from basekeep.engines.protocol import Session
from basekeep.engines.sql_text import parquet_scan
from basekeep.run.plan import Plan
from basekeep.store.manifest import expected_files, verify
from basekeep.store.state import ALL, partition_folder

LEVELS = ("city", "county")


def write_units(plan: Plan, session: Session, path: Path) -> None:
    """Write `branch_id, city_id, county_id, parameter__<name>…`, a row for every unit, by unit id."""
    parents, levels = _read_units(plan, session)
    above = {unit: _chain(unit, parents) for unit in sorted(parents)}
    columns: dict[str, pa.Array] = {"branch_id": pa.array(above, pa.string())}
    for level in LEVELS:
        places = [next((u for u in chain if levels[u] == level), None) for chain in above.values()]
        columns[f"{level}_id"] = pa.array(places, pa.string())
    tops = plan.unit_parameters.tops
    for name in plan.unit_parameters.bottoms:
        overlaid = plan.compiled.playbook.overlays
        values = [
            next((tops[u][name] for u in chain if u in tops and name in overlaid[u].parameters), None)
            for chain in above.values()
        ]
        columns[f"parameter__{name}"] = pa.array(values, pa.int64())
    pq.write_table(pa.table(columns), path, compression="zstd")


def _read_units(plan: Plan, session: Session) -> tuple[dict[str, str | None], dict[str, str]]:
    ref = plan.state.partition(ORG_UNIT.name, ALL)
    assert ref is not None
    files = expected_files(partition_folder(plan.store_dir, ORG_UNIT.name, ALL, ref.version), ref.manifest_sha256)
    verify(files)
    rows = session.rows(f"SELECT unit_id, parent_id, level FROM {parquet_scan(files[0].path)} ORDER BY unit_id")
    return {unit: parent for unit, parent, _ in rows}, {unit: level for unit, _, level in rows}


def _chain(unit: str, parents: Mapping[str, str | None]) -> list[str]:
    """The unit and those above it, nearest first; a circle ends where it closes."""
    chain: list[str] = []
    at: str | None = unit
    while at is not None and at in parents and at not in chain:
        chain.append(at)
        at = parents[at]
    return chain
