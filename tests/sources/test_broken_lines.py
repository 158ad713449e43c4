"""A line that is no record costs itself and nothing else."""

from __future__ import annotations

import pytest

from basekeep.store.sources.reading import Reading

from .reader import HEADER, ROW, Reader, column, reason, rejected

S9 = "S9,2025-12-01,active,2020-01-05"


def broken(reading: Reading) -> list[int]:
    return [row["line"] for row in rejected(reading) if row["reason"] == "broken_line"]


@pytest.mark.parametrize(
    "line",
    ["S2,2025-12-01,active", "S2,2025-12-01,active,2020-01-05,1", 'S2,2025-12-01,"active,2020-01-05', 'S2,2025-12-01,"act"ive,2020-01-05',
     "S2", ",", '"'],
)  # fmt: skip
def test_a_broken_line_is_rejected_alone_with_file_and_line(reader: Reader, line: str) -> None:
    reading = reader.read_csv([HEADER, ROW, line, S9])
    assert column(reading, "subscriber_id") == ["S1", "S9"]
    only = reason(reading.ledger)
    assert (only.code, only.count, only.first_file, only.first_line) == ("broken_line", 1, "t.csv", 3)
    assert reading.ledger.read == 3


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("end", ["S2,2025-12-01,act", 'S2,2025-12-01,"active,2020-01-05', "S", '"'])
def test_a_file_that_breaks_off_within_its_last_line_is_refused(reader: Reader, end: str, encoding: str) -> None:
    reader.write("a.csv", f"{HEADER}\n{ROW}\n")
    reader.write("t.csv", f"{HEADER}\n{ROW}\nS3,2025-12-01,停机,2020-01-05\n{end}", encoding)
    (finding,) = reader.refused("select * from '?.csv'")
    assert (finding.code, str(finding.place), finding.severity) == ("file_cut_short", "t.csv:4", "error")


@pytest.mark.parametrize("last", [S9, f"{S9},", 'S9,2025-12-01,active,"2020-01-05"'])
def test_a_whole_last_line_without_its_end_is_read_and_warned_of(reader: Reader, last: str) -> None:
    reader.write("t.csv", f"{HEADER}\n{ROW}\n{last}")
    reading = reader.read("select * from 't.csv'")
    assert column(reading, "subscriber_id") == ["S1", "S9"]
    assert [note.code for note in reading.ledger.notes] == ["no_final_newline"]


def test_lines_are_counted_as_an_editor_counts_them(reader: Reader) -> None:
    text = f'{HEADER},brand\r\n\r\n{ROW},"two\r\nlines"\r\nS2,2025-12-01,nonsense,2020-01-05,x\r\nS3,broken\r\n'
    reader.write("t.csv", text)
    reading = reader.read("select * from 't.csv'")
    assert {(row["reason"], row["line"]) for row in rejected(reading)} == {("unknown_value", 5), ("broken_line", 6)}
    assert column(reading, "brand") == ["two\r\nlines"]


@pytest.mark.parametrize("endings", [("\r\n", "\n"), ("\n", "\r\n"), ("\n", "\r\r\n")])
def test_mixed_line_ends_are_no_fault_of_the_rows(reader: Reader, endings: tuple[str, str]) -> None:
    reader.write("t.csv", f"{HEADER}{endings[0]}{ROW}{endings[0]}{S9}{endings[1]}")
    reading = reader.read("select * from 't.csv'")
    assert reading.ledger.read == 2
    assert reading.ledger.stored >= 1


def test_broken_lines_of_one_file_among_many_are_placed(reader: Reader) -> None:
    for month in ("10", "11", "12"):
        reader.write(
            f"m{month}.csv", f"{HEADER}\nS1,2025-{month}-01,active,2020-01-05\n" + ("x\n" if month == "11" else "")
        )
    reading = reader.read("select * from 'm*.csv'")
    assert (reading.ledger.stored, reason(reading.ledger).first_file) == (3, "m11.csv")


def test_broken_lines_below_a_join_are_counted(reader: Reader) -> None:
    reader.write("t.csv", f"{HEADER}\n{ROW}\nx\n")
    reader.write("u.csv", "id\nS1\ny,z\n")
    reading = reader.read("select t.* from 't.csv' t join 'u.csv' u on id = subscriber_id")
    assert (reading.ledger.read, reading.ledger.stored) == (3, 1)
    assert [(row["file"], row["line"]) for row in rejected(reading)] == [("t.csv", 3), ("u.csv", 3)]


def test_a_line_of_megabytes_is_broken_and_not_kept_whole(reader: Reader) -> None:
    reading = reader.read_csv([HEADER, ROW, f"S2,2025-12-01,{'x' * 3_000_000},2020-01-05", S9])
    assert (broken(reading), reading.ledger.stored) == ([3], 2)
    assert len(rejected(reading)[0]["raw"]) < 5_000


def test_a_quote_inside_a_cell_is_only_a_sign(reader: Reader) -> None:
    reading = reader.read_csv([f"{HEADER},brand", f'{ROW},5" screen', f'{S9},"say ""hi"""', "x"])
    assert column(reading, "brand") == ['5" screen', 'say "hi"']


def test_without_quoting_a_quote_is_a_sign_like_others(reader: Reader) -> None:
    reader.write("t.csv", f'{HEADER},brand\n{ROW},"x\n{S9},y,z\n')
    reading = reader.read("select * from read_csv('t.csv', quote='')")
    assert column(reading, "brand") == ['"x']
    assert broken(reading) == [3]
