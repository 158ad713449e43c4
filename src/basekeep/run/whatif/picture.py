"""The table of a what-if as a picture, in one language: for the SVG, and for the chart of a workbook."""

from __future__ import annotations

from fractions import Fraction
from itertools import groupby

from basekeep.kernel.errors import CallError
from basekeep.kernel.text import Language, Text
from basekeep.playbook.declarations import WhatIfInput, WhatIfResult
from basekeep.playbook.numbers import number_shown
from basekeep.playbook.units import UNIT_WORDS
from basekeep.playbook.whatif import varied
from basekeep.run.line_chart import MOST_LINES, Axis, Picture, Point
from basekeep.run.whatif.answer import Answer
from basekeep.run.xlsx_chart import SheetChart, SheetLine

_CLAIM = Text("文件的说法", "the document's claim")
_HERE = Text("本次", "here")


def picture_of(answer: Answer, language: Language) -> Picture:
    """What is drawn.

    Raises:
        CallError: there is no range to draw over, or there would be too many lines to tell apart.
    """
    table, what_if = answer.table, answer.what_if
    if table.along is None:
        what = Text("没有区间，画不成图", "without a range there is nothing to draw")
        raise CallError(
            "whatif.no_range", what, Text("加上 --range 名称=起..止/步长。", "Add --range NAME=FROM..TO/STEP.")
        )
    lines = _lines(answer)
    if len(lines) > MOST_LINES:
        what = Text(f"图上会有 {len(lines)} 条线，最多 {MOST_LINES} 条", f"the picture would have {len(lines)} lines; {MOST_LINES} are the most")  # fmt: skip
        do = Text(
            "第二个区间的步长放大，或两个区间对调。", "Take larger steps in the second range, or swap the ranges."
        )
        raise CallError("whatif.too_many_lines", what, do)
    axes = {name: _axis(one, language) for name, one in {**varied(what_if), **what_if.results}.items()}
    return Picture(
        what_if.name.text.say(language),
        axes[table.along],
        axes[table.shows],
        axes[table.lines].name if table.lines else "",
        lines,
        _level(answer, language),
        _mark(answer, language),
    )


def chart_of(answer: Answer, language: Language) -> SheetChart | None:
    """The same as a chart over the cells of the table; None where there is nothing to draw."""
    table = answer.table
    if table.along is None or len(_lines(answer)) > MOST_LINES:
        return None
    picture = picture_of(answer, language)
    columns = list(table.units)
    along, shows = columns.index(table.along), columns.index(table.shows)
    length = len(picture.lines[0][1])
    lines = [
        SheetLine(label or picture.up.name, along, shows, at * length, (at + 1) * length - 1)
        for at, (label, _) in enumerate(picture.lines)
    ]
    if picture.level:
        claimed = columns.index(f"{table.shows}_claimed")
        lines.append(SheetLine(picture.level[0], along, claimed, 0, length - 1, dashed=True))
    return SheetChart(picture.title, picture.along, picture.up, tuple(lines))


def _lines(answer: Answer) -> tuple[tuple[str, tuple[Point, ...]], ...]:
    table = answer.table
    found = []
    for value, rows in groupby(table.rows, lambda row: row[table.lines] if table.lines else None):
        label = number_shown(value, table.units[table.lines]) if table.lines and value is not None else ""
        points = tuple(
            (along, row[table.shows]) for row in rows if table.along and (along := row[table.along]) is not None
        )
        found.append((label, points))
    return tuple(found)


def _axis(declared: WhatIfInput | WhatIfResult, language: Language) -> Axis:
    """A quantity with its unit, where it has one that a number does not show."""
    name, unit = declared.name.text.say(language), declared.unit
    if unit in ("", "share"):
        return Axis(name, unit)
    said = UNIT_WORDS[unit].say(language)
    return Axis(f"{name}（{said}）" if language == "zh" else f"{name} ({said})", unit)


def _level(answer: Answer, language: Language) -> tuple[str, Fraction] | None:
    claim = answer.what_if.claim
    if claim is None or claim.of != answer.table.shows:
        return None
    return f"{_CLAIM.say(language)} {number_shown(claim.value, answer.table.units[claim.of])}", claim.value


def _mark(answer: Answer, language: Language) -> tuple[str, Fraction, Fraction] | None:
    """Where the numbers of this call stand, if that lies within the picture."""
    table = answer.table
    now = {line.name: line.value for line in (*answer.inputs, *answer.results)}
    along, up = now[table.along or ""], now[table.shows]
    alongs = [value for row in table.rows if (value := row[table.along or ""]) is not None]
    if along is None or up is None or not min(alongs) <= along <= max(alongs):
        return None
    if table.lines and now[table.lines] not in {row[table.lines] for row in table.rows}:
        return None
    return f"{_HERE.say(language)} {number_shown(up, table.units[table.shows])}", along, up
