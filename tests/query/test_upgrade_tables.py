"""The tables of the enterprise upgrade are queried and exported like any other table of a run."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from basekeep.engines.duckdb import DuckEngine
from basekeep.kernel.progress import SilentProgress
from basekeep.run.export import Layout, table_sql, write_file
from basekeep.run.query import open_query
from basekeep.run.upgrade.tables import SCHEMAS
from basekeep.store.state import read_state

from .conftest import Ask, rows_of


@pytest.mark.parametrize("table", SCHEMAS)
def test_each_table_has_its_columns(table: str, ask: Ask) -> None:
    with ask(f"SELECT * FROM {table}") as query:
        assert query.columns == ("run_id", *SCHEMAS[table].names)
        assert len(rows_of(query)) >= 0


def test_policy_lines_are_of_the_base_and_each_of_one_class(ask: Ask) -> None:
    sql = "SELECT count(*), count(DISTINCT subscriber_id), count(p.status) FROM policy_line LEFT JOIN profile p USING (subscriber_id)"
    with ask(sql) as query:
        ((rows, lines, known),) = rows_of(query)
    assert rows == lines == known != 0


def test_a_table_is_exported(ask: Ask, tmp_path: Path) -> None:
    with ask(table_sql("policy_line", "policy_class = 'enterprise_certificate'")) as query:
        written = write_file(
            query, "parquet", tmp_path / "lines.parquet", Layout(), False, tmp_path / "store", SilentProgress()
        )
    found = pq.read_table(tmp_path / "lines.parquet")
    assert found.num_rows == written.rows > 0
    assert set(found["policy_class"].to_pylist()) == {"enterprise_certificate"}


def test_a_run_of_an_earlier_version_has_these_tables_without_rows(panel_store: Path, tmp_path: Path) -> None:
    shutil.copytree(panel_store, tmp_path / "store")
    (record,) = (tmp_path / "store" / "runs").glob("*/run.json")
    content = json.loads(record.read_bytes())
    content["files"] = {name: sha for name, sha in content["files"].items() if not name.startswith("upgrade/")}
    record.write_text(json.dumps(content))
    shutil.rmtree(record.parent / "upgrade")
    with DuckEngine(threads=2) as engine, engine.session() as session:
        state = read_state(tmp_path / "store")
        query = open_query(
            engine, session, tmp_path / "store", state, "SELECT * FROM breakdown", None, SilentProgress()
        )
        assert rows_of(query) == []
