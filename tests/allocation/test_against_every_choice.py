"""On problems small enough to try every choice: limits and quotas kept, sums right, the bound true, floors met."""

from __future__ import annotations

import dataclasses

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from allocation.problems import all_choices, best_value, keeps_quotas, problem_of, used_by, value_of
from basekeep.decide.allocation.allocate import allocate
from basekeep.decide.allocation.problem import Problem


@st.composite
def problems(draw: st.DrawFn, floors: bool = True) -> Problem:
    """Up to seven subscribers with up to three options each, up to three limits of any kind, groups with quotas."""
    many = draw(st.integers(0, 7))
    limits = draw(st.integers(0, 3))
    amount = st.integers(-3 if floors else 0, 4)
    option = st.tuples(
        st.integers(-20, 100),
        st.integers(0, 9),
        st.dictionaries(st.integers(0, limits - 1), amount, max_size=limits) if limits else st.just({}),
    )
    options = draw(st.lists(st.lists(option, max_size=3), min_size=many, max_size=many))
    limit = draw(st.lists(st.integers(-4 if floors else 0, 30), min_size=limits, max_size=limits))
    customer = draw(st.lists(st.integers(0, 3), min_size=many, max_size=many))
    customers = max(customer, default=-1) + 1
    party = draw(st.lists(st.integers(0, 2), min_size=customers, max_size=customers))
    return problem_of(
        options,
        limit,
        [at for at in range(limits) if draw(st.booleans())],
        customer,
        draw(st.lists(st.integers(0, 3), min_size=customers, max_size=customers)),
        party,
        draw(st.lists(st.integers(0, 4), min_size=max(party, default=-1) + 1, max_size=max(party, default=-1) + 1)),
        draw(st.permutations(range(many))),
    )


@given(problems())
@settings(max_examples=300, deadline=None)
def test_no_limit_is_broken_and_sums_are_right(problem: Problem) -> None:
    got = allocate(problem)
    chosen = got.chosen.tolist()
    assert keeps_quotas(problem, chosen)
    assert got.used.tolist() == used_by(problem, chosen)
    assert got.value == value_of(problem, chosen)
    assert got.short.tolist() == [max(0, used - most) for used, most in zip(got.used, problem.limit, strict=True)]
    assert all(most < 0 for short, most in zip(got.short, problem.limit, strict=True) if short)


@given(problems())
@settings(max_examples=300, deadline=None)
def test_no_choice_is_worth_more_than_the_bound(problem: Problem) -> None:
    got = allocate(problem)
    best = best_value(dataclasses.replace(problem, limit=problem.limit + got.short))
    assert best is not None
    assert got.value <= best <= got.bound


@given(problems())
@settings(max_examples=300, deadline=None)
def test_floors_are_met_where_they_can_be_and_else_no_choice_falls_less_short_than_is_said(problem: Problem) -> None:
    got = allocate(problem)
    floor = problem.limit < 0
    draw = _mean_draws(problem)
    least = min(
        float((np.maximum(0, used - problem.limit) / draw)[floor].sum())
        for used in (np.array(used_by(problem, chosen)) for chosen in all_choices(problem))
        if (used <= problem.limit)[~floor].all()
    )
    assert got.least_shortfall <= least + 1e-6
    assert abs(got.shortfall - least) < 1e-6


@given(problems())
@settings(max_examples=200, deadline=None)
def test_on_so_few_subscribers_the_best_is_found(problem: Problem) -> None:
    got = allocate(problem)
    assert got.value == best_value(dataclasses.replace(problem, limit=problem.limit + got.short))


def _mean_draws(problem: Problem) -> np.ndarray:
    """Of each limit the mean amount, without its sign, of the options whose pattern names it with one."""
    total, many = np.zeros(len(problem.limit)), np.zeros(len(problem.limit))
    for j, row in enumerate(problem.pattern):
        for at, amount in zip(problem.draws_on[row], problem.amounts[row], strict=True):
            if at >= 0:
                total[at] += abs(int(amount)) * (int(problem.cost[j]) if problem.by_cost[at] else 1)
                many[at] += 1
    return np.where(total > 0, total / np.maximum(many, 1), 1.0)
