"""One cell at a time: what is stored, what is rejected, and why."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from basekeep.contract.tables import TABLES

from .reader import HEADER, ROW, Reader, column, reason, rejected, stored

NUMBERS = {
    "70.10": 701_000, "70": 700_000, "0": 0, "-0": 0, " 70.1 ": 701_000, "+5": 50_000, ".5": 5_000, "5.": 50_000, "1e3": 10_000_000,
    "70.1\t": 701_000, "\u300070.1\u00a0": 701_000, "0.12344999": 1_234, "0.12345": 1_235, "999999.9999": 9_999_999_999,
    "000070.10": 701_000, "": None, "   ": None,
}  # fmt: skip
NO_NUMBERS = [
    "1,234.5",
    "７０",
    "70元",
    "NaN",
    "inf",
    "-Infinity",
    "1_000",
    "0x1F",
    "abc",
    "1 2",
    "--1",
    "￥70",
    "70.1.2",
    "#N/A",
    "70,5",
]


@pytest.mark.parametrize(("text", "value"), NUMBERS.items())
def test_a_number_is_stored_exactly_in_ten_thousandths(reader: Reader, text: str, value: int | None) -> None:
    assert column(reader.read_csv([f"{HEADER},plan_fee", f"{ROW},{text}"]), "plan_fee") == [value]


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_is_no_number_is_rejected_with_its_place(reader: Reader, text: str) -> None:
    reading = reader.read_csv([f"{HEADER},plan_fee", ROW + ",1", f'{ROW.replace("S1", "S2")},"{text}"'])
    only = reason(reading.ledger)
    assert (only.code, only.column, only.first_file, only.first_line) == ("not_a_number", "plan_fee", "t.csv", 3)
    assert rejected(reading)[0]["value"] == text


@pytest.mark.parametrize("text", ["-0.01", "1000000.01", "99999999999999999999", "1e300", "-1e300"])
def test_an_absurd_number_is_out_of_range(reader: Reader, text: str) -> None:
    assert reason(reader.read_csv([f"{HEADER},plan_fee", f"{ROW},{text}"]).ledger).code == "out_of_range"


def test_the_bounds_themselves_are_inside(reader: Reader) -> None:
    lines = [f"S{n},2025-12-01,active,2020-01-05,{share}" for n, share in enumerate(("0", "1", "1.0000", "0.0"))]
    reading = reader.read_csv([f"{HEADER},offnet_contact_share", *lines])
    assert column(reading, "offnet_contact_share") == [0, 10_000, 10_000, 0]


def test_rounding_is_counted_by_column_and_half_goes_up(reader: Reader) -> None:
    lines = [
        f"S{n},2025-12-01,active,2020-01-05,{fee}" for n, fee in enumerate(("1.00005", "1.00004", "1.5", "1.500000"))
    ]
    reading = reader.read_csv([f"{HEADER},plan_fee", *lines])
    (note,) = reading.ledger.notes
    assert (note.code, note.severity) == ("number_rounded", "warning")
    assert "2 values of plan_fee" in note.what.en
    assert column(reading, "plan_fee") == [10_001, 10_000, 15_000, 15_000]


@pytest.mark.parametrize(
    ("text", "value"), [("3", 3), ("03", 3), ("3.0", 3), (" 3 ", 3), ("+3", 3), ("1e2", 100), ("", None), ("3.00", 3)]
)
def test_a_whole_number_may_be_written_with_zero_decimals(reader: Reader, text: str, value: int | None) -> None:
    assert column(reader.read_csv([f"{HEADER},contacts", f"{ROW},{text}"]), "contacts") == [value]


@pytest.mark.parametrize(
    ("text", "code"),
    [("3.5", "not_whole"), ("-1", "out_of_range"), ("1000001", "out_of_range"), ("9" * 30, "out_of_range"),
     ("0x1F", "not_a_number"), ("1_0", "not_a_number"), ("三", "not_a_number"), ("0.1e1x", "not_a_number"), ("1e-1", "not_whole")],
)  # fmt: skip
def test_what_is_no_whole_number_in_range_is_rejected(reader: Reader, text: str, code: str) -> None:
    assert reason(reader.read_csv([f"{HEADER},contacts", f"{ROW},{text}"]).ledger).code == code


@pytest.mark.parametrize(
    ("texts", "value"),
    [
        (("true", "TRUE", "t", "1", "y", "Yes", "是", " 1 "), True),
        (("false", "F", "0", "n", "NO", "否"), False),
        (("", "  "), None),
    ],
)
def test_flags_are_read_as_people_write_them(reader: Reader, texts: tuple[str, ...], value: bool | None) -> None:
    lines = [f"S{n},2025-12-01,active,2020-01-05,{text}" for n, text in enumerate(texts)]
    assert column(reader.read_csv([f"{HEADER},is_staff", *lines]), "is_staff") == [value] * len(texts)


@pytest.mark.parametrize("text", ["2", "ja", "真", "-1", "1.5"])
def test_what_is_no_flag_is_rejected(reader: Reader, text: str) -> None:
    assert reason(reader.read_csv([f"{HEADER},is_staff", f"{ROW},{text}"]).ledger).code == "not_a_flag"


@pytest.mark.parametrize("status", ["Active", "停机", "act ive", "1"])
def test_a_value_outside_a_closed_set_is_unknown(reader: Reader, status: str) -> None:
    only = reason(reader.read_csv([HEADER, ROW.replace("active", status)]).ledger)
    assert (only.code, only.column, only.example_masked) == ("unknown_value", "status", status)


@pytest.mark.parametrize("blanks", ["", " ", "\t", "\u3000", '""', '" "'])
def test_an_empty_required_cell_is_missing(reader: Reader, blanks: str) -> None:
    only = reason(reader.read_csv([HEADER, ROW.replace("S1", blanks), ROW]).ledger)
    assert (only.code, only.column, only.count, only.first_line) == ("missing", "subscriber_id", 1, 2)


def test_a_required_column_whose_empty_cell_says_none_may_be_empty(reader: Reader) -> None:
    reading = reader.read_csv(["unit_id,parent_id,level,name", "P,,province,省", "C,P,city,市"], "org_unit")
    assert column(reading, "parent_id") == ["P", None]


def test_texts_are_trimmed_and_otherwise_as_they_are(reader: Reader) -> None:
    cells = ["gotone", " gotone\t", "\u3000神州行 ", 'a ""b"" c', "0071", ""]
    lines = [f'S{n},2025-12-01,active,2020-01-05,"{cell}"' for n, cell in enumerate(cells)]
    reading = reader.read_csv([f"{HEADER},brand", *lines])
    assert column(reading, "brand") == ["gotone", "gotone", "神州行", 'a "b" c', "0071", None]


def test_a_row_has_the_first_reason_in_the_order_of_the_contract(reader: Reader) -> None:
    reading = reader.read_csv(["arpu,join_date,status,month,subscriber_id", "x,x,x,2025-12-01,S1"])
    assert (reason(reading.ledger).code, reason(reading.ledger).column) == ("unknown_value", "status")


def test_personal_cells_are_masked_wherever_a_rejected_row_is_kept(reader: Reader) -> None:
    lines = [f"{HEADER},msisdn,arpu", f"{ROW},13812345678,x", "S2,2025-12-01,active,2020-01-05,13812345679"]
    reading = reader.read_csv(lines)
    kept = rejected(reading)
    assert [row["reason"] for row in kept] == ["not_a_number", "broken_line"]
    assert '"msisdn":"138******78"' in kept[0]["raw"]
    assert all("13812345" not in str(row) for row in kept)


def test_a_phone_number_in_the_wrong_column_is_masked_in_the_ledger(reader: Reader) -> None:
    assert reason(reader.read_csv([f"{HEADER},arpu", f"{ROW},13812345678"]).ledger).example_masked == "138******78"


NATIVE: list[tuple[str, pa.Array, Any]] = [
    ("plan_fee", pa.array([Decimal("70.10")], pa.decimal128(10, 2)), 701_000),
    ("plan_fee", pa.array([Decimal("70.10005")], pa.decimal128(10, 5)), 701_001),
    ("plan_fee", pa.array([70.1]), 701_000),
    ("plan_fee", pa.array([70.1], pa.float32()), 701_000),
    ("plan_fee", pa.array([70], pa.int32()), 700_000),
    ("plan_fee", pa.array([None], pa.float64()), None),
    ("contacts", pa.array([3.0]), 3),
    ("contacts", pa.array([3], pa.uint8()), 3),
    ("is_staff", pa.array([True]), True),
    ("is_staff", pa.array([1], pa.int8()), True),
    ("is_staff", pa.array([0.0]), False),
    ("birth_date", pa.array([date(1990, 1, 2)]), date(1990, 1, 2)),
    ("birth_date", pa.array([datetime(1990, 1, 2, 3)]), date(1990, 1, 2)),
    ("birth_date", pa.array([19900102]), date(1990, 1, 2)),
    ("customer_id", pa.array([13800138000]), "13800138000"),
    ("customer_id", pa.array([13800138000.0]), "13800138000"),
    ("customer_id", pa.array(["x"]).dictionary_encode(), "x"),
]


@pytest.mark.parametrize(("name", "cells", "value"), NATIVE, ids=[f"{name} {cells.type}" for name, cells, _ in NATIVE])
def test_typed_parquet_columns_are_taken_as_they_are(reader: Reader, name: str, cells: pa.Array, value: Any) -> None:
    base = {"subscriber_id": ["S1"], "month": [date(2025, 12, 1)], "status": ["active"], "join_date": ["20200105"]}
    pq.write_table(pa.table({**base, name: cells}), reader.root / "t.parquet")
    assert stored(reader.read("select * from 't.parquet'"))[0][name] == value


@pytest.mark.parametrize(
    ("name", "cell", "code"),
    [("plan_fee", float("nan"), "not_a_number"), ("plan_fee", float("inf"), "not_a_number"), ("plan_fee", -1.0, "out_of_range"),
     ("plan_fee", 1e18, "out_of_range"), ("contacts", 3.5, "not_whole"), ("contacts", float("nan"), "not_a_number"), ("is_staff", 2, "not_a_flag")],
)  # fmt: skip
def test_typed_cells_are_checked_as_well(reader: Reader, name: str, cell: Any, code: str) -> None:
    base = {"subscriber_id": ["S1"], "month": [date(2025, 12, 1)], "status": ["active"], "join_date": ["20200105"]}
    pq.write_table(pa.table({**base, name: [cell]}), reader.root / "t.parquet")
    only = reason(reader.read("select * from 't.parquet'").ledger)
    assert (only.code, only.column, only.first_file, only.first_line) == (code, name, "t.parquet", 0)


def test_every_bound_of_a_number_is_within_what_is_parsed() -> None:
    columns = [column for table in TABLES.values() for column in table.columns if column.type == "number"]
    bounds = [bound for column in columns for bound in (column.lower, column.upper)]
    assert all(bound is not None and abs(bound) < 10**10 for bound in bounds)
