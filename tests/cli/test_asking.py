"""Questions in SQL and whole tables as files, from the command line."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from python_calamine import load_workbook

from basekeep.cli.widths import width
from cli.typed import typed


def test_an_answer_shows_at_most_forty_rows_and_the_exact_count(operator: Path) -> None:
    said = typed("query", "select range n, '中文' t from range(1234567)", "-w", operator)
    lines = said.out.splitlines()
    assert lines[0].split() == ["n", "t"]
    assert len(lines) == 2 + 40 + 1
    assert "共 1,234,567 行，显示前 40 行" in lines[-1]
    short = typed("query", "from range(3)", "-w", operator, "--lang", "en").out.splitlines()
    assert short[-1] == "3 rows"


def test_columns_stand_in_line_also_in_chinese(operator: Path) -> None:
    lines = typed("query", "values ('离网预警', 1), ('vip', 22222)", "-w", operator).out.splitlines()[2:4]
    assert [width(line) for line in lines] == [16, 16]
    assert lines[1].endswith("22,222")


def test_what_a_terminal_would_obey_is_shown_instead(operator: Path) -> None:
    said = typed("query", "select E'\\x1b[31mred\\nline' t", "-w", operator).out
    assert "\x1b" not in said
    assert "\\x1b[31mred⏎line" in said


def test_an_answer_is_one_document_for_programs(operator: Path) -> None:
    document = typed(
        "query", "select segment, count(*) n from membership group by all", "-w", operator, "--json"
    ).document
    assert document["row_count"] == len(document["rows"]) > 5
    assert [column["name"] for column in document["columns"]] == ["segment", "n"]
    assert document["run_id"].startswith("2025-12-")


@pytest.mark.parametrize("form", ["csv", "json"])
def test_an_answer_streams_to_standard_output(form: str, operator: Path) -> None:
    out = typed("query", "select subscriber_id from profile", "--format", form, "-w", operator).out
    rows = json.loads(out) if form == "json" else list(csv.DictReader(io.StringIO(out)))
    count = typed("query", "select count(*) n from profile", "-w", operator, "--json").document["rows"][0]["n"]
    assert len(rows) == count
    assert set(rows[0]) == {"subscriber_id"}


@pytest.mark.parametrize(
    "sql",
    ["-- 注释\nselect 7 as n", "--comment\nselect 7 as n", "--a=b\nselect 7 as n", "-- to = a\n-- b\nselect 7 as n"],
)
def test_sql_may_begin_with_a_comment(operator: Path, sql: str) -> None:
    for words in (
        [sql, "-w", operator, "--json"],
        ["-w", operator, "--json", sql],
        ["-w", operator, "--json", "--", sql],
    ):
        assert typed("query", *words).document["rows"] == [{"n": 7}]


def test_a_comment_alone_is_no_sql_and_an_unknown_option_stays_one(operator: Path) -> None:
    assert "一条 SELECT" in typed("query", "-- select 1", "-w", operator).err
    assert "没有选项 --frmat" in typed("query", "--frmat=csv", "select 1", "-w", operator).err


def test_sql_may_come_from_standard_input(operator: Path) -> None:
    assert typed("query", "-", "-w", operator, "--json", stdin="select 7 as n").document["rows"] == [{"n": 7}]


@pytest.mark.parametrize(
    "sql", ["delete from membership", "copy (select 1) to 'x.csv'", "select * from '/etc/passwd'", "set threads = 1"]
)
def test_sql_that_writes_or_reaches_further_is_a_wrong_call(
    sql: str, operator: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = typed("query", sql, "-w", operator)
    assert said.status == 2
    assert said.out == ""
    assert "SQL" in said.err
    assert os.listdir(tmp_path) == []


def test_a_wrong_column_is_said_with_its_place_and_near_names(operator: Path) -> None:
    said = typed("query", "select arpuu from subscriber_month", "-w", operator, "--lang", "en")
    assert said.status == 2
    assert "SQL:1:8: [query.unknown_column]" in said.err
    assert "arpu" in said.err.split("Near names:")[1]
    found = typed("query", "select arpuu from subscriber_month", "-w", operator, "--json").document["findings"][0]
    assert (found["line"], found["column"]) == (1, 8)


def test_without_sql_the_tables_are_listed(operator: Path) -> None:
    names = [row["table"] for row in typed("query", "-w", operator, "--json").document]
    assert {"subscriber_month", "org_unit", "membership", "target"} <= set(names)
    assert "2024-11 … 2025-12" in typed("query", "-w", operator).out


def test_a_run_that_does_not_exist_is_a_wrong_call(operator: Path) -> None:
    assert typed("query", "from profile", "--run", "2020-01", "-w", operator).status == 2


@pytest.mark.parametrize("suffix", ["csv", "parquet", "xlsx", "json"])
def test_a_table_becomes_a_file_with_every_row(suffix: str, operator: Path, tmp_path: Path) -> None:
    target = tmp_path / f"名单.{suffix}"
    document = typed("export", "target", "--to", target, "-w", operator, "--json").document
    count = {
        "csv": lambda: len(list(csv.reader(target.open(encoding="utf-8")))) - 1,
        "parquet": lambda: len(pq.read_table(target)),
        "xlsx": lambda: len(load_workbook(str(target)).get_sheet_by_index(0).to_python()) - 1,
        "json": lambda: len(json.loads(target.read_text(encoding="utf-8"))),
    }[suffix]()
    assert document["rows"] == count > 0


def test_csv_for_excel_has_the_mark_and_harmless_reasons(operator: Path, tmp_path: Path) -> None:
    target = tmp_path / "list.csv"
    assert typed("export", "target", "--to", target, "--bom", "-w", operator).status == 0
    assert target.read_bytes().startswith(b"\xef\xbb\xbf")
    row = next(csv.DictReader(target.open(encoding="utf-8-sig")))
    assert row["reasons_zh"].startswith(("'+", "'-"))
    assert "；" in row["reasons_zh"]


def test_a_part_of_a_table_is_exported_by_a_condition(operator: Path, tmp_path: Path) -> None:
    target = tmp_path / "part.csv"
    assert typed("export", "membership", "--to", target, "--where", "segment = 'vip'", "-w", operator).status == 0
    assert {row["segment"] for row in csv.DictReader(target.open(encoding="utf-8"))} == {"vip"}


def test_a_file_that_is_there_stays_unless_force_is_given(operator: Path, tmp_path: Path) -> None:
    target = tmp_path / "list.csv"
    target.write_text("mine")
    assert typed("export", "target", "--to", target, "-w", operator).status == 2
    assert target.read_text() == "mine"
    assert typed("export", "target", "--to", target, "--force", "-w", operator).status == 0
    assert target.read_text(encoding="utf-8") != "mine"


def test_an_unknown_table_or_kind_of_file_is_a_wrong_call(operator: Path, tmp_path: Path) -> None:
    assert typed("export", "targets", "--to", tmp_path / "x.csv", "-w", operator).status == 2
    assert typed("export", "target", "--to", tmp_path / "x.doc", "-w", operator).status == 2
    assert os.listdir(tmp_path) == []
