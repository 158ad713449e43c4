"""The step `upgrade` of a run: makes every table of the enterprise upgrade, and says what bad input it met."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from basekeep.engines.protocol import Session
from basekeep.run.organisation import Organisation
from basekeep.run.remarks import Remark
from basekeep.run.upgrade import rewards
from basekeep.run.upgrade.benchmarks import benchmark_projects
from basekeep.run.upgrade.breakdown import breakdown
from basekeep.run.upgrade.input_remarks import input_remarks
from basekeep.run.upgrade.inputs import Inputs
from basekeep.run.upgrade.lines import make_tables, organisation_of
from basekeep.run.upgrade.marketing_cost import Row, marketing_costs, unknown_units
from basekeep.run.upgrade.options import make_options
from basekeep.run.upgrade.policy import policy_lines
from basekeep.run.upgrade.replacements import make_choices, packages, replacements, without_supply
from basekeep.run.upgrade.tables import SCHEMAS, empty, typed
from basekeep.run.upgrade.vendor_list import vendor_list

FOLDER = "upgrade"


def write_nothing(session: Session, folder: Path) -> None:
    """Every table without rows, for a playbook that declares no enterprise upgrade."""
    (folder / FOLDER).mkdir()
    _write_missing(session, folder)


def write_upgrade(inputs: Inputs, session: Session, folder: Path) -> list[Remark]:
    """Make all tables from the inputs; what the playbook does not declare stays empty."""
    (folder / FOLDER).mkdir()
    organisation = organisation_of(inputs, session)
    make_tables(inputs, session, organisation, folder)
    remarks = [*organisation.remarks(), *input_remarks(inputs, session)]
    _copy(session, folder, "policy_line", policy_lines(inputs))
    remarks += _rewards(inputs, session, organisation, folder)
    remarks += _devices(inputs, session, folder)
    if inputs.declared.breakdown is not None:
        rows, found = breakdown(inputs.declared.breakdown, session, organisation)
        _write(folder, "breakdown", rows)
        remarks += found
    if inputs.declared.benchmark is not None:
        _write(folder, "benchmark_project", benchmark_projects(inputs.declared.benchmark, inputs, session))
    _write_missing(session, folder)
    return remarks


def _rewards(inputs: Inputs, session: Session, organisation: Organisation, folder: Path) -> list[Remark]:
    declared = inputs.declared
    if declared.rewards is None:
        return []
    rewards.make_ledger(inputs, declared.rewards, session)
    _copy(session, folder, "reward_ledger", rewards.ledger())
    _copy(session, folder, "reward_total", rewards.totals())
    if declared.marketing_budget is None:
        return []
    _write(folder, "marketing_cost", marketing_costs(declared.marketing_budget, session, organisation))
    return [unknown_units(declared.marketing_budget, organisation)]


def _devices(inputs: Inputs, session: Session, folder: Path) -> list[Remark]:
    if inputs.declared.devices is None:
        return []
    make_options(inputs, inputs.declared.devices, session)
    make_choices(session, folder / "side" / "given.parquet")
    _copy(session, folder, "replacement_device", replacements(inputs.declared.devices))
    _copy(session, folder, "group_package", packages(inputs.declared))
    if inputs.declared.vendor_list is None:
        return [without_supply(session)]
    rows, left_out = vendor_list(inputs.declared.vendor_list, inputs, session)
    _write(folder, "vendor_list", rows)
    return [without_supply(session), left_out]


def _write_missing(session: Session, folder: Path) -> None:
    for name in SCHEMAS:
        if not _file(folder, name).exists():
            session.copy(empty(name), _file(folder, name))


def _copy(session: Session, folder: Path, name: str, query: str) -> None:
    session.copy(typed(name, query), _file(folder, name))


def _write(folder: Path, name: str, rows: Sequence[Row]) -> None:
    table = pa.Table.from_pylist(list(rows), schema=SCHEMAS[name])
    pq.write_table(table, _file(folder, name), compression="zstd")


def _file(folder: Path, name: str) -> Path:
    return folder / FOLDER / f"{name}.parquet"
