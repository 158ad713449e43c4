"""Writes a relation as SQL. The one place that knows the dialect of the engine."""

from __future__ import annotations

from typing import Any

import ibis


def sql_of(relation: Any) -> str:
    """The relation as the embedded engine's SQL, on one line: nobody reads it, and laying it out takes longer."""
    return str(ibis.to_sql(relation, dialect="duckdb", pretty=False))
