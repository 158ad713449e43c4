"""One ingest: reads every mapped table, checks it, lays it down and publishes all of it in one step, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Literal

from basekeep.contract.subscriber_month import SUBSCRIBER_MONTH
from basekeep.contract.tables import TABLES
from basekeep.engines.protocol import Engine
from basekeep.kernel.errors import FindingsError
from basekeep.kernel.findings import Finding, Place
from basekeep.kernel.months import month_text, shift_month
from basekeep.kernel.progress import Progress, SilentProgress
from basekeep.kernel.text import Text
from basekeep.store.reject_limit import over_limit
from basekeep.store.rejects import REJECTS, keep_rejects, next_ingest_id
from basekeep.store.roster import Roster
from basekeep.store.shrinking import shrunk_months
from basekeep.store.sources.ledger import Ledger
from basekeep.store.sources.reading import Reading, read_table
from basekeep.store.state import SHARD_ROWS, PartitionRef, State, months, partition_key
from basekeep.store.storing import place_partition
from basekeep.store.workspace import SETTINGS_FILE, Workspace
from basekeep.store.writing import Work, writing

Change = Literal["new", "replaced", "unchanged"]
Versions = dict[tuple[str, str], PartitionRef]


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
        readings = _read_all(workspace, engine, work, today, month, shown)
        ingest_id = next_ingest_id(workspace.store_dir, today)
        _refuse_too_many_rejects(workspace, work, readings, limit, ingest_id)
        with Roster(engine, workspace.store_dir, work.begin(shard_rows)) as roster:
            known = roster.rows
            before = work.state
            versions = _place_all(workspace, engine, work, roster, readings, shown)
            stored_roster = roster.store(work)
            newcomers = roster.rows - known
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
    workspace: Workspace, engine: Engine, work: Work, today: date, month: date | None, progress: Progress
) -> list[Reading]:
    """Read every mapped table in the contract's order; findings of all tables are raised together."""
    mapped = workspace.settings.tables
    findings = [] if mapped else [_nothing_mapped()]
    readings = []
    for table in (TABLES[name] for name in TABLES if name in mapped):
        select, place = mapped[table.name], workspace.select_places[table.name]
        staging = work.new_folder()
        try:
            with engine.session() as session:
                readings.append(
                    read_table(session, table, select, workspace.root, staging, today, month, progress, place)
                )
        except FindingsError as error:
            findings += error.findings
    if findings:
        many = "1 error" if len(findings) == 1 else f"{len(findings)} errors"
        what = Text(f"有 {len(findings)} 处错误，没有数据入库", f"{many}; nothing was stored")
        raise FindingsError("ingest.refused", what, findings)
    return readings


def _refuse_too_many_rejects(
    workspace: Workspace, work: Work, readings: Sequence[Reading], limit: Decimal, ingest_id: str
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


def _place_all(
    workspace: Workspace, engine: Engine, work: Work, roster: Roster, readings: Sequence[Reading], progress: Progress
) -> Versions:
    """Place each month and table; what was read into staging is removed as soon as it is placed."""
    progress.start(sum(len(reading.months) for reading in readings), Text("对齐并入库", "Aligning and storing"))
    versions: Versions = {}
    for reading in readings:
        table, mapping = TABLES[reading.table], workspace.settings.tables[reading.table]
        for month in sorted(reading.months, key=partition_key):
            typed = reading.months[month]
            key = partition_key(month)
            versions[reading.table, key] = place_partition(work, engine, roster, table, month, typed, mapping)
            typed.unlink()
            progress.advance()
    progress.done()
    return versions


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
