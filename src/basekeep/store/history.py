"""The stored months of subscriber_month side by side: one row per roster position, one column per column and lag.

Writes SQL and lists files; never touches an engine or a file's content.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from basekeep.contract.columns import STORED
from basekeep.contract.subscriber_month import SUBSCRIBER_MONTH
from basekeep.engines.sql_text import parquet_scan, parquet_scans, sql_name, sql_names
from basekeep.kernel.months import month_text, shift_month
from basekeep.store.manifest import ExpectedFile, expected_files
from basekeep.store.roster import shard_file
from basekeep.store.state import ALL, ROSTER, PartitionRef, State, partition_folder

# Set in every row of data and in none of padding, and the cheapest column to read: one value per file.
_PRESENCE = "month"


def columns_of(state: State, month: date) -> frozenset[str]:
    """The columns stored for a month; none where the month is not stored."""
    ref = _stored(state, month)
    return frozenset(ref.columns) if ref else frozenset()


def history_files(state: State, store_dir: Path, month: date, lags: Iterable[int]) -> tuple[ExpectedFile, ...]:
    """The roster's files and those of each stored month that many months before `month`: verify them before use.

    Raises:
        DamageError: a manifest is missing or changed.
    """
    found: list[ExpectedFile] = []
    if state.roster:
        folder = partition_folder(store_dir, ROSTER, ALL, state.roster.version)
        found += expected_files(folder, state.roster.manifest_sha256)
    for lag in sorted(set(lags)):
        earlier = shift_month(month, -lag)
        if ref := _stored(state, earlier):
            found += expected_files(_folder(store_dir, earlier, ref), ref.manifest_sha256)
    return tuple(found)


def history_sql(store_dir: Path, state: State, month: date, shard: int, wanted: Sequence[tuple[str, int]]) -> str:
    """A query over one shard, in order of position, one row per position of the roster.

    Columns: `subscriber_id`; for every wanted (column, lag) `{column}_m{lag}` in its stored type, null where the month,
    the column or the subscriber's row is missing; for every lag of which a column is wanted in which an empty cell
    means none, `present_m{lag}`: a row exists that month. Elsewhere nobody needs to tell an empty cell from no row.

    Raises:
        KeyError: the contract has no such column.
        IndexError: the roster has no such shard.
    """
    if not (state.roster and 0 <= shard < state.shard_count):
        raise IndexError(f"no shard {shard}")
    pairs = tuple(dict.fromkeys(wanted))
    chosen = ['r."subscriber_id"']
    roster_file = partition_folder(store_dir, ROSTER, ALL, state.roster.version) / shard_file(shard)
    joined = [f'(SELECT "subscriber_id" FROM {parquet_scan(roster_file)}) r']
    for lag in sorted({lag for _, lag in pairs}):
        names = [name for name, at in pairs if at == lag]
        path, held = _month_shard(store_dir, state, shift_month(month, -lag), shard)
        chosen += _lag_columns(lag, names, held)
        if path and (needs_presence(names) or any(name in held for name in names)):
            marks = (_PRESENCE,) if needs_presence(names) else ()
            read = sql_names(dict.fromkeys((*marks, *(name for name in names if name in held))))
            # A month's file may be shorter than the roster's: a positional join fills up with nulls.
            joined.append(f"POSITIONAL JOIN (SELECT {read} FROM {parquet_scan(path)}) m{lag}")
    return "SELECT " + ", ".join(chosen) + "\nFROM " + "\n  ".join(joined)


def month_sql(store_dir: Path, state: State, month: date, names: Sequence[str]) -> str:
    """A query over all rows of one stored month at once, its columns named as `history_sql` names those of lag 0.

    For what needs no other month and no order of rows: the engine reads all shards as it likes.
    """
    ref = _stored(state, month)
    if not ref:
        raise KeyError(month_text(month))
    folder = _folder(store_dir, month, ref)
    count = state.shards or -(-ref.positions // state.shard_rows)
    files = [folder / shard_file(shard) for shard in range(count)]
    chosen = _lag_columns(0, list(dict.fromkeys(names)), frozenset(ref.columns))
    scan = parquet_scans(files)
    return f"SELECT {', '.join(chosen)} FROM {scan} m0 WHERE m0.{sql_name(_PRESENCE)} IS NOT NULL"


def _lag_columns(lag: int, names: Sequence[str], held: frozenset[str]) -> list[str]:
    found = []
    for name in names:
        kind = STORED[SUBSCRIBER_MONTH.column(name).type]
        value = f"m{lag}.{sql_name(name)}" if name in held else f"CAST(NULL AS {kind})"
        found.append(f"{value} AS {sql_name(f'{name}_m{lag}')}")
    if needs_presence(names):
        present = f"m{lag}.{sql_name(_PRESENCE)} IS NOT NULL" if held else "FALSE"
        found.append(f'{present} AS "present_m{lag}"')
    return found


def needs_presence(names: Iterable[str]) -> bool:
    """Whether among these columns is one in which an empty cell means none, so that a missing row must be told apart."""
    return any(SUBSCRIBER_MONTH.column(name).none_when_empty for name in names)


def _month_shard(store_dir: Path, state: State, month: date, shard: int) -> tuple[Path | None, frozenset[str]]:
    """The file that holds a month's part of a shard and its columns; none where the month does not reach so far."""
    ref = _stored(state, month)
    if not ref or (not state.shards and ref.positions <= shard * state.shard_rows):
        return None, frozenset()
    return _folder(store_dir, month, ref) / shard_file(shard), frozenset(ref.columns)


def _stored(state: State, month: date) -> PartitionRef | None:
    return state.partition(SUBSCRIBER_MONTH.name, month_text(month))


def _folder(store_dir: Path, month: date, ref: PartitionRef) -> Path:
    return partition_folder(store_dir, SUBSCRIBER_MONTH.name, month_text(month), ref.version)
