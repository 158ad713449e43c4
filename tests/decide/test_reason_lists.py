"""Reasons as lists: every code whose bit is set, in order, nothing else."""

from __future__ import annotations

import random

import numpy as np
import pytest

from basekeep.decide.reason_lists import Marked, reason_lists


def test_codes_come_in_the_order_of_kinds_and_bits() -> None:
    kinds = [Marked(("a", "b", "c"), np.array([5, 0, 2])), Marked(("d",), np.array([0, 0, 1]))]
    assert reason_lists(kinds, 0, 3).to_pylist() == [["a", "c"], [], ["b", "d"]]


def test_nobody_has_no_lists() -> None:
    assert reason_lists([Marked(("a",), np.empty(0, np.int64))], 0, 0).to_pylist() == []


@pytest.mark.parametrize("seed", range(20))
def test_any_marks_are_said_as_bit_by_bit(seed: int) -> None:
    draw = random.Random(seed)
    size = draw.randint(1, 60)
    names = [[f"{kind}.{bit}" for bit in range(draw.choice([1, 3, 62]))] for kind in range(draw.randint(1, 4))]
    marks = [[draw.getrandbits(len(of)) for _ in range(size)] for of in names]
    kinds = [Marked(tuple(of), np.array(mark, np.int64)) for of, mark in zip(names, marks, strict=True)]
    first = draw.randrange(size)
    assert reason_lists(kinds, first, size).to_pylist() == [
        [code for of, mark in zip(names, marks, strict=True) for bit, code in enumerate(of) if mark[at] >> bit & 1]
        for at in range(first, size)
    ]
