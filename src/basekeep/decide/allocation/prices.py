"""Finds prices at which the dual is least: Newton's steps on the smooth dual while it cools.

At each temperature the smooth dual is minimised over prices between 0 and a cap by projected Newton steps (Bertsekas,
Projected Newton methods, 1982), the step found by conjugate gradients, which need products with the second derivative
only (Dembo & Steihaug, 1983). The dampening is that of Levenberg and Marquardt.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from basekeep.decide.allocation.passes import Curvature, Passes, Real, Soft
from basekeep.decide.allocation.sample import sampled
from basekeep.decide.allocation.scale import Scale

# The first temperature, in subscribers' usual best values; each is so much of the one before.
_HOT, _COOLING = 0.3, 0.4
# A price may move this many temperatures over the mean amount at a step without being held back.
_STRIDE = 8.0
_ENOUGH = 0.05
# Smoothing as a share of the surplus where cooling ends, the least for small problems: of so many parties, the other.
_COLDEST, _COLD, _MANY = 1e-6, 5e-5, 500_000
_FREEZING = 1e-3
# Conjugate gradients end after so many turns, or at such a share of the first residual's square.
_TURNS, _NEAR = 40, 1e-3
_HEATINGS = 3
# Smoothing at which a sample has done its work, times limits over parties: its prices are as far off by chance.
_NOISE = 0.03
# Samples have at least so many parties.
_SAMPLE = 3000


@dataclass(frozen=True)
class Dual:
    """The smooth dual of one problem: `limit` of each limit, `cap` of each price, `draw` the mean amount drawn."""

    passes: Passes
    limit: Real
    cap: Real
    draw: Real


def prices_of(passes: Passes, scale: Scale, cap: Real, coldest: float = _COLDEST) -> tuple[Real, float]:
    """Prices from samples, each larger than the one before and colder, then from all; and the last temperature."""
    base = passes.base
    prices, tau = np.zeros(len(base.limit)), max(scale.worth * _HOT, 1.0)
    coldest = max(coldest, min(_COLD, _COLD * base.parties / _MANY))
    for part in (256, 64, 16, 4, 1):
        if part > 1 and base.parties < _SAMPLE * part:
            continue
        some = sampled(base, part) if part > 1 else base
        dual = Dual(Passes(some, passes.threads), base.limit / part, cap, scale.draw)
        # Colder than this, prices would follow the sample's chances.
        warm = _NOISE * len(base.limit) / some.parties if part > 1 else coldest
        prices, tau = cool(dual, prices, tau, warm)
        passes.count += dual.passes.count if part == 1 else 0
    return prices, tau


def cool(dual: Dual, prices: Real, tau: float, enough: float) -> tuple[Real, float]:
    """Minimise at ever lower temperatures until smoothing is so small a share; the prices, the last temperature.

    Where the prices to begin with are too far away for the steps of this temperature, it is raised first.
    """
    heatings = _HEATINGS
    while True:
        moved, soft, there = minimise(dual, prices, tau)
        if not there and heatings:
            heatings -= 1
            tau /= _COOLING**2
            continue
        prices, heatings = moved, 0
        if soft.smoothing <= enough * abs(soft.surplus) or tau < _FREEZING:
            return prices, tau
        tau *= _COOLING


def minimise(dual: Dual, prices: Real, tau: float, steps: int = 12) -> tuple[Real, Soft, bool]:
    """About the least of the smooth dual at one temperature, and whether the steps sufficed."""
    soft = dual.passes.soft(prices, tau)
    stride = np.full(len(prices), _STRIDE)
    for _ in range(steps):
        slope = dual.limit - soft.used
        free = ((prices > 0) | (slope < 0)) & ((prices < dual.cap) | (slope > 0))
        if not free.any():
            return prices, soft, True
        step = _step(dual, dual.passes.curvature(prices, tau, soft), slope, free, stride * tau)
        moved = np.clip(prices + step, 0, dual.cap)
        expected = -float((slope * (moved - prices)).sum())
        if expected <= _ENOUGH * soft.smoothing:
            return prices, soft, True
        found = _search(dual, prices, soft, step, tau)
        if found is None:
            return prices, soft, False
        # Where a price is held back and its limit still asks for more, it goes on in longer strides.
        held = np.abs(found[0] - prices) * dual.draw > stride * tau / 2
        more = held & (slope * (dual.limit - found[1].used) > 0)
        stride = np.where(more, stride * 4, np.maximum(_STRIDE, stride / 4))
        prices, soft = found
    return prices, soft, False


def _search(dual: Dual, prices: Real, soft: Soft, step: Real, tau: float) -> tuple[Real, Soft] | None:
    """The step, or half of it, or a quarter …: the first that brings a fair part of what its slope says (Armijo)."""
    here = soft.surplus + float((prices * dual.limit).sum())
    slope = dual.limit - soft.used
    for _ in range(12):
        moved = np.clip(prices + step, 0, dual.cap)
        there = dual.passes.soft(moved, tau)
        value = there.surplus + float((moved * dual.limit).sum())
        if value <= here + 1e-4 * min(0.0, float((slope * (moved - prices)).sum())):
            return moved, there
        step = step / 2
    return None


def _step(dual: Dual, curve: Curvature, slope: Real, free: np.ndarray, stride: Real) -> Real:
    """Newton's step over the free prices, by conjugate gradients."""
    held = 1e-3 * curve.diagonal + np.abs(slope) * dual.draw / stride + 1e-12 * dual.draw**2 / stride
    scale = np.where(free, 1 / (curve.diagonal + held), 0.0)
    step, left = np.zeros_like(slope), np.where(free, -slope, 0.0)
    direction = toward = scale * left
    size = first = float((left * toward).sum())
    for _ in range(_TURNS):
        if size <= _NEAR * first:
            break
        bent = np.where(free, curve.times(direction) + held * direction, 0.0)
        along = size / float((direction * bent).sum())
        step, left = step + along * direction, left - along * bent
        toward = scale * left
        before, size = size, float((left * toward).sum())
        direction = toward + size / before * direction
    return step
