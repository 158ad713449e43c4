"""What a column is: its type, unit, labels and the range a sane value lies in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from basekeep.kernel.text import Text

# `number` is what the source gives as a decimal: money, minutes, megabytes, shares. It is kept exactly,
# with four decimals, as a whole number of ten-thousandths, so that comparisons with a limit are exact.
ColumnType = Literal["string", "date", "bool", "int", "number", "timestamp"]
NUMBER_SCALE = 10_000
# How each type is stored, in SQL's words: the one table that reading, storing, computing and querying agree on.
STORED: Final[dict[ColumnType, str]] = {
    "string": "VARCHAR",
    "date": "DATE",
    "bool": "BOOLEAN",
    "int": "BIGINT",
    "number": "BIGINT",
    "timestamp": "TIMESTAMP",
}

Unit = Literal["", "yuan", "minutes", "MB", "share", "days", "years", "months", "times", "points", "subscribers"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a contract table.

    `lower` and `upper` bound a sane value (both included); what lies outside is rejected at ingest.
    `required` wants the column; `may_be_unknown` lets its cells be empty all the same.
    `values` is a closed set; an empty tuple leaves the column open. `none_when_empty` marks the
    columns in which an empty cell means *none* and not *unknown*. `personal` marks personal data.
    """

    name: str
    type: ColumnType
    label: Text
    unit: Unit = ""
    required: bool = False
    may_be_unknown: bool = False
    none_when_empty: bool = False
    lower: int | None = None
    upper: int | None = None
    values: tuple[str, ...] = ()
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One contract table: its columns and the key that makes a row unique."""

    name: str
    label: Text
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    monthly: bool = False

    def column(self, name: str) -> Column:
        """The column of that name.

        Raises:
            KeyError: the table has no such column.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def names(self) -> tuple[str, ...]:
        """The column names in the contract's order."""
        return tuple(column.name for column in self.columns)


def text(name: str, zh: str, en: str, *, values: tuple[str, ...] = (), required: bool = False,
         none: bool = False, personal: bool = False) -> Column:  # fmt: skip
    """A string column."""
    return Column(name, "string", Text(zh, en), required=required, none_when_empty=none, values=values,
                  personal=personal)  # fmt: skip


def day(
    name: str, zh: str, en: str, *, required: bool = False, may_be_unknown: bool = False, none: bool = False
) -> Column:
    """A date column."""
    return Column(name, "date", Text(zh, en), required=required, may_be_unknown=may_be_unknown, none_when_empty=none)


def flag(name: str, zh: str, en: str) -> Column:
    """A true/false column."""
    return Column(name, "bool", Text(zh, en))


def count(name: str, zh: str, en: str, *, unit: Unit = "times", lower: int = 0, upper: int = 1_000_000) -> Column:
    """A whole number."""
    return Column(name, "int", Text(zh, en), unit=unit, lower=lower, upper=upper)


def money(name: str, zh: str, en: str, *, lower: int = 0, upper: int = 1_000_000) -> Column:
    """An amount in yuan."""
    return Column(name, "number", Text(zh, en), unit="yuan", lower=lower, upper=upper)


def minutes(name: str, zh: str, en: str) -> Column:
    """Minutes in a month."""
    return Column(name, "number", Text(zh, en), unit="minutes", lower=0, upper=1_000_000)


def megabytes(name: str, zh: str, en: str) -> Column:
    """Megabytes in a month."""
    return Column(name, "number", Text(zh, en), unit="MB", lower=0, upper=10_000_000)


def share(name: str, zh: str, en: str) -> Column:
    """A share from 0 to 1."""
    return Column(name, "number", Text(zh, en), unit="share", lower=0, upper=1)
