"""A whole number shared out: exact sums, floors kept, monotone, and the same as one by one in plain Python."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from basekeep.run.upgrade.apportion import apportion

KEYS = st.text("abcdef", min_size=1, max_size=3)
WEIGHTS = st.dictionaries(KEYS, st.integers(0, 200), min_size=1, max_size=8)
TOTALS = st.integers(0, 400)


def one_by_one(total: int, weights: dict[str, int], floors: dict[str, int]) -> dict[str, int]:
    """The method as it is told: the next one to whom it is owed most, ties by weight, then by key."""
    claims = dict(weights)
    if sum(floors.values()) > total:
        claims, floors = floors, dict.fromkeys(floors, 0)
    if not any(claims.values()):
        claims = dict.fromkeys(claims, 1)
    got = dict(floors)
    for _ in range(total - sum(floors.values())):
        key = min(got, key=lambda k: (-Fraction(claims[k], 2 * got[k] + 1), -weights[k], k))
        got[key] += 1
    return got


def floors_of(weights: dict[str, int], least: int) -> dict[str, int]:
    return {key: min(least, weight) for key, weight in weights.items()}


@given(TOTALS, WEIGHTS, st.integers(0, 10))
def test_it_is_what_one_by_one_gives(total: int, weights: dict[str, int], least: int) -> None:
    floors = floors_of(weights, least)
    assert apportion(total, weights, floors) == one_by_one(total, weights, floors)


@given(st.integers(0, 10**9), st.dictionaries(KEYS, st.integers(0, 10**7), min_size=1), st.integers(0, 20))
def test_sums_are_exact_and_floors_are_kept(total: int, weights: dict[str, int], least: int) -> None:
    floors = floors_of(weights, least)
    got = apportion(total, weights, floors)
    assert sum(got.values()) == total
    if sum(floors.values()) <= total:
        assert all(got[key] >= floors[key] for key in weights)


@given(TOTALS, WEIGHTS, st.integers(0, 10))
def test_who_weighs_more_gets_no_less(total: int, weights: dict[str, int], least: int) -> None:
    got = apportion(total, weights, floors_of(weights, least))
    assert all(got[a] >= got[b] for a in weights for b in weights if weights[a] > weights[b])


@given(TOTALS, WEIGHTS, st.integers(0, 10))
def test_with_more_to_give_nobody_gets_less(total: int, weights: dict[str, int], least: int) -> None:
    floors = floors_of(weights, least)
    if sum(floors.values()) <= total:
        less, more = apportion(total, weights, floors), apportion(total + 1, weights, floors)
        assert all(less[key] <= more[key] for key in weights)


@given(WEIGHTS)
def test_a_goal_of_everything_gives_each_its_own(weights: dict[str, int]) -> None:
    total = sum(weights.values())
    if total:
        assert apportion(total, weights, floors_of(weights, 5)) == weights


@given(WEIGHTS, st.data(), st.integers(0, 10))
def test_nobody_is_asked_for_more_than_it_has(weights: dict[str, int], data: st.DataObject, least: int) -> None:
    total = data.draw(st.integers(0, sum(weights.values())))
    if any(weights.values()):
        got = apportion(total, weights, floors_of(weights, least))
        assert all(got[key] <= weights[key] for key in weights)


def test_equal_claims_go_by_key() -> None:
    assert apportion(4, {"c": 1, "a": 1, "b": 1}) == {"a": 2, "b": 1, "c": 1}


def test_nothing_to_share_out_among_nobody() -> None:
    assert apportion(5, {}) == {}
