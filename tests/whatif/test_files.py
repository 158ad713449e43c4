"""The table as a file: exact decimals, and in a workbook a chart over the very cells."""

from __future__ import annotations

import csv
import re
from fractions import Fraction
from pathlib import Path
from zipfile import ZipFile

from python_calamine import load_workbook

from basekeep.kernel.progress import SilentProgress
from basekeep.run.export import Layout, format_of, write_file
from basekeep.run.whatif.answer import Answer
from basekeep.run.whatif.picture import chart_of
from whatif.shipped import ask

_SERIES = re.compile(r"<c:ser>.*?</c:ser>")
_CELLS = re.compile(r"\$([A-Z]+)\$(\d+):\$([A-Z]+)\$(\d+)")


def write(answer: Answer, path: Path) -> Path:
    layout = Layout(sheet="upgrade", chart=chart_of(answer, "zh"))
    write_file(answer.table, format_of(path), path, layout, False, path.parent / "no store", SilentProgress())
    return path


def test_csv_holds_every_row_with_every_number(tmp_path: Path) -> None:
    answer = ask({"line_reward": "19.99"}, ("card_fill", "0%..100%/12.5%"), ("pack_price", "0..30/10"))
    with write(answer, tmp_path / "t.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 36
    for read, row in zip(rows, answer.table.rows, strict=True):
        assert set(read) == set(answer.table.units)
        for name, unit in answer.table.units.items():
            value = row[name]
            places = 6 if unit == "share" else 4
            assert (read[name] == "") == (value is None)
            assert value is None or Fraction(read[name]) == round(value, places)


def test_a_workbook_holds_the_same_and_a_chart(tmp_path: Path) -> None:
    answer = ask()
    path = write(answer, tmp_path / "t.xlsx")
    rows = load_workbook(str(path)).get_sheet_by_index(0).to_python()
    assert rows[0] == list(answer.table.units)
    assert [row[rows[0].index("growth")] for row in rows[1:]] == [
        float(row["growth"] or 0) for row in answer.table.rows
    ]
    with ZipFile(path) as book:
        chart = book.read("xl/charts/chart1.xml").decode()
        assert b"<drawing " in book.read("xl/worksheets/sheet1.xml")
    assert {"4升5推算", "副卡加满率", "文件的说法 1.4"} <= set(re.findall(r">([^<>]+)</", chart))


def test_each_line_of_the_chart_points_at_the_cells_of_one_share(tmp_path: Path) -> None:
    answer = ask()
    path = write(answer, tmp_path / "t.xlsx")
    sheet = load_workbook(str(path)).get_sheet_by_index(0).to_python()
    with ZipFile(path) as book:
        series = _SERIES.findall(book.read("xl/charts/chart1.xml").decode())
    assert len(series) == 6
    for one in series:
        along, up = (_column(sheet, *cells) for cells in _CELLS.findall(one))
        assert along == [0.5, 0.6, 0.7, 0.8, 0.9, 1]
        label = re.findall(r"<c:v>([^<]+)</c:v>", one)[0]
        if label.endswith("%"):
            share = Fraction(label[:-1]) / 100
            assert up == [float(share * 2 * Fraction(tenths, 10)) for tenths in range(5, 11)]
        else:
            assert (label, up) == ("文件的说法 1.4", [1.4] * 6)


def _column(sheet: list[list[object]], first: str, top: str, last: str, bottom: str) -> list[object]:
    assert first == last
    at = 0
    for letter in first:
        at = at * 26 + ord(letter) - ord("A") + 1
    return [row[at - 1] for row in sheet[int(top) - 1 : int(bottom)]]


def test_a_table_without_a_chart_is_as_before(tmp_path: Path) -> None:
    many = ask({}, ("card_fill", "0%..100%/10%"), ("pack_share", "0%..100%/5%"))
    assert chart_of(many, "zh") is None
    with ZipFile(write(many, tmp_path / "t.xlsx")) as book:
        assert not [name for name in book.namelist() if "chart" in name]
