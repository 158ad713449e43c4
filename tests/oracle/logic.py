"""Three-valued truth: True, False, and None for "unknown", combined as SQL combines them.

A comparison with an unknown side is unknown; nothing here may guess.
"""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import TypeVar

Truth = bool | None
Comparable = TypeVar("Comparable", Fraction, date)


def all_of(*truths: Truth) -> Truth:
    """`and`: one false settles it; otherwise one unknown leaves it unknown."""
    if any(truth is False for truth in truths):
        return False
    return None if any(truth is None for truth in truths) else True


def any_of(*truths: Truth) -> Truth:
    """`or`: one true settles it; otherwise one unknown leaves it unknown."""
    if any(truth is True for truth in truths):
        return True
    return None if any(truth is None for truth in truths) else False


def negated(truth: Truth) -> Truth:
    return None if truth is None else not truth


def below(value: Comparable | None, limit: Comparable | None) -> Truth:
    return None if value is None or limit is None else value < limit


def at_most(value: Comparable | None, limit: Comparable | None) -> Truth:
    return None if value is None or limit is None else value <= limit


def above(value: Comparable | None, limit: Comparable | None) -> Truth:
    return negated(at_most(value, limit))


def at_least(value: Comparable | None, limit: Comparable | None) -> Truth:
    return negated(below(value, limit))


def between(value: Comparable | None, low: Comparable | None, high: Comparable | None) -> Truth:
    """Both ends included."""
    return all_of(at_least(value, low), at_most(value, high))


def exactly(value: Fraction | None, other: Fraction | None) -> Truth:
    return None if value is None or other is None else value == other


def one_of(value: str | None, names: Iterable[str]) -> Truth:
    return None if value is None else value in set(names)
