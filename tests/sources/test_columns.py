"""The columns of a select against those of the contract: missing, renamed, unknown, of a type that fits no way."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from .reader import HEADER, ROW, Reader, column, places, stored


def test_all_missing_required_columns_are_named_with_near_names(reader: Reader) -> None:
    reader.write("t.csv", "subscriber_id,mnth,stat\nS1,2025-12-01,active\n")
    findings = reader.refused("select * from 't.csv'")
    assert [f.code for f in findings] == ["column_missing"] * 3
    assert [str(f.place) for f in findings] == ["basekeep.yaml:7:3"] * 3
    assert findings[0].near == ("mnth",)
    assert "mnth" in findings[0].what.en
    assert "as month" in findings[0].do.en


def test_a_column_that_the_select_names_and_the_file_lacks_is_found_with_near_names(reader: Reader) -> None:
    reader.write("t.csv", f"{HEADER},用户品牌\n{ROW},x\n")
    (finding,) = reader.refused("select *, 用户品排 as brand from 't.csv'")
    assert (finding.code, finding.near) == ("select_column", ("用户品牌",))


@pytest.mark.parametrize("item", ['"ARPU" as arpu', "brand as Brand", "*, mou_out as MOU_OUT"])
def test_a_column_that_only_the_select_itself_names_is_not_in_the_file(reader: Reader, item: str) -> None:
    reader.write("t.csv", f"{HEADER},月租\n{ROW},x\n")
    others = "" if "*" in item else f", {HEADER}"
    (finding,) = reader.refused(f"select {item}{others} from 't.csv'")
    assert finding.code == "select_column"
    assert "is not in the source" in finding.what.en


@pytest.mark.parametrize("item", ['"ARPU" as arpu', "arpu as Arpu", "ARPU"])
def test_a_column_may_be_renamed_by_its_letter_case_alone(reader: Reader, item: str) -> None:
    reader.write("t.csv", f"{HEADER},ARPU\n{ROW},5\n")
    assert column(reader.read(f"select {HEADER}, {item} from 't.csv' where arpu is not null"), "arpu") == [50_000]


def test_missing_optional_columns_are_normal(reader: Reader) -> None:
    reading = reader.read_csv([HEADER, ROW])
    assert reading.columns == ("subscriber_id", "month", "status", "join_date")
    assert reading.ledger.notes == ()


def test_names_match_whatever_their_letter_case(reader: Reader) -> None:
    assert column(reader.read_csv([HEADER.upper(), ROW]), "subscriber_id") == ["S1"]


def test_a_column_that_looks_like_a_slip_is_warned_of_by_itself(reader: Reader) -> None:
    reading = reader.read_csv([f"{HEADER},arpuu,x1,x2", f"{ROW},1,2,3"])
    slip, others = reading.ledger.notes
    assert (slip.code, slip.near[0], slip.severity) == ("column_unknown", "arpu", "warning")
    assert "x1, x2" in others.what.en


def test_a_renamed_column_in_one_of_many_files_is_an_error_at_that_file(reader: Reader) -> None:
    for month in ("10", "11", "12"):
        name = "status" if month != "11" else "state"
        reader.write(f"m{month}.csv", f"subscriber_id,month,{name},join_date\nS1,2025-{month}-01,active,2020-01-05\n")
    (finding,) = reader.refused("select * from 'm*.csv'")
    assert (finding.code, str(finding.place)) == ("columns_differ", "m11.csv")
    assert "lacks status" in finding.what.en
    assert "union_by_name" in finding.do.en


@pytest.mark.parametrize(
    ("odd", "says"),
    [
        ({"state": ["active"]}, "lacks status"),
        ({"status": ["active"], "arpu": ["x"]}, "the column arpu is VARCHAR here"),
    ],
)
def test_a_parquet_file_unlike_the_others_is_named_and_no_healthy_one(
    odd: dict[str, Any], says: str, reader: Reader
) -> None:
    rows = {"subscriber_id": ["S1"], "month": ["2025-12-01"], "join_date": ["2020-01-05"], "arpu": [70.5]}
    pq.write_table(pa.table({**rows, "status": ["active"]}), reader.root / "m1.parquet")
    pq.write_table(pa.table({**rows, **odd}), reader.root / "m2.parquet")
    (finding,) = reader.refused("select * from 'm*.parquet'")
    assert (finding.code, str(finding.place)) == ("columns_differ", "m2.parquet")
    assert says in finding.what.en


def test_files_may_differ_where_the_select_says_so_and_in_the_order_of_columns(reader: Reader) -> None:
    reader.write("m1.csv", f"{HEADER},arpu\n{ROW},70\n")
    reader.write("m2.csv", "join_date,status,month,subscriber_id\n2020-01-05,active,2025-11-01,S2\n")
    reading = reader.read("select * from read_csv('m*.csv', union_by_name=true)")
    assert [(row["subscriber_id"], row["arpu"]) for row in stored(reading)] == [("S1", 700_000), ("S2", None)]


def test_a_time_with_a_zone_needs_the_zone_named(reader: Reader) -> None:
    at = pa.array([datetime(2025, 12, 1, 8, tzinfo=UTC)], pa.timestamp("us", "UTC"))
    pq.write_table(pa.table({"contact_id": ["C1"], "subscriber_id": ["S1"], "at": at}), reader.root / "t.parquet")
    (finding,) = reader.refused("select * from 't.parquet'", "contact_log")
    assert finding.code == "column_type"
    assert "at time zone" in finding.do.en
    reading = reader.read(
        """select * replace ("at" at time zone 'Asia/Shanghai' as "at") from 't.parquet'""", "contact_log"
    )
    assert column(reading, "at") == [datetime(2025, 12, 1, 16)]


def test_a_file_without_header_never_shows_a_number_of_a_person(reader: Reader) -> None:
    reader.write("t.csv", "13812345678,2025-12-01,active\n13812345679,2025-12-01,active\n")
    findings = reader.refused("select * from 't.csv'")
    assert all("13812345678" not in f.say("en") for f in findings)
    assert "header=false" in findings[0].do.en


def test_a_file_without_header_is_read_with_names(reader: Reader) -> None:
    reader.write("t.csv", f"{ROW}\n")
    names = ", ".join(f"'{name}'" for name in HEADER.split(","))
    reading = reader.read(f"select * from read_csv('t.csv', header=false, names=[{names}])")
    assert column(reading, "subscriber_id") == ["S1"]


def test_check_finds_the_same_without_reading_rows(reader: Reader) -> None:
    reader.write("t.csv", f"subscriber_id,month,stat,join_date\n{ROW.replace('active', 'nonsense')}\n")
    assert places(reader.check("select * from 't.csv'")) == {"column_missing": "basekeep.yaml:7:3"}
    assert reader.check("select *, stat as status from 't.csv'")[0].code == "column_unknown"
    assert places(reader.check("select * from 'u.csv'")) == {"file_missing": "basekeep.yaml:7:3"}
