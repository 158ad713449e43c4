"""Rows of one key: copies leave one, conflicts leave none."""

from __future__ import annotations

from basekeep.store.sources.reading import Reading

from .reader import HEADER, ROW, Reader, column, reason, rejected

FEES = f"{HEADER},plan_fee"


def places_of(reading: Reading) -> list[tuple[str, str, int]]:
    return [(row["reason"], row["file"], row["line"]) for row in rejected(reading)]


def test_of_equal_rows_the_first_stays(reader: Reader) -> None:
    reading = reader.read_csv([FEES, f"{ROW},70.10", f"{ROW},70.1", f"{ROW}, 70.1"])
    assert column(reading, "plan_fee") == [701_000]
    assert places_of(reading) == [("duplicate_copy", "t.csv", 3), ("duplicate_copy", "t.csv", 4)]


def test_of_rows_that_conflict_none_stays(reader: Reader) -> None:
    reading = reader.read_csv([FEES, f"{ROW},70", f"{ROW},70", f"{ROW},", ROW.replace("S1", "S2") + ",70"])
    assert column(reading, "subscriber_id") == ["S2"]
    assert places_of(reading) == [("duplicate_conflict", "t.csv", line) for line in (2, 3, 4)]


def test_a_rejected_row_is_nobodys_double(reader: Reader) -> None:
    reading = reader.read_csv([FEES, f"{ROW},70", f"{ROW},x"])
    assert reason(reading.ledger).code == "not_a_number"
    assert reading.ledger.stored == 1


def test_doubles_are_found_across_files_and_the_earlier_file_wins(reader: Reader) -> None:
    reader.write("m1.csv", f"{HEADER}\n{ROW}\n")
    reader.write("m2.csv", f"{HEADER}\nS9,2025-12-01,active,2020-01-05\n{ROW}\n")
    reading = reader.read("select * from 'm*.csv'")
    assert places_of(reading) == [("duplicate_copy", "m2.csv", 3)]
    assert '"subscriber_id":"S1"' in rejected(reading)[0]["raw"]


def test_the_same_subscriber_in_two_months_is_no_double(reader: Reader) -> None:
    assert reader.read_csv([HEADER, ROW, ROW.replace("2025-12", "2025-11")]).ledger.stored == 2


def test_an_empty_key_column_counts_as_a_value(reader: Reader) -> None:
    reading = reader.read_csv(
        ["subscriber_id,reason,channel", "S1,opt_out,", "S1,opt_out,", "S1,opt_out,sms"], "exclusion_list"
    )
    assert (reading.ledger.stored, reason(reading.ledger).code) == (2, "duplicate_copy")


def test_a_table_without_a_key_keeps_equal_rows(reader: Reader) -> None:
    reading = reader.read_csv(["staff_id,date,kind", "A,2025-12-01,leaflet", "A,2025-12-01,leaflet"], "field_activity")
    assert (reading.ledger.stored, reading.ledger.rejected) == (2, 0)


def test_after_a_join_doubles_have_no_line_and_everything_else(reader: Reader) -> None:
    reader.write("t.csv", f"{HEADER}\n{ROW}\n")
    reader.write("u.csv", "id,fee\nS1,1\nS1,2\n")
    reading = reader.read("select t.*, fee as plan_fee from 't.csv' t join 'u.csv' u on id = subscriber_id")
    only = reason(reading.ledger)
    assert (only.code, only.count, only.first_file, only.first_line) == ("duplicate_conflict", 2, "basekeep.yaml", 7)
    assert [row["line"] for row in rejected(reading)] == [None, None]
    assert all('"plan_fee":' in row["raw"] for row in rejected(reading))
