"""Tables made one from the other on a cluster: each is written as Parquet where all machines see it, and read from there.

So a long chain of tables is never computed twice, and this process reads each of them as files.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from basekeep.engines.protocol import Dialect, Session
from basekeep.engines.sql_text import parquet_scans, sql_name

if TYPE_CHECKING:
    from basekeep.engines.spark import SparkEngine


class TablesOnCluster:
    """Parquet folders below one folder, each a view on the cluster."""

    def __init__(self, engine: SparkEngine, folder: Path) -> None:
        """Begin with none; what is made lies below the folder until the block ends."""
        self._engine = engine
        self._folder = folder
        self._session = engine.session()
        self._made: dict[str, Path] = {}
        self._count = 0

    @property
    def dialect(self) -> Dialect:
        """In whose words the queries are written."""
        return "pyspark"

    @property
    def here(self) -> Session:
        """A session of this process, in which every table that was made can be read under its name."""
        return self._session

    def read(self, name: str, paths: Sequence[Path]) -> None:
        """Give stored Parquet files of the same columns a name, for queries."""
        self._engine.name_files(name, paths)

    def make(self, name: str, query: str) -> None:
        """Make a table of a query's rows; one of that name gives way to it."""
        before = self._made.get(name)
        self._count += 1
        self._made[name] = self._folder / f"{self._count:04d}_{name}"
        self._engine.land(query, self._made[name])
        self._engine.name_files(name, [self._made[name]])
        files = parquet_scans(sorted(self._made[name].glob("*.parquet")))
        self._session.run(f"CREATE OR REPLACE TEMP VIEW {sql_name(name)} AS SELECT * FROM {files}")
        if before:
            shutil.rmtree(before)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.close()
        shutil.rmtree(self._folder, ignore_errors=True)
