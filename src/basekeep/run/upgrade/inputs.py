"""What the enterprise upgrade is made from: table expressions over a run's own files and the store's other tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from basekeep.contract.columns import STORED
from basekeep.contract.tables import (
    BUSINESS_ORDER,
    DEVICE_MODEL,
    DEVICE_STOCK,
    GROUP_ACCOUNT,
    ORG_UNIT,
    STAFF,
    TABLES,
)
from basekeep.engines.sql_text import parquet_scan, sql_name
from basekeep.kernel.text import Text
from basekeep.playbook.declarations import Playbook
from basekeep.playbook.upgrade import Upgrade
from basekeep.run.plan import Plan
from basekeep.store.history import month_sql
from basekeep.store.manifest import expected_files, verify
from basekeep.store.state import ALL, partition_folder

_MONTH = (
    "subscriber_id",
    "status",
    "branch_id",
    "group_id",
    "group_role",
    "device_model_id",
    "device_since",
    "device_5g",
)
# The segment of groups that this is for.
_SEGMENT = "group_upgrade"
_PEOPLE = ("subscriber_id", "customer_id", "msisdn", "family_account_id", "address_id", "group_id")
_TARGETS = "(SELECT CAST(NULL AS BIGINT) AS rank, CAST(NULL AS VARCHAR) AS group_id, CAST(NULL AS DOUBLE) AS expected_value WHERE FALSE)"


@dataclass(frozen=True)
class Inputs:
    """Table expressions, each with the columns of its contract table; empty where the table is not stored.

    Attributes:
        classes: the policy classes with their names.
        members: the base's `subscriber_id, branch_id, group_id, group_role, device_model_id, device_since, device_5g`.
        people: all identifiers of the month's subscribers, so that none of them goes where it must not.
        figures: the base's `subscriber_id` with the metrics that the declaration names.
        targets: the target groups: `rank, group_id, expected_value`.
    """

    month: date
    declared: Upgrade
    classes: Mapping[str, Text]
    members: str
    people: str
    figures: str
    targets: str
    units: str
    staff: str
    groups: str
    models: str
    stock: str
    orders: str
    has_staff: bool


def inputs_of(plan: Plan, declared: Upgrade, figures: str, folder: Path) -> Inputs:
    """The inputs of a run; every file that was not verified yet is hashed.

    Args:
        figures: the run's figures as a table expression.
        folder: the run's folder, where the target groups lie when they were ranked.

    Raises:
        DamageError: a stored file is missing or changed.
    """
    chosen = ", ".join(f"{name}_m0 AS {name}" for name in _MONTH)
    month = month_sql(plan.store_dir, plan.state, plan.month, _MONTH)
    people = month_sql(plan.store_dir, plan.state, plan.month, _PEOPLE)
    named = ", ".join(f"{name}_m0 AS {name}" for name in _PEOPLE)
    ranked = folder / "group_target.parquet"
    return Inputs(
        month=plan.month,
        declared=declared,
        classes=policy_classes(plan.compiled.playbook, declared),
        members=f"(SELECT {chosen} FROM ({month}) WHERE status_m0 IN ('active', 'suspended'))",
        people=f"(SELECT {named} FROM ({people}))",
        figures=figures,
        targets=_ranked(ranked) if ranked.exists() else _TARGETS,
        units=_whole(plan, ORG_UNIT.name),
        staff=_whole(plan, STAFF.name),
        groups=_whole(plan, GROUP_ACCOUNT.name),
        models=_whole(plan, DEVICE_MODEL.name),
        stock=_whole(plan, DEVICE_STOCK.name),
        orders=_whole(plan, BUSINESS_ORDER.name),
        has_staff=plan.state.partition(STAFF.name, ALL) is not None,
    )


def policy_classes(playbook: Playbook, declared: Upgrade) -> dict[str, Text]:
    """The policy classes with their names."""
    metric = playbook.metrics.get(declared.policy_class)
    return {name: item.name.text for name, item in ((metric and metric.classes) or {}).items()}


def _ranked(path: Path) -> str:
    return (
        f"(SELECT rank, group_id, rank_value AS expected_value FROM {parquet_scan(path)} WHERE segment = '{_SEGMENT}')"
    )


def _whole(plan: Plan, name: str) -> str:
    """A table of the store with all columns of the contract; absent ones are unknown."""
    ref, table = plan.state.partition(name, ALL), TABLES[name]
    held = frozenset(ref.columns) if ref else frozenset()
    chosen = ", ".join(
        sql_name(column.name)
        if column.name in held
        else f"CAST(NULL AS {STORED[column.type]}) AS {sql_name(column.name)}"
        for column in table.columns
    )
    if ref is None:
        return f"(SELECT {chosen} WHERE FALSE)"
    files = expected_files(partition_folder(plan.store_dir, name, ALL, ref.version), ref.manifest_sha256)
    verify(files)
    return f"(SELECT {chosen} FROM {parquet_scan(files[0].path)})"
