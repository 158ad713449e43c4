"""The door of this room: reads one mapped table into typed files, or says what stands in the way.

Never guesses and never changes an operator's file; all it writes lies in the staging folder given.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from basekeep.contract.columns import Table
from basekeep.contract.subscriber_month import SUBSCRIBER_MONTH
from basekeep.engines.protocol import Session
from basekeep.kernel.errors import FindingsError
from basekeep.kernel.findings import Finding, Place
from basekeep.kernel.progress import Progress, SilentProgress
from basekeep.store.disk import disk_errors
from basekeep.store.sources.binding import fit
from basekeep.store.sources.clean_pass import ROUNDED
from basekeep.store.sources.ledger import Ledger, RejectReason
from basekeep.store.sources.month_checks import absent_month, future_findings, future_month, no_rows, split
from basekeep.store.sources.notes import rounded_numbers, unfinished_files
from basekeep.store.sources.packed import stopped
from basekeep.store.sources.rejected_rows import rejects_by_month, sum_up, write_rejects
from basekeep.store.sources.rounding import counts_of_bits, rounded_counts
from basekeep.store.sources.selects import Select, parse_select
from basekeep.store.sources.settling import Request, Settled, settle
from basekeep.store.sources.sources import make_ready
from basekeep.store.sources.staging import Staging
from basekeep.store.sources.straight import Laid, Straight

_SETTINGS = Place("basekeep.yaml")


@dataclass(frozen=True, slots=True)
class Reading:
    """One table read: typed files in stored form by month (None: a table without months).

    `columns` are the contract columns present. The files hold these columns and no others, in no set order.
    `rounded`: how many numbers of each column had more decimals than are kept.
    `laid`: the one month read, where it was laid down and has no file.
    """

    table: str
    months: Mapping[date | None, Path]
    columns: tuple[str, ...]
    ledger: Ledger
    rounded: Mapping[str, int]
    laid: Laid | None = None


def read_table(
    session: Session, table: Table, select: str, root: Path, staging: Path, today: date, month: date | None,
    progress: Progress | None = None, place: Place = _SETTINGS, straight: Straight | None = None,
) -> Reading:  # fmt: skip
    """Read, check and type one table.

    Args:
        select: one SELECT over files; relative paths start at `root`.
        staging: an empty folder for all files written, those of the result included.
        today: the first month that is not closed is the one that holds this day.
        month: take only the rows of this month of a monthly table.
        place: where the select stands, for findings about it.
        straight: takes the rows of `month`, if nothing at all is wrong with them.

    Raises:
        FindingsError: the source cannot be read as this table; every fault found, nothing to be stored.
        WorkError: the disk or the engine failed.
    """
    shown = progress or SilentProgress()
    names = Staging(staging)
    wanted = month if table.monthly else None
    with disk_errors():
        if wanted and wanted >= today.replace(day=1):
            raise stopped([future_month(wanted, today, place)])
        parsed = _parsed(select, place)
        sources = make_ready(parsed, root, names, place, shown)
        fitted = fit(session, table, parsed, sources, place)
        request = Request(table, parsed, fitted, today, wanted, place, straight)
        settled = settle(session, request, sources, names, shown)
        _refuse(session, request, settled)
        return _reading(session, request, settled, names)


def check_mapping(session: Session, table: Table, select: str, root: Path, place: Place) -> tuple[Finding, ...]:
    """What is wrong or doubtful with a select, found from names, heads and columns, without reading the rows."""
    try:
        with disk_errors():
            parsed = _parsed(select, place)
            sources = make_ready(parsed, root, None, place, SilentProgress())
            return fit(session, table, parsed, sources, place).notes
    except FindingsError as error:
        return error.findings


def _parsed(select: str, place: Place) -> Select:
    parsed = parse_select(select, place)
    if isinstance(parsed, Finding):
        raise stopped([parsed])
    return parsed


def _refuse(session: Session, request: Request, settled: Settled) -> None:
    """Nothing is stored where a month is not closed yet, or where there is no row at all."""
    table, place = request.table, request.place
    findings = []
    if table.monthly and not settled.checked.clean:
        findings += future_findings(session, settled.checked, settled.origin, request.today, place)
    if not settled.read:
        findings += [_nothing(request, settled)] if request.month is None or table == SUBSCRIBER_MONTH else []
    if findings:
        raise stopped(findings)


def _nothing(request: Request, settled: Settled) -> Finding:
    if request.month is not None:
        return absent_month(request.table, request.month, settled.held_months, request.place)
    return no_rows(request.table, request.place)


def _reading(session: Session, request: Request, settled: Settled, staging: Staging) -> Reading:
    table, checked, place = request.table, settled.checked, request.place
    months, stored = split(session, table, checked, staging)
    rejects, rejected, reasons = None, 0, tuple[RejectReason, ...]()
    if settled.read > sum(stored.values()):
        rejects = staging.folder / f"rejects_{table.name}.parquet"
        rejected = write_rejects(session, table, settled.bound, checked, settled.broken, settled.origin, rejects)
        reasons = sum_up(session, rejects, settled.origin, place)
    by_month = rejects_by_month(session, rejects, stored, settled.origin, place)
    rounded = _rounded(session, request, settled)
    notes = tuple(_notes(request, settled, rounded))
    ledger = Ledger(table.name, settled.read, sum(stored.values()), rejected, reasons, by_month, rejects, notes)
    return Reading(table.name, months, checked.columns, ledger, rounded, checked.laid)


def _rounded(session: Session, request: Request, settled: Settled) -> Mapping[str, int]:
    laid = settled.checked.laid
    if laid:
        return counts_of_bits(session, settled.bound.columns, ROUNDED, laid.table)
    return rounded_counts(session, settled.bound, settled.formats, request.month)


def _notes(request: Request, settled: Settled, rounded: Mapping[str, int]) -> Iterator[Finding]:
    yield from request.fitted.notes
    texts = [source.pieces for source in settled.sources if source.call.kind == "csv"]
    yield from unfinished_files([piece.file for pieces in texts for piece in pieces])
    yield from rounded_numbers(rounded, request.place)
    if not settled.read:
        yield _nothing(request, settled)
