"""The same input gives the same bytes: in any order of rows, on any number of threads. More budget is never worth less."""

from __future__ import annotations

import dataclasses
import os

import numpy as np
import pytest
from benchmarks.allocation_problem import made

from basekeep.decide.allocation.allocate import allocate
from basekeep.decide.allocation.problem import Allocation, Problem


@pytest.fixture(scope="module")
def problem() -> Problem:
    """Some chunks' worth: so many that threads share them."""
    return made(20_000, 20, 5)


@pytest.fixture(scope="module")
def answer(problem: Problem) -> Allocation:
    return allocate(problem)


def test_the_order_of_subscribers_and_patterns_does_not_matter(problem: Problem, answer: Allocation) -> None:
    draw = np.random.default_rng(1)
    place = draw.permutation(len(problem.customer))
    customer, party = draw.permutation(len(problem.customer_quota)), draw.permutation(len(problem.party_quota))
    got = allocate(_permuted(problem, place, customer, party, draw.permutation(len(problem.draws_on))))
    assert np.array_equal(_which(problem, answer)[place], _which(_moved(problem, place), got))
    assert (got.value, got.bound, got.passes) == (answer.value, answer.bound, answer.passes)
    assert np.array_equal(got.price, answer.price)


def test_the_number_of_threads_does_not_matter(
    problem: Problem, answer: Allocation, monkeypatch: pytest.MonkeyPatch
) -> None:
    for threads in (1, 3):
        monkeypatch.setattr(os, "cpu_count", lambda threads=threads: threads)
        got = allocate(problem)
        assert np.array_equal(got.chosen, answer.chosen)
        assert np.array_equal(got.price, answer.price)


def test_more_budget_is_never_worth_less_beyond_the_gap(problem: Problem, answer: Allocation) -> None:
    more = np.where(problem.by_cost, problem.limit * 11 // 10, problem.limit)
    got = allocate(dataclasses.replace(problem, limit=more))
    assert got.value >= answer.value * (1 - got.gap)
    assert got.bound >= answer.value


def _which(problem: Problem, answer: Allocation) -> np.ndarray:
    """Of each subscriber which of its options is chosen; -1 for none."""
    return np.where(answer.chosen >= 0, answer.chosen - problem.start[:-1], -1)


def _moved(problem: Problem, place: np.ndarray) -> Problem:
    """Only where options begin: enough for `_which`."""
    size = np.diff(problem.start)[place]
    return dataclasses.replace(problem, start=np.concatenate([[0], np.cumsum(size)]))


def _permuted(
    problem: Problem, place: np.ndarray, customer: np.ndarray, party: np.ndarray, pattern: np.ndarray
) -> Problem:
    """Subscriber `place[i]` at i; customers, parties and patterns with new numbers, by which theirs are looked up."""
    options = np.concatenate([np.arange(problem.start[i], problem.start[i + 1]) for i in place])
    number = np.argsort(pattern)
    slots = np.random.default_rng(2).permutation(problem.draws_on.shape[1])
    return dataclasses.replace(
        _moved(problem, place),
        value=problem.value[options],
        cost=problem.cost[options],
        pattern=number[problem.pattern[options]].astype(np.int32),
        draws_on=problem.draws_on[pattern][:, slots],
        amounts=problem.amounts[pattern][:, slots],
        customer=np.argsort(customer)[problem.customer[place]].astype(np.int32),
        customer_quota=problem.customer_quota[customer],
        party=np.argsort(party)[problem.party[customer]].astype(np.int32),
        party_quota=problem.party_quota[party],
        tie=problem.tie[place],
    )
