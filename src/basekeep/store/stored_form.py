"""Whether a table is in the form in which it is stored."""

from __future__ import annotations

from basekeep.contract.columns import STORED, Table
from basekeep.engines.protocol import Session


def typed_columns(session: Session, table: Table, source: str) -> tuple[tuple[str, str], ...]:
    """The contract columns that a table expression gives, in the contract's order, with their stored types.

    Raises:
        ValueError: a required column is missing, or a column is not in its stored type.
    """
    found = dict(session.columns(f"SELECT * FROM {source}"))
    expected = {column.name: STORED[column.type] for column in table.columns}
    missing = [column.name for column in table.columns if column.required and column.name not in found]
    wrong = [f"{name} {found[name]}" for name in found if found[name] != expected.get(name)]
    if missing or wrong:
        raise ValueError(f"{table.name} is not in stored form: missing {missing}, wrong {wrong}")
    return tuple((name, kind) for name, kind in expected.items() if name in found)
