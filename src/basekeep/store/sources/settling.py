"""Repeats the checking pass until every rejected row has its place.

The first pass reads the operator's files as they lie, without counting lines: for a clean table it is the last.
What it finds decides what the next one needs: the lines of the files at fault, another encoding, the exact way in
which a column writes its days. Never turns for ever: each turn settles a file or a format not settled before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from basekeep.contract.columns import Table
from basekeep.engines.errors import EngineError
from basekeep.engines.protocol import Session
from basekeep.engines.sql_text import parquet_scan, sql_names
from basekeep.kernel.findings import Place
from basekeep.kernel.progress import Progress
from basekeep.kernel.text import Text
from basekeep.store.sources.binding import Fitted, filled
from basekeep.store.sources.broken_lines import BrokenLines
from basekeep.store.sources.checked_rows import ROW_GROUP_ROWS, CheckedRows, double_keys, find_doubles
from basekeep.store.sources.checking import FAULT, Bound, check_rows, months_by_file
from basekeep.store.sources.clean_pass import lay_if_clean, write_if_clean
from basekeep.store.sources.csv_rejects import forget_rejects, rejected_files
from basekeep.store.sources.date_formats import DateFormat, usual_formats
from basekeep.store.sources.engine_words import ENGINE_FAILED, read_finding
from basekeep.store.sources.mending import Mending
from basekeep.store.sources.month_checks import months_of, open_months
from basekeep.store.sources.one_lined import OneLined
from basekeep.store.sources.packed import stopped
from basekeep.store.sources.rejected_rows import Origin
from basekeep.store.sources.scans import FILE, ROW
from basekeep.store.sources.selects import Select
from basekeep.store.sources.sources import Source
from basekeep.store.sources.staging import Staging
from basekeep.store.sources.straight import Laid, Straight

_SAMPLE_ROWS = 2_048


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be read: one table through one select. `month` None takes every month."""

    table: Table
    select: Select
    fitted: Fitted
    today: date
    month: date | None
    place: Place
    straight: Straight | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """The last pass: its rows, what they were read from, the lines that were no records."""

    sources: tuple[Source, ...]
    bound: Bound
    checked: CheckedRows
    formats: Mapping[str, DateFormat]
    origin: Origin
    broken: tuple[BrokenLines, ...] = ()
    held_months: tuple[date, ...] = ()

    @property
    def read(self) -> int:
        """All rows that the sources gave, lines that were no records included."""
        return self.checked.count + sum(lines.count for lines in self.broken)


def settle(
    session: Session, request: Request, sources: tuple[Source, ...], staging: Staging, progress: Progress
) -> Settled:
    """Check all rows, with the lines of those that are rejected.

    Raises:
        FindingsError: a file cannot be read to its end.
    """
    masked = any(column.personal for column in request.table.columns)
    one_lined = OneLined(request.table, request.select.text)
    turns = _Turns(session, request, Mending(sources, one_lined, masked, staging, progress), staging)
    label = Text(f"读取{request.table.label.zh}", f"Reading {request.table.label.en}")
    progress.start(None, label)
    settled = turns.clean()
    if settled is None and request.straight:
        request.straight.clear()
    progress.done()
    while settled is None:
        progress.start(None, label)
        settled = turns.turn()
        progress.done()
    return settled


