"""How the contract's types are stored: the one table that reading, storing and querying agree on."""

from __future__ import annotations

from typing import Final

from basekeep.contract.columns import Column, ColumnType, Table
from basekeep.engines.protocol import Session

PHYSICAL: Final[dict[ColumnType, str]] = {
    "string": "VARCHAR",
    "date": "DATE",
    "bool": "BOOLEAN",
    "int": "BIGINT",
    # A whole number of ten-thousandths (NUMBER_SCALE): exact, and as fast as an integer.
    "number": "BIGINT",
    "timestamp": "TIMESTAMP",
}


def physical_type(column: Column) -> str:
    """The stored type of a contract column, in the engine's words."""
    return PHYSICAL[column.type]


def typed_columns(session: Session, table: Table, source: str) -> tuple[tuple[str, str], ...]:
    """The contract columns that a table expression gives, in the contract's order, with their stored types.

    Raises:
        ValueError: a required column is missing, or a column is not in its stored type.
    """
    found = dict(session.columns(f"SELECT * FROM {source}"))
    expected = {column.name: physical_type(column) for column in table.columns}
    missing = [column.name for column in table.columns if column.required and column.name not in found]
    wrong = [f"{name} {found[name]}" for name in found if found[name] != expected.get(name)]
    if missing or wrong:
        raise ValueError(f"{table.name} is not in stored form: missing {missing}, wrong {wrong}")
    return tuple((name, kind) for name, kind in expected.items() if name in found)
