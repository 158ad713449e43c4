"""Each limit of the group rules exactly hit, and one step beyond it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from basekeep.checks.playbook import sound_playbook
from basekeep.engines.duckdb import DuckEngine
from basekeep.kernel.months import shift_month
from basekeep.playbook.shipping import shipped_folder
from groups.generated import MONTH, MONTH_END, Generated, Row
from runs.small_bench import SmallBench

_MODELS: list[Row] = [
    {"device_model_id": "one", "brand": "huawei", "domestic": True, "price": Decimal(3000), "is_5g": False},
    {"device_model_id": "other", "brand": "apple", "domestic": False, "price": Decimal(6000), "is_5g": False},
]


def _group(made: Generated, group: str, lines: int, first_brand: int, months: int, **account: Any) -> None:
    """A group of so many 4G lines, `first_brand` of them with one brand; all devices `months` old."""
    made.accounts.append(
        {"group_id": group, "class": "C", "unit_id": None, "chief_manager_id": "E1", "name": group, **account}
    )
    for number in range(lines):
        made.subscribers.append({
            "subscriber_id": f"{group}-{number:03d}", "month": MONTH, "status": "active", "join_date": date(2020, 1, 1),
            "group_id": group, "group_role": "member", "plan_generation": 4, "device_since": shift_month(MONTH, -months),
            "device_model_id": "one" if number < first_brand else "other", "arpu": Decimal(50),
        })  # fmt: skip


def _month(made: Generated, group: str, lag: int, revenue: str, balance: str, visited: date | None = MONTH_END) -> None:
    made.months.append({
        "group_id": group, "month": shift_month(MONTH, -lag), "vnet_revenue": Decimal(revenue),
        "leased_line_revenue": Decimal(0), "unified_payment": Decimal(0), "balance": Decimal(balance), "last_visit_date": visited,
    })  # fmt: skip


def _members(made: Generated, folder: Path) -> set[tuple[str, str, str]]:
    made.models = _MODELS
    made.units = [{"unit_id": "P", "parent_id": None, "level": "province", "name": "省"}]
    if not made.contacts:
        made.contacts = [{"contact_id": "K", "subscriber_id": "nobody", "at": None, "result": "reached"}]
    with DuckEngine(threads=1) as engine:
        made.store(folder / "store", engine)
        bench = SmallBench(folder / "store", engine)
        record = bench.run(sound_playbook(shipped_folder()), MONTH)
        rows = bench.rows(f"SELECT * FROM read_parquet('{record.folder}/group_membership.parquet')")
    return {(row["group_id"], row["segment"], row["severity"]) for row in rows}


def test_size_age_and_concentration_of_target_groups(tmp_path: Path) -> None:
    made = Generated()
    _group(made, "fifty_lines", 50, 50, 24)
    _group(made, "fifty_one_lines", 51, 51, 24)
    _group(made, "exactly_60_percent", 60, 36, 24)
    _group(made, "a_line_above_60_percent", 60, 37, 24)
    _group(made, "20_months", 60, 60, 20)
    _group(made, "21_months", 60, 60, 21)
    _group(made, "27_months", 60, 60, 27)
    _group(made, "28_months", 60, 60, 28)
    found = {group for group, segment, _ in _members(made, tmp_path) if segment == "group_upgrade"}
    assert found == {"fifty_one_lines", "a_line_above_60_percent", "21_months", "27_months"}


def test_revenue_at_80_percent_and_balance_of_three_and_two_months(tmp_path: Path) -> None:
    made = Generated()
    for group, now, balance in (
        ("exactly_80_percent", "80.00", "900"), ("a_cent_above", "80.01", "900"),
        ("three_months", "100", "300.00"), ("a_cent_less_than_three", "100", "299.99"),
        ("two_months", "100", "200.00"), ("a_cent_less_than_two", "100", "199.99"),
    ):  # fmt: skip
        _group(made, group, 1, 1, 5)
        _month(made, group, 0, now, balance)
        for lag in range(1, 4):
            _month(made, group, lag, "100", "900")
    found = {member for member in _members(made, tmp_path) if member[1] in ("group_activity", "group_balance")}
    assert found == {
        ("exactly_80_percent", "group_activity", "normal"),
        ("a_cent_less_than_three", "group_balance", "normal"),
        ("two_months", "group_balance", "normal"),
        ("a_cent_less_than_two", "group_balance", "urgent"),
    }


def test_care_is_due_a_day_beyond_the_cadence(tmp_path: Path) -> None:
    made = Generated()
    for rank, days in (("A", 30), ("B", 60), ("C", 90), ("D", 180)):
        for beyond in (0, 1):
            group = f"{rank}{beyond}"
            _group(made, group, 1, 1, 5, **{"class": rank})
            _month(made, group, 0, "100", "900", MONTH_END - timedelta(days=days + beyond))
    _group(made, "no_chief", 1, 1, 5, **{"class": "B", "chief_manager_id": None})
    _month(made, "no_chief", 0, "100", "900")
    found = {group for group, segment, _ in _members(made, tmp_path) if segment == "group_care_due"}
    assert found == {"A1", "B1", "C1", "D1", "no_chief"}
