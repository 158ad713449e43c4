"""An ingest whose tables are read by a cluster: it cuts the base by ids, and its workers check and lay down each shard.

What a worker does with a shard is what one machine does with a whole table, so the same rows are rejected for the same
reasons. The folder of the store is seen by all machines under the same path.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from basekeep.contract.columns import STORED, Table
from basekeep.contract.subscriber_month import SUBSCRIBER_MONTH
from basekeep.engines.errors import EngineError
from basekeep.engines.protocol import Engine
from basekeep.engines.spark import SHARD_COLUMN, SparkEngine
from basekeep.engines.sql_text import parquet_scan, parquet_scans, sql_name
from basekeep.kernel.errors import FindingsError
from basekeep.kernel.findings import Finding, Place
from basekeep.kernel.progress import Progress
from basekeep.kernel.text import Text
from basekeep.store.aligned import align_month
from basekeep.store.disk import link_or_copy
from basekeep.store.manifest import ExpectedFile, expected_files, verify, write_manifest
from basekeep.store.roster import ROSTER_COLUMNS, Positions, shard_file
from basekeep.store.sources.checked_rows import ROW_GROUP_ROWS
from basekeep.store.sources.cluster_select import cluster_select
from basekeep.store.sources.ledger import Ledger, MonthRejects, RejectReason
from basekeep.store.sources.month_checks import no_rows
from basekeep.store.sources.notes import rounded_numbers
from basekeep.store.sources.packed import stopped
from basekeep.store.sources.reading import Reading, check_mapping, read_table
from basekeep.store.state import ALL, ROSTER, PartitionRef, State, partition_folder, partition_key, shard_of
from basekeep.store.workspace import Workspace
from basekeep.store.writing import Work

_NO_ROWS = ("no_rows", "month_absent")
# One shard holds all its ids, however many.
_UNCUT = 1 << 62
_LANDED = "landed"


@dataclass(frozen=True)
class ShardReading:
    """The main table as the workers read it: for each shard its typed files by month."""

    table: str
    shards: Mapping[int, Mapping[date | None, Path]]
    columns: tuple[str, ...]
    ledger: Ledger

    @property
    def months(self) -> tuple[date, ...]:
        """The months that were read, earliest first."""
        return tuple(sorted({month for typed in self.shards.values() for month in typed if month}))


@dataclass(frozen=True)
class _Source:
    """What every worker is told of the table that is read."""

    table: Table
    root: Path
    staging: Path
    today: date
    month: date | None
    place: Place


def check_cluster_mapping(workspace: Workspace, engine: SparkEngine, table: Table) -> tuple[Finding, ...]:
    """What is wrong or doubtful with a mapping's select, from the cluster's own word on its columns; reads no row."""
    place = workspace.select_places[table.name]
    try:
        _, columns = _select(workspace, engine, table)
    except FindingsError as error:
        return error.findings
    return tuple(_misfits(engine, table, columns, place))


def _not_run(error: EngineError, place: Place) -> Finding:
    do = Text(
        "在集群上核对表名、列名与权限。", "Look at the names of tables and columns, and at your rights, on the cluster."
    )
    return Finding("cluster_select", place, error.what, do)


def read_small(
    workspace: Workspace, engine: SparkEngine, work: Work, table: Table, today: date, month: date | None,
    progress: Progress,
) -> Reading:  # fmt: skip
    """Read any table but the main one: the cluster gives its rows, this machine checks them.

    Raises:
        FindingsError: the select cannot be read as this table.
    """
    source = _source(workspace, work, table, today, month)
    select, _ = _select(workspace, engine, table)
    engine.land(select, source.staging / _LANDED)
    with engine.session() as session:
        landed = _files_select(source, source.staging / _LANDED)
        (source.staging / "read").mkdir()
        try:
            reading = read_table(
                session, table, landed, source.root, source.staging / "read", today, month, progress, source.place
            )
        except FindingsError as error:
            raise stopped([_at_select(finding, source.place) for finding in error.findings]) from error
        return replace(reading, ledger=_without_files(engine, reading.ledger, source))


def read_by_shard(
    workspace: Workspace, engine: SparkEngine, work: Work, shards: int, today: date, month: date | None,
    progress: Progress,
) -> ShardReading:  # fmt: skip
    """Read the main table: the cluster cuts it by ids, the workers check each shard.

    Raises:
        FindingsError: the select cannot be read as this table; every fault that any shard found.
    """
    source = _source(workspace, work, SUBSCRIBER_MONTH, today, month)
    landed = source.staging / _LANDED
    progress.start(None, Text("集群读取用户月表", "The cluster reads the subscribers"))
    engine.land_by_shard(_sound_select(workspace, engine, source), landed, "subscriber_id", shards)
    progress.done()
    given = _named_plainly(landed)
    progress.start(len(given), Text("逐片检查", "Checking each shard"))
    found = engine.spread(partial(_read_shard, source, shards), given, progress.advance)
    progress.done()
    return _merged(engine, source, dict(zip(given, found, strict=True)))


def place_by_shard(
    engine: SparkEngine, work: Work, state: State, reading: ShardReading, mapping: str, progress: Progress
) -> tuple[dict[tuple[str, str], PartitionRef], PartitionRef | None, int]:
    """Lay every month on the roster, shard by shard on the workers.

    Gives the versions, the roster's, and the number of newcomers.
    """
    folders = {month: work.new_folder() for month in reading.months}
    layer = _Layer(_roster_files(work.store_dir, state), folders, work.new_folder(), work.new_folder())
    items = [(shard, dict(reading.shards.get(shard, {}))) for shard in range(state.shards)]
    progress.start(len(items), Text("对齐并入库", "Aligning and storing"))
    laid = engine.spread(partial(_lay_shard, layer, reading.columns), items, progress.advance)
    progress.done()
    versions = {}
    for month, folder in folders.items():
        parts = [one.months[month] for one in laid]
        file_rows = {shard_file(shard): positions for shard, (_, positions) in enumerate(parts)}
        rows = sum(rows for rows, _ in parts)
        manifest = write_manifest(
            folder, SUBSCRIBER_MONTH.name, partition_key(month), mapping, rows, list(laid[0].columns), file_rows
        )
        versions[SUBSCRIBER_MONTH.name, partition_key(month)] = work.place(folder, manifest)
    known = state.roster.rows if state.roster else 0
    roster_rows = {shard_file(shard): one.roster_rows for shard, one in enumerate(laid)}
    total = sum(roster_rows.values())
    if state.roster and total == known:
        return versions, state.roster, 0
    manifest = write_manifest(layer.roster_folder, ROSTER, ALL, "", total, ROSTER_COLUMNS, roster_rows)
    return versions, work.place(layer.roster_folder, manifest), total - known


def _source(workspace: Workspace, work: Work, table: Table, today: date, month: date | None) -> _Source:
    wanted = month if table.monthly else None
    place = workspace.select_places[table.name]
    return _Source(table, workspace.root.absolute(), work.new_folder().absolute(), today, wanted, place)


def _select(workspace: Workspace, engine: SparkEngine, table: Table) -> tuple[str, list[tuple[str, str]]]:
    """The select in the cluster's words, and the columns that the cluster says it gives."""
    place = workspace.select_places[table.name]
    select = cluster_select(workspace.settings.tables[table.name], workspace.root.absolute(), engine, place)
    try:
        return select, engine.columns(select)
    except EngineError as error:
        raise stopped([_not_run(error, place)]) from error


