"""What the enterprise upgrade is made from: table expressions over a run's own files and the store's other tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from basekeep.contract.tables import (
    BUSINESS_ORDER,
    DEVICE_MODEL,
    DEVICE_STOCK,
    GROUP_ACCOUNT,
    ORG_UNIT,
    STAFF,
)
from basekeep.engines.sql_text import parquet_scan
from basekeep.kernel.text import Text
from basekeep.playbook.declarations import Playbook
from basekeep.playbook.upgrade import Upgrade
from basekeep.relations.history import in_base
from basekeep.run.plan import Plan
from basekeep.run.stored import stored_rows
from basekeep.store.history import month_sql
from basekeep.store.state import ALL

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
    """The inputs of a run.

    Args:
        figures: the run's figures as a table expression.
        folder: the run's folder, where the target groups lie when they were ranked.
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
        members=f"(SELECT {chosen} FROM ({month}) WHERE {in_base('status_m0')})",
        people=f"(SELECT {named} FROM ({people}))",
        figures=figures,
        targets=_ranked(ranked) if ranked.exists() else _TARGETS,
        units=stored_rows(plan, ORG_UNIT.name),
        staff=stored_rows(plan, STAFF.name),
        groups=stored_rows(plan, GROUP_ACCOUNT.name),
        models=stored_rows(plan, DEVICE_MODEL.name),
        stock=stored_rows(plan, DEVICE_STOCK.name),
        orders=stored_rows(plan, BUSINESS_ORDER.name),
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
