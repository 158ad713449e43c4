"""A reader of its own for what was made: plain NumPy columns of the base, `k` months before the last."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

Array = npt.NDArray[Any]


def read(folder: Path, table: str) -> pa.Table:
    """A whole table."""
    return pq.read_table(folder / "data" / f"{table}.parquet")


def plain(column: pa.ChunkedArray) -> Array:
    """Numbers as floats with NaN for unknown, flags with unknown as false, dates as days, words as they are."""
    kind = column.type
    if pa.types.is_boolean(kind):
        return np.asarray(pc.fill_null(column, False))
    if pa.types.is_date(kind):
        return np.asarray(column.cast(pa.int32()).cast(pa.float64()), dtype=np.float64)
    if pa.types.is_string(kind):
        return np.asarray(pc.fill_null(column, ""), dtype=str)
    return np.asarray(column.cast(pa.float64()), dtype=np.float64)


class History:
    """The base of the last month and its past."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: dict[tuple[str, int], Array] = {}
        self.files = sorted((folder / "data" / "subscriber_month").glob("*.parquet"), reverse=True)
        last = pq.read_table(self.files[0])
        self.base = last.filter(pc.is_in(last["status"], pa.array(["active", "suspended"])))
        self.ids = plain(self.base["subscriber_id"])
        self.last_day = int((np.datetime64("2026-01-01") - np.datetime64("1970-01-01")).astype(int)) - 1

    def column(self, name: str, k: int = 0) -> Array:
        """A column `k` months ago for the base; NaN where there was no row."""
        if (name, k) not in self._read:
            self._read[name, k] = plain(self.base[name]) if k == 0 else self._earlier(name, k)
        return self._read[name, k]

    def _earlier(self, name: str, k: int) -> Array:
        month = pq.read_table(self.files[k], columns=["subscriber_id", name])
        ids, values = plain(month["subscriber_id"]), plain(month[name])
        order = np.argsort(ids)
        place = np.minimum(np.searchsorted(ids[order], self.ids), len(ids) - 1)
        found = ids[order][place] == self.ids
        return np.where(found, values[order][place].astype(np.float64), np.nan)

    def window(self, name: str, first: int, last: int) -> Array:
        """Months × base: a column from `first` to `last` months ago."""
        return np.stack([self.column(name, k) for k in range(first, last + 1)])

    def truth(self, *columns: str) -> dict[str, Array]:
        """Columns of the truth table for the base, in its order."""
        table = pq.read_table(self.folder / "truth" / "subscriber_truth.parquet", columns=["subscriber_id", *columns])
        ids = plain(table["subscriber_id"])
        order = np.argsort(ids)
        place = order[np.searchsorted(ids[order], self.ids)]
        return {name: plain(table[name])[place] for name in columns}
