"""Whom the enterprise upgrade is about: its lines with where they lie, whose they are, who answers for them.

Makes temporary tables in a session that the other steps read: `upgrade__line`, `upgrade__group`, `upgrade__place`,
`upgrade__staff`.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from basekeep.engines.protocol import Session
from basekeep.engines.sql_text import held, parquet_scan, sql_literal, sql_name
from basekeep.run.organisation import Organisation, Unit
from basekeep.run.upgrade.inputs import Inputs

_PLACES = pa.schema([(name, pa.string()) for name in ("unit_id", "level", "city_id", "county_id", "manager_id")])


def organisation_of(inputs: Inputs, session: Session) -> Organisation:
    """The organisation as it is stored."""
    rows = session.rows(f"SELECT unit_id, parent_id, level, name, name_en FROM {inputs.units} u ORDER BY unit_id")
    return Organisation(Unit(*row) for row in rows)


def make_tables(inputs: Inputs, session: Session, organisation: Organisation, folder: Path) -> None:
    """Make the temporary tables; where each unit lies is also kept as `side/places.parquet`."""
    _staff(inputs, session)
    _places(inputs, session, organisation, folder / "side" / "places.parquet")
    _groups(inputs, session)
    _lines(inputs, session)


def _staff(inputs: Inputs, session: Session) -> None:
    """Everybody who is known and has not left."""
    session.run(
        "CREATE OR REPLACE TEMP TABLE upgrade__staff AS "
        f"SELECT staff_id, unit_id, role FROM {inputs.staff} s WHERE coalesce(active, TRUE)"
    )


def _places(inputs: Inputs, session: Session, organisation: Organisation, path: Path) -> None:
    roles = ", ".join(map(sql_literal, inputs.declared.manager_roles))
    own: dict[str, list[str]] = {}
    for unit, staff in session.rows(f"SELECT unit_id, staff_id FROM upgrade__staff WHERE role IN ({roles})"):
        own.setdefault(unit, []).append(staff)
    managers = organisation.managers(own)
    rows = [
        {
            "unit_id": name, "level": unit.level, "city_id": organisation.above(name, "city"),
            "county_id": organisation.above(name, "county"), "manager_id": managers.get(name),
        }
        for name, unit in organisation.units.items()
    ]  # fmt: skip
    pq.write_table(pa.Table.from_pylist(rows, schema=_PLACES), path, compression="zstd")
    session.run(f"CREATE OR REPLACE TEMP TABLE upgrade__place AS SELECT * FROM {parquet_scan(path)}")


def _groups(inputs: Inputs, session: Session) -> None:
    """Each group with its rank among the target groups, and whoever of its managers is still there, the manager first."""
    there = "SELECT staff_id FROM upgrade__staff" if inputs.has_staff else None
    ids = [
        f"CASE WHEN g.{name} IN ({there}) THEN g.{name} END" if there else f"g.{name}"
        for name in ("manager_id", "chief_manager_id")
    ]
    session.run(
        "CREATE OR REPLACE TEMP TABLE upgrade__group AS "
        f"SELECT g.group_id, g.unit_id, coalesce({', '.join(ids)}) AS manager_id, t.rank, "
        f"CAST(t.expected_value AS DOUBLE) AS expected_value "
        f"FROM {inputs.groups} g LEFT JOIN {inputs.targets} t ON g.group_id = t.group_id"
    )


def _lines(inputs: Inputs, session: Session) -> None:
    """Lines of a policy class, on 5G or not, and all lines of target groups.

    A line lies at its branch, or at its group's unit where that is unknown.
    """
    session.run(f"CREATE OR REPLACE TEMP TABLE upgrade__wanted AS {_wanted(inputs)}")
    session.run(
        "CREATE OR REPLACE TEMP TABLE upgrade__line AS "
        "SELECT m.subscriber_id, m.branch_id, m.group_id, m.group_role, m.device_model_id, m.device_since, m.device_5g, "
        "f.policy_class, f.policy_kind, f.not_on_5g, f.not_on_5g_before, "
        "g.rank AS group_rank, p.unit_id, p.city_id, p.county_id, coalesce(g.manager_id, p.manager_id) AS manager_id "
        f"FROM {inputs.members} m JOIN {held('upgrade__wanted')} f ON m.subscriber_id = f.subscriber_id "
        "LEFT JOIN upgrade__group g ON m.group_id = g.group_id "
        "LEFT JOIN upgrade__place b ON m.branch_id = b.unit_id "
        "LEFT JOIN upgrade__place p ON p.unit_id = coalesce(b.unit_id, g.unit_id)"
    )


def _wanted(inputs: Inputs) -> str:
    """What the figures say of these lines."""
    declared = inputs.declared
    kind = sql_name(declared.policy_kind)
    targets = "SELECT group_id FROM upgrade__group WHERE rank IS NOT NULL"
    return (
        f"SELECT subscriber_id, {sql_name(declared.policy_class)} AS policy_class, {kind} AS policy_kind, "
        f"coalesce({sql_name(declared.not_on_5g)}, FALSE) AS not_on_5g, "
        f"coalesce({sql_name(declared.not_on_5g_before)}, FALSE) AS not_on_5g_before FROM {inputs.figures} f "
        f"WHERE {kind} IS NOT NULL OR subscriber_id IN (SELECT subscriber_id FROM {inputs.members} m WHERE group_id IN ({targets}))"
    )