def _sound_select(workspace: Workspace, engine: SparkEngine, source: _Source) -> str:
    """The select in the cluster's words; what its columns cannot be fitted to is found before a row is read."""
    select, columns = _select(workspace, engine, source.table)
    errors = [one for one in _misfits(engine, source.table, columns, source.place) if one.severity == "error"]
    if errors:
        raise stopped(errors)
    return select


def _misfits(engine: SparkEngine, table: Table, columns: Sequence[tuple[str, str]], place: Place) -> list[Finding]:
    """What is wrong or doubtful with the columns that a select gives."""
    cells = ", ".join(f"NULL::{kind} AS {sql_name(name)}" for name, kind in columns)
    with tempfile.TemporaryDirectory() as folder, engine.session() as session:
        session.copy(f"SELECT {cells} WHERE false", Path(folder) / "heads.parquet", ROW_GROUP_ROWS)
        found = check_mapping(session, table, "select * from read_parquet('heads.parquet')", Path(folder), place)
    return [_at_select(finding, place) for finding in found]


def _files_select(source: _Source, folder: Path) -> str:
    return f"select * from read_parquet('{folder.relative_to(source.root).as_posix()}/*.parquet')"


def _named_plainly(landed: Path) -> list[int]:
    """The shards that have rows; their folders lose the `column=value` that a reader would take for a column."""
    given = {int(path.name.partition("=")[2]): path for path in landed.glob(f"{SHARD_COLUMN}=*")}
    for shard, path in given.items():
        path.rename(landed / f"{shard:05d}")
    return sorted(given)


