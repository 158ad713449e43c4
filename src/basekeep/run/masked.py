"""Phone numbers masked inside the tables that people query, by the kernel's rule, so that no query sees one."""

from __future__ import annotations

from basekeep.contract.columns import Table
from basekeep.engines.sql_text import sql_name

# The personal columns that hold phone numbers, whichever table has them.
_PHONES = ("msisdn",)


def masked(table: Table, query: str) -> str:
    """The query of a contract table with its phone numbers masked."""
    phones = [column.name for column in table.columns if column.name in _PHONES]
    if not phones:
        return query
    replaced = ", ".join(f"{_masked(sql_name(name))} AS {sql_name(name)}" for name in phones)
    return f"SELECT * REPLACE ({replaced}) FROM ({query})"


def _masked(column: str) -> str:
    """As `kernel.masking.mask_msisdn`: all but the first three and last two characters hidden."""
    stars = f"repeat('*', length({column}) - 5)"
    return (
        f"CASE WHEN length({column}) <= 5 THEN repeat('*', length({column})) "
        f"ELSE left({column}, 3) || {stars} || right({column}, 2) END"
    )
