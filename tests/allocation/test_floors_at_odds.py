"""Floors that cannot all be met: no other limit gives way, and what they fall short is proven to be the least."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from benchmarks.allocation_peers import programme
from benchmarks.allocation_problem import made
from scipy.optimize import linprog
from scipy.sparse import csr_array, hstack

from basekeep.decide.allocation.allocate import allocate
from basekeep.decide.allocation.problem import Problem


@pytest.mark.parametrize("seed", range(2))
def test_the_shortfall_is_the_least_and_nearly_proven(seed: int) -> None:
    problem = made(3000, 10, seed)
    problem = dataclasses.replace(problem, limit=np.where(problem.limit < 0, problem.limit * 3, problem.limit))
    got = allocate(problem)
    least = _least(problem)
    assert least > 1
    assert (got.short[problem.limit >= 0] == 0).all()
    assert got.shortfall == got.short.sum()  # each option adds one to its floors
    assert got.least_shortfall <= least + 1e-6
    assert got.least_shortfall >= least * 0.98
    assert got.shortfall <= np.ceil(least) + 1
    assert got.gap <= 0.002


def _least(problem: Problem) -> float:
    """By HiGHS: the floors' limits with something to spare, of which the least is wanted."""
    asked, floors = programme(problem), np.flatnonzero(problem.limit < 0)
    spare = csr_array(
        (-np.ones(len(floors)), (floors, np.arange(len(floors)))), shape=(asked.rows.shape[0], len(floors))
    )
    options = len(problem.value)
    cost = np.concatenate([np.zeros(options), np.ones(len(floors))])
    bounds = [(0, 1)] * options + [(0, None)] * len(floors)
    found = linprog(cost, hstack([asked.rows, spare]).tocsr(), asked.most, bounds=bounds, method="highs")
    return float(found.fun)
