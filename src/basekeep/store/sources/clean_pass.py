"""The pass over rows in which nothing is wrong: the typed columns alone, given up at the first cell that does not pass.

Says nothing about what is wrong, and nothing about doubles: the full pass does.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from basekeep.engines.errors import EngineError
from basekeep.engines.protocol import Session
from basekeep.engines.sql_text import sql_literal, sql_name
from basekeep.store.sources.cells import fails
from basekeep.store.sources.checking import Bound, tested, valued
from basekeep.store.sources.date_formats import DateFormat
from basekeep.store.sources.engine_words import ENGINE_FAILED
from basekeep.store.sources.rounding import rounded_columns
from basekeep.store.sources.straight import Straight

# Beside the columns of a row laid down: which of its numbers are rounded.
ROUNDED = "basekeep_rounded"


def write_if_clean(
    session: Session, bound: Bound, formats: Mapping[str, DateFormat], month: date | None, target: Path
) -> int | None:
    """Write the rows as Parquet; the number of rows, or None."""
    sql = f"SELECT {_guarded(bound)} FROM ({valued(bound, formats, month)})"
    try:
        return int(session.rows(f"COPY ({sql}) TO {sql_literal(target)} (FORMAT parquet)")[0][0])
    except EngineError as error:
        _need_given_up(error)
        return None


def lay_if_clean(
    session: Session, bound: Bound, formats: Mapping[str, DateFormat], month: date, straight: Straight
) -> int | None:
    """Lay the rows straight down, and beside them what is rounded; the number of rows, or None."""
    bits = rounded_columns(bound.columns)
    sql = f"SELECT {_guarded(bound)}{f', {bits} AS {ROUNDED}' if bits else ''} FROM ({valued(bound, formats, month)})"
    try:
        return straight.lay(
            session, sql, [matched.column.name for matched in bound.columns], f", {ROUNDED}" if bits else ""
        )
    except EngineError as error:
        _need_given_up(error)
        return None


def _need_given_up(error: EngineError) -> None:
    """Pass on what is not about a row: a full disk, say."""
    if error.code != ENGINE_FAILED:
        raise error


def _guarded(bound: Bound) -> str:
    """SQL: the typed columns, failing at a row with a cell that does not pass."""
    faults = [
        fails(matched.column, f"x{index}", sql_name(matched.column.name)) for index, matched in tested(bound.columns)
    ]
    first, *others = (sql_name(matched.column.name) for matched in bound.columns)
    guarded = f"CASE WHEN {' OR '.join(faults) or 'false'} THEN error('not clean') ELSE {first} END AS {first}"
    return ", ".join([guarded, *others])
