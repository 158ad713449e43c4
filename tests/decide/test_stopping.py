"""What stopped those who got nothing: limits without room, by their prices; another line; or a better use of what is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from basekeep.decide.allocation.problem import Allocation, Problem
from basekeep.decide.limits import Limit, Limited
from basekeep.decide.stopping import KINDS, OWN, what_stopped


@dataclass(frozen=True)
class Line:
    """One subscriber: what its candidates are worth and cost, and on which limits each draws one (or its cost)."""

    values: Sequence[int]
    draws: Sequence[Sequence[int]]
    costs: Sequence[int] = (10, 10, 10)
    chosen: int = -1
    customer: int = 0


def case(
    lines: Sequence[Line], limits: Sequence[tuple[str, str, int, float]], quotas: Sequence[int] = (9, 9, 9),
    party: Sequence[int] = (0, 1, 2), party_quotas: Sequence[int] = (9, 9, 9),
) -> tuple[str | None, set[str], set[str]]:  # fmt: skip
    """Of the last line the kind of limit that stopped it, the limits without room, and its own reasons.

    Args:
        limits: kind, name, how much, and the price of one.
    """
    start = np.cumsum([0, *(len(line.values) for line in lines)])
    options = [(value, line.costs[at], line.draws[at]) for line in lines for at, value in enumerate(line.values)]
    width = max((len(draws) for _, _, draws in options), default=0)
    draws_on = np.array([[*draws, *[-1] * (width - len(draws))] for _, _, draws in options], np.int32)
    by_cost = np.array([kind == "budget" for kind, *_ in limits], bool)
    chosen = np.array(
        [first + line.chosen if line.chosen >= 0 else -1 for line, first in zip(lines, start, strict=False)]
    )
    used = np.zeros(len(limits), np.int64)
    for at in chosen[chosen >= 0]:
        for limit in options[at][2]:
            used[limit] += options[at][1] if by_cost[limit] else 1
    problem = Problem(
        start.astype(np.int64), np.array([value for value, *_ in options]), np.array([cost for _, cost, _ in options]),
        np.arange(len(options), dtype=np.int32), draws_on.reshape(len(options), width),
        np.ones((len(options), width), np.int64), by_cost, np.array([most for _, _, most, _ in limits], np.int64),
        np.array([line.customer for line in lines], np.int32), np.array(quotas, np.int32), np.array(party, np.int32),
        np.array(party_quotas, np.int32), np.arange(len(lines), dtype=np.uint64),
    )  # fmt: skip
    prices = np.array([price for *_, price in limits], np.float64)
    allocation = Allocation(chosen.astype(np.int64), 0, 0, prices, used, np.zeros(len(limits), np.int64), 0.0, 0.0, 1)
    named = tuple(Limit(kind, name) for kind, name, *_ in limits)  # type: ignore[arg-type]
    found = what_stopped(Limited(problem, named), allocation)
    kind = int(found.kind[-1])
    full = {code for bit, code in enumerate(found.limits.codes) if found.limits.marks[-1] >> bit & 1}
    own = {code for bit, code in enumerate(OWN) if found.own.marks[-1] >> bit & 1}
    return (KINDS[kind] if kind >= 0 else None), full, own


TAKEN = Line([900], [[0, 1]], chosen=0)


def test_a_full_limit_stops() -> None:
    last = Line([500], [[0]], customer=1)
    assert case([TAKEN, last], [("capacity", "hall", 1, 500.0), ("budget", "all", 99, 0.0)]) == (
        "capacity", {"capacity.hall"}, set(),
    )  # fmt: skip


def test_of_two_full_limits_the_one_that_takes_more_of_its_value_counts_and_both_are_told() -> None:
    limits = [("capacity", "hall", 1, 100.0), ("budget", "all", 15, 30.0)]
    found = case([TAKEN, Line([500], [[0, 1]], customer=1)], limits)
    assert found == ("budget", {"capacity.hall", "budget.all"}, set())


def test_a_limit_with_room_does_not_stop_whatever_its_price() -> None:
    limits = [("capacity", "hall", 1, 1.0), ("budget", "all", 20, 999.0)]
    assert case([TAKEN, Line([500], [[0, 1]], customer=1)], limits) == ("capacity", {"capacity.hall"}, set())


def test_what_stopped_the_best_counts_and_that_of_the_others_is_told() -> None:
    limits = [("capacity", "hall", 1, 1.0), ("stock", "m1", 0, 0.0)]
    taken = Line([900], [[0]], chosen=0)
    found = case([taken, Line([100, 500], [[0], [1]], customer=1)], limits)
    assert found == ("stock", {"capacity.hall", "stock"}, set())


def test_with_room_everywhere_it_was_worth_less_than_what_it_needs() -> None:
    assert case([TAKEN, Line([5], [[0]], customer=1)], [("capacity", "hall", 2, 8.0), ("budget", "all", 99, 0.0)]) == (
        None, set(), {"out_ranked.worth"},
    )  # fmt: skip


def test_another_line_of_the_customer_goes_before() -> None:
    limits = [("capacity", "hall", 9, 0.0), ("budget", "all", 99, 0.0)]
    assert case([TAKEN, Line([500], [[0]])], limits, quotas=(1, 9, 9)) == (None, set(), {"out_ranked.customer"})


def test_another_member_of_the_family_goes_before() -> None:
    limits = [("capacity", "hall", 9, 0.0), ("budget", "all", 99, 0.0)]
    found = case([TAKEN, Line([500], [[0]], customer=1)], limits, party=(0, 0, 1), party_quotas=(1, 9, 9))
    assert found == (None, set(), {"out_ranked.family"})


def test_contacts_used_up_before_are_the_policys_limit() -> None:
    limits = [("capacity", "hall", 9, 0.0), ("budget", "all", 99, 0.0)]
    found = case([TAKEN, Line([500], [[0]], customer=1)], limits, quotas=(9, 0, 9))
    assert found == (None, set(), {"contact_limit"})


def test_a_floor_of_care_stops_selling() -> None:
    found = case([Line([500], [[0]], customer=1)], [("floor", "care_share.vip", 0, 7.0)])
    assert found == ("floor", {"floor.care_share.vip"}, set())


def test_without_limits_nothing_stops() -> None:
    assert case([Line([500], [[]])], []) == (None, set(), {"out_ranked.worth"})


def test_who_has_an_action_or_no_candidates_is_stopped_by_nothing() -> None:
    assert case([TAKEN], [("capacity", "hall", 1, 5.0), ("budget", "all", 9, 1.0)]) == (None, set(), set())
    assert case([TAKEN, Line([], [])], [("capacity", "hall", 1, 5.0), ("budget", "all", 9, 1.0)]) == (
        None,
        set(),
        set(),
    )
