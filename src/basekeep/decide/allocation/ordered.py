"""Puts a problem in the one order that all work is done in, whatever order its rows came in."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from basekeep.decide.allocation.compiled import compiled
from basekeep.decide.allocation.problem import Problem, Short, Whole


class Ordered(NamedTuple):
    """A problem whose parties stand by their least tie, and their subscribers by tie.

    Subscribers whose customer's and party's quotas allow everybody an option are parties of their own. A named tuple,
    because compiled functions take those.

    Attributes:
        first: parties + 1 numbers; the subscribers of party g are `first[g]` to before `first[g + 1]`.
        start, value, cost, pattern: as in `Problem`.
        draws_on, amounts: as in `Problem`, each pattern once, its slots by limit, patterns in the order of their content.
        by_cost, limit: as in `Problem`.
        party: of each subscriber.
        party_quota: of each party.
        customer: of each subscriber.
        customer_quota: of each customer.
        customer_size: of each customer, its subscribers.
        place: of each subscriber, its place in the problem as it came.
        tie: of each subscriber.
    """

    first: Whole
    start: Whole
    value: Whole
    cost: Whole
    pattern: Short
    draws_on: Short
    amounts: Whole
    by_cost: npt.NDArray[np.bool_]
    limit: Whole
    party: Short
    party_quota: Short
    customer: Short
    customer_quota: Short
    customer_size: Short
    place: Whole
    tie: npt.NDArray[np.uint64]

    @property
    def parties(self) -> int:
        return len(self.first) - 1

    @property
    def subscribers(self) -> int:
        return len(self.start) - 1


def ordered(problem: Problem) -> Ordered:
    """The same problem; the arrays of options are not copied where they stand in order already."""
    party, customer, quotas = _groups(problem)
    by_tie = np.argsort(problem.tie)
    rank = np.empty(len(by_tie), np.int64)
    rank[by_tie] = np.arange(len(by_tie))
    head = np.empty(len(quotas[1]), np.int64)
    head[party[by_tie[::-1]]] = np.arange(len(by_tie))[::-1]  # of several the last counts: the least
    place = np.lexsort((rank, head[party]))
    party, party_from = _numbered(party[place])
    customer, customer_from = _numbered(customer[place])
    pattern_of, draws_on, amounts = _patterns(problem)
    start, value, cost, pattern = _options(problem, place, pattern_of)
    return Ordered(
        np.searchsorted(party, np.arange(len(party_from) + 1)), start, value, cost, pattern, draws_on, amounts,
        problem.by_cost, problem.limit, party.astype(np.int32), quotas[1][party_from].astype(np.int32),
        customer.astype(np.int32), quotas[0][customer_from].astype(np.int32),
        np.bincount(customer, minlength=len(customer_from)).astype(np.int32), place, problem.tie[place],
    )  # fmt: skip


def _groups(problem: Problem) -> tuple[Whole, Whole, tuple[Whole, Whole]]:
    """Of each subscriber the party and the customer, and the quotas of customers and of parties."""
    customer = problem.customer.astype(np.int64)
    size = np.bincount(customer, minlength=len(problem.customer_quota))
    most = np.minimum(size, problem.customer_quota)
    wanted = np.bincount(problem.party, weights=most, minlength=len(problem.party_quota))
    bound = wanted > problem.party_quota
    np.logical_or.at(bound, problem.party, size > problem.customer_quota)
    party = problem.party.astype(np.int64)[customer]
    alone = np.flatnonzero(~bound[party])
    party[alone] = len(bound) + np.arange(len(alone))
    customer[alone] = len(size) + np.arange(len(alone))
    ones = np.ones(len(alone), np.int64)
    party_quota = np.minimum(problem.party_quota, wanted.astype(np.int64))
    return party, customer, (np.concatenate([problem.customer_quota, ones]), np.concatenate([party_quota, ones]))


def _numbered(groups: Whole) -> tuple[Whole, Whole]:
    """The groups numbered by where they first stand, and for each number the group."""
    names, at, number = np.unique(groups, return_index=True, return_inverse=True)
    order = np.argsort(at)
    new = np.empty(len(order), np.int64)
    new[order] = np.arange(len(order))
    return new[number], names[order]


def _patterns(problem: Problem) -> tuple[Short, Short, Whole]:
    """Of each pattern its number among the distinct ones, and these."""
    slots = np.argsort(problem.draws_on, axis=1, kind="stable")
    draws_on = np.take_along_axis(problem.draws_on, slots, axis=1).astype(np.int64)
    amounts = np.where(draws_on < 0, 0, np.take_along_axis(problem.amounts, slots, axis=1))
    width = draws_on.shape[1]
    if not width:
        return np.zeros(len(draws_on), np.int32), np.full((1, 1), -1, np.int32), np.zeros((1, 1), np.int64)
    rows, number = np.unique(np.hstack([draws_on, amounts]), axis=0, return_inverse=True)
    draws = np.ascontiguousarray(rows[:, :width], dtype=np.int32)
    return number.reshape(-1).astype(np.int32), draws, np.ascontiguousarray(rows[:, width:])


def _options(problem: Problem, place: Whole, pattern_of: Short) -> tuple[Whole, Whole, Whole, Short]:
    start = np.zeros(len(place) + 1, np.int64)
    np.cumsum(np.diff(problem.start)[place], out=start[1:])
    pattern = pattern_of[problem.pattern]
    if np.array_equal(place, np.arange(len(place))):
        return start, problem.value, problem.cost, pattern
    value, cost, patterns = np.empty_like(problem.value), np.empty_like(problem.cost), np.empty_like(pattern)
    _move(problem.start, place, start, (problem.value, problem.cost, pattern), (value, cost, patterns))
    return start, value, cost, patterns


@compiled
def _move(
    given_start: Whole, place: Whole, start: Whole, given: tuple[Whole, Whole, Short], moved: tuple[Whole, Whole, Short]
) -> None:
    for i in range(len(place)):
        shift = given_start[place[i]] - start[i]
        for j in range(start[i], start[i + 1]):
            moved[0][j], moved[1][j], moved[2][j] = given[0][j + shift], given[1][j + shift], given[2][j + shift]
