"""Answers become files: exact, whole or not at all, and with no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import gc
import io
import json
import os
import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from python_calamine import load_workbook

from basekeep.kernel.errors import BasekeepError, CallError, WorkError
from basekeep.kernel.progress import SilentProgress
from basekeep.run import xlsx_result
from basekeep.run.export import Layout, Written, format_of, table_sql, write_file, write_stream
from basekeep.store.disk import disk_errors
from query.conftest import Ask
from rights import needs_rights

HOSTILE = [
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "=cmd|' /C calc'!A0", "\t=1", "\r=1", "＝1+1", "{=1+1}", "http://a.b/c",
    "mailto:a@b.c", "internal:Sheet1!A1", "00123", "1e5", 'he said "no", twice', "line\nbreak", "中文；分号", "_x0041_",
]  # fmt: skip
AS_SQL = ", ".join(f"({index}, '{text.replace(chr(39), chr(39) * 2)}')" for index, text in enumerate(HOSTILE))
HOSTILE_SQL = f"select * from (values {AS_SQL}) t(id, text) order by id"


def write(ask: Ask, sql: str, path: Path, layout: Layout | None = None, force: bool = False) -> Written:
    with ask(sql) as query:
        form = format_of(path)
        return write_file(query, form, path, layout or Layout(), force, path.parent / "no store", SilentProgress())


def test_hostile_cells_stay_texts_in_a_workbook(ask: Ask, tmp_path: Path) -> None:
    write(ask, HOSTILE_SQL, tmp_path / "hostile.xlsx")
    rows = load_workbook(str(tmp_path / "hostile.xlsx")).get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows[1:]] == HOSTILE
    content = b"".join(_parts(tmp_path / "hostile.xlsx"))
    assert b"<f>" not in content
    assert b"<hyperlink " not in content


def _parts(path: Path) -> list[bytes]:
    import zipfile

    with zipfile.ZipFile(path) as book:
        return [book.read(name) for name in book.namelist()]


def test_csv_gives_back_what_was_written(ask: Ask, tmp_path: Path) -> None:
    write(ask, HOSTILE_SQL, tmp_path / "plain.csv")
    with (tmp_path / "plain.csv").open(encoding="utf-8", newline="") as file:
        assert [row[1] for row in csv.reader(file)][1:] == HOSTILE


def test_csv_for_excel_begins_with_the_mark_and_no_cell_with_a_formula_sign(ask: Ask, tmp_path: Path) -> None:
    write(ask, HOSTILE_SQL, tmp_path / "excel.csv", Layout(bom=True, excel_safe=True))
    content = (tmp_path / "excel.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    cells = [row[1] for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))][1:]
    for before, after in zip(HOSTILE, cells, strict=True):
        assert after == (f"'{before}" if before[0] in "=+-@\t\r＝" else before)


def test_a_negative_number_is_no_formula(ask: Ask) -> None:
    with ask("select -1.50::decimal(9, 4) as \"=n\", '-1' as t, date '2025-01-31' as d") as query:
        into = io.BytesIO()
        write_stream(query, "csv", into, Layout(excel_safe=True), SilentProgress())
    assert into.getvalue().decode() == "'=n,t,d\n-1.5,'-1,2025-01-31\n"


def test_cells_are_trimmed_numbers_iso_dates_and_joined_lists(ask: Ask) -> None:
    sql = (
        "select 70.5000::decimal(18, 4) n, 70::decimal(18, 4) w, 0.00000001::decimal(18, 10) tiny, ['a', 'b'] l, []::varchar[] e, "
        "true b, timestamp '2025-01-01 10:20:00' t, null z, '' s"
    )
    with ask(sql) as query:
        into = io.BytesIO()
        write_stream(query, "csv", into, Layout(separator="；"), SilentProgress())
    assert into.getvalue().decode().splitlines()[1] == '70.5,70,0.00000001,a；b,"",true,2025-01-01 10:20:00,,""'


def test_one_column_with_an_empty_cell_keeps_its_line(ask: Ask) -> None:
    with ask("select unnest(['a', null, 'b']) x") as query:
        into = io.BytesIO()
        assert write_stream(query, "csv", into, Layout(), SilentProgress()) == 3
    assert len(list(csv.reader(io.StringIO(into.getvalue().decode())))) == 4


def test_json_keeps_numbers_exact_and_says_each_column_once(ask: Ask) -> None:
    sql = "select 0.1000::decimal(18, 4) a, 1 as a, 'x\"y' s, ['p'] l, 'nan'::double f, date '2025-01-01' d, 9007199254740993 big, {'k': null} o"
    with ask(sql) as query:
        into = io.BytesIO()
        assert write_stream(query, "json", into, Layout(), SilentProgress()) == 1
    text = into.getvalue().decode()
    assert '"a": 0.1,' in text
    assert json.loads(text) == [
        {"a": 0.1, "a_2": 1, "s": 'x"y', "l": ["p"], "f": None, "d": "2025-01-01", "big": 9007199254740993, "o": {"k": None}}
    ]  # fmt: skip


def test_an_empty_answer_is_a_file_with_its_columns(ask: Ask, tmp_path: Path) -> None:
    for name in ("none.csv", "none.parquet", "none.xlsx", "none.json"):
        assert write(ask, "select 1 a, 'x' b where false", tmp_path / name).rows == 0
    assert (tmp_path / "none.csv").read_text() == "a,b\n"
    assert json.loads((tmp_path / "none.json").read_text()) == []
    assert pq.read_table(tmp_path / "none.parquet").column_names == ["a", "b"]
    assert load_workbook(str(tmp_path / "none.xlsx")).get_sheet_by_index(0).to_python() == [["a", "b"]]


def test_a_workbook_holds_numbers_dates_and_truths_as_such(ask: Ask, tmp_path: Path) -> None:
    sql = "select 70.5000::decimal(18, 4) n, date '2025-01-31' d, timestamp '2025-01-31 08:00:00' t, true b, 9007199254740993 big, date '1850-01-01' old"
    write(ask, sql, tmp_path / "kinds.xlsx")
    row = load_workbook(str(tmp_path / "kinds.xlsx")).get_sheet_by_index(0).to_python()[1]
    assert row == [70.5, date(2025, 1, 31), datetime(2025, 1, 31, 8), True, "9007199254740993", "1850-01-01"]


def test_parquet_keeps_types_and_every_row(ask: Ask, tmp_path: Path) -> None:
    written = write(ask, "select arpu, month from subscriber_month", tmp_path / "all.parquet")
    table = pq.read_table(tmp_path / "all.parquet")
    assert written.rows == len(table) > 0
    assert isinstance(table["arpu"].drop_null()[0].as_py(), Decimal)


def test_what_does_not_fit_on_a_sheet_is_refused_before_anything_is_written(
    ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx_result, "MOST_ROWS", 4)
    assert write(ask, "from range(3)", tmp_path / "fits.xlsx").rows == 3
    with pytest.raises(CallError, match="too_large_for_xlsx") as refused:
        write(ask, "from range(4)", tmp_path / "large.xlsx")
    assert refused.value.do is not None
    assert ".csv" in refused.value.do.en
    assert os.listdir(tmp_path) == ["fits.xlsx"]


def test_a_file_that_is_there_is_replaced_only_when_asked(ask: Ask, tmp_path: Path) -> None:
    target = tmp_path / "list.csv"
    target.write_text("mine")
    with pytest.raises(CallError, match="exists"):
        write(ask, "select 1 a", target)
    assert target.read_text() == "mine"
    write(ask, "select 1 a", target, force=True)
    assert target.read_text() == "a\n1\n"


@pytest.mark.parametrize("fails_at", [0, 150_000])
@pytest.mark.parametrize("suffix", ["csv", "parquet", "json", "xlsx"])
def test_a_failure_at_once_or_half_way_leaves_nothing_behind(
    suffix: str, fails_at: int, ask: Ask, tmp_path: Path
) -> None:
    sql = f"select case when range = {fails_at} then cast('x' || range as integer) else 1 end a from range(200000)"
    with pytest.raises(BasekeepError):
        write(ask, sql, tmp_path / f"half.{suffix}")
    assert os.listdir(tmp_path) == []


def test_a_workbook_on_a_full_disk_is_one_sentence(ask: Ask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no device that is always full")
    said: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", said.append)
    (tmp_path / "full.xlsx").symlink_to("/dev/full")
    with ask("from range(9)") as query, pytest.raises(WorkError, match="disk_full"), disk_errors():
        xlsx_result.write_xlsx(query.stream(9), tmp_path / "full.xlsx", "sheet", ";", SilentProgress())
    gc.collect()
    assert said == []


@needs_rights
def test_a_folder_that_may_not_be_written_is_named(ask: Ask, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(WorkError, match="not_allowed"):
        write(ask, "select 1", tmp_path / "list.csv")


@pytest.mark.parametrize(("name", "code"), [("none/list.csv", "export.no_folder"), ("folder.csv", "export.is_folder")])
def test_a_place_that_is_none_is_named(name: str, code: str, ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(CallError, match=code):
        write(ask, "select 1", tmp_path / name)


def test_the_store_is_no_place_for_exports(ask: Ask, panel_store: Path) -> None:
    head = (panel_store / "HEAD").read_bytes()
    with ask("select 1") as query, pytest.raises(CallError, match="into_store"):
        write_file(query, "csv", panel_store / "HEAD", Layout(), True, panel_store, SilentProgress())
    assert (panel_store / "HEAD").read_bytes() == head


def test_an_unknown_kind_of_file_is_named() -> None:
    with pytest.raises(CallError, match="suffix"):
        format_of(Path("list.doc"))


def test_a_list_comes_in_the_order_of_its_ranks(ask: Ask) -> None:
    with ask(table_sql("target", "points > 20 -- only some")) as query:
        ranks = [rank for batch in query.stream(1000).batches for rank in batch["rank"].to_pylist()]
    assert ranks == sorted(ranks)
    assert ranks
