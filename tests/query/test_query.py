"""Queries answer from the tables in and out, count exactly, and say what is wrong with a place."""

from __future__ import annotations

from pathlib import Path

import pytest

from basekeep.engines.errors import SqlError
from basekeep.kernel.errors import DamageError
from query.conftest import Ask, rows_of


def answer(ask: Ask, sql: str) -> list[tuple[object, ...]]:
    with ask(sql) as query:
        return rows_of(query)


@pytest.mark.parametrize(
    "table",
    [
        "profile",
        "membership",
        "score",
        "target",
        "rule_summary",
        "segment_summary",
        "waterfall",
        "report",
        "subscriber_month",
    ],
)
def test_each_table_in_and_out_can_be_asked_and_counts_exactly(table: str, ask: Ask) -> None:
    with ask(f"select * from {table}") as query:
        assert query.count() == len(rows_of(query)) > 0


@pytest.mark.parametrize(
    "sql",
    [
        "with m as (select * from membership) select segment, count(*) from m group by all order by all",
        "from profile select count(*)",
        "values (1, 2)",
        "describe membership",
        "summarize target",
        "explain select * from profile",
        "explain analyze select count(*) from profile",
        "select rank() over (order by points desc) from score where points is not null limit 5",
        "pivot membership on segment in ('vip', 'family') using count(*)",
        "select unnest([1, 2, 3]), range(3)",
        "select * from generate_series(1, 3)",
        "select evidence ->> '$.*.value' from membership limit 1",
        "(select 1) union all (select 2) -- 注释",
        "select 'a; -- b'",
        "/* 先说明 */ select 1;",
    ],
)
def test_reading_sql_of_every_shape_is_answered(sql: str, ask: Ask) -> None:
    assert answer(ask, sql)


def test_membership_is_the_same_with_evidence_and_without(ask: Ask) -> None:
    keys = "subscriber_id, segment, rule, priority"
    plain = answer(ask, f"select {keys} from membership order by all")
    asked = answer(ask, f"select {keys} from (select * from membership where evidence is not null) order by all")
    assert plain == asked
    assert answer(ask, "select count(*) from membership where evidence like '{%'") == [(len(plain),)]


def test_a_name_given_by_with_hides_a_table_of_ours(ask: Ask) -> None:
    assert answer(ask, "with profile as (select 1 as a) select * from profile") == [(1,)]
    assert answer(ask, "with staff as (select 1 as a) select * from staff") == [(1,)]


def test_an_exact_number_stays_exact(ask: Ask) -> None:
    assert str(answer(ask, "select typeof(arpu) from subscriber_month limit 1")[0][0]) == "DECIMAL(18,4)"


@pytest.mark.parametrize(
    ("sql", "code", "place", "near"),
    [
        ("select\n  arpuu from subscriber_month", "query.unknown_column", "SQL:2:3", "arpu"),
        ("select '中文', p.mouu from profile p", "query.unknown_column", "SQL:1:16", "mou"),
        ("select arpuu as ARPUU from subscriber_month", "query.unknown_column", "SQL:1:8", "arpu"),
        ("select * from membershp", "query.unknown_table", "SQL", "membership"),
        ("select lowwer('A')", "query.unknown_function", "SQL:1:8", "lower"),
        ("select * from staff", "query.not_stored", "SQL", ""),
        ("select '中文' fro m", "query.syntax", "SQL:1:17", ""),
        ("select x.a from profile", "query.unknown_table", "SQL:1:8", ""),
        ("select cast('x' as integer)", "query.failed", "SQL:1", ""),
    ],
)
def test_what_is_wrong_is_said_with_place_and_near_names(sql: str, code: str, place: str, near: str, ask: Ask) -> None:
    with pytest.raises(SqlError) as wrong, ask(sql) as query:
        rows_of(query)
    finding = wrong.value.findings[0]
    assert (finding.code, str(finding.place)) == (code, place)
    assert not near or near in finding.near


def test_a_damaged_file_is_found_before_it_is_read(ask: Ask, panel_store: Path) -> None:
    damaged = next(panel_store.rglob("runs/*/rank/*.parquet"))
    content = damaged.read_bytes()
    try:
        damaged.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        with pytest.raises(DamageError), ask("select * from target"):
            pass
        assert answer(ask, "select count(*) from profile")
    finally:
        damaged.write_bytes(content)


def test_the_answer_comes_in_batches_and_never_as_a_whole(ask: Ask) -> None:
    with ask("select range, 'some text ' || range from range(3000000)") as query:
        sizes = [batch.num_rows for batch in query.stream(50_000).batches]
    assert sum(sizes) == 3_000_000
    assert max(sizes) <= 100_000


@pytest.mark.parametrize(
    "sql", ["select * from constraint", "SELECT c.kind FROM constraint c JOIN constraint d USING (name)"]
)
def test_a_table_whose_name_is_a_word_of_sql_is_asked_for_as_it_is_read(sql: str, ask: Ask) -> None:
    with ask(sql) as query:
        assert query.count() == 0


def test_what_is_wrong_besides_is_still_told(ask: Ask) -> None:
    with pytest.raises(SqlError, match=r"query\.syntax"), ask("select * from constraint where where"):
        pass
