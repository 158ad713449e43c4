"""General solvers on the same allocation problem, as a linear programme: its greatest value bounds every choice."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from basekeep.decide.allocation.problem import Problem


@dataclass(frozen=True)
class Solved:
    """`bound` is the linear programme's value, None where it was not found in time."""

    bound: float | None
    seconds: float


@dataclass(frozen=True)
class _Programme:
    """Maximise value · x where rows · x ≤ most and 0 ≤ x ≤ 1."""

    value: np.ndarray
    rows: csr_array
    most: np.ndarray


def programme(problem: Problem) -> _Programme:
    """One row for each limit, subscriber, customer and party; those of quotas only where they say more."""
    options, limits = len(problem.value), len(problem.limit)
    row, column, amount = [], [], []
    for slot in range(problem.draws_on.shape[1]):
        at = problem.draws_on[problem.pattern, slot].astype(np.int64)
        here = np.flatnonzero(at >= 0)
        times = np.where(problem.by_cost[at[here]], problem.cost[here], 1)
        row.append(at[here])
        column.append(here)
        amount.append((problem.amounts[problem.pattern[here], slot] * times).astype(np.float64))
    most = [problem.limit.astype(np.float64)]
    subscriber = np.repeat(np.arange(len(problem.customer)), np.diff(problem.start))
    customer = problem.customer[subscriber]
    below = limits
    for group, quota in (
        (subscriber, np.ones(len(problem.customer))),
        (customer, problem.customer_quota),
        (problem.party[customer], problem.party_quota),
    ):
        people = np.zeros(len(quota), np.int64)
        np.add.at(people, _group_of_each(group, problem), 1)
        bind = (np.arange(len(quota)) >= 0) if group is subscriber else people > quota
        number = below + np.cumsum(bind) - 1
        here = np.flatnonzero(bind[group])
        row.append(number[group[here]])
        column.append(here)
        amount.append(np.ones(len(here)))
        most.append(np.asarray(quota, np.float64)[bind])
        below += int(bind.sum())
    rows = csr_array((np.concatenate(amount), (np.concatenate(row), np.concatenate(column))), shape=(below, options))
    return _Programme(problem.value.astype(np.float64), rows, np.concatenate(most))


def _group_of_each(group: np.ndarray, problem: Problem) -> np.ndarray:
    """The group of each subscriber that has options."""
    has = np.flatnonzero(np.diff(problem.start) > 0)
    return np.asarray(group[problem.start[:-1][has]])


def highs(problem: Problem, patience: float) -> Solved:
    """HiGHS, by SciPy, choosing its own method."""
    from scipy.optimize import linprog

    start = time.perf_counter()
    asked = programme(problem)
    found = linprog(
        -asked.value, asked.rows, asked.most, bounds=(0, 1), method="highs", options={"time_limit": patience}
    )
    return Solved(-float(found.fun) if found.status == 0 else None, time.perf_counter() - start)


def pdlp(problem: Problem, patience: float) -> Solved:
    """OR-Tools' PDLP to a relative gap of 0.01%."""
    from ortools.pdlp import solve_log_pb2, solvers_pb2
    from ortools.pdlp.python import pdlp as solver

    start = time.perf_counter()
    asked = programme(problem)
    one = solver.QuadraticProgram()
    one.resize_and_initialize(asked.rows.shape[1], asked.rows.shape[0])
    one.objective_vector = -asked.value
    one.constraint_matrix = asked.rows.tocsc()
    one.constraint_lower_bounds = np.full(len(asked.most), -np.inf)
    one.constraint_upper_bounds = asked.most
    one.variable_lower_bounds = np.zeros(len(asked.value))
    one.variable_upper_bounds = np.ones(len(asked.value))
    how = solvers_pb2.PrimalDualHybridGradientParams()
    how.num_threads = 2
    how.termination_criteria.time_sec_limit = patience
    how.termination_criteria.simple_optimality_criteria.eps_optimal_relative = 1e-4
    how.termination_criteria.simple_optimality_criteria.eps_optimal_absolute = 1e-4
    found = solver.primal_dual_hybrid_gradient(one, how)
    done = found.solve_log.termination_reason == solve_log_pb2.TERMINATION_REASON_OPTIMAL
    value = float((asked.value * found.primal_solution).sum()) if done else None
    return Solved(value, time.perf_counter() - start)
