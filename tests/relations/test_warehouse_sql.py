"""The SQL printed for an operator's warehouse gives the same members as the plain-Python answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from basekeep.checks.playbook import sound_playbook
from basekeep.contract.subscriber_month import SUBSCRIBER_MONTH
from basekeep.engines.duckdb import DuckEngine, DuckSession
from basekeep.playbook.shipping import shipped_folder
from basekeep.relations.compiled import compile_playbook
from basekeep.relations.warehouse import scorecard_sql, segment_sql
from oracle.answer import answer
from oracle.generate import panel

MONTH = date(2025, 12, 1)
COMPILED = compile_playbook(sound_playbook(shipped_folder()))
_ARROW = {
    "string": pa.string(),
    "date": pa.date32(),
    "bool": pa.bool_(),
    "int": pa.int64(),
    "number": pa.decimal128(18, 4),
}


@pytest.fixture(scope="module")
def rows() -> list[dict[str, object]]:
    return panel(21, 400, MONTH)


@pytest.fixture(scope="module")
def warehouse(rows: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckSession]:
    """A warehouse that holds nothing but the operator's own long table."""
    path = tmp_path_factory.mktemp("warehouse") / "subscriber_month.parquet"
    columns = {c.name: pa.array([row.get(c.name) for row in rows], _ARROW[c.type]) for c in SUBSCRIBER_MONTH.columns}
    pq.write_table(pa.table(columns), path)
    with DuckEngine(threads=2) as engine, engine.session() as session:
        session.run(f"CREATE TABLE subscriber_month AS SELECT * FROM read_parquet('{path}')")
        yield session


@pytest.mark.parametrize("segment", list(COMPILED.playbook.segments))
def test_a_segments_sql_gives_its_members(segment: str, rows: list[dict[str, object]], warehouse: DuckSession) -> None:
    expected = answer(rows, MONTH)
    wanted = {
        (who, rule)
        for (name, rule), truths in expected.rules.items()
        if name == segment
        for who, truth in truths.items()
        if truth
    }
    found = warehouse.rows(segment_sql(COMPILED, segment, MONTH, "duckdb"))
    assert {(who, rule) for who, _, rule in found} == wanted
    assert len(found) == len(wanted)


def test_a_scorecards_sql_gives_its_targets_ranked(rows: list[dict[str, object]], warehouse: DuckSession) -> None:
    found = warehouse.rows(scorecard_sql(COMPILED, COMPILED.scorecards[0], MONTH, "duckdb"))
    assert {who for who, _, _ in found} == answer(rows, MONTH).targets
    ordered = sorted(found, key=lambda row: (-row[1], row[0]))
    assert [rank for _, _, rank in ordered] == list(range(1, len(found) + 1))


@pytest.mark.parametrize("dialect", ["spark", "hive", "postgres", "clickhouse", "oracle"])
def test_the_sql_can_be_written_in_other_dialects(dialect: str) -> None:
    assert "SELECT" in segment_sql(COMPILED, "churn_warning", MONTH, dialect)
