"""A Spark cluster that reads the operator's tables and carries the work on shards to its workers.

What is done on a shard is the same code on every machine, so the answers are the same to the last byte. The only file
that imports pyspark; none of its errors leaves here.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from basekeep.engines.duckdb import DuckEngine, DuckSession
from basekeep.engines.errors import EngineError
from basekeep.engines.protocol import Engine, Item, Result
from basekeep.engines.spark_tables import TablesOnCluster
from basekeep.kernel.errors import BasekeepError, WorkError
from basekeep.kernel.text import Text

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

SHARD_COLUMN = "basekeep_shard"
_PYTHON = "PYSPARK_PYTHON"
_LOOK_SECONDS = 0.2
# What is not here, arrays and the like, is of no type that a contract's column could take.
_OTHER = "VARCHAR[]"
_TYPES = {
    "string": "VARCHAR", "char": "VARCHAR", "varchar": "VARCHAR", "boolean": "BOOLEAN", "date": "DATE",
    "timestamp": "TIMESTAMP", "timestamp_ntz": "TIMESTAMP", "double": "DOUBLE", "float": "FLOAT", "long": "BIGINT",
    "integer": "INTEGER", "short": "SMALLINT", "byte": "TINYINT", "decimal": "DECIMAL({0.precision}, {0.scale})",
    "binary": "BLOB",
}  # fmt: skip
_NAMED_ERROR = re.compile(r"[A-Za-z_.]*(Error|Exception): ")
_DEFAULTS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={Path(__file__).with_name('spark_log4j2.properties').as_uri()}",
    "spark.sql.parquet.compression.codec": "zstd",
    # A time of day is kept as the operator's tables show it, without a zone.
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
}


def file_url(path: Path) -> str:
    """A path as Spark takes it. Not `Path.as_uri`: Spark takes `%20` for the name itself, not for a space."""
    return f"file://{path}"


class SparkEngine:
    """A session on a cluster, with an embedded engine at its side for all that is small."""

    def __init__(self, here: DuckEngine, master: str, options: Mapping[str, str], worker_memory: str) -> None:
        """Connect.

        Args:
            here: the engine of this process; closed with this one.
            master: the cluster, as `spark://host:7077`, `yarn` or `local[2]`.
            options: further settings of Spark, by their own names.
            worker_memory: what one piece of work may hold in memory, as `1GB`.

        Raises:
            WorkError: PySpark or Java is missing, or the cluster cannot be reached.
        """
        self._here = here
        self._worker_memory = worker_memory
        self._spark, self._ours = _connected(master, {**_DEFAULTS, **options})

    @property
    def threads(self) -> int:
        """How many threads the engine of this process uses."""
        return self._here.threads

    @property
    def elsewhere(self) -> bool:
        """Whether `spread` carries work to other processes and machines."""
        return True

    def session(self) -> DuckSession:
        """A session on the engine of this process."""
        return self._here.session()

    def tables(self, folder: Path) -> TablesOnCluster:
        """A place for tables, below a new folder that all machines see."""
        folder.mkdir()
        return TablesOnCluster(self, folder)

    def name_files(self, name: str, paths: Sequence[Path]) -> None:
        """Parquet files, or folders of them, as a view of that name; a view that has it gives way."""
        with _our_errors():
            self._spark.read.parquet(*map(file_url, paths)).createOrReplaceTempView(name)

    def spread(
        self, work: Callable[[Engine, Item], Result], items: Sequence[Item], done: Callable[[], None]
    ) -> list[Result]:
        """Carry the work for each item to a worker; what a lost worker had begun is begun again on another."""
        if not items:
            return []
        context = self._spark.sparkContext
        tasks = context.parallelize(list(items), len(items)).map(partial(_carried, work, self._worker_memory))
        with _our_errors():
            outcomes = _watched(context, tasks, done)
        for outcome in outcomes:
            if isinstance(outcome, BasekeepError):
                raise outcome
        return outcomes

    def view_of_files(self, kind: str, paths: Sequence[str], options: Mapping[str, str]) -> str:
        """Files that the cluster can see as a view: `kind` is parquet or csv; gives the view's name."""
        name = f"source_{secrets.token_hex(6)}"
        with _our_errors():
            reader = self._spark.read.options(**options)
            frame = reader.parquet(*paths) if kind == "parquet" else reader.csv(list(paths))
            frame.createOrReplaceTempView(name)
        return name

    def columns(self, select: str) -> list[tuple[str, str]]:
        """Name and type of each column that a select gives, in the embedded engine's words; reads no row."""
        with _our_errors():
            fields = self._spark.sql(select).schema.fields
        return [(field.name, _TYPES.get(field.dataType.typeName(), _OTHER).format(field.dataType)) for field in fields]

    def land(self, select: str, folder: Path) -> None:
        """Write the rows of a select as Parquet files into a new folder that all machines see."""
        with _our_errors():
            _plain_times(self._spark.sql(select)).write.parquet(file_url(folder))

    def land_by_shard(self, select: str, folder: Path, column: str, shards: int) -> None:
        """The same in folders `basekeep_shard=<k>`: all rows of one id together, in the shard that `shard_of` names."""
        from pyspark.sql import functions as f

        with _our_errors():
            frame = _plain_times(self._spark.sql(select))
            digest = f.substring(f.md5(_text_of(frame, column)), 1, 8)
            shard = f.coalesce(f.conv(digest, 16, 10).cast("long") % shards, f.lit(0)).cast("int")
            rows = frame.withColumn(SHARD_COLUMN, shard).repartition(shards, SHARD_COLUMN)
            rows.write.partitionBy(SHARD_COLUMN).parquet(file_url(folder))

    def close(self) -> None:
        """Leave the cluster; a session that was there before stays."""
        if self._ours:
            with contextlib.suppress(Exception):
                self._spark.stop()
        self._here.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _carried(work: Callable[[Engine, Any], Any], memory: str, item: Any) -> Any:
    """On a worker: do the work on an engine of its own. An error of ours is an answer; any other is tried again."""
    with DuckEngine(threads=1, memory_limit=memory) as engine:
        try:
            return work(engine, item)
        except BasekeepError as error:
            return error


