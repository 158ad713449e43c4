"""The account of a small dirty table in plain Python: a second answer, written without a look at the first."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

# In the contract's order.
COLUMNS = ("subscriber_id", "month", "status", "join_date", "plan_fee", "is_staff", "contacts")
_FORMS = {
    "-": r"\d{4}-\d{1,2}(-\d{1,2}( \d{1,2}:\d{2}:\d{2})?)?",
    "/": r"\d{4}/\d{1,2}(/\d{1,2}( \d{1,2}:\d{2}:\d{2})?)?",
    "": r"\d{6}(\d{2}(\d{6})?)?",
}
_FLAGS = {"true": True, "1": True, "y": True, "是": True, "false": False, "0": False, "n": False, "否": False}


class Fault(Exception):
    """Why a cell does not pass."""


@dataclass
class Account:
    """Stored rows; rejected ones as (reason, column, file, line)."""

    read: int = 0
    stored: list[tuple[Any, ...]] = field(default_factory=list)
    rejected: list[tuple[str, str, str, int]] = field(default_factory=list)


def account(files: Mapping[str, Sequence[str]]) -> Account:
    """Read files of lines without header, cells parted by commas; a quote is never closed."""
    found = Account()
    records: list[tuple[str, int, list[str]]] = []
    for name, lines in files.items():
        for number, line in enumerate(lines, 2):
            if line == "":
                continue
            found.read += 1
            cells = line.split(",")
            if len(cells) != len(COLUMNS) or '"' in line:
                found.rejected.append(("broken_line", "", name, number))
            else:
                records.append((name, number, [cell.strip(" \t\u3000") for cell in cells]))
    forms = {at: _usual([cells[at] for _, _, cells in records]) for at in (1, 3)}
    passing = []
    for name, number, cells in records:
        try:
            passing.append((_row(cells, forms), name, number))
        except Fault as fault:
            reason, column = fault.args
            found.rejected.append((reason, column, name, number))
    _part_doubles(passing, found)
    return found


def _usual(cells: list[str]) -> str:
    counts = {mark: sum(bool(re.fullmatch(form, cell)) for cell in cells) for mark, form in _FORMS.items()}
    return max(counts, key=lambda mark: counts[mark])


def _row(cells: list[str], forms: dict[int, str]) -> tuple[Any, ...]:
    values: list[Any] = []
    for at, (column, cell) in enumerate(zip(COLUMNS, cells, strict=True)):
        if cell == "":
            if at < 3:  # a join date may be unknown, its column may not be missing
                raise Fault("missing", column)
            values.append(None)
        elif column in ("month", "join_date"):
            values.append(_day(column, cell, forms[at]))
        elif column == "status" and cell not in ("active", "suspended", "cancelled"):
            raise Fault("unknown_value", column)
        elif column == "is_staff":
            if cell.lower() not in _FLAGS:
                raise Fault("not_a_flag", column)
            values.append(_FLAGS[cell.lower()])
        elif column in ("plan_fee", "contacts"):
            values.append(_number(column, cell))
        else:
            values.append(cell)
    return tuple(values)


def _day(column: str, cell: str, mark: str) -> date:
    if not re.fullmatch(_FORMS[mark], cell):
        raise Fault("date_format", column)
    digits = cell.split(" ")[0].split(mark) if mark else [cell[:4], cell[4:6], cell[6:8]]
    numbers = [int(part) for part in digits if part]
    if len(numbers) == 2:
        if column != "month":
            raise Fault("not_a_date", column)
        numbers.append(1)
    try:
        day = date(numbers[0], numbers[1], numbers[2])
    except ValueError:
        raise Fault("not_a_date", column) from None
    if day < date(1850, 1, 1):
        raise Fault("out_of_range", column)
    return day.replace(day=1) if column == "month" else day


def _number(column: str, cell: str) -> int:
    try:
        number = Decimal(cell)
    except InvalidOperation:
        raise Fault("not_a_number", column) from None
    if not number.is_finite() or "_" in cell or not cell.isascii():
        raise Fault("not_a_number", column)
    if column == "contacts":
        if number != number.to_integral_value():
            raise Fault("not_whole", column)
        if not 0 <= number <= 1_000_000:
            raise Fault("out_of_range", column)
        return int(number)
    scaled = int((number * 10_000).quantize(Decimal(1), ROUND_HALF_UP)) if abs(number) < 10**12 else 10**20
    if not 0 <= scaled <= 1_000_000 * 10_000:
        raise Fault("out_of_range", column)
    return scaled


def _part_doubles(passing: list[tuple[tuple[Any, ...], str, int]], found: Account) -> None:
    by_key: dict[tuple[Any, ...], list[tuple[tuple[Any, ...], str, int]]] = defaultdict(list)
    for row, name, number in passing:
        by_key[row[:2]].append((row, name, number))
    for same in by_key.values():
        if len(Counter(row for row, _, _ in same)) > 1:
            found.rejected += [("duplicate_conflict", "subscriber_id, month", name, number) for _, name, number in same]
            continue
        found.stored.append(same[0][0])
        found.rejected += [("duplicate_copy", "subscriber_id, month", name, number) for _, name, number in same[1:]]
