"""Synthetic operators shared by the tests of this folder; made once, only read."""

from __future__ import annotations

from pathlib import Path

import pytest

from basekeep.kernel.progress import SilentProgress
from basekeep.synth.operator import Made, Options, make

from .history import History

SUBSCRIBERS = 20_000


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """An operator of 20,000 subscribers and fourteen months."""
    return make(Options(subscribers=SUBSCRIBERS), tmp_path_factory.mktemp("operator"), SilentProgress())


@pytest.fixture(scope="session")
def history(made: Made) -> History:
    """Its months laid side by side for the base of the last month."""
    return History(made.into)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """An empty workspace."""
    return tmp_path / "workspace"
