"""A cluster for the tests of this folder: started once, on loopback."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Iterator

import pytest

from spark.local_cluster import LocalCluster

STARTED_WITH = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.log.level": "ERROR",
}


def _missing() -> str:
    if importlib.util.find_spec("pyspark") is None:
        return "PySpark is not installed: pip install 'basekeep[spark]'"
    if shutil.which("java") is None:
        return "Java 17 is not installed"
    return ""


@pytest.fixture(scope="session")
def cluster() -> Iterator[LocalCluster]:
    """A master and two workers; in CI their absence is a failure."""
    if missing := _missing():
        if os.environ.get("BASEKEEP_CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    with LocalCluster() as started:
        builder = SparkSession.builder.master(started.master).appName("tests").config("spark.ui.enabled", "false")
        for name, value in STARTED_WITH.items():
            builder = builder.config(name, value)
        # One session for all tests: every other engine joins it, and no executor has to be started again.
        session = builder.getOrCreate()
        yield started
        session.stop()
