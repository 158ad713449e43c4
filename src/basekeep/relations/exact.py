"""Exact numbers as relational expressions: a whole numerator over a whole denominator, never rounded.

A comparison multiplies across instead of dividing, so 70.00 against 70% of a mean of six uneven months is exact.
The greatest possible size of every whole number is known from the contract's ranges; it decides between 8-byte
integers and 38-digit decimals, and refuses what would not fit either.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from math import gcd, lcm
from operator import and_
from typing import Any

import ibis

from basekeep.contract.columns import NUMBER_SCALE
from basekeep.kernel.errors import WorkError
from basekeep.kernel.text import Text

_INT64 = 2**63 - 1
_LARGEST = 10**38 - 1
_WIDE = "decimal(38, 0)"
_CLOSE = 1e-6


class TooLarge(WorkError):
    """A number could grow past 38 digits, so it could not be compared exactly."""

    def __init__(self) -> None:
        super().__init__(
            "expression.too_many_digits",
            Text("数值可能超过 38 位，无法精确比较", "the number could have more than 38 digits and not be compared exactly"),
            Text(
                "少乘几个大数，少加几个以列为除数的商：用 sum(x, n) / sum(y, n) 代替 mean(x / y, n)。",
                "Multiply fewer large numbers and add fewer quotients by columns: sum(x, n) / sum(y, n) in place of mean(x / y, n).",
            ),
        )  # fmt: skip


@dataclass(frozen=True)
class Whole:
    """A whole number: an expression, or a plain one when `value` is given; within [low, high]."""

    low: int
    high: int
    expr: Any = None
    value: int | None = None

    @staticmethod
    def plain(value: int) -> Whole:
        """A number known now."""
        return Whole(value, value, None, value)

    @property
    def size(self) -> int:
        """The greatest absolute value."""
        return max(abs(self.low), abs(self.high))

    def to_ibis(self, wide: bool) -> Any:
        """The expression, as a 38-digit decimal when `wide`."""
        if self.value is not None:
            if _fits(abs(self.value)) or wide:
                return ibis.literal(Decimal(self.value), _WIDE)
            return ibis.literal(self.value, "int64")
        return self.expr.cast(_WIDE) if wide and not self.expr.type().is_decimal() else self.expr


def _fits(size: int) -> bool:
    if size > _LARGEST:
        raise TooLarge
    return size > _INT64


def bounded(whole: Whole) -> Whole:
    """The number itself, where its bounds can be held.

    Raises:
        TooLarge: they cannot.
    """
    _fits(whole.size)
    return whole


def times(a: Whole, b: Whole) -> Whole:
    """The product of two whole numbers."""
    if a.value is not None and b.value is not None:
        return Whole.plain(a.value * b.value)
    if a.value == 1:
        return b
    if b.value == 1:
        return a
    corners = [x * y for x in (a.low, a.high) for y in (b.low, b.high)]
    wide = _fits(max(map(abs, corners))) or _is_wide(a) or _is_wide(b)
    return Whole(min(corners), max(corners), a.to_ibis(wide) * b.to_ibis(wide))


def plus(a: Whole, b: Whole) -> Whole:
    """The sum of two whole numbers."""
    if a.value is not None and b.value is not None:
        return Whole.plain(a.value + b.value)
    if a.value == 0:
        return b
    if b.value == 0:
        return a
    low, high = a.low + b.low, a.high + b.high
    wide = _fits(max(abs(low), abs(high))) or _is_wide(a) or _is_wide(b)
    return Whole(low, high, a.to_ibis(wide) + b.to_ibis(wide))


def _is_wide(a: Whole) -> bool:
    return a.size > _INT64 or (a.expr is not None and a.expr.type().is_decimal())


@dataclass(frozen=True)
class Near:
    """A double and the sum of the sizes that were added up in it: its error is a tiny part of that size."""

    value: Any
    size: Any


@dataclass(frozen=True)
class Exact:
    """A fraction of two whole numbers. The denominator is never negative, and null instead of zero."""

    top: Whole
    bottom: Whole
    # The same number by way of doubles, for a first look; see `_first_look`. Made only when it is needed.
    near: Callable[[], Near] | None = None

    def nearly(self) -> Near:
        """The number as a double, null where it is unknown, and the size of what went into it."""
        if self.near is not None:
            return self.near()
        value = self.top.to_ibis(False).cast("float64") / self.bottom.to_ibis(False).cast("float64")
        return Near(value, value.abs())

    @staticmethod
    def constant(value: Fraction) -> Exact:
        """A number known now."""
        return Exact(Whole.plain(value.numerator), Whole.plain(value.denominator))

    @staticmethod
    def column(expr: Any, low: int, high: int, scale: int) -> Exact:
        """A stored whole number of `1/scale`, within [low, high] after scaling."""
        return Exact(Whole(low * scale, high * scale, expr), Whole.plain(scale))


def negate(a: Exact) -> Exact:
    """−a."""
    negated = Exact(times(a.top, Whole.plain(-1)), a.bottom)
    return replace(negated, near=lambda: _near_product(a.nearly(), Near(-1.0, 1.0))) if a.near else negated


def add(a: Exact, b: Exact) -> Exact:
    """a + b."""
    if a.bottom.value is not None and b.bottom.value is not None:
        shared = gcd(a.bottom.value, b.bottom.value)
        left = times(a.top, Whole.plain(b.bottom.value // shared))
        right = times(b.top, Whole.plain(a.bottom.value // shared))
        return Exact(plus(left, right), Whole.plain(a.bottom.value // shared * b.bottom.value))
    top = plus(times(a.top, b.bottom), times(b.top, a.bottom))
    return Exact(top, times(a.bottom, b.bottom), lambda: _near_sum(a.nearly(), b.nearly()))


def _near_sum(a: Near, b: Near) -> Near:
    return Near(a.value + b.value, a.size + b.size)


def multiply(a: Exact, b: Exact) -> Exact:
    """a × b."""
    exact = _reduced(Exact(times(a.top, b.top), times(a.bottom, b.bottom)))
    return replace(exact, near=lambda: _near_product(a.nearly(), b.nearly())) if a.near or b.near else exact


def _near_product(a: Near, b: Near) -> Near:
    return Near(a.value * b.value, a.size * b.size)


# A literal null would turn a comparison with it into a test for null: false, and not unknown.
UNKNOWN = Exact(Whole(0, 0, ibis.literal(0, "int64").nullif(0)), Whole.plain(1))


def divide(a: Exact, b: Exact) -> Exact:
    """a ÷ b, unknown where b is zero."""
    left, right = b.bottom, a.bottom
    if left.value is not None and right.value is not None:
        shared = gcd(left.value, right.value)
        left, right = Whole.plain(left.value // shared), Whole.plain(right.value // shared)
    if b.top.value is not None:
        return _by_constant(a, b, left, right)
    divisor = b.top.to_ibis(False)
    top = times(a.top, left)
    if b.top.low < 0:
        sign_expr = ibis.ifelse(divisor < 0, -1, 1).cast("int64")
        top = times(top, Whole(-1, 1, sign_expr))
        divisor = divisor.abs()
    size = b.top.size
    bottom = times(right, Whole(1, max(size, 1), divisor.nullif(ibis.literal(0).cast(divisor.type()))))
    return Exact(top, bottom)


def _by_constant(a: Exact, b: Exact, left: Whole, right: Whole) -> Exact:
    """a ÷ b where b's numerator is known now; `left` and `right` are the denominators without what they share."""
    value = b.top.value
    if not value:
        return UNKNOWN
    top = times(times(a.top, left), Whole.plain(1 if value > 0 else -1))
    exact = _reduced(Exact(top, times(right, Whole.plain(abs(value)))))
    if a.near is None or b.bottom.value is None:
        return exact
    inverse = Exact.constant(Fraction(b.bottom.value, value))
    return replace(exact, near=lambda: _near_product(a.nearly(), inverse.nearly()))


