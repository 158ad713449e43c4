"""Places what an ingest has read: every month and table as a version of its own, newcomers on the roster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext

from basekeep.contract.tables import TABLES
from basekeep.engines.protocol import Engine
from basekeep.engines.spark import SparkEngine
from basekeep.kernel.progress import Progress
from basekeep.kernel.text import Text
from basekeep.store.cluster import ShardReading, place_by_shard
from basekeep.store.roster import Roster
from basekeep.store.sources.reading import Reading
from basekeep.store.state import PartitionRef, partition_key
from basekeep.store.storing import place_laid, place_partition
from basekeep.store.workspace import Workspace
from basekeep.store.writing import Work

Versions = dict[tuple[str, str], PartitionRef]


def whole_roster(engine: Engine, work: Work) -> AbstractContextManager[Roster | None]:
    """The roster in the engine; nothing where the store is cut by ids, each shard with a roster of its own."""
    if isinstance(engine, SparkEngine) and work.state.shards:
        return nullcontext()
    return Roster(engine, work.store_dir, work.state)


def place_all(
    workspace: Workspace, engine: Engine, work: Work, roster: Roster | None,
    readings: Sequence[Reading | ShardReading], progress: Progress,
) -> tuple[Versions, PartitionRef | None, int]:  # fmt: skip
    """Place each month and table; gives the versions, the roster's, and the number of newcomers."""
    mapped = workspace.settings.tables
    whole = [reading for reading in readings if isinstance(reading, Reading)]
    if roster:
        known = roster.rows
        versions = _place_whole(work, engine, roster, whole, mapped, progress)
        return versions, roster.store(work), roster.rows - known
    versions, ref, newcomers = _place_whole(work, engine, None, whole, mapped, progress), work.state.roster, 0
    for reading in readings:
        if isinstance(reading, ShardReading):
            assert isinstance(engine, SparkEngine)
            months, ref, newcomers = place_by_shard(engine, work, work.state, reading, mapped[reading.table], progress)
            versions |= months
    return versions, ref, newcomers


def _place_whole(
    work: Work, engine: Engine, roster: Roster | None, readings: Sequence[Reading], mapped: Mapping[str, str],
    progress: Progress,
) -> Versions:  # fmt: skip
    """Place what was read as a whole; what was read into staging is removed as soon as it is placed."""
    progress.start(
        sum(len(reading.months) + bool(reading.laid) for reading in readings),
        Text("对齐并入库", "Aligning and storing"),
    )
    versions: Versions = {}
    for reading in readings:
        table = TABLES[reading.table]
        if reading.laid and roster:
            key = partition_key(reading.laid.month)
            versions[reading.table, key] = place_laid(
                work, engine, roster, reading.laid, reading.columns, mapped[table.name]
            )
            progress.advance()
        for month in sorted(reading.months, key=partition_key):
            typed = reading.months[month]
            key = partition_key(month)
            versions[reading.table, key] = place_partition(
                work, engine, roster, table, month, typed, mapped[table.name]
            )
            typed.unlink()
            progress.advance()
    progress.done()
    return versions
