"""One ingest: reads every mapped table, checks it, lays it down and publishes all of it in one step, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Literal

from basekeep.contract.columns import Table
from basekeep.contract.subscriber_month import SUBSCRIBER_MONTH
from basekeep.contract.tables import TABLES
from basekeep.engines.protocol import Engine
from basekeep.engines.spark import SparkEngine
from basekeep.engines.support import Feature
from basekeep.kernel.errors import CallError, FindingsError
from basekeep.kernel.findings import Finding, Place
from basekeep.kernel.months import month_text, shift_month
from basekeep.kernel.progress import Progress, SilentProgress
from basekeep.kernel.text import Text
from basekeep.store.cluster import ShardReading, read_by_shard, read_small
from basekeep.store.placing import Versions, place_all, whole_roster
from basekeep.store.reject_limit import over_limit
from basekeep.store.rejects import REJECTS, keep_rejects, next_ingest_id
from basekeep.store.roster import Roster
from basekeep.store.shrinking import shrunk_months
from basekeep.store.sources.ledger import Ledger
from basekeep.store.sources.reading import Reading, read_table
from basekeep.store.state import SHARD_ROWS, State, months
from basekeep.store.straight import StraightMonth
from basekeep.store.workspace import SETTINGS_FILE, Workspace
from basekeep.store.writing import Work, writing

Change = Literal["new", "replaced", "unchanged"]


@dataclass(frozen=True, slots=True)
class StoredPartition:
    """What became of one partition: its rows, and whether its version is new."""

    table: str
    partition: str
    rows: int
    change: Change


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingest did. `published` is False where every partition was unchanged."""

    ingest_id: str
    state: State
    published: bool
    stored: tuple[StoredPartition, ...]
    newcomers: int
    ledgers: tuple[Ledger, ...]
    notes: tuple[Finding, ...]
    rejects_folder: Path


def ingest(
    workspace: Workspace,
    engine: Engine,
    today: date,
    month: date | None = None,
    progress: Progress | None = None,
    reject_limit: Decimal | None = None,
    shard_rows: int = SHARD_ROWS,
) -> IngestReport:
    """Read all mapped tables, or only one month of the monthly ones, and store them as new versions.

    Args:
        today: months after it are refused.
        reject_limit: share of the rows of a table and of each of its months; that of the settings when not given.
        shard_rows: counts only for the first ingest of an empty store.

    Raises:
        FindingsError: a table cannot be read, or too many of its rows are rejected; all findings, nothing stored.
        BusyError: another process writes to this workspace.
        WorkError: the disk is full or may not be written; nothing stored.
    """
    shown = progress or SilentProgress()
    limit = workspace.settings.reject_limit if reject_limit is None else reject_limit
    with writing(workspace.store_dir) as work:
        before = work.begin(shard_rows, workspace.settings.spark.shards if isinstance(engine, SparkEngine) else 0)
        _need_cluster(engine, before)
        ingest_id = next_ingest_id(workspace.store_dir, today)
        with whole_roster(engine, work) as roster, _straight(engine, roster, month) as straight:
            readings = _read_all(workspace, engine, work, today, month, shown, straight)
            _refuse_too_many_rejects(workspace, work, readings, limit, ingest_id)
            versions, stored_roster, newcomers = place_all(workspace, engine, work, roster, readings, shown)
        ledgers = tuple(reading.ledger for reading in readings)
        folder = keep_rejects(work, ingest_id, ledgers, versions)
        published = work.publish_changes(versions, stored_roster)
        monthly = frozenset(name for name, table in TABLES.items() if table.monthly)
        shrunk = shrunk_months(before, work.state, versions, workspace.select_places, monthly)
        return IngestReport(
            ingest_id, work.state, published, _changes(before, versions), newcomers, ledgers,
            (*(note for ledger in ledgers for note in ledger.notes), *shrunk, *_gaps(workspace, work.state)), folder,
        )  # fmt: skip


