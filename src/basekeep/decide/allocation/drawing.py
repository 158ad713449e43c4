"""Draws a choice from the soft one: as many as the shares say, each subscriber by a number made from its tie.

Gumbel's trick: the greatest of x + τ·G, where every G = -log(-log(u)), is an option with probability its share. So
where thousands of subscribers are alike, a limit splits them instead of all going one way.
"""

from __future__ import annotations

import math

import numpy as np

from basekeep.decide.allocation.compiled import compiled
from basekeep.decide.allocation.ordered import Ordered
from basekeep.decide.allocation.parties import add_draws, keep_within_quotas
from basekeep.decide.allocation.passes import Passes
from basekeep.decide.allocation.problem import Short, Whole
from basekeep.decide.allocation.repair import Choice
from basekeep.decide.allocation.scale import Scale

_FAR = 25.0


def draw_choice(passes: Passes, whole: Whole, scale: Scale, tau: float) -> Choice:
    """The choice drawn at whole prices and a temperature in fen: quotas are kept, limits nearly."""
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


@compiled
def drawn(
    base: Ordered, low: int, high: int, shift: int, tau: float, flat: Whole, by_cost: Whole, chosen: Whole,
    worth: Whole, taken: Short, used: Whole,
) -> None:  # fmt: skip
    """As `best_of_parties`, with noise of temperature `tau`, in fen; 0 for none."""
    scale = tau * 2.0**shift
    for g in range(low, high):
        for i in range(base.first[g], base.first[g + 1]):
            top = 0
            for j in range(base.start[i], base.start[i + 1]):
                kind = base.pattern[j]
                top = max(top, (base.value[j] << shift) - flat[kind] - by_cost[kind] * base.cost[j])
            none = best = scale * _noise(base.tie[i], 0)
            at = -1
            for j in range(base.start[i], base.start[i + 1]):
                kind = base.pattern[j]
                x = (base.value[j] << shift) - flat[kind] - by_cost[kind] * base.cost[j]
                if x > top - _FAR * scale or scale == 0.0:
                    noisy = x + (scale * _noise(base.tie[i], 1 + j - base.start[i]) if scale > 0.0 else 0.0)
                    if noisy > best:
                        best, at = noisy, j
            chosen[i], worth[i] = at, max(1, int(best - none)) if at >= 0 else 0
        if base.first[g + 1] - base.first[g] > 1 or base.party_quota[g] < 1:
            keep_within_quotas(base, g, chosen, worth, taken)
        for i in range(base.first[g], base.first[g + 1]):
            if chosen[i] >= 0:
                add_draws(base, chosen[i], 1, used)


@compiled
def _noise(tie: int, option: int) -> float:
    """Gumbel's noise from a subscriber's tie (SplitMix64's mixing)."""
    x = np.uint64(tie) + np.uint64(option + 1) * np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    x = x ^ (x >> np.uint64(31))
    return -math.log(-math.log((float(x >> np.uint64(11)) + 0.5) / 2.0**53))
