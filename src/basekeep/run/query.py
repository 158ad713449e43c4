"""Answers a person's SQL from the tables in and out, on an engine that is locked for it. Writes nothing."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from basekeep.engines.duckdb import DuckEngine
from basekeep.engines.errors import EngineError, SqlError
from basekeep.engines.protocol import Engine, Session, Stream
from basekeep.engines.read_only import ReadOnly, read_only
from basekeep.engines.sql_faults import sql_fault
from basekeep.engines.sql_text import sql_name
from basekeep.kernel.progress import Progress
from basekeep.run.sources import sources
from basekeep.store.state import State


@dataclass(frozen=True)
class Query:
    """A query that is ready to be answered; it lives as long as its session."""

    asked: ReadOnly
    run_id: str | None
    columns: tuple[str, ...]
    engine: Engine
    session: Session

    def stream(self, rows: int) -> Stream:
        """The answer in batches of about `rows`.

        Raises:
            SqlError: the SQL makes no sense; raised here or while the batches are taken.
        """
        try:
            stream = self.session.batches(self.asked.sql, rows)
        except EngineError as error:
            raise self._fault(error) from error
        return Stream(stream.schema, self._batches(stream))

    def count(self) -> int:
        """The exact number of rows of the answer."""
        # In a session of its own: an answer of which only the beginning was taken keeps the other one busy.
        try:
            with self.engine.session() as session:
                return session.count(self.asked.sql)
        except EngineError as error:
            raise self._fault(error) from error

    def _batches(self, stream: Stream) -> Iterator[pa.RecordBatch]:
        try:
            yield from stream.batches
        except EngineError as error:
            raise self._fault(error) from error

    def _fault(self, error: EngineError) -> Exception:
        return sql_fault(error, self.asked.sql, self.columns)


# A table of ours whose name is a word of SQL: people write it as they read it.
_RESERVED = re.compile(r"\b(from|join)(\s+)(constraint)\b(?!\s*\()", re.IGNORECASE)


def _asked(session: Session, sql: str) -> ReadOnly:
    """The text taken apart; where it cannot be read as it stands, with the table's name in quotes."""
    try:
        return read_only(session, sql)
    except SqlError:
        quoted = _RESERVED.sub(lambda found: f"{found[1]}{found[2]}{sql_name(found[3].lower())}", sql)
        if quoted != sql:
            with contextlib.suppress(SqlError):
                return read_only(session, quoted)
        raise


def open_query(
    engine: DuckEngine, session: Session, store_dir: Path, state: State, sql: str, run: str | None, progress: Progress
) -> Query:
    """Make a query ready: take it apart, verify what it reads, show it that and nothing else, lock the engine.

    Args:
        engine: used for this query alone, since it cannot be unlocked.
        session: a session of that engine.
        run: the run that the tables out are taken from; the latest when not given.

    Raises:
        SqlError: the SQL may not be run, or names a table that is not there.
        CallError: there is no such run.
        DamageError: a file that it reads is not what was stored.
    """
    asked = _asked(session, sql)
    found = sources(store_dir, state, asked, run, engine.threads, progress)
    columns: dict[str, None] = {}
    for name, query in found.views.items():
        session.run(f"CREATE VIEW {sql_name(name)} AS {query}")
        columns.update(dict.fromkeys(column for column, _ in session.columns(f"SELECT * FROM {sql_name(name)}")))
    engine.lock(found.files)
    return Query(asked, found.run_id, tuple(columns), engine, session)
