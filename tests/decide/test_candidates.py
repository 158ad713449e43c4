"""Candidates are those that one subscriber at a time would give, whatever the offers."""

from __future__ import annotations

import random
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from basekeep.decide.base import NO_DAY, Base
from basekeep.decide.candidates import Candidates, candidates
from basekeep.decide.contacts import Standing
from basekeep.decide.levers import Change, Levers
from basekeep.decide.period import Period
from basekeep.decide.reasons import OWN
from basekeep.decide.stock import stock_of
from basekeep.playbook.declarations import Playbook
from basekeep.relations.compiled import compile_playbook

from .plain_candidates import Plain, Row
from .small_base import (
    GROUP_UNITS,
    MODELS,
    Person,
    base_of,
    drawn_people,
    drawn_playbook,
    period,
    places,
    standing_of,
)

DECLARED = Levers()
STOCK = [("m0", "C0", 3), ("m0", "C0Q0B1", 2), ("m1", "C0", 1), ("m2", "C1Q0", 7), ("m3", "X", 9), ("m4", "C1", 1)]


def made(
    book: Playbook, base: Base, standing: Standing, when: Period | None = None, stock: list[tuple[str, str, int]] = STOCK,
    levers: Levers = DECLARED, block: int = 1_000,
) -> Candidates:  # fmt: skip
    where = places()
    found = stock_of(stock, MODELS, where, levers)
    return candidates(
        book, compile_playbook(book), base, where, standing, when or period(), found, levers, GROUP_UNITS, block
    )


def rows_of(found: Candidates, book: Playbook, base: Base) -> list[list[Row]]:
    units, offers, channels = places().units, list(book.offers), list(book.channels)
    each = [
        {
            "offer": offers[found.offer[k]], "channel": channels[found.channel[k]], "segment": base.served[found.segment[k]],
            "unit": units[found.unit[k]] if found.unit[k] >= 0 else None,
            "model": found.models[found.model[k]] if found.model[k] >= 0 else None,
            "contact_by": None if found.contact_by[k] == NO_DAY else date(1970, 1, 1) + timedelta(days=int(found.contact_by[k])),
            "probability": float(found.probability[k]), "value": int(found.value[k]), "weight": float(found.weight[k]),
            "cost": int(found.cost[k]), "expected": int(found.expected[k]),
        }
        for k in range(found.size)
    ]  # fmt: skip
    return [each[found.start[i] : found.start[i + 1]] for i in range(base.size)]


def reasons_of(found: Candidates, i: int) -> set[str]:
    return {name for bit, name in enumerate(found.why) if (int(found.why_marks[i]) >> bit) & 1}


def one(book: Playbook, person: Person, **more: Any) -> tuple[list[Row], set[str]]:
    """The candidates of a base of one, and the reasons against others."""
    base = base_of(book, [person])
    found = made(book, base, standing_of([person]), **more)
    return rows_of(found, book, base)[0], reasons_of(found, 0)


@pytest.mark.parametrize("seed", range(40))
def test_the_same_as_one_at_a_time(seed: int) -> None:
    draw = random.Random(seed)
    book, people = drawn_playbook(draw), drawn_people(draw, 120)
    base, days = base_of(book, people), sorted(draw.sample(range(1, 32), draw.randint(1, 20)))
    customer_quota = [draw.choice([0, 1, 2, 9]) for _ in range(base.customers)]
    family_quota = [draw.choice([0, 1, 9]) for _ in range(base.families)]
    levers = Levers({"weight.spring": Change(times=Fraction(11, 10))})
    standing = standing_of(people, customer_quota, family_quota)
    found = made(book, base, standing, period(days), levers=levers)
    plain = Plain(
        book, people, [int(tie) for tie in base.tie], period(days).days, STOCK, dict(enumerate(customer_quota)),
        dict(enumerate(family_quota)), {"spring": book.campaigns["spring"].weight * Fraction(11, 10)},
    )  # fmt: skip
    assert rows_of(found, book, base) == plain.rows
    assert [reasons_of(found, i) for i in range(base.size)] == plain.reasons
    flags = zip(found.served.tolist(), found.passed.tolist(), found.allowed.tolist(), strict=True)
    assert list(flags) == plain.flags


@pytest.mark.parametrize("block", [1, 7, 120])
def test_the_block_does_not_matter(block: int) -> None:
    draw = random.Random(5)
    book, people = drawn_playbook(draw), drawn_people(draw, 120)
    base, standing = base_of(book, people), standing_of(people)
    once, again = made(book, base, standing), made(book, base, standing, block=block)
    for name, value in vars(once).items():
        assert np.array_equal(value, getattr(again, name)), name
        assert not isinstance(value, np.ndarray) or value.dtype == getattr(again, name).dtype


def test_the_cases_have_candidates_and_every_reason() -> None:
    many, told = 0, set[str]()
    for seed in range(40):
        draw = random.Random(seed)
        book, people = drawn_playbook(draw), drawn_people(draw, 120)
        quotas = [draw.choice([0, 9]) for _ in range(max(one.customer for one in people) + 1)]
        found = made(book, base_of(book, people), standing_of(people, quotas))
        many += found.size
        told |= {reason for i in range(len(people)) for reason in reasons_of(found, i)}
    assert many > 1_000
    assert told == {*OWN, "cool_down.contact", "limit.month", "cool_down.refusal", "cool_down.success"} - {"quiet"}
