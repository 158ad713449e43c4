"""The tables out of decisions: the columns of their files, in order, and how people see them: money in yuan, not in fen.

Each lies below `decisions/` in a run. Who makes them is the room `decide`.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from basekeep.engines.sql_text import parquet_scan, sql_name
from basekeep.run.upgrade.tables import SQL_TYPES

FOLDER = "decisions"
BUCKETS = (
    "excluded", "held_out", "no_segment", "not_eligible", "contact_limit", "out_ranked", "capacity", "budget", "stock",
    "care", "offered",
)  # fmt: skip

_TEXT, _COUNT, _DAY, _NUMBER, _FLAG = pa.string(), pa.int64(), pa.date32(), pa.float64(), pa.bool_()
_LIST = pa.list_(pa.string())


def _schema(**columns: pa.DataType) -> pa.Schema:
    return pa.schema(list(columns.items()))


# A column `…_fen` holds whole fen; people see it without that ending, in yuan.
SCHEMAS = {
    "candidate": _schema(
        subscriber_id=_TEXT, offer=_TEXT, channel=_TEXT, segment=_TEXT, campaign=_TEXT, unit_id=_TEXT,
        device_model_id=_TEXT, contact_by=_DAY, probability=_NUMBER, value_fen=_COUNT, weight=_NUMBER, cost_fen=_COUNT,
        expected_fen=_COUNT,
    ),
    "constraint": _schema(
        kind=_TEXT, name=_TEXT, scope=_TEXT, unit_id=_TEXT, channel=_TEXT, offer=_TEXT, campaign=_TEXT, segment=_TEXT,
        device_model_id=_TEXT, limit=_NUMBER, used=_NUMBER, short=_NUMBER, shadow_price=_NUMBER, binds=_FLAG,
        says_zh=_TEXT, says_en=_TEXT,
    ),
    "decision": _schema(
        subscriber_id=_TEXT, bucket=_TEXT, offer=_TEXT, channel=_TEXT, segment=_TEXT, campaign=_TEXT, unit_id=_TEXT,
        staff_id=_TEXT, device_model_id=_TEXT, contact_on=_DAY, contact_by=_DAY, probability=_NUMBER, value_fen=_COUNT,
        weight=_NUMBER, cost_fen=_COUNT, expected_fen=_COUNT, branch_id=_TEXT, county_id=_TEXT, city_id=_TEXT,
        reasons=_LIST,
    ),
    "decision_waterfall": _schema(
        unit_id=_TEXT, level=_TEXT, position=_COUNT, step=_TEXT, name_zh=_TEXT, name_en=_TEXT, entered=_COUNT,
        left=_COUNT, remaining=_COUNT,
    ),
    "hold_out": _schema(subscriber_id=_TEXT, scope=_TEXT, campaign=_TEXT, city_id=_TEXT, value_band=_COUNT),
    "hold_out_summary": _schema(
        scope=_TEXT, campaign=_TEXT, city_id=_TEXT, value_band=_COUNT, population=_COUNT, held_out=_COUNT,
        needed=_COUNT, detectable_share=_NUMBER, enough=_FLAG, says_zh=_TEXT, says_en=_TEXT,
    ),
    "allocation": _schema(
        candidates=_COUNT, subscribers=_COUNT, contacts=_COUNT, value_fen=_COUNT, cost_fen=_COUNT, bound_fen=_COUNT,
        gap=_NUMBER, passes=_COUNT,
    ),
}  # fmt: skip


def decision_view(table: str, path: Path | None) -> str:
    """A table as people see it, as a query; without rows where the run has no such file."""
    chosen, kinds = [], {field.name: SQL_TYPES[str(field.type)] for field in SCHEMAS[table]}
    for name, kind in kinds.items():
        value = sql_name(name) if path else f"CAST(NULL AS {kind})"
        if name.endswith("_fen"):
            value = f"CAST({value} * CAST(0.01 AS DECIMAL(2, 2)) AS DECIMAL(18, 2))"
        chosen.append(f"{value} AS {sql_name(shown_name(name))}")
    return f"SELECT {', '.join(chosen)} {f'FROM {parquet_scan(path)}' if path else 'WHERE FALSE'}"


def shown_name(column: str) -> str:
    """A column's name as people see it."""
    return column.removesuffix("_fen")


def decision_file(table: str) -> str:
    """Where a table lies in a run's folder."""
    return f"{FOLDER}/{table}.parquet"


def waterfall_view(waterfall: str, decisions: str) -> str:
    """The scorecards' waterfalls and the decisions' in one table, whose every row set adds up.

    A scorecard's is of the whole base, so its `level` is `base` and its `unit_id` unknown. The decisions' rows have no
    scorecard and the kind `base` or `bucket`; a known or an unknown `unit_id` at each level.
    """
    return (
        f"SELECT *, CAST(NULL AS VARCHAR) AS unit_id, 'base' AS level FROM ({waterfall}) UNION ALL "
        "SELECT run_id, CAST(NULL AS VARCHAR) AS scorecard, position, step, "
        "CASE WHEN position = 0 THEN 'base' ELSE 'bucket' END AS kind, name_zh, name_en, entered, \"left\", remaining, "
        f"CAST(0 AS BIGINT) AS not_evaluable, CAST(NULL AS BIGINT) AS alone, unit_id, level FROM ({decisions})"
    )
