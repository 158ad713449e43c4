"""What a column of the select brings, and whether a contract column can be made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from basekeep.contract.columns import Column, ColumnType

Kind = Literal["text", "whole", "decimal", "float", "flag", "day", "time"]

_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
_TIMES = ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS")
_ACCEPTED: dict[ColumnType, tuple[Kind, ...]] = {
    "string": ("text", "whole", "decimal", "float", "flag", "day", "time"),
    "date": ("text", "whole", "day", "time"),
    "timestamp": ("text", "whole", "day", "time"),
    "bool": ("text", "whole", "decimal", "float", "flag"),
    "int": ("text", "whole", "decimal", "float"),
    "number": ("text", "whole", "decimal", "float"),
}


@dataclass(frozen=True, slots=True)
class Matched:
    """A contract column and the column of the select that fills it; `engine_type` in the engine's words."""

    column: Column
    name: str
    engine_type: str

    @property
    def kind(self) -> Kind | None:
        """The kind of value, None for one that no column of the contract is made of."""
        name = self.engine_type.split("(", 1)[0].strip('"')
        if self.engine_type.endswith("]"):
            return None
        if name in ("VARCHAR", "ENUM", "UUID", "JSON", "NULL"):
            return "text"
        if name in _WHOLE or name.removeprefix("U") in _WHOLE:
            return "whole"
        kinds: dict[str, Kind] = {
            "DECIMAL": "decimal", "FLOAT": "float", "DOUBLE": "float", "BOOLEAN": "flag", "DATE": "day",
        }  # fmt: skip
        return "time" if name in _TIMES else kinds.get(name)

    @property
    def fits(self) -> bool:
        """Whether the contract column can be made of it."""
        return self.kind in _ACCEPTED[self.column.type]

    @property
    def as_written(self) -> bool:
        """Whether it is a day or a time that comes as text or as digits, so that its way of writing matters."""
        return self.column.type in ("date", "timestamp") and self.kind in ("text", "whole")
