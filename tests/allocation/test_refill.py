"""What became free goes to others: never a barred option, never beyond a limit, never less value."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from basekeep.decide.allocation.allocate import allocate
from basekeep.decide.allocation.problem import Allocation, Problem
from basekeep.decide.allocation.refill import refill

from .problems import keeps_quotas, problem_of, used_by, value_of


def drawn(seed: int) -> Problem:
    """Some thirty subscribers with options that draw on tight limits, some of them of one customer."""
    draw = random.Random(seed)
    options = [
        [
            (draw.randint(1, 900), draw.randint(0, 30), {at: draw.randint(1, 3) for at in draw.sample(range(4), 2)})
            for _ in range(draw.randrange(5))
        ]
        for _ in range(30)
    ]
    limit = [draw.randint(3, 20), draw.randint(3, 20), draw.randint(3, 20), draw.randint(50, 400)]
    return problem_of(options, limit, [3], customer=[at // 2 for at in range(30)], customer_quota=[1] * 15)


def taken_back(problem: Problem, allocation: Allocation, seed: int) -> tuple[Allocation, set[int]]:
    """The allocation without a third of its options, and these."""
    own = [at for at, option in enumerate(allocation.chosen) if option >= 0]
    back = random.Random(seed).sample(own, min(len(own), len(own) // 3 + 1))
    chosen = allocation.chosen.copy()
    chosen[back] = -1
    used = np.array(used_by(problem, chosen.tolist()), np.int64)
    left = replace(allocation, chosen=chosen, value=value_of(problem, chosen.tolist()), used=used)
    return left, set(allocation.chosen[back].tolist())


@pytest.mark.parametrize("seed", range(40))
def test_no_barred_option_comes_back_and_nothing_is_broken(seed: int) -> None:
    problem = drawn(seed)
    left, barred = taken_back(problem, allocate(problem), seed)
    found = refill(problem, left, np.array(sorted(barred), np.int64))
    chosen = found.chosen.tolist()
    assert not set(chosen) & barred
    assert found.used.tolist() == used_by(problem, chosen)
    assert (found.used <= problem.limit).all()
    assert keeps_quotas(problem, chosen)
    assert found.value == value_of(problem, chosen) >= left.value


def test_some_of_it_is_given_away_again() -> None:
    gained = 0
    for seed in range(40):
        problem = drawn(seed)
        left, barred = taken_back(problem, allocate(problem), seed)
        gained += refill(problem, left, np.array(sorted(barred), np.int64)).value > left.value
    assert gained > 20


def test_who_was_out_ranked_gets_what_became_free() -> None:
    problem = problem_of([[(900, 0, {0: 1})], [(500, 0, {0: 1})]], [1])
    first = allocate(problem)
    assert first.chosen.tolist() == [0, -1]
    left = replace(first, chosen=np.array([-1, -1]), value=0, used=np.array([0]))
    assert refill(problem, left, np.array([0])).chosen.tolist() == [-1, 1]
