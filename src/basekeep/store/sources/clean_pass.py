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


def write_if_clean(
    session: Session, bound: Bound, formats: Mapping[str, DateFormat], month: date | None, target: Path
) -> int | None:
    """Write the rows as Parquet; the number of rows, or None."""
    sql = _clean_rows(bound, formats, month)
    try:
        return int(session.rows(f"COPY ({sql}) TO {sql_literal(target)} (FORMAT parquet)")[0][0])
    except EngineError as error:
        if error.code != ENGINE_FAILED:
            raise
        return None


def _clean_rows(bound: Bound, formats: Mapping[str, DateFormat], month: date | None) -> str:
    """SQL: the typed rows, failing at one with a cell that does not pass."""
    faults = [
        fails(matched.column, f"x{index}", sql_name(matched.column.name)) for index, matched in tested(bound.columns)
    ]
    first, *others = (sql_name(matched.column.name) for matched in bound.columns)
    guarded = f"CASE WHEN {' OR '.join(faults) or 'false'} THEN error('not clean') ELSE {first} END AS {first}"
    return f"SELECT {', '.join([guarded, *others])} FROM ({valued(bound, formats, month)})"
