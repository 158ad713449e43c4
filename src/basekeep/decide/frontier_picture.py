"""The frontier as a picture: what decisions are worth, and the bound above it, along the lever's values."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from basekeep.contract.columns import Unit
from basekeep.decide.frontier import Frontier
from basekeep.decide.lever_names import KINDS
from basekeep.kernel.errors import CallError
from basekeep.kernel.text import Language, Text
from basekeep.playbook.declarations import Playbook
from basekeep.run.line_chart import Axis, Picture, Point

_FEN = 100
_UNITS: dict[str, Unit] = {"budget": "yuan", "capacity": "times", "stock": ""}
_VALUE = Text("期望价值（元）", "Expected value (yuan)")
_REACHED, _BOUND = Text("做到的", "reached"), Text("上界", "bound")
_HERE = Text("本次运行", "the run")


def picture_of(frontier: Frontier, playbook: Playbook, language: Language) -> Picture:
    """What is drawn.

    Raises:
        CallError: one value alone makes no line.
    """
    if len(frontier.rungs) < 2:
        what = Text("只有一个取值，画不成图", "one value alone makes no picture")
        raise CallError(
            "frontier.one_value", what, Text("放宽区间或缩小步长。", "Take a longer range or smaller steps.")
        )
    along = _along(frontier, playbook, language)
    title = f"{_VALUE.say(language)} × {along.name}"
    lines = tuple((words.say(language), tuple(points)) for words, points in _lines(frontier))
    return Picture(title, along, Axis(_VALUE.say(language), "yuan"), "", lines, mark=_mark(frontier, language))


def _lines(frontier: Frontier) -> Iterator[tuple[Text, Iterator[Point]]]:
    yield _REACHED, ((rung.at, Fraction(rung.totals.value, _FEN)) for rung in frontier.rungs)
    yield _BOUND, ((rung.at, Fraction(rung.totals.bound, _FEN)) for rung in frontier.rungs)


def _along(frontier: Frontier, playbook: Playbook, language: Language) -> Axis:
    ladder = frontier.ladder
    kind, _, name = ladder.names[0].partition(".") if len(ladder.names) == 1 else (ladder.kind, "", "")
    said = KINDS[kind].say(language)
    if kind == "budget" and name:
        said = f"{said} {playbook.budgets[name].name.text.say(language)}"
    if kind == "capacity" and name:
        said = f"{said} {playbook.channels[name].name.text.say(language)}"
    return Axis(said, "share" if ladder.shares else _UNITS[kind])


def _mark(frontier: Frontier, language: Language) -> tuple[str, Fraction, Fraction] | None:
    """Where the run stands: at what is declared."""
    if not frontier.ladder.shares or not frontier.rungs[0].at <= 1 <= frontier.rungs[-1].at:
        return None
    return _HERE.say(language), Fraction(1), Fraction(frontier.as_it_is.value, _FEN)
