"""NumPy arrays as Arrow columns in the contract's natural units. Exact: money and shares are whole hundredths
or ten-thousandths here and decimals in the file, never binary fractions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from basekeep.contract.columns import Table
from basekeep.synth.draws import Array

MISSING = np.int32(-(2**31))  # in whole-number arrays: no value


def batch_of(table: Table, columns: Mapping[str, pa.Array]) -> pa.RecordBatch:
    """The columns as one batch in the contract's order; every column of the table has to be there."""
    return pa.record_batch([columns[name] for name in table.names], names=list(table.names))


def number(values: Array, digits: int = 2) -> pa.Array:
    """Whole hundredths (ten-thousandths with 4 digits) as decimals; MISSING is empty."""
    halves = np.empty((len(values), 2), dtype=np.int64)
    halves[:, 0] = values
    halves[:, 1] = halves[:, 0] >> 63
    kind = pa.decimal128(6, 4) if digits == 4 else pa.decimal128(12, 2)
    known = values != MISSING
    valid = None if known.all() else pa.array(known).buffers()[1]
    return pa.Decimal128Array.from_buffers(kind, len(values), [valid, pa.py_buffer(halves)])


def whole(values: Array) -> pa.Array:
    """Whole numbers; MISSING is empty."""
    return pa.array(values.astype(np.int32, copy=False), mask=_mask(values, values == MISSING))


def flag(values: Array) -> pa.Array:
    """True or false."""
    return pa.array(values)


def day(values: Array) -> pa.Array:
    """Days since 1970 as dates; a negative number is empty."""
    return pa.array(values.astype(np.int32, copy=False), mask=_mask(values, values < 0)).view(pa.date32())


def minute(values: Array) -> pa.Array:
    """Minutes since 1970 as timestamps."""
    return pa.array(values.astype(np.int64) * 60_000_000).view(pa.timestamp("us"))


def label(codes: Array, words: Sequence[str] | pa.Array) -> pa.Array:
    """Codes as words; a negative code is empty."""
    words = words if isinstance(words, pa.Array) else pa.array(list(words), pa.string())
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=_mask(codes, codes < 0)), words)


def identifier(prefix: str, numbers: Array, width: int) -> pa.Array:
    """`prefix` and `width` digits for each number; a negative number is empty."""
    length = len(prefix) + width
    text = np.empty((len(numbers), length), dtype=np.uint8)
    text[:, : len(prefix)] = np.frombuffer(prefix.encode(), dtype=np.uint8)
    rest = numbers.astype(np.int64)
    for place in range(length - 1, len(prefix) - 1, -1):
        rest, digit = np.divmod(rest, 10)
        text[:, place] = digit + 48
    offsets = np.arange(0, (len(numbers) + 1) * length, length, dtype=np.int32)
    known = numbers >= 0
    valid = None if known.all() else pa.array(known).buffers()[1]
    return pa.Array.from_buffers(pa.string(), len(numbers), [valid, pa.py_buffer(offsets), pa.py_buffer(text)])


def _mask(values: Array, empty: Array) -> Array | None:
    return empty if empty.any() else None
