"""A quote that is never closed costs its own line: no line of any file vanishes without a word."""

from __future__ import annotations

import pytest

from .reader import Reader, column, rejected, stored

COLUMNS = "subscriber_id,month,status,join_date,customer_type,brand,arpu"
ROWS = 1_000


def months(count: int) -> list[str]:
    return [f"{2024 + at // 12}-{at % 12 + 1:02}" for at in range(count)]


def row(member: int, month: str) -> str:
    return f"S{member},{month}-01,active,2020-01-05,personal,品牌,{member}.5"


def write(reader: Reader, files: int, encoding: str, edits: dict[int, tuple[str, str]], rows: int = ROWS) -> int:
    """Write files, one of them with edited lines (physical numbers); the number of lines that hold a row."""
    for at, month in enumerate(months(files)):
        lines = [COLUMNS, *(row(member, month) for member in range(rows))]
        for number, (old, new) in edits.items() if at == files // 2 else ():
            assert old in lines[number - 1]
            lines[number - 1] = lines[number - 1].replace(old, new)
        reader.write(f"m_{month}.csv", "".join(f"{line}\n" for line in lines), encoding)
    return files * rows


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("files", [1, 14])
@pytest.mark.parametrize(
    ("edits", "lost"),
    [
        ({9: (",personal,", ',"personal,')}, [9]),
        ({9: (",品牌,", ',"品牌,')}, [9]),
        ({9: ("S", '"S')}, [9]),
        ({11: (",personal,", ',"personal,'), 15: (",personal,", ',personal",')}, [11]),
        ({11: (",品牌,", ',"品牌,'), 15: (",品牌,", ',品牌",')}, [11]),
        ({11: (",品牌,", ',"品牌,'), 12: (",品牌,", ',品牌",')}, [11]),
        ({11: (",active,", ',"active,'), 12: (",active,", ',active",')}, [11, 12]),
        ({11: (",品牌,", ',5",'), 12: (",品牌,", ',"品牌,')}, [12]),
    ],
)
def test_an_open_quote_costs_no_other_line(
    reader: Reader, encoding: str, files: int, edits: dict[int, tuple[str, str]], lost: list[int]
) -> None:
    lines = write(reader, files, encoding, edits, 200 if files > 1 else ROWS)
    ledger = (reading := reader.read("select * from 'm_*.csv'")).ledger
    assert (ledger.read, ledger.stored, ledger.rejected) == (lines, lines - len(lost), len(lost))
    at = f"m_{months(files)[files // 2]}.csv"
    assert [(item["file"], item["line"]) for item in rejected(reading)] == [(at, line) for line in lost]


def test_an_open_quote_behind_renamed_columns_costs_no_other_line(reader: Reader) -> None:
    header = "用户号,账期,状态,入网日期,备注\n"
    body = [f"S{at},2025-12-01,active,2020-01-05,好\n" for at in range(100)]
    body[20] = body[20].replace(",active", ',"active')
    body[21] = body[21].replace("active,", 'active",')
    reader.write("t.csv", header + "".join(body))
    reading = reader.read(
        "select 用户号 as subscriber_id, 账期 as month, 状态 as status, 入网日期 as join_date from 't.csv'"
    )
    assert [item["line"] for item in rejected(reading)] == [22, 23]
    assert (reading.ledger.read, reading.ledger.stored) == (100, 98)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("files", [1, 14])
def test_texts_over_lines_are_read_whole(reader: Reader, encoding: str, files: int) -> None:
    text = "一号楼, 二单元\n三层, 四号\n\n五室"
    lines = write(reader, files, encoding, {9: ("品牌", f'"{text}"'), 11: ("品牌", '"说 ""好"""')}, 50)
    reading = reader.read("select * from 'm_*.csv'")
    assert (reading.ledger.read, reading.ledger.stored) == (lines, lines)
    assert sorted(set(column(reading, "brand"))) == sorted({text, "品牌", '说 "好"'})


def test_quotes_around_every_cell_are_read_as_they_are(reader: Reader) -> None:
    quoted = [",".join(f'"{cell}"' for cell in line.split(",")) for line in (COLUMNS, row(1, "2025-12"))]
    assert stored(reader.read_csv(quoted)) == stored(reader.read_csv([COLUMNS, row(1, "2025-12")]))
