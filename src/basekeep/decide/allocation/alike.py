"""Settles who of several that are alike gets what: the smaller tie the greater value, whatever the search came upon."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from basekeep.decide.allocation.compiled import compiled
from basekeep.decide.allocation.ordered import Ordered
from basekeep.decide.allocation.problem import Whole

Hashes = npt.NDArray[np.uint64]


def settle_alike(base: Ordered, chosen: Whole) -> None:
    """Deal out anew what is chosen among subscribers with the same options; neither value nor use changes.

    Only subscribers that stand alone: who gets one in a party with quotas, its worth and ties have settled.
    """
    signs = np.empty(base.subscribers, np.uint64)
    _sign(base, signs)
    alone = np.flatnonzero(((np.diff(base.first) == 1) & (base.party_quota > 0))[base.party])
    order = alone[np.argsort(signs[alone], kind="stable")]
    _deal(base, order, signs, chosen)


@compiled
def _sign(base: Ordered, signs: Hashes) -> None:
    """A number of each subscriber's options (FNV-1a over their numbers)."""
    for i in range(len(signs)):
        sign = np.uint64(0xCBF29CE484222325)
        for j in range(base.start[i], base.start[i + 1]):
            sign = (sign ^ np.uint64(base.value[j])) * np.uint64(0x100000001B3)
            sign = (sign ^ (sign >> np.uint64(29)) ^ np.uint64(base.cost[j])) * np.uint64(0x100000001B3)
            sign = (sign ^ (sign >> np.uint64(29)) ^ np.uint64(base.pattern[j])) * np.uint64(0x100000001B3)
        signs[i] = sign


@compiled
def _deal(base: Ordered, order: Whole, signs: Hashes, chosen: Whole) -> None:
    begin = 0
    while begin < len(order):
        end, some = begin + 1, chosen[order[begin]] >= 0
        while end < len(order) and _same(base, order[begin], order[end], signs):
            some |= chosen[order[end]] >= 0
            end += 1
        if some and end - begin > 1:
            _deal_group(base, order[begin:end], chosen)
        begin = end


@compiled
def _deal_group(base: Ordered, group: Whole, chosen: Whole) -> None:
    """The options that are chosen in a group, by value and then by their order, to its subscribers by tie."""
    head = base.start[group[0]]
    options = base.start[group[0] + 1] - head
    many = np.zeros(options, np.int64)
    for i in group:
        if chosen[i] >= 0:
            many[chosen[i] - base.start[i]] += 1
    at = 0
    for k in np.argsort(-base.value[head : head + options], kind="mergesort"):
        for _ in range(many[k]):
            chosen[group[at]] = base.start[group[at]] + k
            at += 1
    for i in group[at:]:
        chosen[i] = -1


@compiled
def _same(base: Ordered, a: int, b: int, signs: Hashes) -> bool:
    if signs[a] != signs[b] or base.start[a + 1] - base.start[a] != base.start[b + 1] - base.start[b]:
        return False
    shift = base.start[b] - base.start[a]
    for j in range(base.start[a], base.start[a + 1]):
        if (
            base.value[j] != base.value[j + shift]
            or base.cost[j] != base.cost[j + shift]
            or base.pattern[j] != base.pattern[j + shift]
        ):
            return False
    return True
