"""One allocation in a process of its own, so that its peak memory is its own; printed as JSON on the last line.

python -m benchmarks.allocation_child WAY SUBSCRIBERS BRANCHES SEED PATIENCE, where WAY is basekeep, highs or pdlp; the
seed may be a range FROM-TO of problems, one after the other.
"""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import dataclass

import numpy as np

from basekeep.decide.allocation.allocate import allocate
from basekeep.decide.allocation.problem import Problem
from benchmarks import allocation_peers
from benchmarks.allocation_problem import made
from benchmarks.child import peak


@dataclass(frozen=True)
class Answer:
    """Of one problem: `value` is 0 from solvers that only bound, `broken` counts limits and quotas."""

    seconds: float
    value: int
    bound: float | None
    broken: int
    passes: int


def main() -> None:
    """Warm up where it is ours, make each problem, answer it."""
    way, subscribers, branches, seeds, patience = sys.argv[1:]
    first, _, last = seeds.partition("-")
    start = time.perf_counter()
    if way == "basekeep":
        allocate(made(2000, 5, 0))
    warmed = time.perf_counter() - start
    answers = [
        _answer(way, made(int(subscribers), int(branches), seed), float(patience))
        for seed in range(int(first), int(last or first) + 1)
    ]
    print()
    print(json.dumps({"warmed": warmed, "peak_gib": peak(), "answers": [vars(one) for one in answers]}))
    sys.stdout.flush()
    os._exit(0)


def _answer(way: str, problem: Problem, patience: float) -> Answer:
    if way != "basekeep":
        solved = getattr(allocation_peers, way)(problem, patience)
        return Answer(solved.seconds, 0, solved.bound, 0, 0)
    start = time.perf_counter()
    got = allocate(problem)
    seconds = time.perf_counter() - start
    return Answer(seconds, got.value, got.bound, _broken(problem, got.chosen), got.passes)


def _broken(problem: Problem, chosen: np.ndarray) -> int:
    """How many limits and quotas the choice breaks, counted anew from the problem alone."""
    has = np.flatnonzero(chosen >= 0)
    j = chosen[has]
    used = np.zeros(len(problem.limit), np.int64)
    for slot in range(problem.draws_on.shape[1]):
        at = problem.draws_on[problem.pattern[j], slot]
        some = at >= 0
        times = np.where(problem.by_cost[at], problem.cost[j], 1)
        np.add.at(used, at[some], (problem.amounts[problem.pattern[j], slot] * times)[some])
    own = (problem.start[has] > j) | (j >= problem.start[has + 1])
    customer = problem.customer[has]
    groups = (customer, problem.customer_quota), (problem.party[customer], problem.party_quota)
    over = sum(int((np.bincount(of, minlength=len(quota)) > quota).sum()) for of, quota in groups)
    return int((used > problem.limit).sum()) + int(own.sum()) + over


if __name__ == "__main__":
    main()
