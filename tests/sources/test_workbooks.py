"""Excel sheets: every cell right, every row under its own number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pytest
import xlsxwriter

from .reader import HEADER, Reader, column, places, reason, stored

NAMES = HEADER.split(",")
CELLS: tuple[Any, ...] = ("S1", date(2025, 12, 1), "active", date(2020, 1, 5))


def write_sheet(reader: Reader, rows: Sequence[Sequence[Any]], name: str = "用户", first_row: int = 0) -> None:
    with xlsxwriter.Workbook(str(reader.root / "表.xlsx")) as book:
        book.add_worksheet("说明").write(0, 0, "nothing here")
        sheet = book.add_worksheet(name)
        day, time = (book.add_format({"num_format": form}) for form in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"))
        for row, cells in enumerate(rows, first_row):
            for at, cell in enumerate(cells):
                if isinstance(cell, datetime):
                    sheet.write_datetime(row, at, cell, time)
                elif isinstance(cell, date):
                    sheet.write_datetime(row, at, cell, day)
                else:
                    sheet.write(row, at, cell)


SELECT = "select * from read_xlsx('表.xlsx', sheet='用户')"


def test_dates_numbers_flags_and_long_numbers_come_right(reader: Reader) -> None:
    names = [*NAMES, "plan_fee", "is_staff", "contacts", "customer_id"]
    write_sheet(reader, [names, [*CELLS, 70.1, True, 3, 13800138000]])
    (row,) = stored(reader.read(SELECT))
    assert row == {
        "subscriber_id": "S1", "month": date(2025, 12, 1), "customer_id": "13800138000", "status": "active",
        "join_date": date(2020, 1, 5), "is_staff": True, "plan_fee": 701_000, "contacts": 3,
    }  # fmt: skip


def test_times_keep_their_clock(reader: Reader) -> None:
    write_sheet(reader, [["contact_id", "subscriber_id", "at"], ["C1", "S1", datetime(2025, 12, 1, 8, 9, 10)]])
    assert column(reader.read(SELECT, "contact_log"), "at") == [datetime(2025, 12, 1, 8, 9, 10)]


def test_a_fault_is_placed_at_the_row_of_the_sheet(reader: Reader) -> None:
    write_sheet(reader, [NAMES, [], CELLS, ["S2", date(2025, 12, 1), "nonsense", "2020-01-05"]], first_row=2)
    only = reason(reader.read(SELECT).ledger)
    assert (only.code, only.first_file, only.first_line) == ("unknown_value", "表.xlsx", 6)


def test_rows_above_the_header_can_be_left_out(reader: Reader) -> None:
    write_sheet(reader, [["December report"], NAMES, CELLS])
    assert column(reader.read("select * from read_xlsx('表.xlsx', sheet='用户', skip=1)"), "subscriber_id") == ["S1"]


def test_the_first_sheet_is_read_where_none_is_named(reader: Reader) -> None:
    with xlsxwriter.Workbook(str(reader.root / "t.xlsx")) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["staff_id", "name"])
        sheet.write_row(1, 0, ["A", "甲"])
    assert column(reader.read("from 't.xlsx'", "staff"), "name") == ["甲"]


def test_a_sheet_that_is_not_there_is_named_with_those_that_are(reader: Reader) -> None:
    write_sheet(reader, [NAMES, CELLS])
    (finding,) = reader.refused("select * from read_xlsx('表.xlsx', sheet='用户表')")
    assert (finding.code, finding.near) == ("sheet_missing", ("用户",))
    assert "说明" in finding.do.en


@pytest.mark.parametrize("rows", [[], [NAMES]])
def test_a_sheet_without_rows_is_an_error(reader: Reader, rows: list[list[str]]) -> None:
    write_sheet(reader, rows)
    assert places(reader.refused(SELECT)) == {"file_without_rows": "表.xlsx"}
    assert places(reader.check(SELECT)) == {"file_without_rows": "表.xlsx"}


def test_a_workbook_cut_short_is_an_error(reader: Reader) -> None:
    write_sheet(reader, [NAMES, CELLS])
    path = reader.root / "表.xlsx"
    path.write_bytes(path.read_bytes()[:2_000])
    assert places(reader.refused(SELECT)) == {"file_damaged": "表.xlsx"}


def test_an_unknown_option_is_a_finding(reader: Reader) -> None:
    write_sheet(reader, [NAMES, CELLS])
    (finding,) = reader.refused("select * from read_xlsx('表.xlsx', shet='用户')")
    assert (finding.code, finding.near[0]) == ("workbook_option", "sheet")