def _read_shard(source: _Source, shards: int, engine: Engine, shard: int) -> Reading | FindingsError:
    """On a worker: check one shard. Each try has a folder of its own."""
    folder = source.staging / f"{shard:05d}-{secrets.token_hex(6)}"
    folder.mkdir()
    select = _files_select(source, source.staging / _LANDED / f"{shard:05d}")
    with engine.session() as session:
        try:
            reading = read_table(
                session, source.table, select, source.root, folder, source.today, source.month, None, source.place
            )
        except FindingsError as error:
            return error
        for typed in reading.months.values():
            ids = session.rows(f"SELECT DISTINCT subscriber_id FROM {parquet_scan(typed)}")
            if any(shard_of(name, shards) != shard for (name,) in ids):
                raise ValueError(f"shard {shard} holds subscribers of another one")
    return reading


def _merged(engine: SparkEngine, source: _Source, found: Mapping[int, Reading | FindingsError]) -> ShardReading:
    """One account of all shards; a shard without a row of the wanted month is no fault unless all are."""
    readings = {shard: one for shard, one in found.items() if isinstance(one, Reading)}
    faults = [finding for one in found.values() if isinstance(one, FindingsError) for finding in one.findings]
    grave = [finding for finding in faults if finding.code not in _NO_ROWS]
    if grave or not readings:
        told = {finding.code + finding.what.en: _at_select(finding, source.place) for finding in grave or faults}
        raise stopped(list(told.values()) or [no_rows(source.table, source.place)])
    ledger = _sum_of([one.ledger for one in readings.values()])
    rounded: Counter[str] = Counter()
    for one in readings.values():
        rounded.update(one.rounded)
    notes = {note.code + note.what.en: _at_select(note, source.place) for one in readings.values()
             for note in one.ledger.notes if note.code not in ("number_rounded", *_NO_ROWS)}  # fmt: skip
    ledger = replace(ledger, notes=(*notes.values(), *rounded_numbers(rounded, source.place)))
    rejects = [one.ledger.rejects_file for one in readings.values() if one.ledger.rejects_file]
    ledger = replace(ledger, rejects_file=_together(engine, rejects, source))
    columns = next(iter(readings.values())).columns
    return ShardReading(
        source.table.name,
        {shard: one.months for shard, one in readings.items()},
        columns,
        _placed(ledger, source.place),
    )


def _sum_of(ledgers: Sequence[Ledger]) -> Ledger:
    return Ledger(
        ledgers[0].table,
        sum(ledger.read for ledger in ledgers),
        sum(ledger.stored for ledger in ledgers),
        sum(ledger.rejected for ledger in ledgers),
        _reasons([reason for ledger in ledgers for reason in ledger.reasons]),
        _months(ledgers),
        None,
        (),
    )


def _reasons(parts: Sequence[RejectReason]) -> tuple[RejectReason, ...]:
    reasons: dict[tuple[str, str], RejectReason] = {}
    for reason in parts:
        kept = reasons.get((reason.code, reason.column))
        reasons[reason.code, reason.column] = replace(kept, count=kept.count + reason.count) if kept else reason
    return tuple(sorted(reasons.values(), key=lambda reason: (-reason.count, reason.code, reason.column)))


def _months(ledgers: Sequence[Ledger]) -> tuple[MonthRejects, ...]:
    """The account of each month over all shards."""
    parts = [part for ledger in ledgers for part in ledger.months]
    found = []
    for month in sorted({part.month for part in parts}):
        of_month = [part for part in parts if part.month == month]
        reasons = _reasons([reason for part in of_month for reason in part.reasons])
        read, rejected = sum(part.read for part in of_month), sum(part.rejected for part in of_month)
        found.append(MonthRejects(month, read, rejected, reasons))
    return tuple(found)


