"""What stopped those who have candidates and no action: another line of theirs, a limit without room, or a better use of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from basekeep.decide.allocation.problem import Allocation
from basekeep.decide.base import Marks
from basekeep.decide.limits import Limit, Limited
from basekeep.decide.reason_lists import Marked

# In the order in which kinds of limits are named where none of them has a price.
KINDS = ("stock", "budget", "capacity", "floor")
OWN = ("contact_limit", "out_ranked.customer", "out_ranked.family", "out_ranked.worth")
_Flags = npt.NDArray[np.bool_]
_BLOCK = 500_000
_MOST_CODES = 50


@dataclass(frozen=True)
class Stopped:
    """Why subscribers with candidates have no action.

    Attributes:
        kind: of each subscriber a place in `KINDS`, or -1 where no limit stopped its best candidate.
        limits: codes of the limits that had no room for one of its candidates.
        own: bits of `OWN`: the contacts that the policy allows were used up before, or by another line of the
            customer or of the family; there was room, and its value was less than the price of what it needs.
    """

    kind: npt.NDArray[np.int8]
    limits: Marked
    own: Marked


def what_stopped(limited: Limited, allocation: Allocation) -> Stopped:
    """For each subscriber with candidates of whom none was chosen, what stopped the best of them.

    A limit has no room for a candidate where what the chosen use together with it is more than there is. Of the
    limits without room for the best candidate, the kind counts that takes most of its value at the allocation's
    prices.
    """
    problem = limited.problem
    size = len(problem.start) - 1
    without = (np.diff(problem.start) > 0) & (allocation.chosen < 0)
    own = _used_up(limited, allocation, without)
    codes, bits = _codes(limited.limits)
    kind, marks = np.full(size, -1, np.int8), np.zeros(size, np.int64)
    for block in _blocks(without) if limited.limits else ():
        kind[block], marks[block] = _of_block(limited, allocation, bits, block)
    kind[own != 0] = -1
    own[without & (own == 0) & (kind < 0)] = 1 << OWN.index("out_ranked.worth")
    return Stopped(kind, Marked(codes, marks), Marked(OWN, own))


def _blocks(wanted: _Flags) -> Iterator[npt.NDArray[np.int64]]:
    for first in range(0, len(wanted), _BLOCK):
        if len(found := first + np.flatnonzero(wanted[first : first + _BLOCK])):
            yield found


def _used_up(limited: Limited, allocation: Allocation, without: _Flags) -> Marks:
    """Bits of `OWN` for those whose customer or family has had all its contacts."""
    problem, marks = limited.problem, np.zeros(len(without), np.int64)
    chosen = np.bincount(problem.customer[allocation.chosen >= 0], minlength=len(problem.customer_quota))
    of_party = np.bincount(problem.party, weights=chosen, minlength=len(problem.party_quota)).astype(np.int64)
    customer = problem.customer[without]
    party = problem.party[customer]
    none = (problem.customer_quota[customer] <= 0) | (problem.party_quota[party] <= 0)
    by_customer = ~none & (chosen[customer] >= problem.customer_quota[customer])
    by_party = ~none & (of_party[party] >= problem.party_quota[party])
    marks[without] = none * 1 + by_customer * 2 + by_party * 4
    return marks


def _codes(limits: tuple[Limit, ...]) -> tuple[tuple[str, ...], npt.NDArray[np.int64]]:
    """The limits' codes, and the bit of each limit: limits of one name in several units share it."""
    named = [limit.kind if limit.kind == "stock" else f"{limit.kind}.{limit.name}" for limit in limits]
    if len(set(named)) > _MOST_CODES:
        named = [limit.kind for limit in limits]
    codes = tuple(dict.fromkeys(named))
    places = {code: place for place, code in enumerate(codes)}
    return codes, np.array([1 << places[code] for code in named], np.int64)


def _of_block(
    limited: Limited, allocation: Allocation, bits: npt.NDArray[np.int64], block: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int8], Marks]:
    problem = limited.problem
    counts = np.diff(problem.start)[block]
    first = np.cumsum(counts) - counts
    options = np.repeat(problem.start[block] - first, counts) + np.arange(int(counts.sum()))
    marks = np.zeros(len(options), np.int64)
    takes = np.full((len(options), len(KINDS)), -1.0)
    kinds = np.array([KINDS.index(limit.kind) for limit in limited.limits], np.int64)
    pattern = problem.pattern[options]
    for slot in range(problem.draws_on.shape[1]):
        limit = problem.draws_on[pattern, slot]
        amount = problem.amounts[pattern, slot] * np.where(problem.by_cost[limit], problem.cost[options], 1)
        full = (limit >= 0) & (amount > 0) & (allocation.used[limit] + amount > problem.limit[limit])
        at, of = np.flatnonzero(full), limit[full]
        marks[at] |= bits[of]
        takes[at, kinds[of]] = np.maximum(takes[at, kinds[of]], 0) + allocation.price[of] * amount[at]
    best = _best(problem.value[options], first, counts)
    kind = np.where((takes[best] >= 0).any(axis=1), takes[best].argmax(axis=1), -1)
    return kind.astype(np.int8), np.bitwise_or.reduceat(marks, first)


def _best(
    value: npt.NDArray[np.int64], first: npt.NDArray[np.int64], counts: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """The place of the greatest value in each run of `counts`, of several the first."""
    most = np.repeat(np.maximum.reduceat(value, first), counts)
    places = np.where(value == most, np.arange(len(value)), len(value))
    return np.minimum.reduceat(places, first)
