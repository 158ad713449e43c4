"""Lays one month on the roster: row i of shard k is the subscriber at position k × shard_rows + i.

A subscriber without a row that month is a row of nulls. Never rewrites another month.
"""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from basekeep.contract.subscriber_month import SUBSCRIBER_MONTH
from basekeep.engines.protocol import Engine, Session
from basekeep.engines.sql_text import parquet_scan, sql_name
from basekeep.kernel.errors import WorkError
from basekeep.kernel.months import month_text
from basekeep.kernel.text import Text
from basekeep.store.physical import typed_columns
from basekeep.store.roster import Roster, shard_file

# A shard in the making holds its row group in memory (about 150 MB with all columns).
_WRITERS = 4


@dataclass(frozen=True, slots=True)
class AlignedMonth:
    """A month as written: rows of data, columns with their stored types, positions per file."""

    rows: int
    columns: tuple[tuple[str, str], ...]
    file_rows: dict[str, int]


def align_month(engine: Engine, roster: Roster, month: date, typed: Path, folder: Path) -> AlignedMonth:
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
        placed = f"placed_{secrets.token_hex(6)}"
        try:
            positions = _place(session, roster, placed, source, columns)
            doubles = int(session.rows(f"SELECT count(*) FROM {placed}")[0][0]) - positions
            if doubles:
                raise _not_one_month(month, doubles, 0, 0)
            file_rows = _write_shards(engine, roster, placed, columns, positions, folder)
        finally:
            session.run(f"DROP TABLE IF EXISTS {placed}")
    return AlignedMonth(rows, columns, file_rows)


def _rows_of_month(session: Session, source: str, month: date) -> int:
    rows, ids, others = session.rows(
        f"SELECT count(*), count(subscriber_id), count(*) FILTER (month IS DISTINCT FROM DATE '{month.isoformat()}') "
        f"FROM {source}"
    )[0]
    if ids != rows or others:
        raise _not_one_month(month, 0, rows - ids, others)
    return int(rows)


def _place(session: Session, roster: Roster, placed: str, source: str, columns: tuple[tuple[str, str], ...]) -> int:
    """Fill the table `placed` with one row per position, in order; gives the number of positions."""
    last = session.rows(f"SELECT max(position) FROM {roster.table} SEMI JOIN {source} USING (subscriber_id)")[0][0]
    positions = 0 if last is None else int(last) + 1
    chosen = ", ".join(f"m.{sql_name(name)}" for name, _ in columns)
    # The one sort. Later reads keep this order: the engine preserves the order of insertion.
    session.run(
        f"CREATE TABLE {placed} AS SELECT r.position, {chosen} FROM {roster.table} r "
        f"LEFT JOIN {source} m ON m.subscriber_id = r.subscriber_id "
        f"WHERE r.position < {positions} ORDER BY r.position"
    )
    return positions


def _write_shards(
    engine: Engine, roster: Roster, placed: str, columns: tuple[tuple[str, str], ...], positions: int, folder: Path
) -> dict[str, int]:
    shards = range(-(-positions // roster.shard_rows))

    def write(shard: int) -> int:
        with engine.session() as session:
            return _write_shard(session, roster, placed, columns, shard, folder / shard_file(shard))

    with ThreadPoolExecutor(min(_WRITERS, engine.threads)) as pool:
        written = list(pool.map(write, shards))
    return {shard_file(shard): rows for shard, rows in zip(shards, written, strict=True)}


def _write_shard(
    session: Session, roster: Roster, placed: str, columns: tuple[tuple[str, str], ...], shard: int, path: Path
) -> int:
    first = shard * roster.shard_rows
    chosen = ", ".join(sql_name(name) for name, _ in columns)
    written = session.copy(
        f"SELECT {chosen} FROM {placed} WHERE position >= {first} AND position < {first + roster.shard_rows}",
        path,
        roster.shard_rows,
    )
    # A row at another's position would be somebody else's data: looked at once more, in what was written.
    strangers = session.rows(
        f"SELECT count(*) FROM ({roster.shard_sql(shard)}) r "
        f"POSITIONAL JOIN (SELECT subscriber_id FROM {parquet_scan(path)}) m WHERE m.subscriber_id <> r.subscriber_id"
    )[0][0]
    if strangers:
        raise ValueError(f"shard {shard}: {strangers} rows at another subscriber's position")
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