def _without_files(engine: SparkEngine, ledger: Ledger, source: _Source) -> Ledger:
    """The account of rows that came from the cluster: they lie in no file and line that a person could open."""
    notes = tuple(_at_select(note, source.place) for note in ledger.notes)
    rejects = [ledger.rejects_file] if ledger.rejects_file else []
    kept = replace(ledger, notes=notes, rejects_file=_together(engine, rejects, source))
    return _placed(kept, source.place)


def _placed(ledger: Ledger, place: Place) -> Ledger:
    months = tuple(replace(month, reasons=_at_place(month.reasons, place)) for month in ledger.months)
    return replace(ledger, reasons=_at_place(ledger.reasons, place), months=months)


def _at_place(reasons: Sequence[RejectReason], place: Place) -> tuple[RejectReason, ...]:
    return tuple(replace(reason, first_file=place.file, first_line=place.line) for reason in reasons)


def _together(engine: SparkEngine, rejects: Sequence[Path], source: _Source) -> Path | None:
    if not rejects:
        return None
    path = source.staging / f"rejects_{source.table.name}.parquet"
    with engine.session() as session:
        rows = f"SELECT * REPLACE (NULL::VARCHAR AS file, NULL::BIGINT AS line) FROM {parquet_scans(rejects)}"
        session.copy(f"{rows} ORDER BY ALL", path, ROW_GROUP_ROWS)
    return path


def _at_select(finding: Finding, place: Place) -> Finding:
    return finding if finding.place.file == place.file else replace(finding, place=place)


@dataclass(frozen=True)
class _Layer:
    """Where the workers lay the shards: folders by month, the roster's, and one for what is being made."""

    roster: tuple[ExpectedFile, ...]
    folders: Mapping[date, Path]
    roster_folder: Path
    making: Path


@dataclass(frozen=True)
class _Laid:
    """One shard laid down: rows and positions by month, the columns stored, ids in its roster."""

    months: Mapping[date, tuple[int, int]]
    columns: tuple[tuple[str, str], ...]
    roster_rows: int


def _roster_files(store_dir: Path, state: State) -> tuple[ExpectedFile, ...]:
    if not state.roster:
        return ()
    folder = partition_folder(store_dir.absolute(), ROSTER, ALL, state.roster.version)
    return tuple(sorted(expected_files(folder, state.roster.manifest_sha256), key=lambda file: file.path.name))


def _lay_shard(
    layer: _Layer, columns: tuple[str, ...], engine: Engine, item: tuple[int, Mapping[date | None, Path]]
) -> _Laid:
    """On a worker: add the shard's newcomers to its roster and lay its months on it, the earliest first."""
    shard, typed = item
    making = layer.making.absolute() / f"{shard:05d}-{secrets.token_hex(6)}"
    making.mkdir()
    with Positions(engine, _UNCUT) as positions:
        old = layer.roster[shard] if layer.roster else None
        if old:
            verify([old])
            with engine.session() as session:
                positions.load(old.path, int(session.rows(f"SELECT count(*) FROM {parquet_scan(old.path)}")[0][0]))
        known, laid, kinds = positions.rows, dict[date, tuple[int, int]](), tuple[tuple[str, str], ...]()
        for month, folder in layer.folders.items():
            source = typed.get(month) or _empty(engine, columns, making / f"{month.isoformat()}.parquet")
            (making / month.isoformat()).mkdir()
            aligned = align_month(engine, positions, month, source, making / month.isoformat())
            kinds = aligned.columns
            laid[month] = (aligned.rows, aligned.file_rows[shard_file(0)])
            os.replace(making / month.isoformat() / shard_file(0), folder.absolute() / shard_file(shard))
        part = making / shard_file(0)
        if old and positions.rows == known:
            link_or_copy(old.path, part)
        else:
            positions.write_shard(part, 0, positions.rows)
        os.replace(part, layer.roster_folder.absolute() / shard_file(shard))
        return _Laid(laid, kinds, positions.rows)


def _empty(engine: Engine, columns: tuple[str, ...], path: Path) -> Path:
    """A typed file without rows: for a shard in which nobody has a row of the month."""
    cells = ", ".join(f'NULL::{STORED[SUBSCRIBER_MONTH.column(name).type]} AS "{name}"' for name in columns)
    with engine.session() as session:
        session.copy(f"SELECT {cells} WHERE false", path, ROW_GROUP_ROWS)
    return path
