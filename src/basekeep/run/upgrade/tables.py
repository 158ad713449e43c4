"""The tables out of the enterprise upgrade: their columns, in order. Each lies below `upgrade/` in a run."""

from __future__ import annotations

import pyarrow as pa

_TEXT, _COUNT, _DAY, _SHARE, _FLAG = pa.string(), pa.int64(), pa.date32(), pa.float64(), pa.bool_()
_LIST = pa.list_(pa.string())


def _schema(**columns: pa.DataType) -> pa.Schema:
    return pa.schema(list(columns.items()))


SCHEMAS = {
    "policy_line": _schema(
        subscriber_id=_TEXT, group_id=_TEXT, policy_class=_TEXT, policy_zh=_TEXT, policy_en=_TEXT, branch_id=_TEXT,
        county_id=_TEXT, city_id=_TEXT, manager_id=_TEXT,
    ),
    "reward_ledger": _schema(
        order_id=_TEXT, subscriber_id=_TEXT, group_id=_TEXT, policy_class=_TEXT, date=_DAY, offer_id=_TEXT, unit_id=_TEXT,
        manager_id=_TEXT, device_model_id=_TEXT, device_extra=_TEXT, group_completed=_COUNT, line_fen=_COUNT,
        device_fen=_COUNT, big_order_fen=_COUNT, total_fen=_COUNT,
    ),
    "reward_total": _schema(
        unit_id=_TEXT, manager_id=_TEXT, lines=_COUNT, line_fen=_COUNT, device_fen=_COUNT, big_order_fen=_COUNT,
        total_fen=_COUNT,
    ),
    "marketing_cost": _schema(
        unit_id=_TEXT, level=_TEXT, budget=_TEXT, budget_fen=_COUNT, lines=_COUNT, cost_fen=_COUNT, left_fen=_COUNT,
        used_share=_SHARE,
    ),
    "replacement_device": _schema(
        subscriber_id=_TEXT, group_id=_TEXT, city_id=_TEXT, present_model_id=_TEXT, age_months=_COUNT, choice=_COUNT,
        device_model_id=_TEXT, brand=_TEXT, device_name=_TEXT, price_fen=_COUNT, score=_COUNT, reasons_zh=_LIST,
        reasons_en=_LIST,
    ),
    "group_package": _schema(
        group_id=_TEXT, device_model_id=_TEXT, brand=_TEXT, device_name=_TEXT, lines=_COUNT, price_fen=_COUNT,
        trade_in_lines=_COUNT, trade_in_fen=_COUNT, instalment_lines=_COUNT, months=_COUNT, monthly_fen=_COUNT,
    ),
    "vendor_list": _schema(
        brand=_TEXT, city_id=_TEXT, device_model_id=_TEXT, device_name=_TEXT, present_lines=_COUNT, present_months=_COUNT,
        wanted_lines=_COUNT, present_withheld=_FLAG, wanted_withheld=_FLAG,
    ),
    "breakdown": _schema(
        unit_id=_TEXT, name_zh=_TEXT, name_en=_TEXT, level=_TEXT, parent_id=_TEXT, manager_id=_TEXT, groups=_COUNT,
        groups_with_lines=_COUNT, lines=_COUNT, own_lines=_COUNT, floor_lines=_COUNT, quota=_SHARE, target_lines=_COUNT,
        own_target_lines=_COUNT, why_zh=_TEXT, why_en=_TEXT,
    ),
    "benchmark_project": _schema(
        city_id=_TEXT, quarter=_TEXT, place=_COUNT, group_id=_TEXT, manager_id=_TEXT, score=_COUNT, expected_value=_SHARE,
        lines=_COUNT, why_zh=_TEXT, why_en=_TEXT, month=_DAY, stage=_COUNT, stage_zh=_TEXT, stage_en=_TEXT,
        planned_lines=_COUNT, completed_lines=_COUNT, review_zh=_TEXT, review_en=_TEXT,
    ),
}  # fmt: skip

SQL_TYPES = {"string": "VARCHAR", "int64": "BIGINT", "date32[day]": "DATE", "double": "DOUBLE", "bool": "BOOLEAN",
        "list<item: string>": "VARCHAR[]"}  # fmt: skip


def typed(table: str, query: str) -> str:
    """A query's columns by name, in the table's order and types; the query's own order of rows stays."""
    chosen = ", ".join(
        f"CAST({field.name} AS {SQL_TYPES[str(field.type)]}) AS {field.name}" for field in SCHEMAS[table]
    )
    return f"SELECT {chosen} FROM ({query})"


def empty(table: str) -> str:
    """The table without rows, as a query."""
    chosen = ", ".join(f"CAST(NULL AS {SQL_TYPES[str(field.type)]}) AS {field.name}" for field in SCHEMAS[table])
    return f"SELECT {chosen} WHERE FALSE"
