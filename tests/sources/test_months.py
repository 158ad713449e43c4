"""Months: each in a file of its own, only closed ones, only the wanted one."""

from __future__ import annotations

from datetime import date

import pyarrow.parquet as pq
import pytest

from .reader import HEADER, ROW, TODAY, Reader, places, reason

NOVEMBER, DECEMBER = date(2025, 11, 1), date(2025, 12, 1)


def write_two_months(reader: Reader, more: str = "") -> None:
    reader.write("m11.csv", f"{HEADER}\nS1,2025-11-01,active,2020-01-05\nS2,2025-11-30,active,2020-01-05\n{more}")
    reader.write("m12.csv", f"{HEADER}\nS1,2025-12-01,active,2020-01-05\n")


def test_every_month_gets_a_file_of_its_own(reader: Reader) -> None:
    write_two_months(reader)
    reading = reader.read("select * from 'm*.csv'")
    assert {month: pq.read_metadata(path).num_rows for month, path in reading.months.items()} == {
        NOVEMBER: 2,
        DECEMBER: 1,
    }
    for path in reading.months.values():
        assert tuple(pq.read_schema(path).names) == reading.columns


def test_with_a_month_the_rows_of_others_are_not_read(reader: Reader) -> None:
    write_two_months(reader, "S3,2025-11-01,nonsense,2020-01-05\n")
    reading = reader.read("select * from 'm*.csv'", month=DECEMBER)
    assert (list(reading.months), reading.ledger.read, reading.ledger.rejected) == ([DECEMBER], 1, 0)


def test_with_a_month_faults_of_files_of_other_months_do_not_count(reader: Reader) -> None:
    write_two_months(reader, "S3,2025-11-01,active\nS4,nonsense,active,2020-01-05\n")
    assert reader.read("select * from 'm*.csv'", month=DECEMBER).ledger.read == 1
    ledger = reader.read("select * from 'm*.csv'", month=NOVEMBER).ledger
    assert (ledger.read, ledger.stored, ledger.rejected) == (4, 2, 2)


def test_with_a_month_a_file_in_which_no_month_can_be_read_does_count(reader: Reader) -> None:
    write_two_months(reader)
    reader.write("m13.csv", f"{HEADER}\nS7,12/2025,active,2020-01-05\n")
    only = reason(reader.read("select * from 'm*.csv'", month=DECEMBER).ledger)
    assert (only.code, only.first_file, only.first_line) == ("date_format", "m13.csv", 2)


@pytest.mark.parametrize("month", ["2026-01-01", "2026-01-31", "2027-05"])
def test_a_month_not_closed_yet_is_refused_at_its_first_row(reader: Reader, month: str) -> None:
    reader.write("t.csv", f"{HEADER}\n{ROW}\n{ROW.replace('2025-12-01', month)}\n")
    findings = reader.refused("select * from 't.csv'")
    assert places(findings) == {"future_month": "t.csv:3"}
    assert TODAY.isoformat() in findings[0].what.en
    assert findings[0].severity == "error"


def test_asking_for_a_month_not_closed_yet_is_refused(reader: Reader) -> None:
    reader.write("t.csv", f"{HEADER}\n{ROW}\n")
    assert places(reader.refused("select * from 't.csv'", month=date(2026, 1, 1))) == {
        "future_month": "basekeep.yaml:7:3"
    }


def test_a_month_that_is_not_there_is_an_error_with_those_that_are(reader: Reader) -> None:
    reader.write("t.csv", f"{HEADER}\n{ROW}\n")
    (finding,) = reader.refused("select * from 't.csv'", month=date(2025, 3, 1))
    assert (finding.code, str(finding.place)) == ("month_absent", "basekeep.yaml:7:3")
    assert "2025-12" in finding.what.en


def test_a_month_that_a_lesser_table_has_not_yet_is_a_warning(reader: Reader) -> None:
    reader.write("t.csv", "group_id,month\nG1,2025-11\n")
    reading = reader.read("select * from 't.csv'", "group_month", DECEMBER)
    assert (dict(reading.months), reading.ledger.read) == ({}, 0)
    assert [(note.code, note.severity) for note in reading.ledger.notes] == [("month_absent", "warning")]


def test_a_table_without_months_is_read_whole_whatever_the_month(reader: Reader) -> None:
    reader.write("t.csv", "staff_id,name\nA,甲\nA2,乙\n")
    reading = reader.read("select * from 't.csv'", "staff", DECEMBER)
    assert list(reading.months) == [None]
    assert reading.ledger.stored == 2
