"""A result as an Excel workbook, written row by row. No text ever becomes a formula, a link or a number."""

from __future__ import annotations

import contextlib
import math
import tempfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from basekeep.engines.protocol import Stream
from basekeep.kernel.errors import CallError, WorkError
from basekeep.kernel.progress import Progress
from basekeep.kernel.text import Text
from basekeep.run.result_text import cell_text
from basekeep.run.xlsx_chart import SheetChart, add_chart

MOST_ROWS = 1_048_576  # of a sheet, the header among them
MOST_COLUMNS = 16_384
_MOST_CHARACTERS = 32_767
# Above it a spreadsheet's numbers are no longer whole.
_WHOLE = 2**53
_EXACT_DIGITS = 15
_FIRST_YEAR = 1900
_SAFE = {
    "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}  # fmt: skip
_WIDEST = 60


class _Archive(ZipFile):
    """One that was broken off has nothing to say: its destructor would otherwise print that the disk is still full."""

    def __del__(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            self.close()


xlsxwriter.workbook.ZipFile = _Archive


def refuse_too_large(rows: int, columns: int) -> None:
    """Refuse what does not fit on one sheet.

    Raises:
        CallError: too many rows or columns; says to write CSV.
    """
    if rows < MOST_ROWS and columns <= MOST_COLUMNS:
        return
    raise CallError(
        "export.too_large_for_xlsx",
        Text(f"{rows:,} 行 {columns:,} 列，一张 Excel 工作表放不下（最多 {MOST_ROWS - 1:,} 行）",
             f"{rows:,} rows of {columns:,} columns do not fit on one Excel sheet (at most {MOST_ROWS - 1:,} rows)"),
        Text("改用 .csv（Excel 打开加 --bom）或 .parquet，或用 --where 缩小范围。",
             "Write .csv (with --bom for Excel) or .parquet instead, or take a part of it with --where."),
    )  # fmt: skip


def write_xlsx(
    stream: Stream, path: Path, sheet: str, separator: str, progress: Progress, chart: SheetChart | None = None
) -> int:
    """Write a result to a file that does not exist; gives the number of rows."""
    # A chart keeps a copy of its cells, for programs that show it without computing; they are then held until the end.
    # The rows wait in a folder of their own, on the disk of the target, which goes with them whatever happens.
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".") as waiting:
        book = xlsxwriter.Workbook(str(path), {**_SAFE, "constant_memory": chart is None, "tmpdir": waiting})
        try:
            written = _Sheet(book, sheet, separator)
            rows = written.write(stream, progress)
            if chart:
                add_chart(book, written.sheet, chart, len(stream.schema.names) + 1)
            book.close()
        except XlsxWriterException as error:
            if isinstance(error.__context__, OSError):
                raise error.__context__ from None
            raise _failed(error) from error
        finally:
            # Of what was broken off nothing is wanted; its destructor would otherwise still write it.
            book.fileclosed = True
    return rows


class _Sheet:
    def __init__(self, book: Any, name: str, separator: str) -> None:
        self.sheet = book.add_worksheet(name[:31])
        self._separator = separator
        self._bold = book.add_format({"bold": True, "bottom": 1})
        self._day = book.add_format({"num_format": "yyyy-mm-dd"})
        self._moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})

    def write(self, stream: Stream, progress: Progress) -> int:
        names = stream.schema.names
        row = 0
        for batch in stream.batches:
            columns = [column.to_pylist() for column in batch.columns]
            if not row:
                self._header(names, columns)
            for cells in zip(*columns, strict=True):
                row += 1
                for at, value in enumerate(cells):
                    if value is not None:
                        self._cell(row, at, value)
            progress.advance(batch.num_rows)
        if not row:
            self._header(names, [])
        self.sheet.autofilter(0, 0, row, max(len(names) - 1, 0))
        return row

    def _header(self, names: list[str], columns: list[list[Any]]) -> None:
        """Names first, widths from the first rows: a sheet written row by row cannot be gone back to."""
        for at, name in enumerate(names):
            seen = [cell_text(value, self._separator) or "" for value in (columns[at][:200] if columns else [])]
            widest = max(_width(text) for text in (name, *seen))
            self.sheet.set_column(at, at, min(widest, _WIDEST) + 2)
        for at, name in enumerate(names):
            self.sheet.write_string(0, at, name, self._bold)
        self.sheet.freeze_panes(1, 0)

    def _cell(self, row: int, at: int, value: Any) -> None:
        sheet = self.sheet
        if isinstance(value, bool):
            sheet.write_boolean(row, at, value)
        elif isinstance(value, date) and value.year >= _FIRST_YEAR:
            kind = self._moment if isinstance(value, datetime) else self._day
            sheet.write_datetime(row, at, datetime.fromisoformat(value.isoformat()).replace(tzinfo=None), kind)
        elif _fits(value):
            sheet.write_number(row, at, float(value))
        else:
            self._text(row, at, cell_text(value, self._separator) or "")

    def _text(self, row: int, at: int, text: str) -> None:
        if len(text) > _MOST_CHARACTERS:
            what = Text(
                f"第 {row + 1} 行有单元格超过 {_MOST_CHARACTERS:,} 个字符",
                f"a cell of row {row + 1} has more than {_MOST_CHARACTERS:,} characters",
            )
            raise WorkError(
                "export.cell_too_long", what, Text("改用 .csv 或 .parquet。", "Write .csv or .parquet instead.")
            )
        if text:
            self.sheet.write_string(row, at, text)


def _fits(value: Any) -> bool:
    """Whether a spreadsheet's number holds the value as it is."""
    if isinstance(value, int):
        return abs(value) <= _WHOLE
    if isinstance(value, float):
        return math.isfinite(value)
    return (
        isinstance(value, Decimal) and value.is_finite() and len(value.normalize().as_tuple().digits) <= _EXACT_DIGITS
    )


def _width(text: str) -> int:
    """About how wide a text is: a Chinese character counts two."""
    return sum(2 if ord(sign) > 0x2E80 else 1 for sign in text[:_WIDEST])


def _failed(error: Exception) -> WorkError:
    return WorkError("export.xlsx", Text(f"Excel 文件写不成：{error}", f"the Excel file cannot be written: {error}"))
