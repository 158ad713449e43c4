"""Columns that grow block by block where they lie: at no time is one of them held twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Column = npt.NDArray[Any]


class Growing:
    """Columns of one length, each of its own type."""

    def __init__(self, kinds: Mapping[str, type[np.generic]]) -> None:
        self._columns: dict[str, Column] = {name: np.empty(0, kind) for name, kind in kinds.items()}

    def add(self, block: Mapping[str, Column]) -> None:
        """Append a piece of every column."""
        for name, piece in block.items():
            column = self._columns[name]
            size = len(column)
            # Nobody else has seen the column yet; large memory moves without being copied.
            column.resize(size + len(piece), refcheck=False)
            column[size:] = piece

    def take(self) -> dict[str, Column]:
        """The columns; this is their last use here."""
        columns, self._columns = self._columns, {}
        return columns
