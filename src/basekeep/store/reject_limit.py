"""Decides whether too many rows of a month, or of a table, were rejected for the rest to be believed.

Each month is judged by its own rows, so that it gets the same answer alone and among others.
"""

from __future__ import annotations

from decimal import ROUND_UP, Decimal

from basekeep.kernel.findings import Finding, Place
from basekeep.kernel.months import month_text
from basekeep.kernel.text import Text
from basekeep.store.sources.ledger import Ledger, MonthRejects, RejectReason, allowed
from basekeep.store.sources.reasons import REASONS


def over_limit(ledger: Ledger, limit: Decimal, place: Place, kept_in: str) -> list[Finding]:
    """An error for each month of which more than this share of the rows read was rejected, or for the table.

    The table is judged for the rows of which nobody can say the month, and where it has no months.
    `place` is where the table's select stands, `kept_in` the folder with the rejected rows.
    """
    failed: dict[str, Ledger | MonthRejects] = {
        f"{ledger.table} {month_text(month.month)}": month for month in ledger.months if _over(month, limit)
    }
    of_no_month = ledger.rejected - sum(month.rejected for month in ledger.months)
    if _over(ledger, limit) and (of_no_month or not failed):
        failed[ledger.table] = ledger
    enough = max((_share(account) for account in failed.values()), default=limit)
    do = _look(kept_in, ledger.table, enough.quantize(Decimal("0.001"), rounding=ROUND_UP))
    return [_too_many(ledger.table, name, account, limit, place, do) for name, account in failed.items()]


def _too_many(table: str, name: str, account: Ledger | MonthRejects, limit: Decimal, place: Place, do: Text) -> Finding:
    top = max(account.reasons, key=lambda reason: reason.count)
    return Finding(
        "ingest.too_many_rejects",
        place,
        Text(
            f"{name}：读入 {account.read:,} 行，拒收 {account.rejected:,} 行（{_percent(_share(account))}），"
            f"超过限度 {_percent(limit)}；最多的是{_reason_zh(top)}{_read_zh(table, top)}",
            f"{name}: {account.rejected:,} of {account.read:,} rows rejected ({_percent(_share(account))}), "
            f"more than the limit of {_percent(limit)}; mostly: {_reason_en(top)}{_read_en(table, top)}",
        ),
        do,
    )


def _look(kept_in: str, table: str, enough: Decimal) -> Text:
    return Text(
        f"查看 {kept_in}/{table}.parquet 中的行，改正源文件或 select；"
        f"确认可以接受时用 --reject-limit {enough} 重新执行。",
        f"Look at the rows in {kept_in}/{table}.parquet, correct the source or the select; "
        f"if they may be left out, call again with --reject-limit {enough}.",
    )


def _over(account: Ledger | MonthRejects, limit: Decimal) -> bool:
    return account.rejected > limit * account.read


def _share(account: Ledger | MonthRejects) -> Decimal:
    return Decimal(account.rejected) / Decimal(account.read)


def _percent(share: Decimal) -> str:
    return f"{(share * 100).quantize(Decimal('0.01')).normalize():f}%"


def _reason_zh(reason: RejectReason) -> str:
    column = f" {reason.column} 列：" if reason.column else ""
    return f"{column}{REASONS[reason.code].what.zh}（{reason.count:,} 行，首见于 {_first(reason)}）"


def _reason_en(reason: RejectReason) -> str:
    column = f"column {reason.column}, " if reason.column else ""
    rows = "1 row" if reason.count == 1 else f"{reason.count:,} rows"
    return f"{column}{REASONS[reason.code].what.en} ({rows}, first in {_first(reason)})"


def _read_zh(table: str, reason: RejectReason) -> str:
    takes = allowed(table, reason).zh
    return (f"，读到“{reason.example_masked}”" if reason.example_masked else "") + (f"，可取：{takes}" if takes else "")


def _read_en(table: str, reason: RejectReason) -> str:
    takes = allowed(table, reason).en
    return (f", read {reason.example_masked!r}" if reason.example_masked else "") + (
        f"; allowed: {takes}" if takes else ""
    )


def _first(reason: RejectReason) -> Place:
    return Place(reason.first_file, reason.first_line)
