"""Makes allocation problems that look like a month's campaigns: branches, channels, budgets, stock, floors, households.

Everybody has 24 options: an offer each, through one of the channels. Offers belong to campaigns; some hand out a device
of which a city has so many. Values are what a subscriber brings times how well the offer fits, less cost.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from basekeep.decide.allocation.problem import Problem, Whole

OPTIONS = 24
_CHANNELS, _CAMPAIGNS, _MODELS = 5, 8, 6
_BRANCHES_OF_A_CITY = 10
_BLOCK = 50_000
_SERVED = 0.45


@dataclass(frozen=True)
class _Places:
    """Where each kind of limit begins among all limits."""

    branch: int
    channel: int
    campaign: int
    offer: int
    unit_budget: int
    stock: int
    campaign_floor: int
    branch_floor: int
    all: int


@dataclass(frozen=True)
class _Offers:
    campaign: Whole
    cost: Whole
    model: Whole  # -1 for none


def made(subscribers: int, branches: int, seed: int) -> Problem:
    """The problem of this seed; its floors can be met."""
    draw = np.random.default_rng(seed)
    cities = max(1, branches // _BRANCHES_OF_A_CITY)
    places = _places(branches, cities)
    offers = _Offers(
        np.arange(OPTIONS) % _CAMPAIGNS,
        draw.integers(500, 30_000, OPTIONS),
        np.where(draw.random(OPTIONS) < 0.3, draw.integers(0, _MODELS, OPTIONS), -1),
    )
    branch = draw.integers(0, branches, subscribers)
    value, cost, pattern = _options(draw, branch, offers)
    draws_on, amounts = _patterns(places, offers, branches, cities)
    by_cost = np.zeros(places.all, np.bool_)
    by_cost[places.campaign : places.stock] = True
    limit = _limits(draw, places, offers, np.bincount(branch, minlength=branches), float(cost.mean()))
    party, quota = _households(draw, subscribers)
    return Problem(
        np.arange(subscribers + 1) * OPTIONS, value, cost, pattern, draws_on, amounts, by_cost, limit,
        np.arange(subscribers, dtype=np.int32), np.ones(subscribers, np.int32), party, quota,
        draw.permutation(subscribers).astype(np.uint64),
    )  # fmt: skip


def _places(branches: int, cities: int) -> _Places:
    sizes = [branches, _CHANNELS, _CAMPAIGNS, OPTIONS, branches, cities * _MODELS, _CAMPAIGNS, branches]
    return _Places(*np.cumsum([0, *sizes]).tolist())


def _options(draw: np.random.Generator, branch: Whole, offers: _Offers) -> tuple[Whole, Whole, npt.NDArray[np.int32]]:
    """Value, cost and pattern of all options, block by block so that little memory is taken besides."""
    many = len(branch) * OPTIONS
    value, cost, pattern = np.empty(many, np.int64), np.empty(many, np.int64), np.empty(many, np.int32)
    for low in range(0, len(branch), _BLOCK):
        here = branch[low : low + _BLOCK, None]
        size, block = (len(here), OPTIONS), slice(low * OPTIONS, (low + len(here)) * OPTIONS)
        bill = draw.lognormal(8.5, 0.8, (len(here), 1))
        spent = (offers.cost * draw.uniform(0.8, 1.2, size)).astype(np.int64)
        value[block] = (bill * draw.gamma(2, 0.5, size) - 0.35 * spent).astype(np.int64).reshape(-1)
        cost[block] = spent.reshape(-1)
        kind = (here * OPTIONS + np.arange(OPTIONS)) * _CHANNELS + draw.integers(0, _CHANNELS, size)
        pattern[block] = kind.reshape(-1)
    return value, cost, pattern


def _patterns(places: _Places, offers: _Offers, branches: int, cities: int) -> tuple[npt.NDArray[np.int32], Whole]:
    """One pattern for each branch, offer and channel."""
    kind = np.arange(branches * OPTIONS * _CHANNELS)
    channel, offer, branch = kind % _CHANNELS, kind // _CHANNELS % OPTIONS, kind // _CHANNELS // OPTIONS
    city = np.minimum(branch // _BRANCHES_OF_A_CITY, cities - 1)
    campaign, model = offers.campaign[offer], offers.model[offer]
    draws_on = np.stack(
        [
            places.branch + branch,
            places.channel + channel,
            places.campaign + campaign,
            places.offer + offer,
            places.unit_budget + branch,
            np.where(model >= 0, places.stock + city * _MODELS + model, -1),
            places.campaign_floor + campaign,
            places.branch_floor + branch,
        ],
        axis=1,
    ).astype(np.int32)
    amounts = np.ones(draws_on.shape, np.int64)
    amounts[:, -2:] = -1
    return draws_on, amounts


def _limits(draw: np.random.Generator, places: _Places, offers: _Offers, lines: Whole, cost: float) -> Whole:
    """Limits of which about half bind; `lines` of each branch. Floors are a part of what others leave room for."""
    subscribers, branches = lines.sum(), len(lines)
    served = subscribers * _SERVED
    stocks = places.campaign_floor - places.stock
    limit = np.empty(places.all)
    limit[: places.channel] = lines * draw.uniform(0.3, 0.6, branches)
    limit[places.channel : places.campaign] = served / _CHANNELS * draw.uniform(0.6, 1.6, _CHANNELS)
    limit[places.campaign : places.offer] = served * cost / _CAMPAIGNS * draw.uniform(0.4, 1.5, _CAMPAIGNS)
    limit[places.offer : places.unit_budget] = served * cost / OPTIONS * draw.uniform(0.5, 2.5, OPTIONS)
    limit[places.unit_budget : places.stock] = lines * _SERVED * cost * draw.uniform(0.5, 1.2, branches)
    limit[places.stock : places.campaign_floor] = subscribers / stocks * draw.uniform(0.02, 0.1, stocks)
    stock = limit[places.stock : places.campaign_floor].reshape(-1, _MODELS).sum(axis=0)
    shared = np.maximum(1, np.bincount(offers.model[offers.model >= 0], minlength=_MODELS))
    of_offer = np.minimum(
        limit[places.offer : places.unit_budget] / offers.cost,
        np.where(offers.model >= 0, (stock / shared)[offers.model], np.inf),
    )
    room = np.minimum(
        np.bincount(offers.campaign, of_offer),
        limit[places.campaign : places.offer] / np.bincount(offers.campaign, offers.cost) * (OPTIONS // _CAMPAIGNS),
    )
    limit[places.campaign_floor : places.branch_floor] = -room * draw.uniform(0.1, 0.4, _CAMPAIGNS)
    limit[places.branch_floor :] = -lines * draw.uniform(0.05, 0.15, branches)
    return np.trunc(limit).astype(np.int64)


def _households(draw: np.random.Generator, subscribers: int) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """One in twenty subscribers shares a household with two others; a household gets two options at most."""
    party = np.arange(subscribers, dtype=np.int32)
    some = draw.permutation(subscribers)[: subscribers // 20 // 3 * 3]
    party[some] = np.repeat(some[::3], 3)
    quota = np.where(np.bincount(party, minlength=subscribers) > 1, 2, 1).astype(np.int32)
    return party, quota
