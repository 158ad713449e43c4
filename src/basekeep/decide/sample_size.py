"""How many people a control group needs for a change of a rate to be told from chance, and what change a group can tell.

Two proportions, normal approximation, unpooled, two-sided: n = (z₁₋α/₂ + z₁₋β)² (p₁(1 − p₁) + p₂(1 − p₂)/k) / (p₁ − p₂)²
for k people treated to each held out (Chow, Shao, Wang, Lokhnygina: Sample Size Calculations in Clinical Research,
3rd edition, 2018, section 4.2.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from statistics import NormalDist

_HALVINGS = 60


@dataclass(frozen=True)
class Effect:
    """What is to be told apart: a rate of `from_share` without, of `to_share` with; how surely."""

    from_share: Fraction
    to_share: Fraction
    power: Fraction
    significance: Fraction

    @property
    def change(self) -> float:
        """By how much the rate changes, without its sign."""
        return float(abs(self.to_share - self.from_share))

    @property
    def variances(self) -> tuple[float, float]:
        """Of one person's outcome, held out and treated."""
        return _variance(float(self.from_share)), _variance(float(self.to_share))

    @property
    def certainty(self) -> float:
        """(z₁₋α/₂ + z₁₋β)²."""
        normal = NormalDist()
        found: float = (normal.inv_cdf(1 - float(self.significance) / 2) + normal.inv_cdf(float(self.power))) ** 2
        return found


def group_sizes(effect: Effect, treated_each: float) -> tuple[int, int] | None:
    """How many are held out and how many treated, for so many treated to each held out; None where there is no change.

    Rounded to the nearest whole person, as published tables are.
    """
    if not effect.change:
        return None
    out, treated = effect.variances
    size = effect.certainty * (out + treated / treated_each) / effect.change**2
    return max(round(size), 1), max(round(size * treated_each), 1)


def control_needed(effect: Effect, population: int) -> int | None:
    """How many of a population have to be held out, all others being treated.

    Where a population is too small however it is parted: as many as two groups of one size need, which is more than it
    has to give. None where there is no change to be told.
    """
    if not effect.change:
        return None
    equal = group_sizes(effect, 1)
    out, treated = effect.variances
    # out/n + treated/(N − n) = c is a quadratic equation in n; its lesser solution is looked for.
    c = effect.change**2 / effect.certainty
    middle = (c * population + out - treated) / (2 * c)
    root = middle**2 - out * population / c
    if root < 0 or not 0 < middle < population:
        return equal[0] if equal else None
    return max(round(middle - sqrt(root)), 1)


def least_change(effect: Effect, held_out: int, treated: int) -> float | None:
    """The smallest change from `from_share`, in the direction of `to_share`, that groups of these sizes can tell.

    None where no change at all is large enough.
    """
    if not held_out or not treated:
        return None
    start = float(effect.from_share)
    upwards = effect.to_share >= effect.from_share
    certainty, out = effect.certainty, _variance(start)

    def told(change: float) -> bool:
        other = start + change if upwards else start - change
        return change**2 >= certainty * (out / held_out + _variance(other) / treated)

    low, high = 0.0, 1 - start if upwards else start
    if not told(high):
        return None
    # The square is convex and the variance concave, so there is one place from which on it is told.
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if told(middle) else (middle, high)
    return high


def _variance(share: float) -> float:
    return share * (1 - share)
