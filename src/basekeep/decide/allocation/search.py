"""Looks through the choices of a small problem for a better one, leaving out what cannot be: branch and bound.

Left out is what cannot fall less short of the floors than the best so far, or as short and not worth more by the dual
(Lagrangian relaxation as the bound: Fisher, 1981). Subscribers for whom most is at stake come first.
"""

from __future__ import annotations

import numpy as np

from basekeep.decide.allocation.compiled import compiled
from basekeep.decide.allocation.moves import has_room, settle
from basekeep.decide.allocation.ordered import Ordered
from basekeep.decide.allocation.parties import add_draws
from basekeep.decide.allocation.problem import Whole
from basekeep.decide.allocation.repair import Choice
from basekeep.decide.allocation.soft_parties import Real

# Subscribers × limits up to which it is tried, and steps after which it gives up.
_SMALL, _STEPS = 20_000, 300_000
_EQUAL = 1e-9


def search(choice: Choice, whole: Whole, shift: int, draw: Real) -> None:
    """Put the best choice that is found in the place of the given one; all of them are seen, or so many steps made."""
    base = choice.passes.base
    if not 0 < base.subscribers * max(1, len(base.limit)) <= _SMALL:
        return
    flat, by_cost = choice.passes.draws(whole)
    adjusted = (base.value << shift) - flat[base.pattern] - by_cost[base.pattern] * base.cost
    order, ranked, begin = _ranked(base, adjusted)
    shortest = float((choice.over / draw)[base.limit < 0].sum())
    best = choice.chosen.copy()
    dearest = float((whole * draw)[base.limit < 0].max(initial=0.0))
    room = sum(int(price) * int(most) for price, most in zip(whole, base.limit, strict=True))
    branch_and_bound(base, order, ranked, begin, adjusted, float(room), dearest, 2.0**shift, draw, shortest, choice.value,
                     best, _STEPS)  # fmt: skip
    used = np.zeros(len(base.limit), np.int64)
    for j in best[best >= 0]:
        add_draws(base, int(j), 1, used)
    found = Choice.of(choice.passes, best, used)
    choice.chosen, choice.used, choice.taken, choice.served = found.chosen, found.used, found.taken, found.served


def _ranked(base: Ordered, adjusted: Whole) -> tuple[Whole, Whole, Whole]:
    """The order of subscribers; by it, what each can get (-1 for nothing), best first, and where each one's begins."""
    stake, own = np.zeros(base.subscribers, np.int64), []
    for i in range(base.subscribers):
        options = np.arange(base.start[i], base.start[i + 1])
        worth = np.append(adjusted[options], 0)
        best_first = np.argsort(-worth, kind="stable")
        own.append(np.append(options, -1)[best_first])
        stake[i] = np.diff(worth[best_first[:2]])[0] if len(worth) > 1 else 0
    order = np.argsort(stake, kind="stable")
    begin = np.cumsum([0, *(len(own[i]) for i in order)])
    return order, np.concatenate([own[i] for i in order]), begin


@compiled
def branch_and_bound(base: Ordered, order: Whole, ranked: Whole, begin: Whole, adjusted: Whole, room: float, dearest: float,
                     unit: float, draw: Real, shortest: float, value: int, best: Whole, steps: int) -> None:  # fmt: skip
    """Depth first; `room` is prices times limits, `dearest` the greatest price of an option short, in 2^-shift fen."""
    people, limits = len(order), len(base.limit)
    least, most = np.zeros((people + 1, limits)), np.zeros(people + 1)
    _what_is_left(base, order, ranked, begin, adjusted, least, most)
    used, chosen = np.zeros(limits, np.int64), np.full(people, -1, np.int64)
    taken, served = np.zeros(len(base.customer_quota), np.int32), np.zeros(len(base.party_quota), np.int32)
    at, worth, money, k = begin[:-1].copy(), np.zeros(people + 1), np.zeros(people + 1, np.int64), 0
    while k >= 0 and steps > 0:
        steps -= 1
        i = order[k] if k < people else -1
        if i >= 0 and chosen[i] >= 0:  # come back from below: undo
            add_draws(base, chosen[i], -1, used)
            settle(base, i, -1, chosen, taken, served)
        if i >= 0 and at[k] < begin[k + 1]:
            new = ranked[at[k]]
            at[k] += 1
            if new >= 0 and not has_room(base, i, taken, served):
                continue
            worth[k + 1] = worth[k] + (adjusted[new] if new >= 0 else 0)
            money[k + 1] = money[k] + (base.value[new] if new >= 0 else 0)
            if new >= 0:
                add_draws(base, new, 1, used)
                settle(base, i, new, chosen, taken, served)
            short = _short(base, used, least[k + 1], draw)
            bound = (worth[k + 1] + most[k + 1] + room + dearest * shortest) / unit
            if short > shortest + _EQUAL or (short > shortest - _EQUAL and bound < value + 1 - 1e-6):
                continue
            if k + 1 < people:
                k += 1
                at[k] = begin[k]
            elif short < shortest - _EQUAL or money[k + 1] > value:
                shortest, value = short, money[k + 1]
                for i in range(people):  # an assignment of arrays takes two seconds to compile
                    best[i] = chosen[i]
        else:
            k -= 1


@compiled
def _what_is_left(
    base: Ordered, order: Whole, ranked: Whole, begin: Whole, adjusted: Whole, least: Real, most: Real
) -> None:
    """Of those from the k-th on: the least that they can draw on each limit, the most that they can bring."""
    for k in range(len(order) - 1, -1, -1):
        most[k] = most[k + 1] + (max(0, adjusted[ranked[begin[k]]]) if ranked[begin[k]] >= 0 else 0)
        lowest = np.zeros(len(base.limit), np.int64)
        for e in range(begin[k], begin[k + 1]):
            if ranked[e] >= 0:
                own = np.zeros(len(base.limit), np.int64)
                add_draws(base, ranked[e], 1, own)
                for at in range(len(own)):
                    lowest[at] = min(lowest[at], own[at])
        for at in range(len(base.limit)):
            least[k, at] = least[k + 1, at] + lowest[at]


@compiled
def _short(base: Ordered, used: Whole, least: Real, draw: Real) -> float:
    """How short of the floors it will be at least, in options; endless where another limit will be broken."""
    short = 0.0
    for at in range(len(used)):
        over = used[at] + least[at] - base.limit[at]
        if over > 0:
            if base.limit[at] >= 0:
                return np.inf
            short += over / draw[at]
    return short
