"""One SELECT over files, and nothing else, is what a mapping may be."""

from __future__ import annotations

import pytest

from .reader import HEADER, ROW, Reader, column, places


@pytest.mark.parametrize(
    "select",
    [
        "drop table x",
        "copy (select 1) to 'out.csv'",
        "attach 'x.db'",
        "install httpfs",
        "set threads = 1",
        "pragma database_list",
        "create table t as select 1",
        "select 1; select 2",
        "select 1) ; drop table x; select (1",
        "",
    ],
)
def test_anything_but_one_select_is_refused(reader: Reader, select: str) -> None:
    assert places(reader.refused(select)) == {"select_only": "basekeep.yaml:7:3"}
    assert not (reader.root / "out.csv").exists()


@pytest.mark.parametrize("select", ["select 'a", 'select "a'])
def test_an_open_quote_in_the_select_is_a_finding(reader: Reader, select: str) -> None:
    assert places(reader.refused(select)) == {"select_syntax": "basekeep.yaml:7:3"}


def test_a_computed_path_is_refused_with_what_to_write(reader: Reader) -> None:
    (finding,) = reader.refused("select * from read_csv('data/' || 'x.csv')")
    assert finding.code == "source_not_plain"
    assert "read_csv(['a.csv', 'b.csv'])" in finding.do.en


def test_a_name_that_is_no_file_is_a_finding(reader: Reader) -> None:
    assert places(reader.refused("select * from subscribers")) == {"select_table": "basekeep.yaml:7:3"}


def test_broken_sql_is_a_finding_with_the_words_of_the_engine(reader: Reader) -> None:
    reader.write("t.csv", f"{HEADER}\n{ROW}\n")
    (finding,) = reader.refused("select * frm 't.csv'")
    assert finding.code == "select_invalid"
    assert "syntax error" in finding.what.en


def test_an_option_that_does_not_apply_is_a_finding(reader: Reader) -> None:
    reader.write("t.csv", f"{HEADER}\n{ROW}\n")
    findings = reader.refused("select * from read_csv('t.csv', types={'arpu': 'INT'}, delimm=';', skip='x')")
    assert [f.code for f in findings] == ["csv_option"] * 3
    assert "delim" in findings[1].near


@pytest.mark.parametrize(
    "select",
    [
        "select * from 't.csv'",
        "from 't.csv'",
        'select * from "t.csv"',
        "select * from read_csv('t.csv')",
        "select * from read_csv_auto(['t.csv'], header=true, all_varchar=true) as t;",
        "select subscriber_id, month, status, join_date from 't.csv' -- a comment at the end",
        "with t as (select * from 't.csv') select * from t",
        "select t.* from 't.csv', (select 1)",
        "select x.* from 't.csv' x join 't.csv' y using (subscriber_id)",
        "select * from (select * from 't.csv' union all select * from 't.csv') limit 1",
        "select subscriber_id, month, status, min(join_date) as join_date from 't.csv' group by all",
        "select * from read_csv('t.*', delim=',', quote='\"', escape='\"', comment='#', nullstr=['-'])",
    ],
)
def test_every_way_to_write_a_select_reads_the_row(reader: Reader, select: str) -> None:
    reader.write("t.csv", f"{HEADER}\n{ROW}\n")
    assert column(reader.read(select), "subscriber_id") == ["S1"]


def test_the_name_of_the_file_can_be_used_and_is_the_users_own(reader: Reader) -> None:
    for month in ("202511", "202512"):
        reader.write_bytes(f"data/用户_{month}.csv", "id,名\nS1,甲\n".encode("gb18030"))
    select = """select id as subscriber_id, regexp_extract(filename, '_(\\d+)', 1) as month,
                'active' as status, '2020-01-05' as join_date, filename as plan_id from 'data/*.csv'"""
    assert column(reader.read(select), "plan_id") == ["data/用户_202511.csv", "data/用户_202512.csv"]


def test_absolute_paths_are_the_operators_own(reader: Reader) -> None:
    path = reader.write("t.csv", f"{HEADER}\n{ROW}\n")
    text = str(path).replace("'", "''")
    assert column(reader.read(f"select * from '{text}'"), "subscriber_id") == ["S1"]


def test_names_with_signs_of_patterns_are_files(reader: Reader) -> None:
    reader.write("用户 [1]*'s.csv", f"{HEADER}\n{ROW}\n")
    assert column(reader.read("select * from '用户 [1]*''s.csv'"), "subscriber_id") == ["S1"]


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("a;b\n", "delim=';'"),
        ("a|b\n", ""),
        ("a\tb\n", ""),
        ("a\tb\n", "sep='\\t'"),
        ("a||b\n", "delim='||'"),
        ("title\n\na,b\n", "skip=2"),
        ("\n\na,b\n", ""),
        ("# made by\na,b\n", "comment='#'"),
        ('"a\nx",b\n', ""),
        ("\ufeffa,b\r\n", ""),
        ("a,b\r", ""),
        ("a,b,\n", ""),
    ],
)
def test_heads_of_all_kinds_are_understood(reader: Reader, text: str, options: str) -> None:
    separator = next(mark for mark in ("||", ";", "|", "\t", ",") if mark in text)
    ending = "\r" if text.endswith("b\r") else "\n"
    row = f"S1{separator}2025-12-01{ending}"
    reader.write("t.csv", text + row)
    name = '"a\nx"' if '"a\n' in text else "a"
    select = f"""select {name} as subscriber_id, b as month, 'active' as status, '2020-01-01' as join_date
                 from read_csv('t.csv'{", " if options else ""}{options})"""
    assert column(reader.read(select), "subscriber_id") == ["S1"]
