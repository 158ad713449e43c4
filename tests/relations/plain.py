"""Arithmetic and three-valued logic in plain Python: what is unknown makes unknown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction

from relations.small_run import Number, Person, Truth


def total(values: Sequence[Number]) -> Number:
    return None if None in values else sum((v for v in values if v is not None), Fraction(0))


def mean(values: Sequence[Number]) -> Number:
    summed = total(values)
    return None if summed is None else summed / len(values)


def quotient(a: Number, b: Number) -> Number:
    return None if a is None or b is None or b == 0 else a / b


def times(a: Number, b: Number) -> Number:
    return None if a is None or b is None else a * b


def minus(a: Number, b: Number) -> Number:
    return None if a is None or b is None else a - b


def best(which: Callable[[list[Fraction]], Fraction], values: Sequence[Number]) -> Number:
    known = [v for v in values if v is not None]
    return which(known) if len(known) == len(values) else None


def window(p: Person, column: str, count: int, first: int = 0) -> list[Number]:
    return [p.n(column, back) for back in range(first, first + count)]


def years(start: date | None, end: date) -> Number:
    if start is None:
        return None
    day = (
        date(end.year, 2, 28) if (start.month, start.day) == (2, 29) and end.year % 4 else start.replace(year=end.year)
    )
    return Fraction(end.year - start.year - (day > end))


def days(day: date | None, end: date) -> Number:
    return None if day is None else Fraction((day - end).days)


def counted(truths: Sequence[Truth]) -> Number:
    return None if None in truths else Fraction(sum(map(bool, truths)))


def above(value: Number, limit: Fraction | int) -> Truth:
    return None if value is None else value > limit


def both(*truths: Truth) -> Truth:
    return False if False in truths else None if None in truths else True


def either(*truths: Truth) -> Truth:
    return True if True in truths else None if None in truths else False


def negated(truth: Truth) -> Truth:
    return None if truth is None else not truth


def same(value: object, other: object) -> Truth:
    return None if value is None or other is None else value == other


def most(value: Number | int, limit: Number | int) -> Truth:
    """At most."""
    return None if value is None or limit is None else value <= limit
