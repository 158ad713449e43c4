"""Writes down every rejected row with its reason, place and month, and sums them up. Personal cells are masked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from basekeep.contract.columns import Table
from basekeep.engines.protocol import Session
from basekeep.engines.sql_text import parquet_scan, sql_literal
from basekeep.kernel.findings import Place
from basekeep.store.sources.broken_lines import BrokenLines
from basekeep.store.sources.checked_rows import ROW_GROUP_ROWS, CheckedRows, sql_names_of
from basekeep.store.sources.checking import CELL, FAULT, RAW, Bound, cells_of, raw_row
from basekeep.store.sources.date_formats import EARLIEST_MONTH, LATEST_DAY
from basekeep.store.sources.ledger import MonthRejects, RejectReason
from basekeep.store.sources.masked import masked_if_long_number
from basekeep.store.sources.pieces import Piece
from basekeep.store.sources.scans import FILE, ROW


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the rows of a reading come from: the pieces scanned, and whether their rows have lines."""

    pieces: tuple[Piece, ...]
    has_lines: bool

    def shown(self, path: str) -> str:
        """SQL: the user's name for the file at that path."""
        scanned = ", ".join(sql_literal(piece.scanned) for piece in self.pieces)
        names = ", ".join(sql_literal(piece.file.shown) for piece in self.pieces)
        return f"list_extract([{names}], list_position([{scanned}], {path}))" if self.pieces else "NULL::VARCHAR"

    def line(self, row: str) -> str:
        """SQL: the line of a row, NULL where the source has none."""
        return row if self.has_lines else "NULL::BIGINT"


def write_rejects(
    session: Session, table: Table, bound: Bound, checked: CheckedRows, broken: Sequence[BrokenLines],
    origin: Origin, target: Path,
) -> int:  # fmt: skip
    """Write all rejected rows: reason, column, value, file, line, raw, month; gives their number.

    A row whose month cannot be read is of the month of its file, where the file holds one month only.
    """
    parts = [_cells(table, checked, origin)]
    if checked.doubles is not None:
        parts.append(_doubles(table, bound, checked, origin))
    parts += [_broken(lines) for lines in broken if lines.count]
    rejects = "(" + "\nUNION ALL ".join(parts) + ")"
    if table.monthly:
        placed = "r.* REPLACE (coalesce(r.month, f.month) AS month)"
        rejects = (
            f"(SELECT {placed} FROM {rejects} r LEFT JOIN {_files_of_one_month(table, checked, origin)} f USING (file))"
        )
    return session.copy(f"SELECT * FROM {rejects} ORDER BY file, line, reason", target, ROW_GROUP_ROWS)


def rejects_by_month(
    session: Session, rejects: Path | None, stored: Mapping[date | None, int], origin: Origin, place: Place
) -> tuple[MonthRejects, ...]:
    """The account of each month; `stored` are the rows of each that are not rejected."""
    counts: dict[date, int] = {}
    if rejects is not None:
        counts = dict(
            session.rows(f"SELECT month, count(*) FROM {parquet_scan(rejects)} WHERE month IS NOT NULL GROUP BY 1")
        )
    return tuple(
        MonthRejects(
            month,
            stored.get(month, 0) + counts.get(month, 0),
            counts.get(month, 0),
            sum_up(session, rejects, origin, place, month) if rejects and month in counts else (),
        )
        for month in sorted({month for month in stored if month} | counts.keys())
    )


def sum_up(
    session: Session, rejects: Path, origin: Origin, place: Place, month: date | None = None
) -> tuple[RejectReason, ...]:
    """Rejected rows, or those of one month, by reason and column, most frequent first.

    Without a file of its own a row is at the select.
    """
    only = f"WHERE month = DATE '{month.isoformat()}'" if month else ""
    names = ", ".join(sql_literal(name) for name in dict.fromkeys(piece.file.shown for piece in origin.pieces))
    rank = f"coalesce(list_position([{names}], file), 0)" if names else "0"
    order = f"({rank} * 1000000000000 + coalesce(line, 0))"
    rows = session.rows(
        f'SELECT reason, "column", count(*), arg_min(file, {order}), arg_min(line, {order}), '
        f"arg_min(left(value, 40), {order}) FROM {parquet_scan(rejects)} {only} GROUP BY ALL ORDER BY 3 DESC, 1, 2"
    )
    return tuple(
        RejectReason(
            str(reason), str(column), int(count), str(file) if file else place.file,
            int(line or 0) if file else place.line, str(example or ""),
        )
        for reason, column, count, file, line, example in rows
    )  # fmt: skip


def _month(table: Table, rows: str) -> str:
    """SQL: the month of a row; NULL where it cannot be read or lies outside the range of sane months."""
    if not table.monthly:
        return "NULL::DATE"
    month = f'{rows}."month"'
    return f"CASE WHEN {month} BETWEEN DATE '{EARLIEST_MONTH}' AND DATE '{LATEST_DAY}' THEN {month} END"


def _files_of_one_month(table: Table, checked: CheckedRows, origin: Origin) -> str:
    months = f"SELECT {origin.shown(f't.{FILE}')} AS file, {_month(table, 't')} AS month FROM {checked.rows} t"
    return f"(SELECT file, min(month) AS month FROM ({months}) GROUP BY 1 HAVING min(month) = max(month))"


def _cells(table: Table, checked: CheckedRows, origin: Origin) -> str:
    return (
        f"SELECT split_part({FAULT}, ':', 2) AS reason, split_part({FAULT}, ':', 1) AS \"column\", "
        f"{masked_if_long_number(CELL)} AS value, {origin.shown(FILE)} AS file, {origin.line(ROW)} AS line, "
        f"{RAW} AS raw, {_month(table, 't')} AS month FROM {checked.rows} t WHERE {FAULT} IS NOT NULL"
    )


def _doubles(table: Table, bound: Bound, checked: CheckedRows, origin: Origin) -> str:
    """The raw rows of copies and conflicts are fetched again: before, nobody could know that they were needed."""
    assert checked.doubles is not None
    key = [name for name in table.key if name in checked.columns]
    value = f"concat_ws(', ', {sql_names_of('t', key)})"
    return (
        f"SELECT d.reason, {sql_literal(', '.join(key))}, {masked_if_long_number(f'({value})')}, "
        f"{origin.shown(f't.{FILE}')}, {origin.line(f't.{ROW}')}, {raw_row(bound.columns)}, "
        f"{_month(table, 't')} "
        f"FROM {parquet_scan(checked.doubles)} d JOIN {checked.passing} t ON t.file_row_number = d.id "
        f"LEFT JOIN ({cells_of(bound)}) c ON c.{FILE} IS NOT DISTINCT FROM t.{FILE} AND c.{ROW} = t.{ROW}"
    )


def _broken(lines: BrokenLines) -> str:
    return (
        "SELECT 'broken_line', '', NULL::VARCHAR, file, line, CAST(to_json(struct_pack(line := text)) AS VARCHAR), "
        f"NULL::DATE FROM {parquet_scan(lines.path)}"
    )
