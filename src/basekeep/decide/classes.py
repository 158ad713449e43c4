"""Numbers few classes among very many: those that agree in all that a limit asks about are one class."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from basekeep.decide.base import Int
from basekeep.decide.rounding import Whole

# Up to so many possible classes have a table of their own; beyond, those that are there are sorted.
_TABLE = 1 << 25
Part = Callable[[int, int], npt.NDArray[np.signedinteger[Any]]]


class Classes:
    """Elements with their class; each further part divides the classes, and none is empty.

    Attributes:
        of: of each element its class, 0 up, in the order of the parts.
        known: by name of a part, of each class its value.
    """

    def __init__(self, size: int, cuts: Whole) -> None:
        """All elements in one class.

        Args:
            cuts: where blocks begin, and where the last ends; the classes do not depend on them.
        """
        self.of: Int = np.zeros(size, np.int32)
        self.known: dict[str, Whole] = {}
        self._cuts, self._many = cuts.tolist(), 1

    @property
    def many(self) -> int:
        """How many classes there are."""
        return self._many if len(self.of) else 0

    def divide(self, name: str, values: int, part: Part) -> None:
        """Divide the classes by what a part says of their elements.

        Args:
            values: the part's values are 0 to below this.
            part: the values of elements `first` to before `last`.
        """
        if self._many * values <= _TABLE:
            found = self._divide_by_table(values, part)
        else:
            found = self._divide_sorted(values, part)
        self.known = {one: of[found // values] for one, of in self.known.items()}
        self.known[name] = found % values
        self._many = len(found)

    def _keys(self, values: int, part: Part) -> Iterator[tuple[slice, Whole]]:
        for first, last in zip(self._cuts, self._cuts[1:], strict=False):
            block = slice(first, last)
            yield block, self.of[block].astype(np.int64) * values + part(first, last)

    def _divide_by_table(self, values: int, part: Part) -> Whole:
        there = np.zeros(self._many * values, np.bool_)
        for _, key in self._keys(values, part):
            there[key] = True
        found = np.flatnonzero(there)
        number = np.zeros(len(there), np.int32)
        number[found] = np.arange(len(found))
        for block, key in self._keys(values, part):
            self.of[block] = number[key]
        return found

    def _divide_sorted(self, values: int, part: Part) -> Whole:
        found = np.empty(0, np.int64)
        for _, key in self._keys(values, part):
            found = np.union1d(found, key)
        for block, key in self._keys(values, part):
            self.of[block] = np.searchsorted(found, key)
        return found
