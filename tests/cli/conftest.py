"""A small synthetic operator, ingested and run once for all tests of the command line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cli.typed import typed


@pytest.fixture(scope="session")
def operator(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with 14 stored months and one run; tests only read it."""
    folder = tmp_path_factory.mktemp("operator") / "工作区"
    assert typed("synth", folder, "--subscribers", 300).status == 0
    assert typed("ingest", "-w", folder).status == 0
    assert typed("run", "--month", "2025-12", "-w", folder).status == 0
    return folder


@pytest.fixture
def own(operator: Path, tmp_path: Path) -> Path:
    """A copy of the workspace to change."""
    return Path(shutil.copytree(operator, tmp_path / "own"))
