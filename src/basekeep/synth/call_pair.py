"""The `call_pair` table: families at night, colleagues in group networks, friends, neighbours, couriers and shops."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from basekeep.contract.tables import CALL_PAIR
from basekeep.synth import arrow
from basekeep.synth.draws import Array, Draws
from basekeep.synth.people import People
from basekeep.synth.subscriber_month import subscriber_ids
from basekeep.synth.timeline import MonthFrame

MONTHS = 3  # only for the last of the months: families are found in three
_SUBSCRIBERS_PER_HUB = 350
_LARGEST_FAMILY = 7
FAMILY, COLLEAGUE, FRIEND, NEIGHBOUR, HUB = range(5)
# By kind: how often a tie calls in a month, calls both ways, calls at night; share of calls at night; minutes.
_STEADY = np.array([0.99, 0.80, 0.82, 0.72, 0.62], dtype=np.float32)
_BOTH_WAYS = np.array([0.97, 0.66, 0.62, 0.5, 0.55], dtype=np.float32)
_AT_NIGHT = np.array([0.985, 0.2, 0.4, 0.3, 0.3], dtype=np.float32)
_NIGHT = np.array([0.42, 0.08, 0.22, 0.15, 0.12], dtype=np.float32)
_MINUTES = np.array([34, 9, 12, 6, 4], dtype=np.float32)
_VNET = 0.85


@dataclass(frozen=True)
class Ties:
    """Pairs of subscribers (positions) who know each other, each pair once, and how."""

    one: Array
    other: Array
    kind: Array
    vnet: Array


def make_ties(people: People, seed: int) -> Ties:
    """The ties among all subscribers ever; calls are made by those who are there."""
    rows = np.arange(len(people.code))
    draws = Draws(seed, len(rows))
    callers = rows[~people.silent[rows]]
    found = [
        _tied(FAMILY, *_neighbours(callers, people.household[callers], range(1, _LARGEST_FAMILY))),
        _tied(COLLEAGUE, *_shuffled(people.group, rows[people.group[rows] >= 0], draws.stream("ties.group"), 2)),
        _tied(FRIEND, *_some(_shuffled(people.branch, callers, draws.stream("ties.friends"), 1), seed, 0.60)),
        _tied(FRIEND, *_some(_shuffled(people.branch, callers, draws.stream("ties.more"), 1), seed, 0.55)),
        _tied(NEIGHBOUR, *_some(_shuffled(people.cell, callers, draws.stream("ties.cell"), 1), seed, 0.16)),
        _tied(HUB, *_hubs(people, callers, draws)),
    ]
    one, other, kind = (np.concatenate([part[k] for part in found]) for k in range(3))
    # The first of several ties between two people stays: family before all others.
    key = np.minimum(one, other).astype(np.int64) * len(people.code) + np.maximum(one, other)
    _, first = np.unique(key, return_index=True)
    one, other, kind = one[first], other[first], kind[first]
    vnet = (kind == COLLEAGUE) & people.vnet[one] & people.vnet[other]
    return Ties(one, other, kind, vnet & Draws(seed, len(one)).chance("ties.vnet", _VNET))


def call_pair_batch(people: People, ties: Ties, there: Array, month: MonthFrame, seed: int) -> pa.RecordBatch:
    """The calls of a month between those who are there."""
    always, draws = Draws(seed, len(ties.one)), Draws(seed, len(ties.one), month.index)
    called = there[ties.one] & there[ties.other] & draws.chance("ties.called", _STEADY[ties.kind])
    pairs = np.flatnonzero(called)
    kind = ties.kind[pairs]
    strength = _MINUTES[kind] * always.lognormal("ties.strength", 1, 0.6)[pairs]
    there_and_back = always.uniform("ties.both_ways")[pairs] < _BOTH_WAYS[kind]
    forth = strength * draws.lognormal("ties.forth", 1, 0.4)[pairs]
    back = np.where(there_and_back, strength * draws.lognormal("ties.back", 1, 0.4)[pairs], 0)
    at_night = draws.uniform("ties.at_night")[pairs] < _AT_NIGHT[kind]
    night = np.where(at_night, np.clip(_NIGHT[kind] * draws.lognormal("ties.night", 1, 0.35)[pairs], 0.005, 0.95), 0)
    code_one, code_other = people.code[ties.one[pairs]], people.code[ties.other[pairs]]
    in_order = code_one < code_other
    hundredths_forth, hundredths_back = np.rint(forth * 100 + 1), np.rint(back * 100)
    return arrow.batch_of(
        CALL_PAIR,
        {
            "month": arrow.day(np.full(len(pairs), month.first_day)),
            "a_id": subscriber_ids(np.minimum(code_one, code_other)),
            "b_id": subscriber_ids(np.maximum(code_one, code_other)),
            "minutes_ab": arrow.number(np.where(in_order, hundredths_forth, hundredths_back)),
            "minutes_ba": arrow.number(np.where(in_order, hundredths_back, hundredths_forth)),
            "night_share": arrow.number(np.rint(night * 10_000), digits=4),
            "via_vnet": arrow.flag(ties.vnet[pairs]),
        },
    )


def _tied(kind: int, one: Array, other: Array) -> tuple[Array, Array, Array]:
    return one, other, np.full(len(one), kind, dtype=np.int8)


def _neighbours(rows: Array, key: Array, steps: range) -> tuple[Array, Array]:
    """All pairs of rows with the same key that lie up to so many steps apart in the order of the key."""
    order = np.argsort(key, kind="stable")
    rows, key = rows[order], key[order]
    pairs = [np.flatnonzero(key[:-step] == key[step:]) if step < len(key) else np.zeros(0, np.int64) for step in steps]
    return (
        np.concatenate([rows[at] for at in pairs]),
        np.concatenate([rows[at + step] for at, step in zip(pairs, steps, strict=True)]),
    )


def _shuffled(key: Array, rows: Array, stream: np.random.Generator, steps: int) -> tuple[Array, Array]:
    """Each row tied to those who follow it in a random order of those with the same key."""
    mixed = stream.permutation(rows)
    return _neighbours(mixed, key[mixed], range(1, steps + 1))


def _some(pairs: tuple[Array, Array], seed: int, share: float) -> tuple[Array, Array]:
    one, other = pairs
    kept = Draws(seed, len(one)).chance("ties.some", share)
    return one[kept], other[kept]


def _hubs(people: People, callers: Array, draws: Draws) -> tuple[Array, Array]:
    """Couriers and shops: some in each branch, whom a fifth of the branch calls."""
    order = callers[np.argsort(people.branch[callers], kind="stable")]
    hubs = order[::_SUBSCRIBERS_PER_HUB]
    if not len(hubs):
        return callers[:0], callers[:0]
    calls = order[draws.uniform("ties.calls_hub")[: len(order)] < 0.22]
    # The hub next in the order of branches, one further for some.
    place = np.searchsorted(people.branch[hubs], people.branch[calls], side="left")
    further = (draws.uniform("ties.which_hub")[: len(calls)] * 3).astype(np.int64)
    chosen = hubs[np.minimum(place + further, len(hubs) - 1)]
    return chosen[chosen != calls], calls[chosen != calls]
