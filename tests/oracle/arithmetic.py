"""Sums, means, ratios and percentiles in exact fractions; what has an unknown part is unknown."""

from collections.abc import Sequence
from fractions import Fraction

Figure = Fraction | None
ZERO = Fraction(0)
ONE = Fraction(1)


def total(values: Sequence[Figure]) -> Figure:
    known = known_of(values)
    return sum(known, ZERO) if len(known) == len(values) else None


def mean(values: Sequence[Figure]) -> Figure:
    summed = total(values)
    return None if summed is None else summed / len(values)


def difference(value: Figure, other: Figure) -> Figure:
    return None if value is None or other is None else value - other


def times(share: Fraction, value: Figure) -> Figure:
    return None if value is None else share * value


def ratio(value: Figure, divisor: Figure) -> Figure:
    """Unknown too where the divisor is zero."""
    return None if value is None or divisor is None or divisor == 0 else value / divisor


def known_of(values: Sequence[Figure]) -> list[Fraction]:
    return [value for value in values if value is not None]


def mean_of_known(values: Sequence[Figure]) -> Figure:
    """The base's mean: over those whose value is known; unknown when nobody's is."""
    known = known_of(values)
    return mean(known) if known else None


def percentile_of_known(values: Sequence[Figure], share: Fraction) -> Figure:
    """SQL's percentile_cont: a straight line between the two sorted values around position share × (n − 1)."""
    known = sorted(known_of(values))
    if not known:
        return None
    position = share * (len(known) - 1)
    lower = int(position)
    upper = min(lower + 1, len(known) - 1)
    return known[lower] + (position - lower) * (known[upper] - known[lower])
