"""Shares a whole number out among many, exactly and fairly. Knows nothing of what is shared.

Webster's method (Sainte-Laguë): each next one goes to whom it is owed most, weight / (2 × already given + 1). Unlike
the method of largest remainders it never takes from one when there is more to give, or when another's weight falls.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from fractions import Fraction


def apportion(total: int, weights: Mapping[str, int], floors: Mapping[str, int] | None = None) -> dict[str, int]:
    """So many for each key, `total` in all.

    Whoever has the greater weight gets no less, where floors are no less too; equal claims go by weight, then by
    key. Where `total` does not reach for all floors, it is shared out by the floors.

    Args:
        total: not below 0.
        weights: not below 0; where all are 0, all count alike.
        floors: the least that each gets; 0 when not given.
    """
    if not weights:
        return {}
    least = {key: (floors or {}).get(key, 0) for key in weights}
    claims = weights
    if sum(least.values()) > total:
        claims, least = least, dict.fromkeys(weights, 0)
    if not any(claims.values()):
        claims = dict.fromkeys(weights, 1)
    given = _below(total, claims, least)
    _hand_out(total - sum(given.values()), claims, weights, given)
    return given


def _below(total: int, claims: Mapping[str, int], least: Mapping[str, int]) -> dict[str, int]:
    """What each gets by the least divisor that is not too much in all; few are left to give."""
    # Divisors in steps so fine that between two of them no more than one falls due for each.
    steps = (total + 1) ** 2
    low, high = 0, (2 * sum(claims.values()) + 1) * steps
    found = dict(least)
    while high - low > 1:
        middle = (low + high) // 2
        tried = {key: max(least[key], _rounded(claim * steps, middle)) for key, claim in claims.items()}
        many = sum(tried.values())
        if many > total:
            low = middle
            continue
        high, found = middle, tried
        if many == total:
            break
    return found


def _rounded(claim: int, divisor: int) -> int:
    """The quotient to the nearest; a half goes down, so that none is given before it is due."""
    return -((divisor - 2 * claim) // (2 * divisor))


def _hand_out(left: int, claims: Mapping[str, int], weights: Mapping[str, int], given: dict[str, int]) -> None:
    """Give the rest one by one, in place."""
    due = [(-Fraction(claim, 2 * given[key] + 1), -weights[key], key) for key, claim in claims.items() if claim]
    heapq.heapify(due)
    for _ in range(left):
        _, weight, key = heapq.heappop(due)
        given[key] += 1
        heapq.heappush(due, (-Fraction(claims[key], 2 * given[key] + 1), weight, key))
