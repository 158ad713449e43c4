"""Shows the answer of a query to people: at most forty rows, as many columns as the terminal holds, the exact count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from basekeep.cli.screen import Screen, number, printable
from basekeep.cli.tables import GAP, LEAST, least_widths, natural_widths, table_lines
from basekeep.cli.widths import padded, width, wrapped
from basekeep.kernel.text import Text

SHOWN_ROWS = 40
_RECORDS = 3
_NOTHING = "—"


@dataclass(frozen=True)
class Shown:
    """The beginning of an answer as texts."""

    names: list[str]
    right: list[int]
    rows: list[list[str]]
    count: int


def first_rows(query: Any, separator: str) -> Shown:
    """The rows to show, and how many there are in all."""
    stream = query.stream(1024)
    rows: list[tuple[Any, ...]] = []
    for batch in stream.batches:
        rows += zip(*(column.to_pylist() for column in batch.columns), strict=True)
        if len(rows) > SHOWN_ROWS:
            break
    count = query.count() if len(rows) > SHOWN_ROWS else len(rows)
    kept = rows[:SHOWN_ROWS]
    right = [at for at, kind in enumerate(stream.schema.types) if _is_number(str(kind))]
    texts = [[_text(value, separator) for value in row] for row in kept]
    return Shown([printable(name) for name in stream.schema.names], right, texts, count)


def show_result(screen: Screen, shown: Shown) -> None:
    """The table, or record by record where few rows are too wide; then the count."""
    if shown.names == ["explain_key", "explain_value"]:
        for row in shown.rows:
            screen.line(row[1].replace("⏎", "\n"))
        return
    room = screen.room()
    held = len(shown.names)
    if room is not None and sum(natural_widths(shown.names, shown.rows)) + GAP * held > room and held > 1:
        if len(shown.rows) <= _RECORDS:
            _records(screen, shown, room)
            _count(screen, shown, 0)
            return
        held = _held(least_widths(shown.names, shown.rows, shown.right), room)
    right = [at for at in shown.right if at < held]
    lines = table_lines(shown.names[:held], [row[:held] for row in shown.rows], right, room)
    for at, line in enumerate(lines):
        screen.line(line, "dim" if line.startswith("─") else "bold" if at == 0 else "")
    _count(screen, shown, len(shown.names) - held)


def _held(least: list[int], room: int) -> int:
    """How many columns fit when their texts are folded."""
    used = 0
    for at, wide in enumerate(least):
        used += wide + GAP
        if used - GAP > room and at:
            return at
    return len(least)


def _records(screen: Screen, shown: Shown, room: int) -> None:
    left = max(width(name) for name in shown.names) + GAP
    for row in shown.rows:
        screen.line("─" * min(room, left + 20), "dim")
        for name, cell in zip(shown.names, row, strict=True):
            first, *more = wrapped(cell, max(room - left, LEAST)) or [""]
            screen.line(f"{padded(name, left)}{first}")
            for line in more:
                screen.line(" " * left + line)


def _count(screen: Screen, shown: Shown, hidden: int) -> None:
    left = shown.count - len(shown.rows)
    zh, en = f"共 {shown.count:,} 行", f"{shown.count:,} row{'' if shown.count == 1 else 's'}"
    if left:
        zh, en = f"{zh}，显示前 {len(shown.rows)} 行", f"{en}; the first {len(shown.rows)} are shown"
    if hidden:
        zh, en = f"{zh}，另有 {hidden} 列放不下", f"{en}; {hidden} more columns do not fit"
    if left or hidden:
        zh, en = f"{zh}（全部：--to 文件.csv）", f"{en} (all of it: --to FILE.csv)"
    screen.say(Text(zh, en), "dim")


def _is_number(kind: str) -> bool:
    return kind.startswith(("int", "uint", "float", "double", "halffloat", "decimal"))


def _text(value: Any, separator: str) -> str:
    if value is None:
        return _NOTHING
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, Decimal):
        text = f"{value:,f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, float):
        return number(value)
    if isinstance(value, list):
        return separator.join(_text(item, separator) for item in value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return printable(str(value))
