"""A column has one way of writing its days; what is written otherwise is rejected and never guessed."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from basekeep.store.sources.reading import Reading

from .reader import HEADER, ROW, Reader, column, reason, rejected

JOINED = date(2020, 1, 5)


def read_days(reader: Reader, days: list[str]) -> Reading:
    return reader.read_csv([HEADER, *(f"S{n:04d},2025-12-01,active,{day}" for n, day in enumerate(days))])


@pytest.mark.parametrize(
    "days",
    [["2020-01-05", "2020-1-5", " 2020-01-05 "], ["20200105"], ["2020/01/05", "2020/1/5"], ["2020-01-05 00:00:00", "2020-01-05T13:14:15"],
     ["2020/1/5 0:00"], ["20200105", "20200105000000"]],
)  # fmt: skip
def test_one_way_of_writing_in_a_column_is_read(reader: Reader, days: list[str]) -> None:
    assert column(read_days(reader, days), "join_date") == [JOINED] * len(days)


def test_dates_in_three_formats_keep_the_most_usual_and_name_the_others(reader: Reader) -> None:
    reading = read_days(reader, ["20200105", "20200105", "2020-01-05", "2020/01/05", "05/01/2020", "20200105"])
    assert reading.ledger.stored == 3
    only = reason(reading.ledger)
    assert (only.code, only.column, only.count, only.first_line) == ("date_format", "join_date", 3, 4)
    assert [row["value"] for row in rejected(reading)] == ["2020-01-05", "2020/01/05", "05/01/2020"]


def test_the_most_usual_way_is_counted_over_all_rows_not_over_the_first(reader: Reader) -> None:
    reading = read_days(reader, ["2020-01-05"] * 2_100 + ["20200105"] * 2_200)
    assert (reading.ledger.stored, reason(reading.ledger).count) == (2_200, 2_100)


def test_of_two_ways_equally_usual_the_dashed_one_is_kept(reader: Reader) -> None:
    assert [row["value"] for row in rejected(read_days(reader, ["2020/01/05", "2020-01-05"]))] == ["2020/01/05"]


@pytest.mark.parametrize("day", ["2020-02-30", "2020-13-01", "2019-02-29", "2020-00-10"])
def test_a_day_that_never_was_is_no_date(reader: Reader, day: str) -> None:
    assert reason(read_days(reader, [day]).ledger).code == "not_a_date"


@pytest.mark.parametrize(
    "day", ["1/5/2020", "5.1.2020", "Jan 5 2020", "infinity", "epoch", "43835", "2020年1月5日", "20-01-05"]
)
def test_other_ways_of_writing_are_rejected(reader: Reader, day: str) -> None:
    assert reason(read_days(reader, [day]).ledger).code == "date_format"


@pytest.mark.parametrize("day", ["1799-01-01", "0001-01-01"])
def test_a_day_before_any_operator_is_out_of_range(reader: Reader, day: str) -> None:
    assert reason(read_days(reader, [day]).ledger).code == "out_of_range"


def test_for_ever_is_a_day(reader: Reader) -> None:
    reading = reader.read_csv([f"{HEADER},bound_until", f"{ROW},9999-12-31"])
    assert column(reading, "bound_until") == [date(9999, 12, 31)]


@pytest.mark.parametrize(
    "month",
    ["2025-12-01", "2025-12-31", "2025-12", "202512", "20251231", "2025/12/31", "2025/12", "2025-12-31 23:59:59"],
)
def test_a_month_may_be_any_of_its_days(reader: Reader, month: str) -> None:
    assert list(reader.read_csv([HEADER, ROW.replace("2025-12-01", month)]).months) == [date(2025, 12, 1)]


@pytest.mark.parametrize(("month", "code"), [("2025-13", "not_a_date"), ("12/2025", "date_format"),
                                             ("2025", "date_format"), ("0205-12", "out_of_range"), ("", "missing")])  # fmt: skip
def test_what_is_no_month_is_rejected(reader: Reader, month: str, code: str) -> None:
    only = reason(reader.read_csv([HEADER, ROW.replace("2025-12-01", month), ROW]).ledger)
    assert (only.code, only.column) == (code, "month")


@pytest.mark.parametrize("at", ["2025-12-01 08:09:10", "2025-12-01T08:09:10", "2025/12/1 08:09:10", "20251201080910"])
def test_times_are_read_to_the_second(reader: Reader, at: str) -> None:
    reading = reader.read_csv(["contact_id,subscriber_id,at", f"C1,S1,{at}"], "contact_log")
    assert column(reading, "at") == [datetime(2025, 12, 1, 8, 9, 10)]
