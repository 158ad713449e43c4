"""Chooses one option at most for every subscriber, within all limits, of the greatest value together."""

from __future__ import annotations

import numpy as np

from basekeep.decide.allocation.alike import settle_alike
from basekeep.decide.allocation.floors import dear, least_shortfall, shortfall
from basekeep.decide.allocation.ordered import ordered
from basekeep.decide.allocation.passes import Passes
from basekeep.decide.allocation.problem import Allocation, Problem
from basekeep.decide.allocation.repair import Choice
from basekeep.decide.allocation.scale import Scale, scale_of
from basekeep.decide.allocation.solving import Solved, better, solved

# A shortfall no further than half an option above so many times the proven least is taken for the least.
_PROVEN, _HALF = 1.001, 0.5


def allocate(problem: Problem) -> Allocation:
    """The allocation, with the dual's bound on what any other could be worth."""
    base = ordered(problem)
    scale, passes = scale_of(base), Passes(base)
    found, least = solved(passes, scale, dear(base, scale)), 0.0
    short = shortfall(base, scale, found.choice.used)
    if short:
        least, choice = least_shortfall(passes, scale)
        if short > least * _PROVEN + _HALF:
            found = _least_first(passes, scale, found, choice)
    settle_alike(base, found.choice.chosen)
    return _allocation(problem, passes, scale, found, least)


def _least_first(passes: Passes, scale: Scale, first: Solved, least: Choice) -> Solved:
    """The shortfall of the better of two choices is granted; then value counts, and who falls further short is out."""
    base = passes.base

    def worse(one: Solved) -> tuple[float, int]:
        return shortfall(base, scale, one.choice.used), -one.choice.value

    granted = min(first.choice, least, key=lambda one: shortfall(base, scale, one.used))
    some = base._replace(limit=base.limit + granted.over)
    again = solved(Passes(some, passes.threads), scale, dear(some, scale))
    passes.count += again.choice.passes.count
    kept = Choice.of(again.choice.passes, granted.chosen, granted.used)
    better(kept, again.whole, scale)
    # The second's prices are for floors that can be met: those of the first stay at the penalty.
    return min((Solved(one, again.whole) for one in (first.choice, again.choice, kept)), key=worse)


def _allocation(problem: Problem, passes: Passes, scale: Scale, found: Solved, least: float) -> Allocation:
    base, choice = passes.base, found.choice
    short = np.maximum(0, choice.used - base.limit)
    chosen = np.full(base.subscribers, -1, np.int64)
    shift = np.where(choice.chosen >= 0, problem.start[:-1][base.place] - base.start[:-1], 0)
    chosen[base.place] = choice.chosen + shift
    return Allocation(
        chosen=chosen,
        value=choice.value,
        bound=passes.bound(found.whole, scale.shift, base.limit + short) >> scale.shift,
        price=found.whole / 2.0**scale.shift,
        used=choice.used,
        short=short,
        shortfall=shortfall(base, scale, choice.used),
        least_shortfall=least,
        passes=passes.count,
    )
