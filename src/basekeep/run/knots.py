"""Families cut out of one knot of ties: at its thinnest places, the same whatever the order of the ties.

Plain Python: a knot is small, and a large one is mostly ties that no family can hold.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from basekeep.playbook.families import FamilyLimits

# Subscribers by their ids, or by their places in the order of ids: they are only compared.
Who = Any
Neighbours = Mapping[Who, set[Who]]


class Tie(NamedTuple):
    """Two who are tied."""

    a: Who
    b: Who
    minutes: int
    same_address: bool


def cut(ties: Iterable[Tie], limits: FamilyLimits) -> list[frozenset[Who]]:
    """The families of a knot, by their least members.

    They grow along the thickest tie first. It is followed where those on both sides are a well tied family together;
    as one family grows, a tie that could not be followed before may be. What is never followed is where the knot is cut.
    """
    knot = _Knot(ties, limits)
    knot.grow()
    return sorted((frozenset(one) for one in knot.groups() if len(one) > 1), key=min)


def thickest_first(ties: Iterable[Tie], near: Neighbours) -> list[Tie]:
    """Ties by thickness: how many others are tied to both, the address before the cell alone, minutes; then by ids."""

    def thinness(tie: Tie) -> tuple[Any, ...]:
        return -len(near[tie.a] & near[tie.b]), not tie.same_address, -tie.minutes, tie.a, tie.b

    return sorted(ties, key=thinness)


class _Knot:
    def __init__(self, ties: Iterable[Tie], limits: FamilyLimits) -> None:
        ties, self._limits = list(ties), limits
        self._near: dict[Who, set[Who]] = {}
        for tie in ties:
            self._near.setdefault(tie.a, set()).add(tie.b)
            self._near.setdefault(tie.b, set()).add(tie.a)
        self._ties = thickest_first(ties, self._near)
        self._group: dict[Who, set[Who]] = {who: {who} for who in self._near}
        # The ties of each member that could not be followed yet.
        self._waiting: dict[Who, set[int]] = {who: set() for who in self._near}

    def grow(self) -> None:
        """Follow the thickest tie that can be followed, until none can."""
        open_ties = list(range(len(self._ties)))
        while open_ties:
            index = heapq.heappop(open_ties)
            tie = self._ties[index]
            one, other = self._group[tie.a], self._group[tie.b]
            if one is other or len(one) + len(other) > self._limits.largest:
                continue
            together = one | other
            if not self._well_tied(together):
                self._waiting[tie.a].add(index)
                self._waiting[tie.b].add(index)
                continue
            for who in together:
                self._group[who] = together
                for waiting in self._waiting[who]:
                    heapq.heappush(open_ties, waiting)
                self._waiting[who].clear()

    def _well_tied(self, group: set[Who]) -> bool:
        return self._limits.well_tied(len(group), min(len(self._near[who] & group) for who in group))

    def groups(self) -> list[set[Who]]:
        """Who belongs together, everybody once."""
        return list({id(group): group for group in self._group.values()}.values())
