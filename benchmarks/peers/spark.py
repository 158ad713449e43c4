"""PySpark on this machine, one query for all ten rules."""

from __future__ import annotations

import os
from pathlib import Path

from pyspark.sql import SparkSession

from benchmarks.base import Base
from benchmarks.peers.one_pass import members_sql, statistics_sql
from benchmarks.watch import Watch

_MEMORY_SHARE = 0.5


def answer(base: Base, into: Path, watch: Watch) -> None:
    """Write the members of the ten rules."""

    def table(lag: int) -> str:
        return f"parquet.`{base.month_file(lag)}`"

    spark = _session(base)
    with watch:
        statistics = spark.sql(statistics_sql(table, "percentile(arpu_0, 0.8)")).collect()[0]
        members = spark.sql(members_sql(table, statistics, "explode(array({}))"))
        members.write.mode("overwrite").option("compression", "zstd").parquet(str(into))
    _stop(spark)


def _session(base: Base) -> SparkSession:
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**20
    settings = {
        "spark.driver.memory": f"{int(memory * _MEMORY_SHARE)}m",
        "spark.local.dir": str(base.folder / "spark"),
        "spark.sql.shuffle.partitions": str(8 * (os.cpu_count() or 1)),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
    }
    builder = SparkSession.builder.master("local[*]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def _stop(spark: SparkSession) -> None:
    """Wait for the JVM to end: only then does the system say how much memory it took."""
    gateway = spark.sparkContext._gateway
    spark.stop()
    gateway.shutdown()
    gateway.proc.stdin.close()
    gateway.proc.wait()
