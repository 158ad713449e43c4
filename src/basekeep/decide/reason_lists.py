"""Reasons of many subscribers as lists of codes: few sets are held by many, so each set becomes a list once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from basekeep.decide.base import Marks


@dataclass(frozen=True)
class Marked:
    """Codes of one kind; bit i of a subscriber's mark says whether the i-th applies."""

    codes: tuple[str, ...]
    marks: Marks


def reason_lists(kinds: Sequence[Marked], first: int, last: int) -> pa.ListArray:
    """The codes that apply to subscribers `first` to before `last`, in the order of the kinds and of their codes."""
    sets = _sets([kind.marks[first:last] for kind in kinds])
    lists = [
        [code for kind, mark in zip(kinds, of, strict=True) for bit, code in enumerate(kind.codes) if mark >> bit & 1]
        for of in sets.marks
    ]
    return pa.array(lists, pa.list_(pa.string())).take(pa.array(sets.of))


@dataclass(frozen=True)
class _Sets:
    """The distinct sets of marks, and of each subscriber its set."""

    marks: list[tuple[int, ...]]
    of: npt.NDArray[np.int64]


def _sets(columns: list[Marks]) -> _Sets:
    of = np.zeros(len(columns[0]), np.int64)
    marks: list[tuple[int, ...]] = [()] if len(of) else []
    for column in columns:
        encoded = pa.array(column).dictionary_encode()
        values = encoded.dictionary.to_pylist()
        both = pa.array(of * max(len(values), 1) + encoded.indices.to_numpy()).dictionary_encode()
        pairs = [divmod(pair, len(values)) for pair in both.dictionary.to_pylist()]
        marks = [(*marks[before], values[own]) for before, own in pairs]
        of = both.indices.to_numpy().astype(np.int64)
    return _Sets(marks, of)
