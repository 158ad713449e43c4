"""Multiplies the second derivative of the smooth dual with a direction, from the shares that are between 0 and 1.

Of one subscriber it is the covariance of what its options draw, under its shares, divided by the temperature.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from basekeep.decide.allocation.compiled import compiled
from basekeep.decide.allocation.ordered import Ordered
from basekeep.decide.allocation.problem import Whole

Real = npt.NDArray[np.float64]


@compiled
def along(base: Ordered, entries: Whole, shares: Real, ends: Whole, flat: Real, by_cost: Real, out: Real) -> None:
    """Add to `out` the covariance times the direction whose draws of a pattern are `flat`, and `by_cost` per fen."""
    begin = 0
    for end in ends:
        mean = 0.0
        for e in range(begin, end):
            kind = base.pattern[entries[e]]
            mean += shares[e] * (flat[kind] + by_cost[kind] * base.cost[entries[e]])
        for e in range(begin, end):
            j = entries[e]
            kind = base.pattern[j]
            pull = shares[e] * (flat[kind] + by_cost[kind] * base.cost[j] - mean)
            for s in range(base.draws_on.shape[1]):
                at = base.draws_on[kind, s]
                if at >= 0:
                    out[at] += pull * base.amounts[kind, s] * (base.cost[j] if base.by_cost[at] else 1)
        begin = end


@compiled
def diagonal(base: Ordered, entries: Whole, shares: Real, out: Real) -> None:
    """Add to `out`, of each limit, about the covariance's diagonal: as if no two options of a subscriber drew on it."""
    for e in range(len(entries)):
        j = entries[e]
        kind = base.pattern[j]
        spread = shares[e] * (1.0 - shares[e])
        for s in range(base.draws_on.shape[1]):
            at = base.draws_on[kind, s]
            if at >= 0:
                amount = base.amounts[kind, s] * (base.cost[j] if base.by_cost[at] else 1)
                out[at] += spread * float(amount) * float(amount)
