"""The limits that all candidates share, and which candidate draws on which: capacity, budgets, stock, floors, care."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from basekeep.decide.allocation.problem import Problem, Short
from basekeep.decide.base import Base
from basekeep.decide.budgets import budget_remarks, budget_slots, covered_by
from basekeep.decide.candidates import Candidates
from basekeep.decide.capacity import Capacities
from basekeep.decide.classes import Classes, Part
from basekeep.decide.contacts import Standing
from basekeep.decide.floors import care_slots, floor_remarks, floor_slots
from basekeep.decide.levers import Levers
from basekeep.decide.parties import parties_of
from basekeep.decide.places import Places
from basekeep.decide.rounding import Whole
from basekeep.decide.slots import Kind, Limit, Slot, at, within
from basekeep.decide.stock import Stock
from basekeep.decide.supplies import capacity_places, capacity_slot, stock_places, stock_slot
from basekeep.playbook.declarations import Playbook
from basekeep.run.remarks import Remark

__all__ = ["Kind", "Limit", "Limited", "limits_of"]

# Candidates are taken by so many subscribers at a time; the answer does not depend on it.
BLOCK = 131_072


@dataclass(frozen=True)
class Limited:
    """The problem of the allocation with the meaning of each of its limits, in their order."""

    problem: Problem
    limits: tuple[Limit, ...]
    remarks: tuple[Remark, ...] = ()


def limits_of(
    playbook: Playbook, base: Base, places: Places, standing: Standing, found: Candidates, capacities: Capacities,
    stock: Stock, levers: Levers, block: int = BLOCK,
) -> Limited:  # fmt: skip
    """What the candidates share: each draws one contact, its cost, and one device where it has one.

    Limits come by kind, in the playbook's order, then by unit; those on which nothing draws are among them. Candidates
    that draw on the same limits by the same amounts share a pattern.
    """
    slots = [
        capacity_slot(playbook, capacities),
        stock_slot(playbook, stock),
        *budget_slots(playbook, places, levers),
        *floor_slots(playbook, base, places, np.diff(found.start) > 0, levers),
        *care_slots(playbook),
    ]
    classes = _classes(playbook, base, places, found, capacities, stock, block)
    draws_on, amounts = _drawn(slots, classes)
    parties = parties_of(base, standing)
    limits = tuple(limit for slot in slots for limit in slot.limits)
    problem = Problem(
        start=found.start, value=found.expected, cost=found.cost, pattern=classes.of, draws_on=draws_on, amounts=amounts,
        by_cost=np.array([slot.by_cost for slot in slots for _ in slot.limits], np.bool_),
        limit=np.concatenate([slot.most for slot in slots]).astype(np.int64),
        customer=base.customer, customer_quota=np.maximum(standing.customer_quota, 0).astype(np.int32),
        party=parties.of, party_quota=parties.quota, tie=base.tie,
    )  # fmt: skip
    return Limited(problem, limits, (*budget_remarks(playbook, places), *floor_remarks(playbook, places)))


def _drawn(slots: Sequence[Slot], classes: Classes) -> tuple[Short, Whole]:
    """By class the limits that it draws on, side by side from the left, and how much of each."""
    limit, amount, before = [], [], 0
    for slot in slots:
        place, much = slot.draws(classes.known)
        limit.append(np.where(place >= 0, place + before, -1))
        amount.append(np.where(place >= 0, much, 0))
        before += len(slot.limits)
    limits, amounts = np.stack(limit, axis=1), np.stack(amount, axis=1)
    order = np.argsort(limits < 0, axis=1, kind="stable")
    width = int((limits >= 0).sum(axis=1).max(initial=0))
    order = order[:, : max(width, 1)]
    return np.take_along_axis(limits, order, 1).astype(np.int32), np.take_along_axis(amounts, order, 1)


def _classes(
    playbook: Playbook, base: Base, places: Places, found: Candidates, capacities: Capacities, stock: Stock, block: int
) -> Classes:
    """Candidates that no limit tells apart, as classes.

    Known of each are an `offer` and a `channel` as far as budgets and care shares tell them apart, the `capacity` and the
    `stock` that it draws on (places + 1, 0 for none), and of its subscriber where it lies and which segments it is in.
    """
    cuts = np.append(np.arange(0, base.size, block), base.size)
    people = _people(playbook, base, places, cuts)
    classes = Classes(found.size, found.start[cuts])
    owner = _Owners(found, cuts)
    alike, offers, channels = _alike(playbook)
    in_slot, in_stock = capacity_places(capacities, len(places.units)), stock_places(playbook, stock)
    in_stock = np.pad(in_stock, ((0, 1), (0, 1)))
    column = np.full(len(places.units) + 1, -1, np.int64)
    column[stock.cities] = np.arange(len(stock.cities))
    city = column[places.lying_in("city", base.branches)][base.branch]
    classes.divide("people", max(people.many, 1), lambda a, b: people.of[owner(a, b)])
    classes.divide("alike", len(offers), lambda a, b: alike[found.offer[a:b], found.channel[a:b]])
    classes.divide(
        "capacity", int(in_slot.max(initial=0)) + 1, lambda a, b: in_slot[found.channel[a:b], found.unit[a:b]]
    )
    classes.divide(
        "stock", int(in_stock.max(initial=0)) + 1, lambda a, b: in_stock[found.model[a:b], city[owner(a, b)]]
    )
    of = classes.known.pop("people")
    classes.known |= {name: known[of] for name, known in people.known.items()}
    classes.known |= {"offer": offers[classes.known["alike"]], "channel": channels[classes.known.pop("alike")]}
    return classes


def _people(playbook: Playbook, base: Base, places: Places, cuts: Whole) -> Classes:
    """Subscribers that no limit tells apart."""
    classes = Classes(base.size, cuts)
    levels = [one.level for one in playbook.budgets.values() if one.level] + [
        one.level for one in playbook.floors.values()
    ]
    for level in dict.fromkeys(levels):
        unit = places.lying_in(level, base.branches).astype(np.int64) + 1
        classes.divide(at(level), len(places.units) + 1, _read(unit, base.branch))
    segments = [*(one.segment for one in playbook.floors.values()), *playbook.contact_policy.care_share]
    for segment in dict.fromkeys(segments):
        classes.divide(within(segment), 2, _read(np.arange(2), base.members(segment).view(np.int8)))
    return classes


def _read(table: Whole, of: npt.NDArray[np.signedinteger[Any]]) -> Part:
    """What a table says of each element."""
    return lambda first, last: table[of[first:last]]


class _Owners:
    """Whose the candidates are of a block that begins and ends where the candidates of subscribers do."""

    def __init__(self, found: Candidates, cuts: Whole) -> None:
        self._found = found
        # Of cuts with no candidates between them the last is kept: who has none owns none.
        self._subscribers = dict(zip(found.start[cuts].tolist(), cuts.tolist(), strict=True))

    def __call__(self, first: int, last: int) -> Whole:
        return self._found.owners(self._subscribers[first], self._subscribers[last])


def _alike(playbook: Playbook) -> tuple[Whole, Whole, Whole]:
    """By offer and channel which are alike in budgets and kind; of each sort an offer and a channel."""
    sorts: dict[tuple[object, ...], tuple[int, int]] = {}
    number = np.zeros((len(playbook.offers), len(playbook.channels)), np.int64)
    budgets = [covered_by(playbook, budget) for budget in playbook.budgets.values()]
    for offer, declared in enumerate(playbook.offers.values()):
        for channel in range(len(playbook.channels)):
            key = (declared.kind, tuple(bool(covered[offer, channel]) for covered in budgets))
            sorts.setdefault(key, (offer, channel))
            number[offer, channel] = list(sorts).index(key)
    of = np.array(list(sorts.values()), np.int64).reshape(-1, 2)
    return number, of[:, 0], of[:, 1]
