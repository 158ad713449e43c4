"""A picture of lines as SVG, written with the standard library. Plain shapes and attributes only, so that browsers,
office programs and converters all show the same; no script, no style sheet, nothing fetched.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from xml.etree import ElementTree as Xml

from basekeep.contract.columns import Unit
from basekeep.playbook.numbers import number_shown

Point = tuple[Fraction, Fraction | None]
# Distinct to colour-blind eyes too (after Okabe and Ito), dark enough on white.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#b8860b", "#5f4b8b", "#000000")
MOST_LINES = 12
# No picture brings Chinese letters along: whoever shows it takes the first of these that is there.
_FONTS = (
    "PingFang SC, Microsoft YaHei, Noto Sans CJK SC, Source Han Sans SC, WenQuanYi Micro Hei, SimHei, Arial, sans-serif"
)
_WIDE, _HIGH = 900, 540
_RIGHT, _TOP, _BOTTOM = 120, 92, 70
_LEAST_LEFT = 64
_INK, _DIM, _GRID, _CLAIM = "#222222", "#666666", "#e2e2e2", "#b00020"
_APART = 17.0
_MOST_TICKS = 12
_STEPS = (Fraction(1), Fraction(2), Fraction(5, 2), Fraction(5), Fraction(10))


@dataclass(frozen=True)
class Axis:
    """What an axis counts."""

    name: str
    unit: Unit


@dataclass(frozen=True)
class Picture:
    """Lines over a range, with a level to hold them against and a point to find.

    Attributes:
        lines: label and points of each line; a point without a value leaves a gap.
        heading: what the labels of the lines are.
    """

    title: str
    along: Axis
    up: Axis
    heading: str
    lines: tuple[tuple[str, tuple[Point, ...]], ...]
    level: tuple[str, Fraction] | None = None
    mark: tuple[str, Fraction, Fraction] | None = None


def svg(picture: Picture) -> bytes:
    """The picture as a file's content; the same bytes for the same picture."""
    return _Drawing(picture).made()


def ticks(low: Fraction, high: Fraction, about: int = 6) -> tuple[Fraction, ...]:
    """Round numbers that span from `low` to `high`, about as many as asked."""
    rough = (high - low) / about or Fraction(1)
    power = Fraction(10) ** (len(str(int(rough))) - 1) if rough >= 1 else Fraction(1)
    while power > rough:
        power /= 10
    step = next(one * power for one in _STEPS if one * power >= rough)
    first, last = low // step, -(-high // step)
    return tuple(step * at for at in range(int(first), int(max(last, first + 1)) + 1))


