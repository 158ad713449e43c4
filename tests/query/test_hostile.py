"""No SQL that a person gives reaches a file, a setting, the catalogue or a phone number, or writes anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from basekeep.engines.duckdb import DuckEngine
from basekeep.engines.errors import EngineError, SqlError
from query.conftest import Ask, rows_of

HOSTILE = {
    "insert into membership values ('x', 'y', 'z', 1)": "query.read_only",
    "delete from subscriber_month": "query.read_only",
    "update score set points = 100": "query.read_only",
    "drop view membership": "query.read_only",
    "create table mine as select 1": "query.read_only",
    "copy (select 1) to 'out.csv'": "query.read_only",
    "copy subscriber_month from '/etc/passwd'": "query.read_only",
    "attach 'other.db'": "query.read_only",
    "install httpfs": "query.read_only",
    "load httpfs": "query.read_only",
    "set enable_external_access = true": "query.read_only",
    "pragma database_list": "query.read_only",
    "call pragma_version()": "query.read_only",
    "export database 'mine'": "query.read_only",
    "with gone as (delete from subscriber_month returning *) select * from gone": "query.read_only",
    "explain analyze insert into membership values ('x', 'y', 'z', 1)": "query.read_only",
    "select 1; select 2": "query.one_statement",
    "select 1; drop view membership": "query.read_only",
    "select * from '/etc/passwd'": "query.unknown_table",
    'select * from "/etc/passwd"': "query.unknown_table",
    "select * from 'store/tables/x.parquet'": "query.unknown_table",
    "summarize '/etc/passwd'": "query.unknown_table",
    "select 1 where exists (from '/etc/passwd')": "query.unknown_table",
    "explain select * from '/etc/passwd'": "query.unknown_table",
    'with "/etc/passwd" as (select 1) select * from "/etc/passwd"': "query.with_name",
    "select * from read_csv('/etc/passwd')": "query.table_function",
    "select * from main.read_text('/etc/passwd')": "query.table_function",
    "select * from parquet_metadata('x.parquet')": "query.table_function",
    "select * from glob('/*')": "query.table_function",
    "select * from sniff_csv('/etc/passwd')": "query.table_function",
    "select * from duckdb_settings()": "query.table_function",
    "select * from duckdb_secrets()": "query.table_function",
    "select * from pragma_table_info('membership')": "query.table_function",
    "select * from query('select 1')": "query.table_function",
    "select * from query_table('subscriber_month')": "query.table_function",
    "select * from membership, lateral (select * from read_csv('/etc/passwd'))": "query.table_function",
    "select current_setting('temp_directory')": "query.function",
    "select getenv('HOME')": "query.function",
    "select pg_get_viewdef(1)": "query.function",
    "select query('select 1')": "query.function",
    "select * from information_schema.tables": "query.qualified",
    "select * from pg_catalog.pg_views": "query.qualified",
    "select * from sqlite_master": "query.unknown_table",
    "select * from duckdb_views": "query.unknown_table",
    "select * from figures": "query.unknown_table",
    "show tables": "query.source",
    "select * from (show databases)": "query.source",
    "select ?": "query.parameter",
    "select $name": "query.parameter",
    "": "query.one_statement",
    "-- nothing": "query.one_statement",
    "select (((": "query.syntax",
    "select 'open": "query.syntax",
    "select " + "(" * 3000 + "1" + ")" * 3000: "query.unreadable",
}  # fmt: skip


@pytest.mark.parametrize("sql", HOSTILE)
def test_hostile_sql_is_refused_by_name(sql: str, ask: Ask) -> None:
    with pytest.raises(SqlError) as refused, ask(sql) as query:
        rows_of(query)
    assert refused.value.code == HOSTILE[sql]


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_text('/etc/passwd')",
        "copy (select 1) to 'leak.csv'",
        "set enable_external_access = true",
        "set allowed_paths = ['/etc/passwd']",
        "attach 'leak.db'",
        "install httpfs",
        "create view mine as select * from read_csv('/etc/passwd')",
    ],
)
def test_a_locked_engine_reaches_nothing_even_unasked(
    sql: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with DuckEngine(threads=1) as engine, engine.session() as session:
        engine.lock([])
        with pytest.raises(EngineError, match=r"disabled by configuration|has been locked"):
            session.run(sql)
    assert list(tmp_path.iterdir()) == []


def test_a_query_reads_only_the_files_of_the_tables_it_names(ask: Ask, panel_store: Path) -> None:
    other = next(panel_store.rglob("runs/*/figures/*.parquet"))
    path = str(other).replace("'", "''")
    with (
        ask("select count(*) from subscriber_month") as query,
        query.engine.session() as session,
        pytest.raises(EngineError, match="disabled by configuration"),
    ):
        session.rows(f"select * from read_parquet('{path}')")


def test_every_phone_number_is_masked_in_every_way_of_asking(ask: Ask) -> None:
    for sql in (
        "select distinct msisdn from subscriber_month",
        "select max(msisdn) from subscriber_month",
        "select s.msisdn from (select subscriber_month as s from subscriber_month)",
        "select msisdn || '' from subscriber_month where msisdn is not null",
    ):
        with ask(sql) as query:
            numbers = [row[0] for row in rows_of(query) if row[0] is not None]
        assert numbers
        assert all(isinstance(number, str) and set(number[3:-2]) == {"*"} for number in numbers)
