"""The limits of what there is: contacts of each channel and unit, devices of each model and city."""

from __future__ import annotations

import numpy as np

from basekeep.decide.capacity import Capacities
from basekeep.decide.rounding import Whole
from basekeep.decide.slots import Draws, Limit, Slot, ones
from basekeep.decide.stock import Stock
from basekeep.playbook.declarations import Playbook


def capacity_slot(playbook: Playbook, capacities: Capacities) -> Slot:
    """A limit for each unit of each channel that has any, in the playbook's order."""
    limits, most = [], []
    for name, capacity in zip(playbook.channels, capacities.channels, strict=True):
        if capacity is not None:
            for unit, many, per_day in zip(
                capacity.units.tolist(), capacity.contacts.tolist(), capacity.per_day.tolist(), strict=True
            ):
                limits.append(Limit("capacity", name, unit, channel=name, amount=many, per_day=per_day))
                most.append(many)
    return Slot(tuple(limits), np.array(most, np.int64), False, _drawn("capacity"))


def capacity_places(capacities: Capacities, units: int) -> Whole:
    """By channel and unit the place of its limit in the slot + 1, 0 where there is none; one more unit, none, at the end."""
    found, before = np.zeros((len(capacities.channels), units + 1), np.int64), 0
    for channel, capacity in enumerate(capacities.channels):
        if capacity is not None:
            found[channel, capacity.units] = before + 1 + np.arange(len(capacity.units))
            before += len(capacity.units)
    return found


def stock_slot(playbook: Playbook, stock: Stock) -> Slot:
    """A limit for each model and city that has any, of the models that some offer hands out."""
    places = stock_places(playbook, stock)
    pairs = np.argwhere(places > 0)
    limits = tuple(
        Limit(
            "stock", stock.models[model], int(stock.cities[city]), model=stock.models[model],
            amount=int(stock.available[model, city]),
        )
        for model, city in pairs.tolist()
    )  # fmt: skip
    return Slot(limits, stock.available[pairs[:, 0], pairs[:, 1]], False, _drawn("stock"))


def stock_places(playbook: Playbook, stock: Stock) -> Whole:
    """By model and column of cities the place of its limit in the slot + 1, 0 where there is none."""
    handed = np.zeros(len(stock.models), np.bool_)
    for offer in playbook.offers.values():
        if offer.device is not None:
            handed[stock.fitting(offer.device)] = True
    there = (stock.available > 0) & handed[:, None]
    return np.where(there, np.cumsum(there).reshape(there.shape), 0)


def _drawn(name: str) -> Draws:
    """What draws one of the limit whose place + 1 is known by this name."""
    return lambda known: (known[name] - 1, ones(known[name]))
