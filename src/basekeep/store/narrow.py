"""The smallest form in which a column's checked values lie in memory while a month is put in order."""

from __future__ import annotations

from collections.abc import Iterable

from basekeep.contract.columns import NUMBER_SCALE, STORED, Column
from basekeep.contract.subscriber_month import SUBSCRIBER_MONTH
from basekeep.engines.sql_text import sql_literal, sql_name

_WHOLE = (("TINYINT", 1 << 7), ("SMALLINT", 1 << 15), ("INTEGER", 1 << 31))


def narrowed(names: Iterable[str]) -> str:
    """SQL: these columns in their small form; a value that the contract does not allow fails."""
    return ", ".join(_cast(name, _small(SUBSCRIBER_MONTH.column(name))) for name in names)


def widened(names: Iterable[str]) -> str:
    """SQL: these columns in stored form, from their small one."""
    return ", ".join(_cast(name, STORED[SUBSCRIBER_MONTH.column(name).type]) for name in names)


def _cast(name: str, kind: str) -> str:
    return f"CAST({sql_name(name)} AS {kind}) AS {sql_name(name)}"


def _small(column: Column) -> str:
    if column.values:
        return f"ENUM ({', '.join(sql_literal(value) for value in column.values)})"
    if column.type in ("int", "number") and column.lower is not None and column.upper is not None:
        scale = NUMBER_SCALE if column.type == "number" else 1
        most = max(abs(column.lower), abs(column.upper)) * scale
        return next((kind for kind, end in _WHOLE if most < end), STORED[column.type])
    return STORED[column.type]
