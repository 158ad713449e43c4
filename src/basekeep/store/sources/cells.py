"""SQL for one cell: its value in stored form, whether it may pass, and why not. Pure text; `x` is the cell as it came.

A value is NULL for an empty cell and for one that is no value of the type; `passes` tells them apart.
"""

from __future__ import annotations

from basekeep.contract.columns import NUMBER_SCALE, Column
from basekeep.engines.sql_text import sql_literal
from basekeep.store.sources.column_kinds import Kind, Matched
from basekeep.store.sources.date_formats import (
    EARLIEST_DAY,
    EARLIEST_MONTH,
    LATEST_DAY,
    DateFormat,
    as_day,
    as_time,
    has_shape,
    is_month,
)

# Times ten thousand it still fits eight bytes; what is longer than ten digits is beyond every bound of the contract.
_DECIMALS = 4
_NUMBER = f"DECIMAL(14, {_DECIMALS})"
_BLANKS = " \t\r\n\u3000\u00a0\ufeff"
_TRUE = ("true", "t", "1", "y", "yes", "是")
_FALSE = ("false", "f", "0", "n", "no", "否")
_USUAL_FLAGS = (("1", "true"), ("0", "false"), ("true", "true"), ("false", "false"))


def cell_text(x: str, kind: Kind) -> str:
    """The cell as text: a whole number without a decimal point."""
    if kind == "text":
        return f"CAST({x} AS VARCHAR)"
    if kind in ("float", "decimal"):
        return (
            f"CASE WHEN {x} = trunc({x}) AND abs({x}) < 1e18 "
            f"THEN CAST(CAST({x} AS BIGINT) AS VARCHAR) ELSE CAST({x} AS VARCHAR) END"
        )
    return f"CAST({x} AS VARCHAR)"


def trimmed(x: str) -> str:
    """SQL: the text without blanks around it, NULL when nothing is left. Most cells pass by the cheap test alone."""
    neat = f"{x} BETWEEN '!' AND '~' AND {x}[-1] BETWEEN '!' AND '~'"
    return f"CASE WHEN {neat} THEN {x} WHEN {x} IS NOT NULL THEN {_apart(x, _bare('v'))} END"


def _bare(x: str) -> str:
    return f"nullif(trim({x}, {sql_literal(_BLANKS)}), '')"


def _apart(x: str, sql: str) -> str:
    """SQL over `v` for the few rows that need it; the engine computes in advance, for all rows, what it sees twice."""
    return f"list_transform([{x}], lambda v: {sql})[1]"


def cell_value(matched: Matched, x: str, form: DateFormat) -> str:
    """The cell in stored form. `x` is text unless the kind is native to the column's type."""
    column, kind = matched.column, matched.kind
    if not is_native(matched):
        if column.type == "string":
            return trimmed(x)
        # Blanks around a value are rare: the second try is made only where the first found nothing.
        tidied = _apart(x, _apart(_bare("v"), _parsed(column, "v", form)))
        return f"coalesce({_parsed(column, x, form)}, CASE WHEN {x} IS NOT NULL THEN {tidied} END)"
    if column.type == "number":
        finite = f"CASE WHEN isfinite({x}) THEN {x} END" if kind == "float" else x
        return f"CAST(TRY_CAST({finite} AS {_NUMBER}) * {NUMBER_SCALE} AS BIGINT)"
    if column.type == "int":
        if kind == "whole":
            return f"TRY_CAST({x} AS BIGINT)"
        finite = f"isfinite({x}) AND " if kind == "float" else ""
        return f"CASE WHEN {finite}{x} = trunc({x}) THEN TRY_CAST({x} AS BIGINT) END"
    if column.type == "date":
        return _month_start(column, f"CAST({x} AS DATE)")
    return f"CAST({x} AS {'TIMESTAMP' if column.type == 'timestamp' else 'BOOLEAN'})"


def is_native(matched: Matched) -> bool:
    """Whether the cell is taken as the engine's own value, not by way of text."""
    kind = matched.kind
    if matched.column.type in ("number", "int"):
        return kind in ("whole", "decimal", "float")
    if matched.column.type in ("date", "timestamp"):
        return kind in ("day", "time")
    return matched.column.type == "bool" and kind == "flag"


def _parsed(column: Column, x: str, form: DateFormat) -> str:
    if column.type == "number":
        # The engine would read 1_000 as a thousand.
        return f"CASE WHEN NOT contains({x}, '_') THEN CAST(TRY_CAST({x} AS {_NUMBER}) * {NUMBER_SCALE} AS BIGINT) END"
    if column.type == "int":
        exact = f"TRY_CAST({x} AS DECIMAL(38, 18))"
        return (
            f"CASE WHEN CAST(TRY_CAST({x} AS BIGINT) AS VARCHAR) = {x} THEN TRY_CAST({x} AS BIGINT) "
            f"WHEN NOT contains({x}, '_') AND {exact} = trunc({exact}) THEN TRY_CAST({exact} AS BIGINT) END"
        )
    if column.type == "date":
        return _month_start(column, as_day(x, form, is_month(column)))
    if column.type == "timestamp":
        return as_time(x, form, False)
    usual = " ".join(f"WHEN {x} = '{text}' THEN {flag}" for text, flag in _USUAL_FLAGS)
    rarely = f"CASE WHEN lower(v) IN {_texts(_TRUE)} THEN true WHEN lower(v) IN {_texts(_FALSE)} THEN false END"
    return f"CASE {usual} WHEN {x} IS NOT NULL THEN {_apart(x, rarely)} END"


