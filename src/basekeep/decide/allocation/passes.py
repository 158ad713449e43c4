"""Looks at all parties at given prices: chunk by chunk, on all processors, with the same result on any number of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from basekeep.decide.allocation.curvature import along, diagonal
from basekeep.decide.allocation.ordered import Ordered
from basekeep.decide.allocation.parties import PART, best_of_parties
from basekeep.decide.allocation.problem import Short, Whole
from basekeep.decide.allocation.soft_parties import soft_parties

Real = npt.NDArray[np.float64]
_Result = TypeVar("_Result")
_Number = TypeVar("_Number", np.int64, np.float64)
# Parties of a chunk. Sums of floats are taken by chunk and then in the chunks' order.
_CHUNK = 8192


@dataclass(frozen=True)
class Best:
    """Every party's best choice at whole prices: `surplus` is what it brings beyond the prices, in 2^-shift fen."""

    chosen: Whole
    worth: Whole
    surplus: int
    used: Whole


@dataclass(frozen=True)
class Soft:
    """Every party's soft choice: the smooth dual's surplus, what of it is smoothing, and what is used."""

    surplus: float
    smoothing: float
    used: Real
    many: Whole  # shares between 0 and 1, of each chunk


@dataclass
class Passes:
    """All passes over one problem."""

    base: Ordered
    threads: int = field(default_factory=lambda: os.cpu_count() or 1)
    count: int = 0

    def best(self, prices: Whole, shift: int, taken: Short) -> Best:
        """The exact choice at whole prices."""
        self.count += 1
        base = self.base
        chosen, worth = np.empty(base.subscribers, np.int64), np.empty(base.subscribers, np.int64)
        flat, by_cost = self.draws(prices)

        def one(low: int, high: int) -> tuple[Whole, Whole]:
            sums, used = np.zeros(2, np.int64), np.zeros(len(base.limit), np.int64)
            best_of_parties(base, low, high, shift, flat, by_cost, chosen, worth, taken, sums, used)
            return sums, used

        done = list(self.each(one))
        surplus = sum((int(sums[0]) << PART) + int(sums[1]) for sums, _ in done)
        return Best(chosen, worth, surplus, sum((used for _, used in done), np.zeros(len(base.limit), np.int64)))

    def bound(self, prices: Whole, shift: int, limit: Whole) -> int:
        """The dual's value at whole prices, to the last digit, in 2^-shift fen."""
        best = self.best(prices, shift, np.zeros(len(self.base.customer_quota), np.int32))
        return best.surplus + sum(int(price) * int(most) for price, most in zip(prices, limit, strict=True))

    def soft(self, prices: Real, tau: float) -> Soft:
        """The soft choice at prices in fen."""
        self.count += 1
        flat, by_cost = self.draws(prices)
        none, real = np.empty(0, np.int64), np.empty(0)

        def one(low: int, high: int) -> tuple[Real, Real]:
            sums, used = np.zeros(3), np.zeros(len(self.base.limit))
            soft_parties(self.base, low, high, tau, flat, by_cost, sums, used, none, real, none)
            return sums, used

        done = list(self.each(one))
        total = sum((sums for sums, _ in done), np.zeros(3))
        used = sum((used for _, used in done), np.zeros(len(self.base.limit)))
        return Soft(float(total[0]), float(total[1]), used, np.array([int(sums[2]) for sums, _ in done]))

    def curvature(self, prices: Real, tau: float, soft: Soft) -> Curvature:
        """The smooth dual's second derivative where `soft` was found."""
        self.count += 1
        flat, by_cost = self.draws(prices)

        def one(low: int, high: int) -> tuple[Whole, Real, Whole, Real]:
            many = int(soft.many[low // _CHUNK])
            entries, shares = np.empty(max(1, many), np.int64), np.empty(max(1, many))
            ends = np.empty(int(self.base.first[high] - self.base.first[low]), np.int64)
            sums, used = np.zeros(3), np.zeros(len(self.base.limit))
            soft_parties(self.base, low, high, tau, flat, by_cost, sums, used, entries, shares, ends)
            spread = np.zeros(len(used))
            ends = ends[np.diff(ends, prepend=0) > 0]
            diagonal(self.base, entries[:many], shares[:many], spread)
            return entries, shares, ends, spread

        done = list(self.each(one))
        spread = sum((chunk[3] for chunk in done), np.zeros(len(self.base.limit)))
        return Curvature(self, tau, [chunk[:3] for chunk in done], spread / tau)

    def draws(self, prices: npt.NDArray[_Number]) -> tuple[npt.NDArray[_Number], npt.NDArray[_Number]]:
        """What a pattern's draws cost at these prices, once and per fen of cost."""
        base = self.base
        of_slot = np.append(prices, prices.dtype.type(0))[base.draws_on] * base.amounts
        by_cost = np.append(base.by_cost, False)[base.draws_on]
        return np.where(by_cost, 0, of_slot).sum(axis=1), np.where(by_cost, of_slot, 0).sum(axis=1)

    def each(self, one: Callable[[int, int], _Result]) -> Iterator[_Result]:
        """What `one` says of each chunk, in their order."""
        lows = range(0, self.base.parties, _CHUNK)
        highs = [min(low + _CHUNK, self.base.parties) for low in lows]
        if len(lows) <= 1 or self.threads == 1:
            return map(one, lows, highs)
        with ThreadPoolExecutor(self.threads) as pool:
            return iter(list(pool.map(one, lows, highs)))


@dataclass(frozen=True)
class Curvature:
    """The second derivative, kept as the shares between 0 and 1."""

    passes: Passes
    tau: float
    chunks: list[tuple[Whole, Real, Whole]]
    diagonal: Real

    def times(self, direction: Real) -> Real:
        """The product with a direction."""
        flat, by_cost = self.passes.draws(direction)

        def one(low: int, high: int) -> Real:
            out = np.zeros(len(direction))
            along(self.passes.base, *self.chunks[low // _CHUNK], flat, by_cost, out)
            return out

        return sum(self.passes.each(one), np.zeros(len(direction))) / self.tau
