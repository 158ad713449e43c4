"""Solves every party by itself at fixed prices: the dual's value, to the last digit, with the choice that attains it.

Lagrangian duality: for any prices λ ≥ 0 on the limits, Σ λ·limit + Σ over parties of the best adjusted value, where an
option's adjusted value is value − Σ λ·amount, is at least the value of every choice within the limits. Within a party
quotas are laminar (subscriber, customer, party), so taking subscribers by their best adjusted value is exact.
Prices are whole numbers of 2^-shift fen: sums are the same in any order.
"""

from __future__ import annotations

import numpy as np

from basekeep.decide.allocation.compiled import compiled
from basekeep.decide.allocation.ordered import Ordered
from basekeep.decide.allocation.problem import Short, Whole

# Adjusted values are summed in two parts, so that a million of them fit.
PART = 24


@compiled
def best_of_parties(
    base: Ordered, low: int, high: int, shift: int, flat: Whole, by_cost: Whole, chosen: Whole, worth: Whole,
    taken: Short, sums: Whole, used: Whole,
) -> None:  # fmt: skip
    """Choose for parties `low` to before `high`.

    `flat` and `by_cost` are what a pattern's draws cost, once and per fen of cost. Writes `chosen` and `worth` of
    their subscribers (-1 and 0 for none), `taken` of their customers; adds to `sums` (two parts) and to `used`.
    """
    mask = (1 << PART) - 1
    for g in range(low, high):
        for i in range(base.first[g], base.first[g + 1]):
            best, at = 0, -1
            for j in range(base.start[i], base.start[i + 1]):
                kind = base.pattern[j]
                x = (base.value[j] << shift) - flat[kind] - by_cost[kind] * base.cost[j]
                if x > best:
                    best, at = x, j
            chosen[i], worth[i] = at, best
        if base.first[g + 1] - base.first[g] > 1 or base.party_quota[g] < 1:
            keep_within_quotas(base, g, chosen, worth, taken)
        for i in range(base.first[g], base.first[g + 1]):
            if chosen[i] >= 0:
                sums[0] += worth[i] >> PART
                sums[1] += worth[i] & mask
                add_draws(base, chosen[i], 1, used)


@compiled
def keep_within_quotas(base: Ordered, g: int, chosen: Whole, worth: Whole, taken: Short) -> None:
    """Let the subscribers of a party with the greatest worth keep their option, as many as the quotas allow."""
    first, last = base.first[g], base.first[g + 1]
    for i in range(first, last):
        taken[base.customer[i]] = 0
    many = 0
    for k in np.argsort(-worth[first:last], kind="mergesort"):
        i = first + k
        if chosen[i] < 0:
            continue
        if many < base.party_quota[g] and taken[base.customer[i]] < base.customer_quota[base.customer[i]]:
            many += 1
            taken[base.customer[i]] += 1
        else:
            chosen[i], worth[i] = -1, 0


@compiled
def add_draws(base: Ordered, j: int, times: int, used: Whole) -> None:
    """Add what option j draws to what is used of each limit, `times` over."""
    kind = base.pattern[j]
    for s in range(base.draws_on.shape[1]):
        at = base.draws_on[kind, s]
        if at >= 0:
            used[at] += times * base.amounts[kind, s] * (base.cost[j] if base.by_cost[at] else 1)
