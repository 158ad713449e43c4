"""Exchanges what two subscribers have, where that brings value: the one takes up what the other leaves.

Looked at are the moves that lose least of what has a price: only those can be part of a better choice when the prices are
near the best. A move that brings value and takes a limit over is paired with the dearest that brings it back.
"""

from __future__ import annotations

import numpy as np

from basekeep.decide.allocation.compiled import compiled
from basekeep.decide.allocation.moves import back, copy_draws, relief_of, settle
from basekeep.decide.allocation.ordered import Ordered
from basekeep.decide.allocation.problem import Short, Whole
from basekeep.decide.allocation.repair import Choice

# Moves that are looked at in a round, and rounds.
_MOVES, _ROUNDS = 8000, 30


def exchange(choice: Choice, whole: Whole, shift: int) -> None:
    """Make exchanges until there are none; no limit gets further over than it was."""
    base = choice.passes.base
    if not len(base.value):
        return
    flat, by_cost = choice.passes.draws(whole)
    adjusted = (base.value << shift) - flat[base.pattern] - by_cost[base.pattern] * base.cost
    for _ in range(_ROUNDS):
        who, new = _moves(base, choice, adjusted)
        order, begin = _by_limit(base, choice.chosen, who, new)
        if not exchange_pairs(base, who, new, order, begin, choice.chosen, choice.used, choice.taken, choice.served):
            return


def _moves(base: Ordered, choice: Choice, adjusted: Whole) -> tuple[Whole, Whole]:
    """The moves that lose least adjusted value, those that bring most value first."""
    has = choice.chosen >= 0
    here, value = (np.where(has, of[choice.chosen], 0) for of in (adjusted, base.value))
    owner = np.repeat(np.arange(base.subscribers), np.diff(base.start))
    leaving = np.flatnonzero(has)
    who = np.concatenate([owner, leaving])
    new = np.concatenate([np.arange(len(adjusted)), np.full(len(leaving), -1)])
    there = np.concatenate([adjusted, np.zeros(len(leaving), np.int64)])
    lost = np.where(new == choice.chosen[who], np.iinfo(np.int64).max, here[who] - there)
    some = np.argsort(lost, kind="stable")[: min(_MOVES, int((lost < np.iinfo(np.int64).max).sum()))]
    who, new = who[some], new[some]
    gain = np.where(new >= 0, base.value[new], 0) - value[who]
    first = np.argsort(-gain, kind="stable")
    return who[first], new[first]


def _by_limit(base: Ordered, chosen: Whole, who: Whole, new: Whole) -> tuple[Whole, Whole]:
    """Of each limit the moves that may bring it down, in their order, and where each limit's begin."""
    limit, move = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for option, sign in ((chosen[who], 1), (new, -1)):
        for s in range(base.draws_on.shape[1]):
            at = np.where(option >= 0, base.draws_on[base.pattern[option], s], -1)
            down = np.flatnonzero((at >= 0) & (base.amounts[base.pattern[option], s] * sign > 0))
            limit.append(at[down])
            move.append(down)
    limits, moves = np.concatenate(limit), np.concatenate(move)
    order = np.lexsort((moves, limits))
    return moves[order], np.searchsorted(limits[order], np.arange(len(base.limit) + 1))


@compiled
def exchange_pairs(base: Ordered, who: Whole, new: Whole, order: Whole, begin: Whole, chosen: Whole, used: Whole,
                   taken: Short, served: Short) -> int:  # fmt: skip
    """Make each move that brings value, alone or with another that makes it fit; how many were made."""
    mine, made, nothing = used.copy(), 0, np.zeros(len(used))
    never = nothing > 0.0
    moved = np.zeros(len(chosen), np.bool_)
    for m in range(len(who)):
        gain = _gain(base, chosen, who[m], new[m])
        if gain <= 0:
            break
        i, old = who[m], chosen[who[m]]
        if moved[i]:
            continue
        _, fits = relief_of(base, old, new[m], used, mine, nothing, never)
        settle(base, i, new[m], chosen, taken, served)
        if fits and _within(base, i, taken, served):
            moved[i] = True
        else:
            at = -1 if fits else _over(base, new[m], used, mine)
            if at < 0:
                at = -1 if fits else _over(base, old, used, mine)
            low, high = (begin[at], begin[at + 1]) if at >= 0 else (0, 0)
            for e in range(low, high):
                k = who[order[e]]
                if k == i or moved[k]:
                    continue
                if gain + _gain(base, chosen, k, new[order[e]]) <= 0:
                    break
                left, take = chosen[k], new[order[e]]
                _, fits = relief_of(base, left, take, used, mine, nothing, never)
                settle(base, k, take, chosen, taken, served)
                fits = fits and _over(base, old, used, mine) < 0 and _over(base, new[m], used, mine) < 0
                if fits and _within(base, i, taken, served) and _within(base, k, taken, served):
                    moved[i] = moved[k] = True
                    copy_draws(base, left, mine, used)
                    copy_draws(base, take, mine, used)
                    break
                settle(base, k, left, chosen, taken, served)
                back(base, left, take, mine)
        if moved[i]:
            copy_draws(base, old, mine, used)
            copy_draws(base, new[m], mine, used)
            made += 1
        else:
            settle(base, i, old, chosen, taken, served)
            back(base, old, new[m], mine)
    return made


@compiled
def _gain(base: Ordered, chosen: Whole, i: int, new: int) -> int:
    gain = base.value[new] if new >= 0 else 0
    if chosen[i] >= 0:
        gain -= base.value[chosen[i]]
    return int(gain)


@compiled
def _over(base: Ordered, j: int, used: Whole, mine: Whole) -> int:
    """A limit that option j draws on and that is further over than it was; -1 for none."""
    if j >= 0:
        for s in range(base.draws_on.shape[1]):
            at = base.draws_on[base.pattern[j], s]
            if at >= 0 and mine[at] > base.limit[at] and mine[at] > used[at]:
                return int(at)
    return -1


@compiled
def _within(base: Ordered, i: int, taken: Short, served: Short) -> bool:
    customer, party = base.customer[i], base.party[i]
    return bool(taken[customer] <= base.customer_quota[customer] and served[party] <= base.party_quota[party])
