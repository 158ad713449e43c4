"""Decides whether too many rows of a table were rejected for the rest to be believed."""

from __future__ import annotations

from decimal import ROUND_UP, Decimal

from basekeep.kernel.findings import Finding, Place
from basekeep.kernel.text import Text
from basekeep.store.sources.ledger import Ledger, RejectReason, allowed
from basekeep.store.sources.reasons import REASONS


def over_limit(ledger: Ledger, limit: Decimal, place: Place, kept_in: str) -> Finding | None:
    """An error where more than this share of the rows read was rejected.

    `place` is where the table's select stands, `kept_in` the folder with the rejected rows.
    """
    if ledger.rejected <= limit * ledger.read:
        return None
    share = Decimal(ledger.rejected) / Decimal(ledger.read)
    enough = share.quantize(Decimal("0.001"), rounding=ROUND_UP)
    top = max(ledger.reasons, key=lambda reason: reason.count)
    return Finding(
        "ingest.too_many_rejects",
        place,
        Text(
            f"{ledger.table}：读入 {ledger.read:,} 行，拒收 {ledger.rejected:,} 行（{_percent(share)}），"
            f"超过限度 {_percent(limit)}；最多的是{_reason_zh(top)}{_read_zh(ledger.table, top)}",
            f"{ledger.table}: {ledger.rejected:,} of {ledger.read:,} rows rejected ({_percent(share)}), "
            f"more than the limit of {_percent(limit)}; mostly: {_reason_en(top)}{_read_en(ledger.table, top)}",
        ),
        Text(
            f"查看 {kept_in}/{ledger.table}.parquet 中的行，改正源文件或 select；"
            f"确认可以接受时用 --reject-limit {enough} 重新执行。",
            f"Look at the rows in {kept_in}/{ledger.table}.parquet, correct the source or the select; "
            f"if they may be left out, call again with --reject-limit {enough}.",
        ),
    )


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
