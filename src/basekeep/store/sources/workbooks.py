"""Excel sheets as numbered CSV in staging: every cell as text, dates in ISO form, the sheet's own row numbers.

Never evaluates a formula: what the file holds as its last result is what is read; an error cell reads as empty.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path

import python_calamine as calamine

from basekeep.kernel.errors import FindingsError
from basekeep.kernel.findings import Finding, Place, near_names
from basekeep.kernel.text import Text
from basekeep.store.sources.csv_head import Dialect, distinct_names
from basekeep.store.sources.files import SourceFile
from basekeep.store.sources.packed import damaged, stopped
from basekeep.store.sources.pieces import Piece
from basekeep.store.sources.source_calls import OptionValue

_OPTIONS = ("sheet", "skip", "header", "all_varchar")
_Cell = int | float | str | bool | time | date | datetime | timedelta


def workbook_options(written: Mapping[str, OptionValue], place: Place) -> tuple[Finding, ...]:
    """A finding for each option of `read_xlsx` that is not understood."""
    do = Text("read_xlsx 认得 sheet（表名）和 skip（表头之上略去的行数）。",
              "read_xlsx knows sheet (a name) and skip (rows left out above the header).")  # fmt: skip
    return tuple(
        Finding("workbook_option", place, Text(f"read_xlsx 没有选项 {name}，或其值不对",
                                               f"read_xlsx has no option {name}, or not with this value"),
                do, near_names(name, _OPTIONS))
        for name, value in written.items()
        if name not in _OPTIONS or (name == "header" and value is not True)
        or (name == "skip" and not isinstance(value, int)) or (name == "sheet" and not isinstance(value, str))
    )  # fmt: skip


def copy_sheet(file: SourceFile, options: Mapping[str, OptionValue], target: Path) -> Piece:
    """Write one sheet to `target`, numbered by sheet row; rows without any text are left out.

    Raises:
        FindingsError: the file is damaged, has no such sheet, or no row below its header.
    """
    rows = _rows(file, options)
    _, header = next(rows, (0, []))
    count = 0
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        for number, texts in rows:
            writer.writerow([number, *texts])
            count += 1
    if not count:
        raise stopped([_no_rows(file)])
    return Piece(file, target, distinct_names(header), Dialect(), numbered=True)


def peek_sheet(file: SourceFile, options: Mapping[str, OptionValue]) -> Piece:
    """The sheet's column names, with nothing to scan.

    Raises:
        FindingsError: as `copy_sheet`.
    """
    rows = _rows(file, options)
    _, header = next(rows, (0, []))
    if next(rows, None) is None:
        raise stopped([_no_rows(file)])
    return Piece(file, file.path, distinct_names(header), Dialect(), numbered=True)


def _rows(file: SourceFile, options: Mapping[str, OptionValue]) -> Iterator[tuple[int, list[str]]]:
    """Rows that hold any text, with their numbers in the sheet; the header first."""
    skip = options.get("skip")
    for number, cells in enumerate(_sheet(file, options.get("sheet")).iter_rows(), 1):
        texts = [_text(cell) for cell in cells]
        if any(texts) and not (isinstance(skip, int) and number <= skip):
            yield number, texts


def _sheet(file: SourceFile, name: OptionValue) -> calamine.CalamineSheet:
    try:
        book = calamine.CalamineWorkbook.from_path(str(file.path))
        wanted = str(name) if name else book.sheet_names[0]
        if wanted in book.sheet_names:
            return book.get_sheet_by_name(wanted)
    except calamine.PasswordError as error:
        raise stopped([_locked(file)]) from error
    except (calamine.CalamineError, IndexError) as error:
        raise damaged(file.place()) from error
    raise _no_sheet(file, wanted, book.sheet_names)


def _text(cell: _Cell) -> str:
    """A cell as text; a whole number without its `.0`, a day without its midnight."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _no_rows(file: SourceFile) -> Finding:
    return Finding(
        "file_without_rows",
        file.place(),
        Text("工作表没有数据行", "the sheet has no rows"),
        Text("核对表名（sheet='…'），或重新导出。", "Check the sheet's name (sheet='…'), or export again."),
    )


def _locked(file: SourceFile) -> Finding:
    return Finding(
        "file_locked",
        file.place(),
        Text("工作簿有密码", "the workbook has a password"),
        Text("去掉密码后另存。", "Save it without the password."),
    )


def _no_sheet(file: SourceFile, name: str, sheets: list[str]) -> FindingsError:
    what = Text(f"没有名为“{name}”的工作表", f"there is no sheet '{name}'")
    do = Text(f"工作表有：{'、'.join(sheets)}。", f"The sheets are: {', '.join(sheets)}.")
    return stopped([Finding("sheet_missing", file.place(), what, do, near_names(name, sheets))])
