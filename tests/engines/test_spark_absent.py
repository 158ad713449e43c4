"""Without PySpark a cluster is refused with a sentence that says what to install; nothing else needs it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from basekeep.engines.duckdb import DuckEngine
from basekeep.engines.spark import SparkEngine
from basekeep.kernel.errors import WorkError


def test_what_to_install_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("pyspark", "pyspark.sql"):
        monkeypatch.setitem(sys.modules, name, None)
    with DuckEngine(threads=1) as here, pytest.raises(WorkError) as caught:
        SparkEngine(here, "local[1]", {}, "300MB")
    assert caught.value.code == "spark.not_installed"
    assert caught.value.do is not None
    assert "basekeep[spark]" in caught.value.do.en
