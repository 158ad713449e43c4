"""Where each unit of the organisation lies, and which parameters an overlay gives it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from basekeep.contract.tables import ORG_UNIT
from basekeep.engines.protocol import Session
from basekeep.kernel.errors import FindingsError
from basekeep.kernel.findings import Finding, Place, near_names
from basekeep.kernel.text import Text
from basekeep.run.plan import Plan
from basekeep.run.stored import stored_rows

LEVELS = ("city", "county")


def write_units(plan: Plan, session: Session, path: Path) -> int:
    """Write `branch_id, city_id, county_id, parameter__<name>…`, a row for every unit, by unit id; gives how many."""
    parents, levels = _read_units(plan, session)
    _need_known(plan, parents)
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
    return len(parents)


def need_units(plan: Plan) -> None:
    """Overlays are for units; without an organisation none could be told from another.

    Raises:
        FindingsError: there are overlays and no organisation is stored.
    """
    if plan.compiled.playbook.overlays and not plan.has_units:
        _refuse([
            _finding(unit, Text("没有入库组织机构（org_unit）或用户没有 branch_id，按地市设置无法生效",
                                "no organisation (org_unit) is stored, or subscribers have no branch_id: the overlay would do nothing"), ())
            for unit in plan.compiled.playbook.overlays
        ])  # fmt: skip


def _need_known(plan: Plan, parents: Mapping[str, str | None]) -> None:
    unknown = [unit for unit in plan.compiled.playbook.overlays if unit not in parents]
    if unknown:
        _refuse([
            _finding(unit, Text(f"组织机构中没有 {unit!r}", f"the organisation has no unit {unit!r}"), near_names(unit, parents))
            for unit in unknown
        ])  # fmt: skip


def _finding(unit: str, what: Text, near: tuple[str, ...]) -> Finding:
    do = Text("文件名应为 org_unit 的 unit_id。", "The file's name is a unit_id of org_unit.")
    return Finding("overlay.unknown_unit", Place(f"playbook/overlays/{unit}.yaml"), what, do, near)


def _refuse(findings: list[Finding]) -> None:
    what = Text(
        f"有 {len(findings)} 处分地市设置无法生效，没有运行",
        f"overlays without a unit: {len(findings)}; nothing was run",
    )
    raise FindingsError("overlay.unknown_units", what, findings)


def _read_units(plan: Plan, session: Session) -> tuple[dict[str, str | None], dict[str, str]]:
    stored = stored_rows(plan, ORG_UNIT.name, ("unit_id", "parent_id", "level"))
    rows = session.rows(f"SELECT unit_id, parent_id, level FROM {stored} ORDER BY unit_id")
    return {unit: parent for unit, parent, _ in rows}, {unit: level for unit, _, level in rows}


def _chain(unit: str, parents: Mapping[str, str | None]) -> list[str]:
    """The unit and those above it, nearest first; a circle ends where it closes."""
    chain: list[str] = []
    at: str | None = unit
    while at is not None and at in parents and at not in chain:
        chain.append(at)
        at = parents[at]
    return chain
