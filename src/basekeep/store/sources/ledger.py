"""The account of one table's reading: what was read is stored or rejected, without remainder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from basekeep.contract.tables import TABLES
from basekeep.kernel.errors import WorkError
from basekeep.kernel.findings import Finding
from basekeep.kernel.text import Text


@dataclass(frozen=True, slots=True)
class RejectReason:
    """How many rows one reason cost in one column (empty for reasons of whole rows), and the first of them.

    `first_line` is 0 where the source has no lines; `example_masked` never shows personal data in clear.
    """

    code: str
    column: str
    count: int
    first_file: str
    first_line: int
    example_masked: str


def allowed(table: str, reason: RejectReason) -> Text:
    """What the column takes: its values or its range; empty where nothing so short can be said."""
    if reason.column not in TABLES[table].names:
        return Text("", "")
    column = TABLES[table].column(reason.column)
    if reason.code == "unknown_value" and column.values:
        return Text("、".join(column.values), ", ".join(column.values))
    if reason.code == "out_of_range" and column.lower is not None and column.upper is not None:
        return Text(f"{column.lower:,} 至 {column.upper:,}", f"{column.lower:,} to {column.upper:,}")
    return Text("", "")


@dataclass(frozen=True, slots=True)
class MonthRejects:
    """The rows of one month read and rejected, by reason."""

    month: date
    read: int
    rejected: int
    reasons: tuple[RejectReason, ...]


@dataclass(frozen=True, slots=True)
class Ledger:
    """Rows read, stored and rejected, by reason; `rejects_file` holds the rejected rows, None when there are none.

    `months` are all that were read; rows of which nobody can say the month are in none of them.
    `notes` are warnings: values rounded, columns left aside, months absent in between.
    """

    table: str
    read: int
    stored: int
    rejected: int
    reasons: tuple[RejectReason, ...]
    months: tuple[MonthRejects, ...]
    rejects_file: Path | None
    notes: tuple[Finding, ...]

    def __post_init__(self) -> None:
        by_reason = sum(reason.count for reason in self.reasons)
        if self.read != self.stored + self.rejected or self.rejected != by_reason:
            raise WorkError(
                "ledger.remainder",
                Text(
                    f"{self.table}：读入 {self.read}、入库 {self.stored}、拒收 {self.rejected}（按原因合计 {by_reason}）对不上。",
                    f"{self.table}: {self.read} read, {self.stored} stored, {self.rejected} rejected ({by_reason} by reason) do not add up.",
                ),
                Text(
                    "这是程序的错误，请报告；没有数据被改动。",
                    "This is a fault of the program: please report it; nothing was changed.",
                ),
            )
