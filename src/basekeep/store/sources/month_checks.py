"""The months of what was read: none of the future, the wanted one present, one typed file for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from basekeep.contract.columns import Table
from basekeep.contract.subscriber_month import SUBSCRIBER_MONTH
from basekeep.engines.protocol import Session
from basekeep.engines.sql_text import sql_name, sql_names
from basekeep.kernel.findings import Finding, Place
from basekeep.kernel.months import month_text
from basekeep.kernel.text import Text
from basekeep.store.sources.checked_rows import ROW_GROUP_ROWS, CheckedRows
from basekeep.store.sources.rejected_rows import Origin
from basekeep.store.sources.scans import FILE, ROW
from basekeep.store.sources.staging import Staging

_MONTH = sql_name("month")


def open_months(checked: CheckedRows, today: date) -> str:
    """SQL: the rows that pass and are of a month not yet closed on `today`."""
    return f"(SELECT * FROM {checked.passing} WHERE {_MONTH} >= DATE '{today.replace(day=1).isoformat()}')"


def future_findings(session: Session, checked: CheckedRows, origin: Origin, today: date, place: Place) -> list[Finding]:
    """One error for each month that is not closed yet, at its first row."""
    rows = session.rows(
        f"SELECT {_MONTH}, count(*), min(file), arg_min(line, (file, line)) FROM ("
        f"SELECT {_MONTH}, {origin.shown(FILE)} AS file, {origin.line(ROW)} AS line FROM {open_months(checked, today)}"
        f") GROUP BY 1 ORDER BY 1"
    )
    return [
        future_month(found, today, Place(str(file), int(line or 0)) if file else place, int(count))
        for found, count, file, line in rows
    ]


def future_month(month: date, today: date, place: Place, rows: int = 0) -> Finding:
    """The error for a month that is not closed on `today`."""
    zh, en = (f"（{rows:,} 行）", f" ({rows:,} rows)") if rows else ("", "")
    return Finding(
        "future_month",
        place,
        Text(f"月份 {month_text(month)} 在 {today.isoformat()} 还没有结束{zh}",
             f"month {month_text(month)} is not closed on {today.isoformat()}{en}"),
        Text("只导入已结束的月份；核对月份列和系统日期。",
             "Read closed months only; look at the month column and at the date of this machine."),
    )  # fmt: skip


def absent_month(table: Table, month: date, held: Sequence[date], place: Place) -> Finding:
    """Nothing of the wanted month: an error for the main table, a warning for the others, which may come later."""
    shown = ", ".join(month_text(found) for found in held[-12:])
    return Finding(
        "month_absent",
        place,
        Text(f"{table.name} 中没有 {month_text(month)} 的行；有的月份：{shown or '无'}",
             f"{table.name} has no row of {month_text(month)}; it has: {shown or 'none'}"),
        Text("核对文件和 --month；迟到的数据到了再执行一次。",
             "Check the files and --month; run it again when late data has come."),
        severity="error" if table.name == SUBSCRIBER_MONTH.name else "warning",
    )  # fmt: skip


def no_rows(table: Table, place: Place) -> Finding:
    """The select gives nothing at all."""
    what = Text(f"{table.name} 的 select 没有给出任何行", f"the select of {table.name} gives no row")
    return Finding(
        "no_rows", place, what, Text("核对 where 条件和文件内容。", "Look at its where clause and at the files.")
    )


def months_of(session: Session, checked: CheckedRows) -> list[date]:
    """The months of the rows to be stored."""
    return [month for (month,) in session.rows(f"SELECT DISTINCT {_MONTH} FROM {checked.good} ORDER BY 1")]


def split(
    session: Session, table: Table, checked: CheckedRows, staging: Staging
) -> tuple[Mapping[date | None, Path], Mapping[date | None, int]]:
    """One typed file per month, or one for a table without months; and the number of rows of each.

    None for a month laid down already.
    """
    if checked.laid:
        return {}, {checked.laid.month: checked.count}
    names = sql_names(checked.columns)
    months = months_of(session, checked) if table.monthly else []
    if checked.clean and checked.typed and len(months) < 2:
        only_one = months[0] if months else None
        return {only_one: checked.typed}, {only_one: checked.count}
    if not table.monthly:
        path = staging.path(".parquet")
        return {None: path}, {None: session.copy(f"SELECT {names} FROM {checked.good}", path, ROW_GROUP_ROWS)}
    files: dict[date | None, Path] = {}
    stored: dict[date | None, int] = {}
    for month in months:
        files[month] = staging.path(".parquet")
        only = f" WHERE {_MONTH} = DATE '{month.isoformat()}'" if len(months) > 1 else ""
        stored[month] = session.copy(f"SELECT {names} FROM {checked.good}{only}", files[month], ROW_GROUP_ROWS)
    return files, stored
