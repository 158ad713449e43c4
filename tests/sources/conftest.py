"""A reader in a workspace whose path holds all that paths may hold."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from basekeep.engines.duckdb import DuckEngine

from .reader import Reader


@pytest.fixture(scope="session")
def sources_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckEngine]:
    with DuckEngine(threads=2, memory_limit="1GB", temp_dir=tmp_path_factory.mktemp("spill")) as engine:
        yield engine


@pytest.fixture
def reader(sources_engine: DuckEngine, tmp_path: Path) -> Reader:
    root = tmp_path / "it's 数据 [1] a=b"
    root.mkdir()
    return Reader(sources_engine, root, tmp_path / "staging")
