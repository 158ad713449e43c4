"""Tables made one from the other inside the embedded engine: nothing but the files they begin from lies on a disk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from basekeep.engines.protocol import Dialect, Session
from basekeep.engines.sql_text import parquet_scans, sql_name


class TablesHere:
    """Temporary tables of one session."""

    def __init__(self, session: Session) -> None:
        """Begin with none; the session is given back with them."""
        self._session = session

    @property
    def dialect(self) -> Dialect:
        """In whose words the queries are written."""
        return "duckdb"

    @property
    def here(self) -> Session:
        """The session in which they are made."""
        return self._session

    def read(self, name: str, paths: Sequence[Path]) -> None:
        """Give stored Parquet files of the same columns a name, for queries."""
        self._session.run(f"CREATE OR REPLACE TEMP VIEW {sql_name(name)} AS SELECT * FROM {parquet_scans(paths)}")

    def make(self, name: str, query: str) -> None:
        """Make a table of a query's rows; one of that name gives way to it."""
        # A query may read the table that it replaces.
        self._session.run(f"CREATE OR REPLACE TEMP TABLE {sql_name(f'{name} anew')} AS {query}")
        self._session.run(f"DROP TABLE IF EXISTS {sql_name(name)}")
        self._session.run(f"ALTER TABLE {sql_name(f'{name} anew')} RENAME TO {sql_name(name)}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.close()