def _watched(context: Any, tasks: Any, done: Callable[[], None]) -> list[Any]:
    """Collect in a thread, and tell meanwhile how many tasks are done."""
    from pyspark import InheritableThread

    group, found, failed = secrets.token_hex(8), list[Any](), list[BaseException]()

    def collect() -> None:
        context.setJobGroup(group, "basekeep", interruptOnCancel=True)
        try:
            found.extend(tasks.collect())
        except BaseException as error:
            failed.append(error)

    worker = InheritableThread(target=collect, daemon=True)
    told = 0
    try:
        worker.start()
        while worker.is_alive():
            worker.join(_LOOK_SECONDS)
            told += _tell(done, _finished(context.statusTracker(), group) - told)
    except KeyboardInterrupt:
        context.cancelJobGroup(group)
        raise
    if failed:
        raise failed[0]
    _tell(done, len(found) - told)
    return found


def _tell(done: Callable[[], None], times: int) -> int:
    for _ in range(times):
        done()
    return max(times, 0)


def _finished(tracker: Any, group: str) -> int:
    jobs = [tracker.getJobInfo(job) for job in tracker.getJobIdsForGroup(group)]
    stages = [tracker.getStageInfo(stage) for job in jobs if job for stage in job.stageIds]
    return sum(stage.numCompletedTasks for stage in stages if stage)


def _plain_times(frame: DataFrame) -> DataFrame:
    """Times without a zone, as a clock on the operator's wall shows them."""
    from pyspark.sql import functions as f
    from pyspark.sql.types import TimestampType

    columns = [
        f.col(f"`{field.name}`").cast("timestamp_ntz").alias(field.name)
        if isinstance(field.dataType, TimestampType)
        else f.col(f"`{field.name}`")
        for field in frame.schema.fields
    ]
    return frame.select(*columns)


def _text_of(frame: DataFrame, column: str) -> Any:
    """An id as the store will keep it: a whole number without a point, no blanks around it."""
    from pyspark.sql import functions as f
    from pyspark.sql.types import DecimalType, DoubleType, FloatType

    field = next(field for field in frame.schema.fields if field.name.lower() == column)
    value = f.col(f"`{field.name}`")
    if isinstance(field.dataType, DecimalType | DoubleType | FloatType):
        whole = (value == f.floor(value)) & (f.abs(value) < 1e18)
        return f.when(whole, value.cast("bigint").cast("string")).otherwise(value.cast("string"))
    return f.trim(value.cast("string"), f.lit(" \t\r\n\u3000\u00a0\ufeff"))


def _connected(master: str, options: Mapping[str, str]) -> tuple[Any, bool]:
    """The session, and whether it was made here: a notebook may have one already, which is used as it is."""
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise WorkError(
            "spark.not_installed",
            Text("设置要求 engine: spark，但没有安装 PySpark", "the settings ask for engine: spark, and PySpark is not installed"),
            Text("执行 pip install 'basekeep[spark]'，并安装 Java 17；或改用 engine: duckdb。",
                 "Run pip install 'basekeep[spark]' and install Java 17, or set engine: duckdb."),
        ) from error  # fmt: skip
    builder = SparkSession.builder.appName("basekeep").master(master)
    for name, value in options.items():
        builder = builder.config(name, value)
    # The workers' Python is taken from here and from no option: by default the one that runs this.
    os.environ.setdefault(_PYTHON, options.get("spark.pyspark.python", sys.executable))
    ours = SparkSession.getActiveSession() is None
    try:
        return builder.getOrCreate(), ours
    except Exception as error:
        raise WorkError(
            "spark.no_cluster",
            Text(f"连不上 Spark {master}：{_telling_line(error)}", f"Spark at {master} could not be reached: {_telling_line(error)}"),
            Text("核对 spark.master；本机需要 Java 17（java -version）。",
                 "Look at spark.master; this machine needs Java 17 (java -version)."),
        ) from error  # fmt: skip


@contextlib.contextmanager
def _our_errors() -> Iterator[None]:
    try:
        yield
    except BasekeepError:
        raise
    except Exception as error:
        raise EngineError(_telling_line(error), "engine.spark_failed") from error


def _telling_line(error: Exception) -> str:
    """The line of a long message that says what happened: of a Python error on a worker the last, else the first."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    named = [line for line in lines if _NAMED_ERROR.match(line)]
    return (named or lines or [type(error).__name__])[-1 if named else 0]