def _read_all(
    workspace: Workspace, engine: Engine, work: Work, today: date, month: date | None, progress: Progress,
    straight: StraightMonth | None,
) -> list[Reading | ShardReading]:  # fmt: skip
    """Read every mapped table in the contract's order; findings of all tables are raised together."""
    mapped = workspace.settings.tables
    findings = [] if mapped else [_nothing_mapped()]
    readings: list[Reading | ShardReading] = []
    for table in (TABLES[name] for name in TABLES if name in mapped):
        try:
            readings.append(_read(workspace, engine, work, table, today, month, progress, straight))
        except FindingsError as error:
            findings += error.findings
    if findings:
        many = "1 error" if len(findings) == 1 else f"{len(findings)} errors"
        what = Text(f"有 {len(findings)} 处错误，没有数据入库", f"{many}; nothing was stored")
        raise FindingsError("ingest.refused", what, findings)
    return readings


def _read(
    workspace: Workspace, engine: Engine, work: Work, table: Table, today: date, month: date | None,
    progress: Progress, straight: StraightMonth | None,
) -> Reading | ShardReading:  # fmt: skip
    if isinstance(engine, SparkEngine):
        if table is SUBSCRIBER_MONTH and work.state.shards:
            return read_by_shard(workspace, engine, work, work.state.shards, today, month, progress)
        return read_small(workspace, engine, work, table, today, month, progress)
    select, place = workspace.settings.tables[table.name], workspace.select_places[table.name]
    with engine.session() as session:
        return read_table(
            session, table, select, workspace.root, work.new_folder(), today, month, progress, place,
            straight if table is SUBSCRIBER_MONTH else None,
        )  # fmt: skip


def _straight(
    engine: Engine, roster: Roster | None, month: date | None
) -> AbstractContextManager[StraightMonth | None]:
    """What takes the rows of a single month."""
    return StraightMonth(roster) if roster and month and not isinstance(engine, SparkEngine) else nullcontext()


def _refuse_too_many_rejects(
    workspace: Workspace, work: Work, readings: Sequence[Reading | ShardReading], limit: Decimal, ingest_id: str
) -> None:
    kept_in = f"{workspace.store_dir.name}/{REJECTS}/{ingest_id}"
    ledgers = [reading.ledger for reading in readings]
    places = workspace.select_places
    findings = [finding for ledger in ledgers for finding in over_limit(ledger, limit, places[ledger.table], kept_in)]
    if findings:
        keep_rejects(work, ingest_id, ledgers, {})
        what = Text(
            f"拒收的行太多，没有数据入库；明细在 {kept_in}/ledger.json",
            f"too many rows were rejected; nothing was stored; the account is in {kept_in}/ledger.json",
        )
        raise FindingsError("ingest.too_many_rejects", what, findings)


def _need_cluster(engine: Engine, state: State) -> None:
    needed = Feature.CUT_STORE.support
    if state.shards and not isinstance(engine, SparkEngine):
        what = Text(f"engine: duckdb 不能{needed.what.zh}", f"engine: duckdb cannot do this: {needed.what.en}")
        raise CallError("ingest.needs_cluster", what, needed.note)


def _changes(before: State, versions: Versions) -> tuple[StoredPartition, ...]:
    found = []
    for (table, key), ref in versions.items():
        old = before.partition(table, key)
        change: Change = "new" if old is None else "unchanged" if old == ref else "replaced"
        found.append(StoredPartition(table, key, ref.rows, change))
    return tuple(found)


def _gaps(workspace: Workspace, state: State) -> list[Finding]:
    """A warning for each stretch of months that the stored history lacks between two that it has."""
    found = []
    held = months(state, SUBSCRIBER_MONTH.name)
    for earlier, later in pairwise(held):
        first, last = month_text(shift_month(earlier, 1)), month_text(shift_month(later, -1))
        if first <= last:
            missing = first if first == last else f"{first} … {last}"
            found.append(_gap(workspace, missing))
    return found


def _gap(workspace: Workspace, missing: str) -> Finding:
    return Finding(
        "ingest.month_gap",
        workspace.select_places.get(SUBSCRIBER_MONTH.name, Place(SETTINGS_FILE)),
        Text(f"已入库的历史缺少 {missing}", f"the stored history lacks {missing}"),
        Text(
            "补上这些月份后再执行 basekeep ingest；在此之前，用到它们的规则不可判定。",
            "Ingest these months too; until then the rules that use them are not evaluable.",
        ),
        severity="warning",
    )


def _nothing_mapped() -> Finding:
    return Finding(
        "ingest.nothing_mapped",
        Place(SETTINGS_FILE),
        Text("没有映射任何表", "no table is mapped"),
        Text("在 tables 下为每张表写一条 select。", "Write one select per table under tables."),
    )
