"""A stored column of names as places in a list of names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc


def coded(texts: pa.ChunkedArray, names: Sequence[str], kind: Any) -> npt.NDArray[Any]:
    """Of each text its place among the names, -1 where there is none."""
    found = pc.index_in(texts, value_set=pa.array(list(names), texts.type))
    return np.asarray(pc.fill_null(found, -1).to_numpy()).astype(kind)