class _Drawing:
    def __init__(self, picture: Picture) -> None:
        self._picture = picture
        points = [point for _, line in picture.lines for point in line]
        ups = [up for _, up in points if up is not None] + ([picture.level[1]] if picture.level else [])
        self._ups = ticks(min([Fraction(0), *ups]), max([Fraction(0), *ups]))
        self._alongs = tuple(dict.fromkeys(along for along, _ in points))
        labels = [number_shown(up, picture.up.unit) for up in self._ups]
        self._left = max(_LEAST_LEFT, 24 + max(_long(label, 13) for label in labels))
        size = {"width": str(_WIDE), "height": str(_HIGH), "viewBox": f"0 0 {_WIDE} {_HIGH}"}
        self._root = Xml.Element(
            "svg", {"xmlns": "http://www.w3.org/2000/svg", **size, "font-family": _FONTS, "role": "img"}
        )

    def made(self) -> bytes:
        Xml.SubElement(self._root, "title").text = self._picture.title
        self._add("rect", x=0, y=0, width=_WIDE, height=_HIGH, fill="#ffffff")
        self._heads()
        self._axes()
        self._level()
        self._lines()
        self._mark()
        Xml.indent(self._root, " ")
        content: bytes = Xml.tostring(self._root, encoding="utf-8", xml_declaration=True)
        return content + b"\n"

    def _heads(self) -> None:
        self._text(self._left, 34, self._picture.title, size=19, bold=True)
        self._text(self._left, 62, self._picture.up.name, size=14, fill=_DIM)
        self._text(
            (self._left + _WIDE - _RIGHT) / 2, _HIGH - 20, self._picture.along.name, size=14, fill=_DIM, anchor="middle"
        )
        if self._picture.heading:
            self._text(_WIDE - 14, _TOP - 12, self._picture.heading, size=13, fill=_DIM, anchor="end")

    def _axes(self) -> None:
        for up in self._ups:
            y = self._y(up)
            self._add("line", x1=self._left, y1=y, x2=_WIDE - _RIGHT, y2=y, stroke=_DIM if up == 0 else _GRID)
            self._text(self._left - 10, y + 4.5, number_shown(up, self._picture.up.unit), fill=_DIM, anchor="end")
        every = -(-len(self._alongs) // _MOST_TICKS)
        for along in self._alongs[::every]:
            x = self._x(along)
            self._add("line", x1=x, y1=_HIGH - _BOTTOM, x2=x, y2=_HIGH - _BOTTOM + 5, stroke=_DIM)
            said = number_shown(along, self._picture.along.unit)
            self._text(x, _HIGH - _BOTTOM + 21, said, fill=_DIM, anchor="middle")

    def _level(self) -> None:
        if self._picture.level:
            said, value = self._picture.level
            y = self._y(value)
            line = self._add("line", x1=self._left, y1=y, x2=_WIDE - _RIGHT, y2=y, stroke=_CLAIM)
            line.set("stroke-dasharray", "7 5")
            self._text(self._left + 8, y - 7, said, size=13, fill=_CLAIM)

    def _lines(self) -> None:
        ends: list[tuple[float, str, str]] = []
        for at, (label, points) in enumerate(self._picture.lines):
            colour = COLOURS[at % len(COLOURS)]
            known = [(self._x(along), self._y(up)) for along, up in points if up is not None]
            for (one_along, one), (two_along, two) in pairwise(points):
                if one is not None and two is not None:
                    here = {"x1": self._x(one_along), "y1": self._y(one), "x2": self._x(two_along), "y2": self._y(two)}
                    self._add("line", **here, stroke=colour, width=2.2)
            for x, y in known:
                self._add("circle", cx=x, cy=y, r=3, fill=colour)
            if known and label:
                ends.append((known[-1][1], label, colour))
        ends.sort()
        for y, (_, label, colour) in zip(_apart([end[0] for end in ends]), ends, strict=True):
            self._text(_WIDE - _RIGHT + 12, y + 4.5, label, fill=colour, size=14)

    def _mark(self) -> None:
        if self._picture.mark:
            said, along, up = self._picture.mark
            x, y = self._x(along), self._y(up)
            self._add("circle", cx=x, cy=y, r=7, fill="none", stroke=_INK, width=2.2)
            # Above the line, on the side from which it comes up: there it covers least.
            side, anchor = (-12, "end") if self._rising() and x - self._left > _long(said, 14) else (12, "start")
            for halo in (True, False):
                text = self._text(x + side, y - 9, said, size=14, bold=True, anchor=anchor)
                if halo:
                    text.set("stroke", "#ffffff")
                    text.set("stroke-width", "4")

    def _rising(self) -> bool:
        knowns = [[up for _, up in points if up is not None] for _, points in self._picture.lines]
        return sum((known[-1] > known[0]) - (known[-1] < known[0]) for known in knowns if known) >= 0

    def _x(self, along: Fraction) -> float:
        low, high = self._alongs[0], self._alongs[-1]
        part = (along - low) / (high - low) if high > low else Fraction(1, 2)
        return float(self._left + 24 + part * (_WIDE - self._left - _RIGHT - 48))

    def _y(self, up: Fraction) -> float:
        low, high = self._ups[0], self._ups[-1]
        return float(_HIGH - _BOTTOM - (up - low) / (high - low) * (_HIGH - _TOP - _BOTTOM))

    def _text(self, x: float, y: float, said: str, *, size: int = 13, fill: str = _INK, anchor: str = "start", bold: bool = False) -> Xml.Element:  # fmt: skip
        text = self._add("text", x=x, y=y, fill=fill)
        text.set("font-size", str(size))
        text.set("text-anchor", anchor)
        if bold:
            text.set("font-weight", "bold")
        text.text = said
        return text

    def _add(self, kind: str, *, width: float | None = None, **facts: object) -> Xml.Element:
        if width is not None:
            facts["width" if kind == "rect" else "stroke-width"] = width
        return Xml.SubElement(self._root, kind, {key: _fact(fact) for key, fact in facts.items()})


def _fact(fact: object) -> str:
    return f"{round(float(fact), 1):g}" if isinstance(fact, int | float) else str(fact)


def _long(said: str, size: int) -> int:
    """About how long a text is: a Chinese character is as wide as high, a letter little more than half of that."""
    return round(sum(size if ord(sign) > 0x2E80 else size * 0.6 for sign in said))


def _apart(heights: Sequence[float]) -> list[float]:
    """Labels that would cover one another move apart; heights come in rising order."""
    placed = list(heights)
    move: Callable[[int, float], None] = lambda at, by: placed.__setitem__(at, placed[at] + by)  # noqa: E731
    for _ in range(200):
        for at in range(len(placed) - 1):
            lacking = max(0.0, _APART - (placed[at + 1] - placed[at])) / 2
            move(at, -lacking)
            move(at + 1, lacking)
    return placed
