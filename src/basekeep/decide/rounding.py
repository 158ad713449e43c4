"""Exact shares of whole numbers, rounded half up: money never passes through binary fractions."""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import Any

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]
FEN = 100
_MOST = np.iinfo(np.int64).max
# What a success is worth comes as a double with four decimals: whole ten-thousandths of a yuan.
_PER_YUAN = 10_000


def fen(yuan: Fraction) -> int:
    """Yuan as whole fen, rounded half up."""
    return half_up(yuan * FEN)


def half_up(number: Fraction) -> int:
    """The nearest whole number; of two the greater."""
    return floor(number + Fraction(1, 2))


def fen_of(yuan: npt.NDArray[np.float64]) -> Whole:
    """Known amounts of yuan, doubles with four decimals, as whole fen, rounded half up."""
    return (np.rint(yuan * _PER_YUAN).astype(np.int64) + _PER_YUAN // FEN // 2) // (_PER_YUAN // FEN)


def times(amounts: Whole, factor: Fraction) -> Whole:
    """Amounts × a factor that is not below 0, each rounded half up."""
    many, of = 2 * factor.numerator, factor.denominator
    largest = max(int(amounts.max(initial=0)), -int(amounts.min(initial=0)))
    exact: Any = amounts
    if largest * many + of > _MOST:
        # Weights with many digits: numbers of any length, slower by far.
        exact = amounts.astype(object)
    return np.asarray((exact * many + of) // (2 * of)).astype(np.int64)
