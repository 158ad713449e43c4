"""Solves a problem once: finds prices, draws a choice at them, brings it within the limits, betters it while few have to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from basekeep.decide.allocation.drawing import draw_choice
from basekeep.decide.allocation.exchange import exchange
from basekeep.decide.allocation.ordered import Ordered
from basekeep.decide.allocation.passes import Passes, Real
from basekeep.decide.allocation.prices import prices_of
from basekeep.decide.allocation.problem import Whole
from basekeep.decide.allocation.repair import Choice, fill, repair
from basekeep.decide.allocation.scale import Scale
from basekeep.decide.allocation.search import search

# Beyond so many subscribers nobody exchanges, and only moves that lose little, as a part of a usual best value, fill.
_FEW, _LITTLE = 20_000, 0.02


@dataclass(frozen=True)
class Solved:
    """A choice and the whole prices that it was made at."""

    choice: Choice
    whole: Whole


def solved(passes: Passes, scale: Scale, cap: Real) -> Solved:
    """The problem's limits are kept, its floors as far as that goes; no price is above its cap."""
    prices, tau = prices_of(passes, scale, cap)
    whole = scale.whole(prices)
    choice = draw_choice(passes, whole, scale, tau)
    repair(choice, whole / 2.0**scale.shift, scale.draw)
    better(choice, whole, scale)
    return Solved(choice, whole)


def better(choice: Choice, whole: Whole, scale: Scale) -> None:
    """More value from the same choice; no limit gets further over, and no floor further short."""
    base = choice.passes.base
    fill(choice, whole / 2.0**scale.shift, little(base, scale))
    if base.subscribers <= _FEW:
        exchange(choice, whole, scale.shift)
    search(choice, whole, scale.shift, scale.draw)


def little(base: Ordered, scale: Scale) -> float:
    """How much of what has a price a move may use when limits are filled: of few subscribers any is looked at."""
    return np.inf if base.subscribers <= _FEW else _LITTLE * scale.worth
