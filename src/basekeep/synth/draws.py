"""Random numbers, one stream per purpose: a new purpose leaves all other streams as they were."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


class Draws:
    """Random columns of `size` values; each name has a stream of its own at each place (month, block)."""

    def __init__(self, seed: int, size: int, *place: int) -> None:
        self.size = size
        self._seed = seed
        self._place = place

    def stream(self, name: str) -> np.random.Generator:
        """The generator of that name, from its beginning."""
        spawn_key = (zlib.crc32(name.encode()), *self._place)
        return np.random.default_rng(np.random.SeedSequence(self._seed, spawn_key=spawn_key))

    def uniform(self, name: str) -> Array:
        """Values in [0, 1)."""
        return self.stream(name).random(self.size, dtype=np.float32)

    def normal(self, name: str) -> Array:
        """Standard normal values."""
        return self.stream(name).standard_normal(self.size, dtype=np.float32)

    def lognormal(self, name: str, median: float, spread: float) -> Array:
        """Positive values about a median; `spread` is the deviation of the logarithm."""
        return np.exp(self.normal(name) * np.float32(spread)) * np.float32(median)

    def chance(self, name: str, share: float | Array) -> Array:
        """True for that share of the rows."""
        result: Array = self.uniform(name) < share
        return result

    def whole(self, name: str, low: int, high: int) -> Array:
        """Whole numbers from `low` to `high`, both included."""
        return self.stream(name).integers(low, high + 1, self.size, dtype=np.int32)

    def pick(self, name: str, weights: Sequence[float]) -> Array:
        """Codes 0, 1, 2 … in proportion to the weights."""
        return pick(self.uniform(name), weights)

    def count(self, name: str, mean: float | Array) -> Array:
        """Small Poisson counts, cut at 6; meant for means up to about 3."""
        return count(self.uniform(name), mean)


def pick(uniform: Array, weights: Sequence[float]) -> Array:
    """Uniform values turned into codes 0, 1, 2 … in proportion to the weights."""
    edges = np.cumsum(np.asarray(weights, dtype=np.float64))
    return np.searchsorted(edges[:-1] / edges[-1], uniform, side="right").astype(np.int8)


def count(uniform: Array, mean: float | Array) -> Array:
    """Uniform values turned into Poisson counts, cut at 6."""
    term = np.exp(-np.asarray(mean, dtype=np.float32))
    reached = term
    result = (uniform > reached).astype(np.int8)
    for k in range(1, 6):
        term = term * mean / k
        reached = reached + term
        result += uniform > reached
    return result
