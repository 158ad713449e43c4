"""Lays one month on the roster: row i of shard k is the subscriber at position k × shard_rows + i.

A subscriber without a row that month is a row of nulls. Never rewrites another month.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from basekeep.contract.subscriber_month import SUBSCRIBER_MONTH
from basekeep.engines.protocol import Engine, Session
from basekeep.engines.sql_text import parquet_scan, sql_names
from basekeep.kernel.errors import WorkError
from basekeep.kernel.months import month_text
from basekeep.kernel.text import Text
from basekeep.store.narrow import widened
from basekeep.store.roster import Positions, shard_file
from basekeep.store.sources.straight import Laid
from basekeep.store.state import SHARD_ROWS
from basekeep.store.stored_form import typed_columns

# A shard in the making holds its row group in memory (about 150 MB with all columns).
_WRITERS = 4


@dataclass(frozen=True, slots=True)
class AlignedMonth:
    """A month as written: rows of data, columns with their stored types, positions per file."""

    rows: int
    columns: tuple[tuple[str, str], ...]
    file_rows: dict[str, int]


def align_month(engine: Engine, roster: Positions, month: date, typed: Path, folder: Path) -> AlignedMonth:
    """Write one month's shard files into an empty folder; newcomers are appended to the roster.

    `typed` is Parquet of this month in stored types, in any order of rows. The files reach up to the month's last
    position, so that the same month gives the same bytes however far the roster has grown since.

    Raises:
        WorkError: a subscriber stands twice, an id is empty, or a row is of another month.
    """
    source = parquet_scan(typed)
    with engine.session() as session:
        columns = typed_columns(session, SUBSCRIBER_MONTH, source)
        rows = _rows_of_month(session, source, month)
        roster.extend(source)
        placed = _Placed(roster, f"placed_{secrets.token_hex(6)}", sql_names(name for name, _ in columns))
        try:
            _place(session, placed, source, month)
            return AlignedMonth(rows, columns, _write_shards(engine, session, placed, folder))
        finally:
            roster.drop(placed.table)


def align_laid(engine: Engine, roster: Positions, laid: Laid, names: Sequence[str], folder: Path) -> AlignedMonth:
    """The same for a month that lies on the roster already, its newcomers by id after all positions.

    Raises:
        WorkError: a row is of another month.
    """
    source = f"(SELECT {widened(names)} FROM {laid.table})"
    with engine.session() as session:
        columns = typed_columns(session, SUBSCRIBER_MONTH, source)
        rows = _rows_of_month(session, f"(FROM {source} WHERE subscriber_id IS NOT NULL)", laid.month)
        roster.extend(f"(SELECT subscriber_id FROM {laid.table} WHERE position IS NULL)")
        placed = _Placed(roster, laid.table, widened(name for name, _ in columns))
        return AlignedMonth(rows, columns, _write_shards(engine, session, placed, folder))


@dataclass(frozen=True, slots=True)
class _Placed:
    """A table in the engine: nobody's row, then one for each position, in order; `names` are its columns as SQL.

    So the rowid of a row, which a scan is cut by without reading, is its position and one.
    """

    roster: Positions
    table: str
    names: str


def _rows_of_month(session: Session, source: str, month: date) -> int:
    rows, ids, others = session.rows(
        f"SELECT count(*), count(subscriber_id), count(*) FILTER (month IS DISTINCT FROM DATE '{month.isoformat()}') "
        f"FROM {source}"
    )[0]
    if ids != rows or others:
        raise _not_one_month(month, 0, rows - ids, others)
    return int(rows)


def _place(session: Session, placed: _Placed, source: str, month: date) -> None:
    """Fill the table with one row per roster position."""
    roster = placed.roster
    session.run(
        f"CREATE TABLE {placed.table} AS SELECT m.* FROM {roster.with_nobody} r "
        f"LEFT JOIN (SELECT {placed.names} FROM {source}) m ON m.subscriber_id = r.subscriber_id "
        # The one sort. Later reads keep this order: the engine preserves the order of insertion.
        "ORDER BY r.position"
    )
    doubles = int(session.rows(f"SELECT count(*) FROM {placed.table}")[0][0]) - roster.rows - 1
    if doubles:
        raise _not_one_month(month, doubles, 0, 0)


def _write_shards(engine: Engine, session: Session, placed: _Placed, folder: Path) -> dict[str, int]:
    """Write the shards, as far as the month's last position."""
    size = placed.roster.shard_rows
    last = session.rows(f"SELECT max(rowid) FROM {placed.table} WHERE subscriber_id IS NOT NULL")[0][0]
    positions = int(last or 0)
    # A shard cut by ids may hold nobody of the month: it has its file all the same.
    shards = range(max(1, -(-positions // size)))

    def write(shard: int) -> int:
        with engine.session() as session:
            end = min((shard + 1) * size, positions)
            return _write_shard(session, placed, shard, end, folder / shard_file(shard))

    with ThreadPoolExecutor(min(_WRITERS, engine.threads)) as pool:
        written = list(pool.map(write, shards))
    return {shard_file(shard): rows for shard, rows in zip(shards, written, strict=True)}


def _write_shard(session: Session, placed: _Placed, shard: int, end: int, path: Path) -> int:
    first = shard * placed.roster.shard_rows
    chosen = f"SELECT {placed.names} FROM {placed.table} WHERE rowid > {first} AND rowid <= {end}"
    written = session.copy(chosen, path, min(placed.roster.shard_rows, SHARD_ROWS))
    # A row at another's position would be somebody else's data: looked at once more, in what was written.
    strangers = session.rows(
        f"SELECT count(*) FROM ({placed.roster.shard_sql(shard)}) r "
        f"POSITIONAL JOIN (SELECT subscriber_id FROM {parquet_scan(path)}) m WHERE m.subscriber_id <> r.subscriber_id"
    )[0][0]
    if strangers or written != end - first:
        raise ValueError(f"shard {shard}: {written} rows, {strangers} of them at another subscriber's position")
    return written


def _not_one_month(month: date, doubles: int, empty: int, others: int) -> WorkError:
    return WorkError(
        "store.not_one_month",
        Text(
            f"{month_text(month)} 的数据不能入库：用户标识重复 {doubles} 行、为空 {empty} 行，月份不符 {others} 行",
            f"{month_text(month)} cannot be stored: {doubles} rows with a repeated subscriber id, {empty} without one, "
            f"{others} of another month",
        ),
    )