def _reduced(a: Exact) -> Exact:
    if a.top.value is None or a.bottom.value is None:
        return a
    return Exact.constant(Fraction(a.top.value, a.bottom.value))


def compare(op: str, a: Exact, b: Exact) -> Any:
    """The comparison as a condition, exact; null where either is."""
    shared = 1
    left_factor, right_factor = b.bottom, a.bottom
    if left_factor.value is not None and right_factor.value is not None:
        shared = gcd(left_factor.value, right_factor.value)
        left_factor, right_factor = Whole.plain(left_factor.value // shared), Whole.plain(right_factor.value // shared)
    left, right = times(a.top, left_factor), times(b.top, right_factor)
    wide = _is_wide(left) or _is_wide(right)
    exact = held(op, left.to_ibis(wide), right.to_ibis(wide))
    return _first_look(op, a, b, exact) if wide and (a.near or b.near) else exact


def _first_look(op: str, a: Exact, b: Exact, exact: Any) -> Any:
    """Decide in doubles what lies well apart, and in 38 digits only what lies close: the same answer, sooner.

    A few dozen operations on doubles err by less than one part in 10^12 of the sizes that went in; "close" is
    within one part in 10^6 of them.
    """
    one, two = a.nearly(), b.nearly()
    close = (one.value - two.value).abs() <= (one.size + two.size + 1) * _CLOSE
    return ibis.ifelse(close, exact, held(op, one.value, two.value))


def held(op: str, left: Any, right: Any) -> Any:
    """Two values of one kind held against each other; null where either is."""
    match op:
        case "=":
            return left == right
        case "!=":
            return left != right
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
    return left >= right


def pick(condition: Any, a: Exact, b: Exact) -> Exact:
    """a where the condition holds, else b. The condition must not be null."""
    if a.bottom.value is not None and b.bottom.value is not None:
        one, two = _same_bottom(a, b)
        return Exact(_either(condition, one.top, two.top), one.bottom)
    return Exact(_either(condition, a.top, b.top), _either(condition, a.bottom, b.bottom))


def _same_bottom(a: Exact, b: Exact) -> tuple[Exact, Exact]:
    assert a.bottom.value is not None
    assert b.bottom.value is not None
    shared = gcd(a.bottom.value, b.bottom.value)
    bottom = Whole.plain(a.bottom.value // shared * b.bottom.value)
    return (
        Exact(times(a.top, Whole.plain(b.bottom.value // shared)), bottom),
        Exact(times(b.top, Whole.plain(a.bottom.value // shared)), bottom),
    )


def extreme(which: str, items: Sequence[Exact]) -> Exact:
    """The least or greatest of several, unknown where one is; each stands in the expression but a few times."""
    if len(items) == 1:
        return items[0]
    bottoms = [item.bottom.value for item in items]
    if all(bottom is not None for bottom in bottoms):
        shared = lcm(*(bottom for bottom in bottoms if bottom is not None))
        return Exact(_extreme_whole(which, [_over(item, shared) for item in items]), Whole.plain(shared))
    op = "<=" if which == "min" else ">="
    best = [reduce(and_, (compare(op, one, two) for two in items if two is not one)) for one in items]
    return Exact(
        _first(best, [item.top for item in items]),
        _first(best, [item.bottom for item in items]),
    )


def _over(item: Exact, bottom: int) -> Whole:
    assert item.bottom.value is not None
    return times(item.top, Whole.plain(bottom // item.bottom.value))


def _extreme_whole(which: str, wholes: list[Whole]) -> Whole:
    wide = any(map(_is_wide, wholes))
    exprs = [whole.to_ibis(wide) for whole in wholes]
    # The engine's least and greatest pass over what is unknown.
    found = ibis.least(*exprs) if which == "min" else ibis.greatest(*exprs)
    all_known = reduce(and_, (expr.notnull() for expr in exprs))
    expr = ibis.ifelse(all_known, found, ibis.null(found.type()))
    return Whole(min(whole.low for whole in wholes), max(whole.high for whole in wholes), expr)


def _first(conditions: list[Any], wholes: list[Whole]) -> Whole:
    """The number of the first condition that is true, unknown where none is."""
    wide = any(map(_is_wide, wholes))
    exprs = [whole.to_ibis(wide) for whole in wholes]
    expr = ibis.cases(*zip(conditions, exprs, strict=True), else_=ibis.null(exprs[0].type()))
    return Whole(min(whole.low for whole in wholes), max(whole.high for whole in wholes), expr)


def _either(condition: Any, a: Whole, b: Whole) -> Whole:
    wide = _is_wide(a) or _is_wide(b)
    expr = ibis.ifelse(condition, a.to_ibis(wide), b.to_ibis(wide))
    return Whole(min(a.low, b.low), max(a.high, b.high), expr)


def known(a: Exact) -> Any:
    """Whether the number is known."""
    parts = [whole.expr.notnull() for whole in (a.top, a.bottom) if whole.expr is not None]
    if not parts:
        return ibis.literal(True)
    return parts[0] if len(parts) == 1 else parts[0] & parts[1]


@ibis.udf.scalar.builtin(name="round")  # type: ignore[untyped-decorator]
def _round(value: float) -> float:  # type: ignore[empty-body]
    """To the nearest whole number, a half away from zero; the engines' own."""


def shown(a: Exact) -> Any:
    """The number for people: a double, rounded to four decimals.

    Rounded as whole ten-thousandths: to give the engine a number of digits costs it a power for every row.
    """
    return _round(a.nearly().value * NUMBER_SCALE) / NUMBER_SCALE
