"""Chooses one option at most for every subscriber, within all limits, of the greatest value together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from basekeep.decide.allocation.alike import settle_alike
from basekeep.decide.allocation.drawing import drawn
from basekeep.decide.allocation.floors import Floors, least_shortfall
from basekeep.decide.allocation.ordered import Ordered, ordered
from basekeep.decide.allocation.passes import Passes
from basekeep.decide.allocation.prices import prices_of
from basekeep.decide.allocation.problem import Allocation, Problem, Whole
from basekeep.decide.allocation.repair import Choice, repair
from basekeep.decide.allocation.scale import Scale, scale_of
from basekeep.decide.allocation.search import search

# How much more than a subscriber's usual best value a floor may cost for each option that it forces: at first, and
# where floors were not met.
_DEAR, _DEARER = 30.0, 3000.0
# Beyond so many subscribers only moves that lose little are looked at when limits are filled.
_FEW, _LITTLE = 20_000, 0.02


@dataclass(frozen=True)
class _Solved:
    choice: Choice
    whole: Whole
    floors: Floors


def allocate(problem: Problem) -> Allocation:
    """The allocation, with the dual's bound on what any other could be worth."""
    base = ordered(problem)
    scale, passes = scale_of(base), Passes(base)
    solved = _solved(passes, scale, Floors(base, scale, _DEAR))
    if solved.floors.shortfall(solved.choice.over):
        again = _solved(passes, scale, Floors(base, scale, _DEARER))
        solved = min(again, solved, key=lambda one: one.floors.shortfall(one.choice.over))
    settle_alike(base, solved.choice.chosen)
    return _allocation(problem, passes, scale, solved)


def _solved(passes: Passes, scale: Scale, floors: Floors) -> _Solved:
    prices, tau = prices_of(passes, scale, floors.cap)
    whole = scale.whole(prices)
    choice = _drawn(passes, whole, scale, tau)
    repair(choice, whole / 2.0**scale.shift, scale.draw, little(passes.base, scale))
    search(choice, whole, scale.shift, scale.draw)
    return _Solved(choice, whole, floors)


def little(base: Ordered, scale: Scale) -> float:
    """How much of what has a price a move may use when limits are filled: of few subscribers any is looked at."""
    return np.inf if base.subscribers <= _FEW else _LITTLE * scale.worth


def _drawn(passes: Passes, whole: Whole, scale: Scale, tau: float) -> Choice:
    base = passes.base
    passes.count += 1
    chosen, worth = np.empty(base.subscribers, np.int64), np.empty(base.subscribers, np.int64)
    flat, by_cost = passes.draws(whole)
    taken = np.zeros(len(base.customer_quota), np.int32)

    def one(low: int, high: int) -> Whole:
        used = np.zeros(len(base.limit), np.int64)
        drawn(base, low, high, scale.shift, tau, flat, by_cost, chosen, worth, taken, used)
        return used

    used = sum(passes.each(one), np.zeros(len(base.limit), np.int64))
    return Choice.of(passes, chosen, used)


def _allocation(problem: Problem, passes: Passes, scale: Scale, solved: _Solved) -> Allocation:
    base, choice, short = passes.base, solved.choice, solved.choice.over
    chosen = np.full(base.subscribers, -1, np.int64)
    shift = np.where(choice.chosen >= 0, problem.start[:-1][base.place] - base.start[:-1], 0)
    chosen[base.place] = choice.chosen + shift
    return Allocation(
        chosen, choice.value, passes.bound(solved.whole, scale.shift, base.limit + short) >> scale.shift,
        solved.whole / 2.0**scale.shift, choice.used, short, solved.floors.shortfall(short),
        least_shortfall(passes, scale, solved.floors, solved.whole) if short.any() else 0.0, passes.count,
    )  # fmt: skip
