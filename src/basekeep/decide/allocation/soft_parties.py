"""Solves every party at fixed prices with a choice spread softly over options, so that the dual is smooth in the prices.

Entropy smoothing (Nesterov, Smooth minimization of non-smooth functions, 2005): with temperature τ a subscriber's
best adjusted value becomes τ·log(1 + Σ exp(x/τ)), its choice the shares exp(x/τ) / (1 + Σ exp(x/τ)). Quotas of a
party get prices of their own, found here by halving, so that its shares keep them.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from basekeep.decide.allocation.compiled import compiled
from basekeep.decide.allocation.ordered import Ordered
from basekeep.decide.allocation.problem import Whole

Real = npt.NDArray[np.float64]
# A share below this is not worth following; e^-25 is far below it.
LEAST_SHARE = 1e-6
_FAR = 25.0
_HALVINGS = 45


@compiled
def soft_parties(base: Ordered, low: int, high: int, tau: float, flat: Real, by_cost: Real, sums: Real, used: Real,
                 entries: Whole, shares: Real, ends: Whole) -> None:  # fmt: skip
    """Spread the choice of parties `low` to before `high`.

    Adds to `sums`: the smooth value, what of it is smoothing, and how many shares are between 0 and 1; adds the shares'
    draws to `used`. Where `entries` has room for them, it takes the options of those shares, `shares` their sizes and
    `ends`, of each subscriber from `first[low]`, how many entries there are up to it.
    """
    keep, many, most = len(entries) > 0, 0, 1
    for i in range(base.first[low], base.first[high]):
        most = max(most, base.start[i + 1] - base.start[i])
    room = np.empty(most)
    for g in range(low, high):
        first, last = base.first[g], base.first[g + 1]
        bound = last - first > 1 or base.party_quota[g] < 1
        own = quota_prices(base, g, tau, flat, by_cost, sums) if bound else room
        for i in range(first, last):
            top = own[i - first] if bound else 0.0
            out = top
            for j in range(base.start[i], base.start[i + 1]):
                kind = base.pattern[j]
                x = base.value[j] - flat[kind] - by_cost[kind] * base.cost[j]
                room[j - base.start[i]] = x
                top = max(top, x)
            total = none = math.exp((out - top) / tau)
            for k in range(base.start[i + 1] - base.start[i]):
                far = (room[k] - top) / tau
                room[k] = math.exp(far) if far > -_FAR else 0.0
                total += room[k]
            most_share, mean = none / total, none / total * out
            for j in range(base.start[i], base.start[i + 1]):
                share = room[j - base.start[i]] / total
                if share > 0.0:
                    kind = base.pattern[j]
                    mean += share * (base.value[j] - flat[kind] - by_cost[kind] * base.cost[j])
                    most_share = max(most_share, share)
                    for s in range(base.draws_on.shape[1]):
                        at = base.draws_on[kind, s]
                        if at >= 0:
                            used[at] += share * base.amounts[kind, s] * (base.cost[j] if base.by_cost[at] else 1)
            smooth = top + tau * math.log(total)
            sums[0] += smooth - out
            sums[1] += smooth - mean
            if most_share < 1.0 - LEAST_SHARE:
                for j in range(base.start[i], base.start[i + 1]):
                    share = room[j - base.start[i]] / total
                    if share > LEAST_SHARE:
                        if keep:
                            entries[many], shares[many] = j, share
                        many += 1
            if keep:
                ends[i - base.first[low]] = many
    sums[2] += many


@compiled
def quota_prices(base: Ordered, g: int, tau: float, flat: Real, by_cost: Real, sums: Real) -> Real:
    """What an option must bring beyond its adjusted value in a party with quotas, of each subscriber.

    A price on the party's quota at which as many are served as it allows, then one on each customer's where that
    leaves too many. Adds prices times quotas to the smooth value.
    """
    first, last = base.first[g], base.first[g + 1]
    soft = np.empty(last - first)
    for i in range(first, last):
        top = -1e300
        for j in range(base.start[i], base.start[i + 1]):
            kind = base.pattern[j]
            top = max(top, base.value[j] - flat[kind] - by_cost[kind] * base.cost[j])
        total = 0.0
        for j in range(base.start[i], base.start[i + 1]):
            kind = base.pattern[j]
            total += math.exp((base.value[j] - flat[kind] - by_cost[kind] * base.cost[j] - top) / tau)
        soft[i - first] = top + tau * math.log(total) if total > 0.0 else -1e300
    own = np.empty(last - first)
    served = np.zeros(last - first)
    price = _party_price(base, g, tau, soft, served)
    sums[0] += price * base.party_quota[g]
    own[:] = -1.0
    for i in range(first, last):
        customer = base.customer[i]
        if own[i - first] >= 0.0:
            continue
        if base.customer_size[customer] <= base.customer_quota[customer]:
            own[i - first] = price
            continue
        more = _customer_price(base, g, customer, price, tau, soft)
        sums[0] += more * base.customer_quota[customer]
        for k in range(i, last):
            if base.customer[k] == customer:
                own[k - first] = price + more
    return own


@compiled
def _party_price(base: Ordered, g: int, tau: float, soft: Real, served: Real) -> float:
    first, last = base.first[g], base.first[g + 1]
    low, high = 0.0, _greatest(soft) + tau * (_FAR + math.log(last - first))
    if _served(base, first, last, low, tau, soft, served) <= base.party_quota[g]:
        return 0.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if _served(base, first, last, middle, tau, soft, served) > base.party_quota[g]:
            low = middle
        else:
            high = middle
    return float(high)


@compiled
def _served(base: Ordered, first: int, last: int, price: float, tau: float, soft: Real, served: Real) -> float:
    """How many of a party's subscribers get an option at the price, each customer no more than its quota."""
    whole = 0.0
    for k in range(last - first):
        served[k] = 0.0
    for i in range(first, last):
        customer, share = base.customer[i], _share(soft[i - first] - price, tau)
        if base.customer_size[customer] <= base.customer_quota[customer]:
            whole += share
            continue
        at = i
        for k in range(first, i):
            if base.customer[k] == customer:
                at = k
                break
        more = min(share, max(0.0, base.customer_quota[customer] - served[at - first]))
        served[at - first] += more
        whole += more
    return whole


@compiled
def _customer_price(base: Ordered, g: int, customer: int, price: float, tau: float, soft: Real) -> float:
    first, last = base.first[g], base.first[g + 1]
    low, high = 0.0, max(0.0, _greatest(soft) - price) + tau * (_FAR + math.log(last - first))
    for step in range(_HALVINGS):
        middle = (low + high) / 2 if step else 0.0
        many = 0.0
        for i in range(first, last):
            if base.customer[i] == customer:
                many += _share(soft[i - first] - price - middle, tau)
        if many > base.customer_quota[customer]:
            low = middle
        elif not step:
            return 0.0
        else:
            high = middle
    return float(high)


@compiled
def _greatest(soft: Real) -> float:
    most = 0.0
    for x in soft:
        most = max(most, x)
    return most


@compiled
def _share(x: float, tau: float) -> float:
    far = x / tau
    if far < -_FAR:
        return 0.0
    return 1.0 / (1.0 + math.exp(-far))
