"""A small stored panel with one run, made once; and a way to ask it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from pathlib import Path

import pytest

from basekeep.checks.playbook import sound_playbook
from basekeep.engines.duckdb import DuckEngine
from basekeep.kernel.progress import SilentProgress
from basekeep.playbook.shipping import shipped_folder
from basekeep.run.plan import plan_run
from basekeep.run.query import Query, open_query
from basekeep.run.run import run
from basekeep.store.state import read_state
from basekeep.store.writing import writing
from oracle.generate import panel
from runs.stored_panel import store_rows

MONTH = date(2025, 12, 1)
Ask = Callable[[str], AbstractContextManager[Query]]


@pytest.fixture(scope="session")
def panel_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in a folder whose name holds what globs and quotes are made of."""
    store = tmp_path_factory.mktemp("place") / "it's [2025] 工作区" / "store"
    store.parent.mkdir()
    with DuckEngine(threads=2) as engine:
        store_rows(panel(3, 120, MONTH), store, engine)
        with writing(store) as work:
            plan = plan_run(sound_playbook(shipped_folder()), store, work.state, MONTH)
            run(plan, engine, work, SilentProgress())
    return store


@pytest.fixture
def ask(panel_store: Path) -> Ask:
    """Opens a query on the store, on an engine of its own."""

    @contextmanager
    def opened(sql: str) -> Iterator[Query]:
        with DuckEngine(threads=2) as engine, engine.session() as session:
            yield open_query(engine, session, panel_store, read_state(panel_store), sql, None, SilentProgress())

    return opened


def rows_of(query: Query) -> list[tuple[object, ...]]:
    """All rows of the answer."""
    found = []
    for batch in query.stream(1000).batches:
        found += list(zip(*(column.to_pylist() for column in batch.columns), strict=True))
    return found
