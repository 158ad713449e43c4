"""Files that are absent, empty or cut short stop the reading, each named."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq

from .reader import HEADER, ROW, Reader, places


def test_a_missing_file_is_named_with_names_near_to_it(reader: Reader) -> None:
    reader.write("data/subscribers_2025.csv", f"{HEADER}\n{ROW}\n")
    (finding,) = reader.refused("select * from 'data/subscribers_2026.csv'")
    assert (finding.code, str(finding.place)) == ("file_missing", "basekeep.yaml:7:3")
    assert finding.near == ("data/subscribers_2025.csv",)
    assert "工作区" in finding.do.zh


def test_a_pattern_that_matches_nothing_is_an_error(reader: Reader) -> None:
    (finding,) = reader.refused("select * from read_csv('data/*.csv')")
    assert finding.code == "file_missing"
    assert "data/*.csv" in finding.what.en


def test_a_folder_is_no_file(reader: Reader) -> None:
    reader.write("data/a.csv", f"{HEADER}\n{ROW}\n")
    (finding,) = reader.refused("select * from read_csv('data')")
    assert "folder" in finding.what.en


def test_all_faulty_files_are_named_at_once(reader: Reader) -> None:
    reader.write("m1.csv", "")
    reader.write("m2.csv", f"{HEADER}\n")
    reader.write("m3.csv", f"{HEADER}\n{ROW}\n")
    assert [f.code for f in reader.refused("select * from 'm*.csv'")] == ["file_empty"]
    reader.write("m1.csv", "\n\n")
    findings = reader.refused("select * from 'm*.csv'")
    assert [(f.code, str(f.place)) for f in findings] == [
        ("file_without_rows", "m1.csv"),
        ("file_without_rows", "m2.csv"),
    ]


def test_a_parquet_file_cut_short_is_named(reader: Reader) -> None:
    path = reader.root / "t.parquet"
    pq.write_table(pa.table({"subscriber_id": ["S1", "S2"]}), path)
    path.write_bytes(path.read_bytes()[:-20])
    (finding,) = reader.refused("select * from 't.parquet'")
    assert (finding.code, str(finding.place)) == ("file_damaged", "t.parquet")
    assert "重新" in finding.do.zh


def test_a_parquet_file_with_a_damaged_middle_is_refused(reader: Reader) -> None:
    path = reader.root / "t.parquet"
    count = 50_000
    columns = {"subscriber_id": [f"S{n}" for n in range(count)], "month": ["2025-12"] * count,
               "status": ["active"] * count, "join_date": ["2020-01-01"] * count}  # fmt: skip
    pq.write_table(pa.table(columns), path)
    content = bytearray(path.read_bytes())
    content[4:400] = bytes(396)
    path.write_bytes(bytes(content))
    assert set(places(reader.refused("select * from 't.parquet'"))) <= {"file_damaged", "read_failed"}


def test_a_last_line_without_an_end_is_a_warning(reader: Reader) -> None:
    reader.write("t.csv", f"{HEADER}\n{ROW}")
    (note,) = reader.read("select * from 't.csv'").ledger.notes
    assert (note.code, note.severity, str(note.place)) == ("no_final_newline", "warning", "t.csv")


def test_a_select_that_gives_no_row_is_an_error(reader: Reader) -> None:
    reader.write("t.csv", f"{HEADER}\n{ROW}\n")
    assert places(reader.refused("select * from 't.csv' where status = 'x'")) == {"no_rows": "basekeep.yaml:7:3"}