class _Turns:
    """What is known by now: the sources, mended step by step, and the formats of written days."""

    def __init__(self, session: Session, request: Request, mending: Mending, staging: Staging) -> None:
        self._session = session
        self._request = request
        self._mending = mending
        self._staging = staging
        self._formats: Mapping[str, DateFormat] | None = None
        self._exact = False
        self._last: tuple[tuple[Source, ...], Bound] | None = None

    def clean(self) -> Settled | None:
        """One pass over the files as they lie; None when anything at all is wrong with any row."""
        forget_rejects(self._session)
        try:
            bound, formats = self._begun()
            checked = self._passed(bound, formats)
        except EngineError as error:
            self._after_failure(error)
            return None
        if self._mended_rejects() or any(lines.count for lines in self._mending.broken.values()):
            return None
        if checked.count and self._stands(checked):
            return Settled(self._mending.sources, bound, checked, formats, Origin((), False))
        only = self._mending.countable()
        if bound.tracked and len(only) == 1:
            # Whatever is wrong is wrong in this file: no pass is needed to find out.
            self._mending.number(only)
        return None

    def _passed(self, bound: Bound, formats: Mapping[str, DateFormat]) -> CheckedRows:
        """All rows, where every cell passes; none where one does not. One month goes straight where it can."""
        session, month, straight = self._session, self._request.month, self._request.straight
        if month and straight:
            count = lay_if_clean(session, bound, formats, month, straight)
            return CheckedRows(None, count or 0, _names(bound), clean=True, laid=Laid(straight.table, month))
        typed = self._staging.path(".parquet")
        count = write_if_clean(session, bound, formats, month, typed)
        return CheckedRows(typed, count or 0, _names(bound), clean=True)

    def _stands(self, checked: CheckedRows) -> bool:
        """Whether rows without a faulty cell can be stored: no month that is still open, no key twice."""
        if checked.laid:
            # Of the wanted month alone, which is closed; laid down only where nobody has two.
            return True
        table, today = self._request.table, self._request.today.replace(day=1)
        if table.monthly and months_of(self._session, checked)[-1] >= today:
            return False
        return double_keys(self._session, table, checked, self._staging) is None

    def turn(self) -> Settled | None:
        """One full pass; None when it showed that another one is needed."""
        forget_rejects(self._session)
        try:
            bound, formats = self._begun()
            typed = self._staging.path(".parquet")
            count = check_rows(self._session, bound, formats, self._request.month, typed)
            if self._mended_rejects():
                return None
            return self._judged(bound, CheckedRows(typed, count, _names(bound)))
        except EngineError as error:
            self._after_failure(error)
            return None

    def _begun(self) -> tuple[Bound, Mapping[str, DateFormat]]:
        """The select over the sources as they are by now, and the formats of its days, at first by a sample."""
        bound = self._bound()
        if self._formats is None:
            sample = f"(SELECT * FROM ({bound.sql}) LIMIT {_SAMPLE_ROWS})"
            self._formats = usual_formats(self._session, bound.columns, sample)
        return bound, self._formats

    def _bound(self) -> Bound:
        """The select over the sources; one whose rows have no place is written down first, to be the same each time."""
        fitted, sources = self._request.fitted, self._mending.sources
        if self._last is not None and self._last[0] is sources:
            return self._last[1]
        sql = filled(self._request.select, sources, fitted.tracked)
        names = sql_names(matched.name for matched in fitted.columns)
        if not fitted.tracked:
            raw = self._staging.path(".parquet")
            self._session.copy(f"SELECT {names} FROM (\n{sql}\n)", raw, ROW_GROUP_ROWS)
            sql = f"SELECT {names}, NULL::VARCHAR AS {FILE}, file_row_number AS {ROW} FROM {parquet_scan(raw, True)}"
        bound = Bound(sql, fitted.tracked, fitted.columns)
        self._last = (sources, bound)
        return bound

    def _judged(self, bound: Bound, checked: CheckedRows) -> Settled | None:
        """The pass with its doubles; None where a rejected row still lacks its line."""
        request, pieces = self._request, self._mending.pieces
        checked, held = self._of_the_month(bound, checked)
        files = [str(piece.scanned) for piece in pieces] if bound.tracked else []
        doubles = find_doubles(self._session, request.table, checked, files, self._staging)
        checked = replace(checked, doubles=doubles)
        again = self._learned_formats(bound, checked)
        unnumbered = self._mending.countable() & self._files_at_fault(bound, checked)
        if unnumbered:
            self._mending.number(unnumbered)
        if again or unnumbered:
            return None
        has_lines = bound.tracked and all(piece.dialect is not None for piece in pieces)
        broken = [
            lines for piece in pieces if str(piece.scanned) not in checked.left_out
            if (lines := self._mending.broken.get(piece.file))
        ]  # fmt: skip
        origin = Origin(pieces if bound.tracked else (), has_lines)
        return Settled(self._mending.sources, bound, checked, self._formats or {}, origin, tuple(broken), held)

    def _of_the_month(self, bound: Bound, checked: CheckedRows) -> tuple[CheckedRows, tuple[date, ...]]:
        """Rows whose month cannot be read, in a file that holds other months only, are none of this reading's."""
        month = self._request.month
        if month is None:
            return checked, ()
        unread = self._session.rows(f'SELECT count(*) FILTER ("month" IS NULL) FROM {checked.rows}')[0][0]
        if checked.count and not unread and not self._mending.broken:
            return checked, ()
        found = months_by_file(self._session, bound, self._formats or {})
        files = {path for path, _ in found if path}
        left_out = files - {path for path, held in found if held == month}
        checked = replace(checked, left_out=tuple(sorted(left_out)))
        count = int(self._session.rows(f"SELECT count(*) FROM {checked.rows}")[0][0])
        return replace(checked, count=count), tuple(sorted({held for _, held in found}))

    def _learned_formats(self, bound: Bound, checked: CheckedRows) -> bool:
        """Count the formats of all cells, unless the sample's guess fits every one; whether that changed anything.

        Any fault asks for the count: a row rejected for another column may hold a day written otherwise.
        """
        if self._exact or not any(matched.as_written for matched in bound.columns):
            return False
        faults = f"SELECT count(*) FROM {checked.rows} WHERE {FAULT} IS NOT NULL"
        if not self._session.rows(faults)[0][0]:
            return False
        guessed, self._exact = self._formats, True
        self._formats = usual_formats(self._session, bound.columns, f"({bound.sql})")
        return self._formats != guessed

    def _files_at_fault(self, bound: Bound, checked: CheckedRows) -> set[str]:
        """The files with a rejected row or a row of a month not closed yet."""
        if not bound.tracked:
            return set()
        parts = [f"SELECT {FILE} FROM {checked.rows} WHERE {FAULT} IS NOT NULL"]
        if checked.doubles is not None:
            ids = f"SELECT id FROM {parquet_scan(checked.doubles)}"
            parts.append(f"SELECT {FILE} FROM {checked.rows} WHERE file_row_number IN ({ids})")
        if self._request.table.monthly:
            parts.append(f"SELECT {FILE} FROM {open_months(checked, self._request.today)}")
        return {str(path) for (path,) in self._session.rows(" UNION ".join(parts))}

    def _mended_rejects(self) -> bool:
        """Whether the engine met lines that are no records; their files are dealt with."""
        found = rejected_files(self._session)
        if found:
            # What was written down of the select lacks the account of these lines.
            self._last = None
        self._mending.recode({path for path, encoding in found.items() if encoding})
        self._mending.number({path for path, encoding in found.items() if not encoding})
        return bool(found)

    def _after_failure(self, error: EngineError) -> None:
        """Mixed line ends and the like stop the engine; numbered copies have none of that."""
        countable = self._mending.countable()
        named = {path for path in countable if path in error.message}
        csv_failed = "CSV" in error.message or bool(named)
        if error.code != ENGINE_FAILED:
            raise error
        if not countable or not csv_failed:
            raise stopped([read_finding(error.message, self._mending.pieces, self._request.place)]) from error
        self._mending.number(named or countable)


def _names(bound: Bound) -> tuple[str, ...]:
    return tuple(matched.column.name for matched in bound.columns)