def _month_start(column: Column, day: str) -> str:
    return f"CAST(date_trunc('month', {day}) AS DATE)" if is_month(column) else day


def passes(column: Column, x: str, v: str) -> str:
    """SQL: true where the cell may be stored as it is; never NULL. May be false for a cell of blanks only."""
    empty = "false" if cell_required(column) else f"{x} IS NULL"
    within = _within(column, v)
    return f"coalesce({within}, {empty})" if within else f"({v} IS NOT NULL OR {empty})"


def fails(column: Column, x: str, v: str) -> str:
    """SQL: true where `passes` is false, never true elsewhere; in the form that the engine tests fastest.

    One comparison after the other over whole columns, nearly all of them finding nothing.
    """
    lost = f"{v} IS NULL" if cell_required(column) else f"({v} IS NULL AND {x} IS NOT NULL)"
    within = _within(column, v)
    return f"{lost} OR NOT {within}" if within else lost


def _within(column: Column, v: str) -> str:
    """SQL: whether a value lies in the column's range or set, NULL for no value; empty where anything goes."""
    if column.values:
        return f"({v} IN {_texts(column.values)})"
    if column.type == "date":
        earliest = EARLIEST_MONTH if is_month(column) else EARLIEST_DAY
        return f"({v} BETWEEN DATE '{earliest}' AND DATE '{LATEST_DAY}')"
    if column.type == "timestamp":
        return f"({v} BETWEEN TIMESTAMP '{EARLIEST_DAY}' AND TIMESTAMP '{LATEST_DAY}')"
    scale = NUMBER_SCALE if column.type == "number" else 1
    if column.lower is not None and column.upper is not None:
        return f"({v} BETWEEN {column.lower * scale} AND {column.upper * scale})"
    bounds = []
    if column.lower is not None:
        bounds.append(f"{v} >= {column.lower * scale}")
    if column.upper is not None:
        bounds.append(f"{v} <= {column.upper * scale}")
    return f"({' AND '.join(bounds)})" if bounds else ""


def fault(matched: Matched, x: str, v: str, form: DateFormat) -> str:
    """SQL: the code of what is wrong with a cell that does not pass; NULL for blanks where nothing is asked."""
    column = matched.column
    text = cell_text(x, matched.kind or "text") if is_native(matched) else x
    empty = "'missing'" if cell_required(column) else "NULL"
    return _apart(
        f"{{'text': {text}, 'value': {v}}}",
        _apart(f"{{'text': {_bare('v.text')}, 'value': v.value}}",
               f"CASE WHEN v.text IS NULL THEN {empty} {_wrong(column, 'v.text', 'v.value', form)} END"),
    )  # fmt: skip


def _wrong(column: Column, text: str, v: str, form: DateFormat) -> str:
    if column.values:
        return "ELSE 'unknown_value'"
    if column.type == "bool":
        return "ELSE 'not_a_flag'"
    if column.type in ("date", "timestamp"):
        return f"WHEN {v} IS NOT NULL THEN 'out_of_range' WHEN {has_shape(text, form)} THEN 'not_a_date' ELSE 'date_format'"
    number = f"(NOT contains({text}, '_') AND isfinite(TRY_CAST({text} AS DOUBLE)))"
    exact = f"TRY_CAST({text} AS DECIMAL(38, 18))"
    fraction = f"WHEN {exact} <> trunc({exact}) THEN 'not_whole' " if column.type == "int" else ""
    return f"WHEN {v} IS NOT NULL THEN 'out_of_range' {fraction}WHEN {number} THEN 'out_of_range' ELSE 'not_a_number'"


def rounded(matched: Matched, x: str) -> str:
    """SQL: whether a number of a column that `may_round` had more decimals than are kept; NULL counts as no."""
    kept = f"TRY_CAST({x} AS {_NUMBER})"
    if matched.kind == "text":
        # Most numbers are shorter than a point and one decimal too many, which costs nothing to see.
        long = (
            f"strlen({x}) > {_DECIMALS + 1} AND strpos({x}, '.') > 0 AND length({x}) - strpos({x}, '.') > {_DECIMALS}"
        )
        return f"CASE WHEN {long} THEN TRY_CAST({x} AS DECIMAL(38, 18)) <> {kept} ELSE false END"
    if matched.kind == "float":
        # The last bits of a binary fraction are no decimals that anybody wrote.
        return f"CASE WHEN isfinite({x}) THEN abs({x} - {kept}) > 1e-9 * greatest(1.0, abs({x})) ELSE false END"
    return f"{x} <> {kept}"


def may_round(matched: Matched) -> bool:
    """Whether numbers of the column can have more decimals than are kept."""
    if matched.column.type != "number" or matched.kind == "whole":
        return False
    scale = matched.engine_type.partition(",")[2].strip(" )")
    return matched.kind != "decimal" or not scale.isdigit() or int(scale) > _DECIMALS


def cell_required(column: Column) -> bool:
    """Whether an empty cell is a fault; in some required columns empty says *none*, or is merely unknown."""
    return column.required and not column.none_when_empty and not column.may_be_unknown


def _texts(values: tuple[str, ...]) -> str:
    return "(" + ", ".join(sql_literal(value) for value in values) + ")"
