"""Stores one typed partition as a version: aligned for subscriber_month, plain for every other table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from basekeep.contract.columns import Table
from basekeep.contract.subscriber_month import SUBSCRIBER_MONTH
from basekeep.engines.protocol import Engine
from basekeep.store.aligned import AlignedMonth, align_laid, align_month
from basekeep.store.manifest import write_manifest
from basekeep.store.plain import DATA_FILE, write_plain
from basekeep.store.roster import Roster
from basekeep.store.sources.straight import Laid
from basekeep.store.state import SHARD_ROWS, PartitionRef, State, partition_key
from basekeep.store.writing import Work, writing


def place_partition(
    work: Work, engine: Engine, roster: Roster | None, table: Table, month: date | None, typed: Path, mapping: str
) -> PartitionRef:
    """Write and place one version from typed Parquet; it counts once it is published."""
    folder = work.new_folder()
    if table is SUBSCRIBER_MONTH:
        assert month is not None
        assert roster is not None
        return _placed(work, folder, month, align_month(engine, roster, month, typed, folder), mapping)
    rows, columns = write_plain(engine, table, typed, folder)
    manifest = write_manifest(folder, table.name, partition_key(month), mapping, rows, columns, {DATA_FILE: rows})
    return work.place(folder, manifest)


def place_laid(
    work: Work, engine: Engine, roster: Roster, laid: Laid, columns: Sequence[str], mapping: str
) -> PartitionRef:
    """The same of a month of subscriber_month that lies on the roster already."""
    folder = work.new_folder()
    return _placed(work, folder, laid.month, align_laid(engine, roster, laid, columns, folder), mapping)


def _placed(work: Work, folder: Path, month: date, aligned: AlignedMonth, mapping: str) -> PartitionRef:
    manifest = write_manifest(
        folder, SUBSCRIBER_MONTH.name, partition_key(month), mapping,
        aligned.rows, aligned.columns, aligned.file_rows,
    )  # fmt: skip
    return work.place(folder, manifest)


def store_month(
    store_dir: Path, engine: Engine, month: date, typed: Path, mapping: str = "", shard_rows: int = SHARD_ROWS
) -> State:
    """Store and publish one typed month of subscriber_month by itself; gives the state that now holds.

    `shard_rows` counts only for the first month of an empty store.
    """
    return store_table(store_dir, engine, SUBSCRIBER_MONTH, month, typed, mapping, shard_rows)


def store_table(
    store_dir: Path,
    engine: Engine,
    table: Table,
    month: date | None,
    typed: Path,
    mapping: str = "",
    shard_rows: int = SHARD_ROWS,
) -> State:
    """Store and publish one typed partition of any contract table by itself; gives the state that now holds."""
    with writing(store_dir) as work, Roster(engine, store_dir, work.begin(shard_rows)) as roster:
        ref = place_partition(work, engine, roster, table, month, typed, mapping)
        work.publish_changes({(table.name, partition_key(month)): ref}, roster.store(work))
        return work.state
