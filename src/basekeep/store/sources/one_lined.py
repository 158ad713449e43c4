"""Which columns of a source file hold no line break: those that a contract column of one line is made of."""

from __future__ import annotations

import re
from collections.abc import Sequence

from basekeep.contract.columns import Column, Table


class OneLined:
    """Knows by name, and by `column as name` in the select, what becomes of the columns of a file."""

    def __init__(self, table: Table, select: str) -> None:
        self._names = {column.name for column in table.columns if _one_line(column, table)}
        aliases = re.findall(r'("[^"]+"|\w+)\s+as\s+"?(\w+)"?', select, re.IGNORECASE)
        self._renamed = {source.strip('"').lower() for source, name in aliases if name.lower() in self._names}
        # A column that the select computes anew under the same name may come as any text.
        self._computed = {
            name.lower() for source, name in aliases if source.strip('"').lower() != name.lower()
        }  # fmt: skip

    def of(self, columns: Sequence[str]) -> frozenset[int]:
        """The indices of the columns whose cells hold no line break."""
        known = (self._names - self._computed) | self._renamed
        return frozenset(index for index, name in enumerate(columns) if name.lower() in known)


def _one_line(column: Column, table: Table) -> bool:
    """Whether no cell of it, however written, goes on over lines: an id, a day, a number, a flag, a closed set."""
    name = column.name
    return column.type != "string" or bool(column.values) or name in table.key or name.endswith("_id")
