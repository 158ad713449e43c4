"""Small allocation problems for tests, and every answer to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np

from basekeep.decide.allocation.problem import Problem

# value, cost, {limit: amount}
Option = tuple[int, int, dict[int, int]]


def problem_of(
    options: Sequence[Sequence[Option]],
    limit: Sequence[int],
    by_cost: Sequence[int] = (),
    customer: Sequence[int] | None = None,
    customer_quota: Sequence[int] | None = None,
    party: Sequence[int] | None = None,
    party_quota: Sequence[int] | None = None,
    tie: Sequence[int] | None = None,
) -> Problem:
    """A problem from what each subscriber can get; `by_cost` names limits. Without more said, everybody stands alone."""
    each = [one for some in options for one in some]
    width = max([len(draws) for _, _, draws in each], default=0) or 1
    draws_on, amounts = np.full((len(each), width), -1, np.int32), np.zeros((len(each), width), np.int64)
    for row, (_, _, draws) in enumerate(each):
        for slot, (at, amount) in enumerate(draws.items()):
            draws_on[row, slot], amounts[row, slot] = at, amount
    customer = range(len(options)) if customer is None else customer
    customers = max(customer, default=-1) + 1
    party = range(customers) if party is None else party
    customer_quota = [len(options)] * customers if customer_quota is None else customer_quota
    party_quota = [len(options)] * (max(party, default=-1) + 1) if party_quota is None else party_quota
    priced = np.zeros(len(limit), np.bool_)
    priced[list(by_cost)] = True
    return Problem(
        start=np.cumsum([0, *map(len, options)]),
        value=np.array([one[0] for one in each], np.int64),
        cost=np.array([one[1] for one in each], np.int64),
        pattern=np.arange(len(each), dtype=np.int32),
        draws_on=draws_on,
        amounts=amounts,
        by_cost=priced,
        limit=np.array(limit, np.int64),
        customer=np.array(customer, np.int32),
        customer_quota=np.array(customer_quota, np.int32),
        party=np.array(party, np.int32),
        party_quota=np.array(party_quota, np.int32),
        tie=np.array(range(len(options)) if tie is None else tie, np.uint64),
    )


def used_by(problem: Problem, chosen: Sequence[int]) -> list[int]:
    """What a choice uses of each limit, in plain Python."""
    used = [0] * len(problem.limit)
    for j in chosen:
        if j >= 0:
            row = int(problem.pattern[j])
            for at, amount in zip(problem.draws_on[row].tolist(), problem.amounts[row].tolist(), strict=True):
                if at >= 0:
                    used[at] += amount * (int(problem.cost[j]) if problem.by_cost[at] else 1)
    return used


def keeps_quotas(problem: Problem, chosen: Sequence[int]) -> bool:
    """Whether no customer and no party has more than its quota, and everybody an option of their own."""
    of_customer, of_party = [0] * len(problem.customer_quota), [0] * len(problem.party_quota)
    for i, j in enumerate(chosen):
        if j >= 0:
            if not problem.start[i] <= j < problem.start[i + 1]:
                return False
            of_customer[problem.customer[i]] += 1
            of_party[problem.party[problem.customer[i]]] += 1
    return all(many <= quota for many, quota in zip(of_customer, problem.customer_quota, strict=True)) and all(
        many <= quota for many, quota in zip(of_party, problem.party_quota, strict=True)
    )


def all_choices(problem: Problem) -> Iterator[tuple[int, ...]]:
    """Every choice that keeps the quotas."""
    own = [[-1, *range(first, last)] for first, last in zip(problem.start[:-1], problem.start[1:], strict=True)]
    return (chosen for chosen in product(*own) if keeps_quotas(problem, chosen))


def value_of(problem: Problem, chosen: Sequence[int]) -> int:
    """Together, in plain Python."""
    return sum(int(problem.value[j]) for j in chosen if j >= 0)


def best_value(problem: Problem) -> int | None:
    """The greatest value within all limits; None where nothing is."""
    limit = problem.limit.tolist()
    return max(
        (
            value_of(problem, chosen)
            for chosen in all_choices(problem)
            if all(used <= most for used, most in zip(used_by(problem, chosen), limit, strict=True))
        ),
        default=None,
    )
