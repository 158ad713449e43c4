"""What the other rooms ask of an engine: SQL in, rows, Arrow or a Parquet file out. Knows no engine by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Protocol, Self, TypeVar

import pyarrow as pa

Item = TypeVar("Item")
Result = TypeVar("Result")
# Rows of a row group of a Parquet file, unless somebody wants other ones.
ROW_GROUP_ROWS = 122_880
# In whose words the engine that does the large work takes SQL.
Dialect = Literal["duckdb", "pyspark"]


@dataclass(frozen=True)
class Stream:
    """The rows of a query as they come: their columns, then batches that can be taken once."""

    schema: pa.Schema
    batches: Iterator[pa.RecordBatch]


class Session(Protocol):
    """One line of work on an engine; used by one thread at a time, sees the tables of its engine."""

    def run(self, sql: str) -> None:
        """Run a statement for its effect."""

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a query, in its order."""

    def columns(self, sql: str) -> list[tuple[str, str]]:
        """Name and type of each column that a query gives, without running it."""

    def arrow(self, sql: str) -> pa.Table:
        """All rows of a query as an Arrow table."""

    def batches(self, sql: str, rows: int) -> Stream:
        """The rows of a query in batches of about `rows`, as they are computed: never the whole result in memory."""

    def count(self, sql: str) -> int:
        """How many rows a query gives."""

    def copy(self, sql: str, path: Path, row_group_rows: int = ROW_GROUP_ROWS) -> int:
        """Write the rows of a query, in its order, as a Parquet file; gives the number of rows.

        The same ordered query over the same data gives the same bytes, whatever the number of threads.
        """

    def close(self) -> None:
        """Give the session back."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Tables(Protocol):
    """Tables made one from the other where the engine does its large work: in this process, or on its cluster.

    For what goes across the whole base and cannot be done shard by shard. They are gone when the block ends.
    """

    @property
    def dialect(self) -> Dialect:
        """In whose words the queries are written."""

    @property
    def here(self) -> Session:
        """A session of this process, in which every table that was made can be read under its name."""

    def read(self, name: str, paths: Sequence[Path]) -> None:
        """Give stored Parquet files of the same columns a name, for queries."""

    def make(self, name: str, query: str) -> None:
        """Make a table of a query's rows; one of that name gives way to it."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Engine(Protocol):
    """Something that runs SQL, on several sessions at once."""

    @property
    def threads(self) -> int:
        """How many threads it may use; so many sessions at once make sense."""

    @property
    def elsewhere(self) -> bool:
        """Whether `spread` carries work to other processes and machines."""

    def session(self) -> Session:
        """A new session, for any one thread."""

    def tables(self, folder: Path) -> Tables:
        """A place for tables; `folder` is a new one, seen by all machines, for what has to lie on a disk."""

    def spread(
        self, work: Callable[[Engine, Item], Result], items: Sequence[Item], done: Callable[[], None]
    ) -> list[Result]:
        """Do the work for every item, as many at once as the engine can; the results in the order of the items.

        The work may be carried to another process or machine, and begun a second time where the first was lost: it
        stands at the top level of a module, what it takes and gives can be pickled, and to do it twice does no harm.

        Args:
            work: takes the engine where it is done, and an item.
            done: called, here, each time that an item is done.
        """

    def close(self) -> None:
        """Stop; what was spilled to disk is removed."""
