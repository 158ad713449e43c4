"""Chooses one option at most for every subscriber, within all limits, of the greatest value together."""

from __future__ import annotations

import numpy as np

from basekeep.decide.allocation.alike import settle_alike
from basekeep.decide.allocation.draw import drawn
from basekeep.decide.allocation.ordered import ordered
from basekeep.decide.allocation.passes import Passes, Real, Soft
from basekeep.decide.allocation.prices import Dual, cool
from basekeep.decide.allocation.problem import Allocation, Problem, Whole
from basekeep.decide.allocation.repair import Choice, repair
from basekeep.decide.allocation.sample import sampled
from basekeep.decide.allocation.scale import Scale, scale_of

_COOLEST = 1e-5


def allocate(problem: Problem) -> Allocation:
    """The allocation, with the dual's bound on what any other could be worth."""
    base = ordered(problem)
    scale, passes = scale_of(base), Passes(base)
    prices, tau = _prices(passes, scale)
    whole = scale.whole(prices)
    bound = _bound(passes, whole, scale)
    choice = _drawn(passes, whole, scale, tau)
    repair(choice, whole / 2.0**scale.shift, scale.draw)
    settle_alike(base, choice.chosen)
    return _allocation(problem, choice, bound, whole / 2.0**scale.shift)


def _prices(passes: Passes, scale: Scale) -> tuple[Real, float]:
    """Prices from samples, each larger than the one before and colder, then from all."""
    base = passes.base
    prices, tau = np.zeros(len(base.limit)), max(scale.worth, 1e-3)
    cap = scale.cap / 2.0**scale.shift
    for part, warm in ((32, 0.004), (4, 0.0005), (1, _COOLEST)):
        if part > 1 and base.parties < 4000 * part:
            continue
        some = sampled(base, part) if part > 1 else base
        dual = Dual(Passes(some, passes.threads), base.limit / part, cap, scale.draw)

        def enough(tau: float, soft: Soft, warm: float = warm) -> bool:
            return soft.smoothing <= warm * abs(soft.surplus) or tau < 1e-3

        prices, tau, _ = cool(dual, prices, tau, enough)
        passes.count += dual.passes.count if part == 1 else 0
    return prices, tau


def _bound(passes: Passes, whole: Whole, scale: Scale) -> int:
    best = passes.best(whole, scale.shift, np.zeros(len(passes.base.customer_quota), np.int32))
    total = best.surplus + sum(int(price) * int(limit) for price, limit in zip(whole, passes.base.limit, strict=True))
    return total >> scale.shift


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


def _allocation(problem: Problem, choice: Choice, bound: int, prices: Real) -> Allocation:
    base = choice.passes.base
    chosen = np.full(base.subscribers, -1, np.int64)
    shift = np.where(choice.chosen >= 0, problem.start[:-1][base.place] - base.start[:-1], 0)
    chosen[base.place] = choice.chosen + shift
    return Allocation(chosen, choice.value, bound, prices, choice.used, choice.over, choice.passes.count)
