"""What is asked of the allocation and what it answers: whole numbers in arrays, so that sums are exact in any order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]
Short = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Problem:
    """Subscribers with their options, and the limits that options draw on.

    At most one option of each subscriber is chosen. A subscriber belongs to one customer, a customer to one party (a
    household, say); no customer and no party gets more options than its quota. For each limit, the sum over the
    chosen options of `amount` (times the option's cost, where `by_cost`) is at most `limit`: a floor is a limit with
    negative amounts. What is below 0 to begin with, a floor, is kept as far as the other limits and the quotas let it
    be. The aim is the greatest sum of `value`; a negative value is worth choosing only for a floor.

    Attributes:
        start: n + 1 numbers; the options of subscriber i are `start[i]` to before `start[i + 1]`.
        value: of each option, in fen.
        cost: of each option, in fen, never below 0.
        pattern: of each option, its row in `draws_on` and `amounts`.
        draws_on: patterns × slots: the limits that an option of the pattern draws on; -1 for an empty slot.
        amounts: patterns × slots: how much of each.
        by_cost: of each limit, whether its amounts are multiplied by the option's cost.
        limit: of each limit, in its own unit.
        customer: of each subscriber.
        customer_quota: of each customer, how many options its subscribers may get together.
        party: of each customer.
        party_quota: of each party.
        tie: of each subscriber, a number by which ties are settled, the smaller first; no two are equal.
    """

    start: Whole
    value: Whole
    cost: Whole
    pattern: Short
    draws_on: Short
    amounts: Whole
    by_cost: npt.NDArray[np.bool_]
    limit: Whole
    customer: Short
    customer_quota: Short
    party: Short
    party_quota: Short
    tie: npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Allocation:
    """What was chosen, and how far from the best it can be at most.

    Attributes:
        chosen: of each subscriber, the option chosen (its place among all options), or -1.
        value: of all chosen options, in fen.
        bound: no choice that keeps all other limits, and falls no further short of any floor, is worth more, in fen: the
            dual's value at `price`.
        price: of each limit, what one more unit of it is worth, in fen; at a floor, what one less to reach is worth.
        used: of each limit, the sum of the chosen options' amounts.
        short: of each limit, by how much `used` is above it: 0 except for floors that could not be met.
        shortfall: of all floors together, each divided by the mean of what options draw on it: about how many options.
        least_shortfall: no choice within the other limits has less; 0 where no floor is short.
        passes: how often all options were looked at.
    """

    chosen: Whole
    value: int
    bound: int
    price: npt.NDArray[np.float64]
    used: Whole
    short: Whole
    shortfall: float
    least_shortfall: float
    passes: int

    @property
    def gap(self) -> float:
        """How far `value` is from `bound` at most, as a share of it; 0 where there is nothing to gain."""
        return (self.bound - self.value) / self.bound if self.bound > 0 else 0.0
