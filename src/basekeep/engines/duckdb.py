"""DuckDB inside this process, in memory. The only file that imports it; none of its errors leaves here."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
import tempfile
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import duckdb
import pyarrow as pa

from basekeep.engines.errors import EngineError
from basekeep.engines.protocol import ROW_GROUP_ROWS, Engine, Item, Result, Stream
from basekeep.engines.sql_text import exact_path, sql_literal
from basekeep.engines.tables import TablesHere
from basekeep.kernel.text import Text

_Done = TypeVar("_Done")
_DISK_FULL = ("No space left on device", "Disk quota exceeded", "File too large", "max_temp_directory_size")
_INSIDE = re.compile(r'"exception_message":("(?:[^"\\]|\\.)*")')
_FILE = re.compile(r'file "([^"]+)"')


_running: weakref.WeakSet[DuckEngine] = weakref.WeakSet()


def interrupt_engines() -> None:
    """Stop what every engine of this process is doing, in all its threads: for Ctrl-C."""
    for engine in list(_running):
        engine.interrupt()


def half_of_memory() -> str:
    """Half of what this machine has, or of what its container may have, in the engine's words."""
    most = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with contextlib.suppress(OSError, ValueError):
        most = min(most, int(Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii")))
    return f"{most // 2 >> 20}MiB"


class DuckEngine:
    """One in-memory DuckDB; sessions share its tables, its threads and its memory."""

    def __init__(
        self, threads: int | None = None, memory_limit: str | None = None, temp_dir: Path | None = None
    ) -> None:
        """Start the engine.

        `memory_limit` as `3GB`, half of the machine's when not given; what does not fit is spilled to `temp_dir`, made
        when needed, removed on close.
        """
        self._threads = threads or os.cpu_count() or 1
        self._temp_dir = temp_dir or Path(tempfile.gettempdir()) / f"basekeep-{os.getpid()}-{secrets.token_hex(4)}"
        settings: dict[str, str | bool | int | float | list[str]] = {
            "threads": self._threads,
            "temp_directory": str(self._temp_dir),
            # Nothing is fetched from a network behind the user's back.
            "autoinstall_known_extensions": False,
        }
        self._sessions: weakref.WeakSet[DuckSession] = weakref.WeakSet()
        settings["memory_limit"] = memory_limit or half_of_memory()
        with _our_errors():
            self._connection = duckdb.connect(":memory:", config=settings)
            # A name in SQL is a table or a file, never a Python variable that happens to be in reach.
            self._connection.execute("SET GLOBAL python_enable_replacements = false")
        _running.add(self)

    @property
    def threads(self) -> int:
        """How many threads the engine uses."""
        return self._threads

    @property
    def elsewhere(self) -> bool:
        """Whether `spread` carries work to other processes and machines."""
        return False

    def session(self) -> DuckSession:
        """A new session, usable in any one thread."""
        with _our_errors():
            session = DuckSession(self._connection.cursor())
        self._sessions.add(session)
        return session

    def tables(self, folder: Path) -> TablesHere:
        """A place for tables, in memory; what does not fit is spilled as everything else is."""
        return TablesHere(self.session())

    def spread(
        self, work: Callable[[Engine, Item], Result], items: Sequence[Item], done: Callable[[], None]
    ) -> list[Result]:
        """Do the work for every item, on as many threads as the engine has."""

        def one(item: Item) -> Result:
            result = work(self, item)
            done()
            return result

        with ThreadPoolExecutor(self._threads) as pool:
            return list(pool.map(one, items))

    def interrupt(self) -> None:
        """Stop what every session is doing: for Ctrl-C, which would otherwise wait for the end of each query."""
        for session in list(self._sessions):
            session.interrupt()

    def lock(self, files: Iterable[Path]) -> None:
        """From now on SQL reaches these files and no others, and no setting can be changed; this cannot be undone."""
        # A scan names its file as a pattern, so a path with brackets in it is asked for in that form.
        allowed = dict.fromkeys(text for path in files for text in (str(path), exact_path(path)))
        with _our_errors():
            self._connection.execute(f"SET allowed_paths = [{', '.join(map(sql_literal, allowed))}]")
            self._connection.execute("SET enable_external_access = false")
            self._connection.execute("SET lock_configuration = true")

    def close(self) -> None:
        """Stop the engine; what it spilled is removed."""
        self._connection.close()
        shutil.rmtree(self._temp_dir, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class DuckSession:
    """One cursor on the engine; raises EngineError and nothing else."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self._cursor = cursor
        self._beside: ThreadPoolExecutor | None = None

    def run(self, sql: str) -> None:
        """Run a statement for its effect."""
        self._do(lambda: self._cursor.execute(sql))

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a query, in its order."""
        return self._do(lambda: self._cursor.execute(sql).fetchall())

    def columns(self, sql: str) -> list[tuple[str, str]]:
        """Name and type of each column that a query gives, without running it."""
        return [(str(row[0]), str(row[1])) for row in self.rows(f"DESCRIBE {sql}")]

    def arrow(self, sql: str) -> pa.Table:
        """All rows of a query as an Arrow table."""
        return self._do(lambda: self._cursor.sql(sql).to_arrow_table())

    def batches(self, sql: str, rows: int) -> Stream:
        """The rows of a query in batches of about `rows`, as they are computed: never the whole result in memory."""
        reader = self._do(lambda: self._cursor.sql(sql).to_arrow_reader(rows))
        return Stream(reader.schema, iter(lambda: self._do(lambda: next(reader, None)), None))

    def count(self, sql: str) -> int:
        """How many rows a query gives; the query is taken as a whole, not as text to be put between brackets."""
        return int(self._do(lambda: self._cursor.sql(sql).aggregate("count(*)").fetchall())[0][0])

    def copy(self, sql: str, path: Path, row_group_rows: int = ROW_GROUP_ROWS) -> int:
        """Write the rows of a query, in its order, as zstd Parquet; gives the number of rows."""
        options = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {row_group_rows}"
        return int(self.rows(f"COPY ({sql}) TO {sql_literal(path)} ({options})")[0][0])

    def interrupt(self) -> None:
        """Stop what the session is doing, from any thread."""
        self._cursor.interrupt()

    def close(self) -> None:
        """Give the cursor back."""
        if self._beside:
            self._beside.shutdown()
        self._cursor.close()

    def _do(self, work: Callable[[], _Done]) -> _Done:
        """Do the work; in the main thread it is done beside it, as the engine's calls let no Ctrl-C through."""
        with _our_errors():
            if threading.current_thread() is not threading.main_thread():
                return work()
            self._beside = self._beside or ThreadPoolExecutor(1)
            pending = self._beside.submit(work)
            try:
                return pending.result()
            except KeyboardInterrupt:
                self.interrupt()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@contextlib.contextmanager
def _our_errors() -> Iterator[None]:
    try:
        yield
    # Arrow passes on as an OSError what goes wrong while a batch is computed.
    except (duckdb.Error, pa.ArrowException, OSError) as error:
        raise _translated(_readable(str(error))) from error


def _readable(message: str) -> str:
    """What goes wrong in another thread of the engine comes as JSON inside its message; its sentence alone."""
    inside = _INSIDE.search(message)
    return str(json.loads(inside[1])) if inside else message


def _translated(message: str) -> EngineError:
    if any(sign in message for sign in _DISK_FULL):
        named = _FILE.search(message)
        zh, en = (f"，写不下 {named[1]}", f": cannot write {named[1]}") if named else ("", "")
        do = Text(
            "清理磁盘空间后重新执行；已有数据没有变化。", "Free disk space and call again; nothing stored was changed."
        )
        return EngineError(message, "engine.disk_full", do, Text(f"磁盘已满{zh}", f"the disk is full{en}"))
    if message.startswith("Out of Memory"):
        do = Text("在 basekeep.yaml 中调大 memory_limit。", "Raise memory_limit in basekeep.yaml.")
        return EngineError(message, "engine.out_of_memory", do)
    return EngineError(message)
