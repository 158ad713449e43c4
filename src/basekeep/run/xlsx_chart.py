"""A chart of lines beside the rows of a sheet, drawn by the spreadsheet itself from the cells. Writes no cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from basekeep.run.line_chart import COLOURS, Axis

_WIDE, _HIGH = 760, 460


@dataclass(frozen=True)
class SheetLine:
    """One line: the columns of its two numbers, and its first and last row, counted from 0 below the header."""

    label: str
    along: int
    up: int
    first: int
    last: int
    dashed: bool = False


@dataclass(frozen=True)
class SheetChart:
    """What the chart shows of the sheet."""

    title: str
    along: Axis
    up: Axis
    lines: tuple[SheetLine, ...]


def add_chart(book: Any, sheet: Any, chart: SheetChart, column: int) -> None:
    """Put the chart to the right of the rows, its corner in this column."""
    drawn = book.add_chart({"type": "scatter", "subtype": "straight_with_markers"})
    for at, line in enumerate(chart.lines):
        colour = "#B00020" if line.dashed else COLOURS[at % len(COLOURS)].upper()
        drawn.add_series({
            "name": _plain(line.label),
            "categories": [sheet.name, line.first + 1, line.along, line.last + 1, line.along],
            "values": [sheet.name, line.first + 1, line.up, line.last + 1, line.up],
            "line": {"color": colour, "width": 1.75, "dash_type": "dash" if line.dashed else "solid"},
            "marker": {"type": "none"} if line.dashed else {"type": "circle", "size": 4, "fill": {"color": colour}, "border": {"color": colour}},
        })  # fmt: skip
    drawn.set_title({"name": _plain(chart.title), "name_font": {"size": 13}})
    drawn.set_x_axis(
        {"name": _plain(chart.along.name), "num_format": _form(chart.along), "major_gridlines": {"visible": False}}
    )
    drawn.set_y_axis({"name": _plain(chart.up.name), "num_format": _form(chart.up)})
    drawn.set_legend({"position": "right"})
    drawn.set_size({"width": _WIDE, "height": _HIGH})
    sheet.insert_chart(1, column, drawn, {"description": f"{chart.title}: {chart.up.name}"})


def _form(axis: Axis) -> str:
    return "0%" if axis.unit == "share" else "#,##0.##" if axis.unit in ("yuan", "subscribers") else "General"


def _plain(text: str) -> str:
    """A text that is not taken for a reference to cells."""
    return text.lstrip("=")
