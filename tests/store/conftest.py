"""An engine and an empty store for every test that asks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from basekeep.engines.duckdb import DuckEngine


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[DuckEngine]:
    with DuckEngine(threads=2, memory_limit="1GB", temp_dir=tmp_path / "spill") as engine:
        yield engine


@pytest.fixture
def store_dir(tmp_path: Path) -> Path:
    return tmp_path / "store"
