"""Held against HiGHS on 5,000 subscribers × 24 options: at least 99.9% of the linear programme, and a true bound."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.allocation_peers import highs
from benchmarks.allocation_problem import made

from allocation.problems import keeps_quotas, used_by
from basekeep.decide.allocation.allocate import allocate


@pytest.mark.parametrize("seed", range(6))
def test_the_value_is_near_that_of_the_linear_programme(seed: int) -> None:
    problem = made(5000, 20, seed)
    got = allocate(problem)
    most = highs(problem, 120).bound
    assert most is not None
    assert got.value >= 0.999 * most
    assert most < got.bound + 1  # the bound is rounded down to a whole fen
    assert np.array_equal(got.used, used_by(problem, got.chosen.tolist()))
    assert (got.used <= problem.limit).all()
    assert keeps_quotas(problem, got.chosen.tolist())
    assert got.gap <= 0.001
