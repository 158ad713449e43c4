"""Measures a problem: what a limit's draws are like, how finely prices can be told apart, whether all sums fit.

All that is summed has to fit into 63 bits. Refused are values beyond 2^40 fen either way, draws of one option (amount,
times cost where by cost) beyond 2^50, and draws of one limit that could come to 2^62 together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from basekeep.decide.allocation.compiled import compiled
from basekeep.decide.allocation.ordered import Ordered
from basekeep.decide.allocation.problem import Whole
from basekeep.decide.allocation.soft_parties import Real

_VALUE, _DRAW, _SUM = 2.0**40, 2.0**50, 2.0**62
# An adjusted value takes at most 62 bits, of which the value itself takes 45; prices have the rest.
_VALUE_BITS, _PRICED_BITS, _FINEST = 45, 60, 30


@dataclass(frozen=True)
class Scale:
    """Of each limit the mean and the greatest amount drawn; prices are whole numbers of 2^-shift fen up to `cap`."""

    draw: Real
    cap: Whole
    shift: int
    worth: float  # the mean of subscribers' greatest values

    def whole(self, prices: Real) -> Whole:
        """Prices in fen as whole numbers."""
        return np.minimum(np.rint(np.minimum(prices * 2.0**self.shift, 2.0**60)).astype(np.int64), self.cap)


def scale_of(base: Ordered) -> Scale:
    """Measure; ValueError where numbers are too large."""
    kinds, width = base.draws_on.shape
    many, cost, top = np.zeros(kinds), np.zeros(kinds), np.zeros(kinds)
    greatest, worth = _measure(base, many, cost, top)
    size, times = np.zeros(len(base.limit)), np.zeros(len(base.limit))
    most = np.zeros(len(base.limit))
    for s in range(width):
        at, amount = base.draws_on[:, s], np.abs(base.amounts[:, s]).astype(np.float64)
        here = at >= 0
        priced = np.append(base.by_cost, False)[at]
        np.add.at(size, at[here], (amount * np.where(priced, cost, many))[here])
        np.add.at(times, at[here], many[here])
        np.maximum.at(most, at[here], (amount * np.where(priced, top, many > 0))[here])
    _check(float(greatest), most, base)
    shift = min(_FINEST, max(0, _VALUE_BITS - int(greatest).bit_length()))
    cap = np.floor(2.0**_PRICED_BITS / max(1, width) / np.maximum(most, 1)).astype(np.int64)
    return Scale(np.where(size > 0, size / np.maximum(times, 1), 1.0), cap, shift, worth / max(1, base.subscribers))


def _check(greatest: float, most: Real, base: Ordered) -> None:
    if greatest > _VALUE:
        raise ValueError(f"a value of {greatest:.0f} fen is beyond 2^40")
    if len(most) and (most.max() > _DRAW or most.max() * base.subscribers > _SUM):
        raise ValueError(f"limit {int(most.argmax())}: an option draws {most.max():.0f}, more than can be summed")


@compiled
def _measure(base: Ordered, many: Real, cost: Real, top: Real) -> tuple[int, float]:
    """Of each pattern how many options have it, their cost, the greatest; the greatest value, all best values."""
    greatest, worth = 0, 0.0
    for i in range(len(base.start) - 1):
        best = 0
        for j in range(base.start[i], base.start[i + 1]):
            greatest = max(greatest, abs(base.value[j]))
            best = max(best, abs(base.value[j]))
            kind = base.pattern[j]
            many[kind] += 1
            cost[kind] += base.cost[j]
            top[kind] = max(top[kind], base.cost[j])
        worth += best
    return greatest, worth
