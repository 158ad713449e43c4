"""Gives what became free again to others, where some options turned out to be none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from basekeep.decide.allocation.ordered import ordered
from basekeep.decide.allocation.passes import Passes
from basekeep.decide.allocation.problem import Allocation, Problem, Whole
from basekeep.decide.allocation.repair import Choice, fill
from basekeep.decide.allocation.scale import scale_of
from basekeep.decide.allocation.solving import little


def refill(problem: Problem, allocation: Allocation, barred: Whole) -> Allocation:
    """The allocation with more value where limits leave room; the bound and the prices stay.

    Args:
        barred: options that are not to be chosen; none of them is now.
    """
    base = ordered(_without(problem, barred))
    scale, passes = scale_of(base), Passes(base)
    before, own = problem.start[:-1][base.place], allocation.chosen[base.place]
    chosen = np.where(own >= 0, own - before + base.start[:-1], -1)
    choice = Choice.of(passes, chosen, np.append(allocation.used, 0))
    fill(choice, np.append(allocation.price, 0.0), little(base, scale))
    found = np.full(base.subscribers, -1, np.int64)
    found[base.place] = np.where(choice.chosen >= 0, choice.chosen - base.start[:-1] + before, -1)
    return replace(
        allocation, chosen=found, value=choice.value, used=choice.used[:-1],
        short=np.maximum(choice.used[:-1] - problem.limit, 0), passes=allocation.passes + passes.count,
    )  # fmt: skip


def _without(problem: Problem, barred: Whole) -> Problem:
    """The problem with one more limit, of nothing at all, on which the barred options draw."""
    pattern = problem.pattern.copy()
    pattern[barred] = len(problem.draws_on)
    width = problem.draws_on.shape[1]
    none, one = np.full((1, width), -1, np.int32), np.zeros((1, width), np.int64)
    none[0, 0], one[0, 0] = len(problem.limit), 1
    return replace(
        problem, pattern=pattern, draws_on=np.concatenate([problem.draws_on, none]),
        amounts=np.concatenate([problem.amounts, one]), by_cost=np.append(problem.by_cost, False),
        limit=np.append(problem.limit, 0),
    )  # fmt: skip
