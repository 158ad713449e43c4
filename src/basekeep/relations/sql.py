"""Between relations and SQL: a relation as SQL, a stored type as a relation's. The one place that knows the dialect of the engine."""

from __future__ import annotations

from typing import Any

import ibis
from ibis.backends.sql.datatypes import DuckDBType

from basekeep.contract.columns import STORED, Column
from basekeep.engines.protocol import Dialect


def stored_type(column: Column) -> Any:
    """The type in which a contract column is stored, as relations have it."""
    return DuckDBType.from_string(STORED[column.type])


def sql_of(relation: Any, dialect: Dialect = "duckdb") -> str:
    """The relation as SQL, the embedded engine's unless another's, on one line: nobody reads it, and laying it out takes longer."""
    return str(ibis.to_sql(relation, dialect=dialect, pretty=False))
