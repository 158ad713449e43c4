"""What is chosen in cases that can be followed by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from allocation.problems import Option, problem_of
from basekeep.decide.allocation.allocate import allocate


def chosen_of(options: Sequence[Sequence[Option]], limit: Sequence[int], **more: Sequence[int]) -> list[int]:
    return [int(j) for j in allocate(problem_of(options, limit, **more)).chosen]


def test_without_limits_everybody_gets_what_is_worth_most() -> None:
    assert chosen_of([[(5, 0, {}), (9, 0, {})], [(3, 0, {}), (2, 0, {})]], []) == [1, 2]


def test_nothing_is_chosen_that_brings_nothing() -> None:
    assert chosen_of([[(0, 0, {})], [(-4, 0, {})]], []) == [-1, -1]


def test_a_capacity_goes_to_those_worth_most() -> None:
    assert chosen_of([[(5, 0, {0: 1})], [(9, 0, {0: 1})], [(7, 0, {0: 1})]], [2]) == [-1, 1, 2]


def test_a_budget_is_spent_where_cost_counts() -> None:
    assert chosen_of([[(50, 60, {0: 1})], [(40, 50, {0: 1})], [(40, 50, {0: 1})]], [100], by_cost=[0]) == [-1, 1, 2]


def test_a_limit_of_nothing_lets_nothing_through() -> None:
    assert chosen_of([[(5, 3, {0: 1})], [(9, 3, {1: 1})]], [0, 0], by_cost=[1]) == [-1, -1]


def test_a_floor_forces_what_costs_least() -> None:
    assert chosen_of([[(-5, 0, {0: -1})], [(-3, 0, {0: -1})], [(-9, 0, {0: -1})]], [-2]) == [0, 1, -1]


def test_a_customer_gets_no_more_than_its_quota() -> None:
    options: list[list[Option]] = [[(5, 0, {})], [(9, 0, {})], [(7, 0, {})], [(1, 0, {})]]
    assert chosen_of(options, [], customer=[0, 0, 0, 1], customer_quota=[2, 1]) == [-1, 1, 2, 3]


def test_a_party_gets_no_more_than_its_quota() -> None:
    options: list[list[Option]] = [[(5, 0, {})], [(9, 0, {})], [(7, 0, {})], [(1, 0, {})]]
    quotas = {"customer": [0, 0, 1, 2], "customer_quota": [1, 1, 1], "party": [0, 0, 1], "party_quota": [1, 0]}
    assert chosen_of(options, [], **quotas) == [-1, 1, -1, -1]


@pytest.mark.parametrize("tie", [[0, 1, 2], [2, 1, 0]])
def test_of_equals_the_least_tie_is_first(tie: list[int]) -> None:
    got = chosen_of([[(5, 0, {0: 1})]] * 3, [1], tie=tie)
    assert [j >= 0 for j in got] == [one == 0 for one in tie]


def test_of_equal_options_the_first_is_taken() -> None:
    assert chosen_of([[(5, 0, {}), (5, 0, {})]], []) == [0]


def test_sellers_follow_carers_where_a_share_of_care_is_asked() -> None:
    """At least a half care: sell draws 50, care draws -50, at most 0."""
    options = [[(9, 0, {0: 50}), (2, 0, {0: -50})]] * 4
    got = allocate(problem_of(options, [0]))
    assert got.value == 22
    assert got.used.tolist() == [0]


def test_nobody_and_nothing_are_problems_too() -> None:
    assert allocate(problem_of([], [3])).value == 0
    assert chosen_of([[], []], [3]) == [-1, -1]


def test_one_subscriber_may_have_thousands_of_options() -> None:
    assert chosen_of([[(k, k, {0: 1}) for k in range(5000)]], [3000], by_cost=[0]) == [3000]


def test_the_greatest_numbers_that_are_allowed_are_summed_rightly() -> None:
    options = [[(10**9, 10**8, {0: 1, 1: 100})]] * 50
    got = allocate(problem_of(options, [20 * 10**8, 10**6], by_cost=[0]))
    assert got.value == 20 * 10**9
    assert got.used.tolist() == [20 * 10**8, 2000]
    assert got.value <= got.bound


def test_numbers_that_could_not_be_summed_are_refused() -> None:
    with pytest.raises(ValueError, match="2\\^40"):
        allocate(problem_of([[(2**41, 0, {})]], []))
    with pytest.raises(ValueError, match="limit 0"):
        allocate(problem_of([[(1, 2**30, {0: 2**30})]], [5], by_cost=[0]))


def test_shadow_prices_are_what_one_more_is_worth() -> None:
    options = [[(100 - k, 0, {0: 1})] for k in range(90)]
    got = allocate(problem_of(options, [10]))
    assert 89 <= got.price[0] <= 91
    assert np.count_nonzero(got.chosen >= 0) == 10
