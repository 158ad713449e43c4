"""Brings a choice within all limits at the least loss; fills what is left of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from basekeep.decide.allocation.moves import find_moves, make_moves
from basekeep.decide.allocation.passes import Passes, Real
from basekeep.decide.allocation.problem import Short, Whole

_ROUNDS = 40


@dataclass
class Choice:
    """What every subscriber has, and what that uses; `taken` of each customer, `served` of each party."""

    passes: Passes
    chosen: Whole
    used: Whole
    taken: Short
    served: Short

    @classmethod
    def of(cls, passes: Passes, chosen: Whole, used: Whole) -> Choice:
        base = passes.base
        has = chosen >= 0
        taken = np.bincount(base.customer[has], minlength=len(base.customer_quota)).astype(np.int32)
        served = np.bincount(base.party[has], minlength=base.parties).astype(np.int32)
        return cls(passes, chosen.copy(), used.copy(), taken, served)

    @property
    def value(self) -> int:
        return int(self.passes.base.value[self.chosen[self.chosen >= 0]].sum())

    @property
    def over(self) -> Whole:
        """Of each limit, by how much it is over."""
        over: Whole = np.maximum(0, self.used - self.passes.base.limit)
        return over


def repair(choice: Choice, prices: Real, draw: Real) -> None:
    """First what is no floor, for which floors may give way; then floors, for which nothing else does."""
    floor = choice.passes.base.limit < 0
    weight = 1 / draw
    _relieve(choice, prices, np.where(floor, 0.0, weight), np.zeros(len(floor), np.bool_))
    if (choice.over[~floor] > 0).any():
        _relieve(choice, prices, np.where(floor, 0.0, weight), floor)
    if (choice.over[~floor] > 0).any():  # amounts of both signs, entangled
        choice.chosen[:], choice.used[:], choice.taken[:], choice.served[:] = -1, 0, 0, 0
    _relieve(choice, prices, weight, np.zeros(len(floor), np.bool_))


def fill(choice: Choice, prices: Real, most: float) -> None:
    """Give more value where limits leave room, for less than `most` of what has a price, the cheapest first."""
    nothing = np.zeros(len(prices))
    for _ in range(_ROUNDS):
        if not _move(choice, prices, nothing, nothing > 0, True, most):
            return


def _relieve(choice: Choice, prices: Real, weight: Real, may_worsen: npt.NDArray[np.bool_]) -> None:
    for _ in range(_ROUNDS):
        if not (choice.over * weight).any() or not _move(choice, prices, weight, may_worsen, False, np.inf):
            return


def _move(
    choice: Choice, prices: Real, weight: Real, may_worsen: npt.NDArray[np.bool_], filling: bool, most: float
) -> int:
    """One round of moves; how many were made."""
    passes, base = choice.passes, choice.passes.base
    passes.count += 1
    flat, by_cost = passes.draws(prices)
    target, score = np.empty(base.subscribers, np.int64), np.empty(base.subscribers)
    state = choice.chosen, choice.used, choice.taken, choice.served

    def one(low: int, high: int) -> None:
        find_moves(base, low, high, flat, by_cost, weight, may_worsen, *state, filling, most, target, score)

    list(passes.each(one))
    order = np.flatnonzero(target > -2)
    order = order[np.argsort(score[order], kind="stable")]
    return make_moves(base, order, target, weight, may_worsen, *state, filling)
