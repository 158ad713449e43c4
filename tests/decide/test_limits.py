"""The limits hold what is declared, and every candidate draws on those that a dictionary would name."""

from __future__ import annotations

import random
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np
import pytest

from basekeep.decide.allocation.allocate import allocate
from basekeep.decide.base import Base
from basekeep.decide.candidates import Candidates
from basekeep.decide.capacity import Member, capacities
from basekeep.decide.classes import Classes
from basekeep.decide.contacts import Standing
from basekeep.decide.levers import Change, Levers
from basekeep.decide.limits import Limit, Limited, limits_of
from basekeep.decide.stock import stock_of
from basekeep.playbook.declarations import Playbook

from .plain_limits import Key, draws, holds
from .small_base import (
    MODELS,
    Person,
    base_of,
    drawn_people,
    drawn_playbook,
    offer,
    period,
    places,
    playbook,
    standing_of,
    text,
)
from .test_candidates import DECLARED, STOCK, made, rows_of

STAFF = [
    Member("A", "C0Q0B0", "hall", 2), Member("B", "C0Q0B0", "hall", 1), Member("C", "C0Q1B0", "hall", 3),
    Member("D", "C1Q0B1", "hall", 1), Member("E", "C0Q0", "account_manager", 2), Member("F", "C1Q1B0", "account_manager", 1),
]  # fmt: skip
SECTIONS: dict[str, Any] = {
    "budgets": {
        "all": {"name": text("all"), "yuan": 500},
        "spring": {"name": text("spring"), "yuan": "99.99", "campaigns": ["spring"]},
        "e": {
            "name": text("e"),
            "yuan": 3,
            "channels": ["e_channel", "hotline"],
            "level": "county",
            "units": {"C0Q1": 7},
        },
        "first": {"name": text("first"), "yuan": 40, "offers": ["o0"], "level": "city"},
    },
    "floors": {
        "warned": {"name": text("warned"), "segment": "s1", "level": "county", "least": 3, "units": {"C1Q0": 1}},
        "city": {"name": text("city"), "segment": "s3", "level": "city", "least": 2},
    },
}


def limited(
    book: Playbook, base: Base, standing: Standing, found: Candidates, levers: Levers = DECLARED, block: int = 1_000,
    staff: list[Member] = STAFF,
) -> Limited:  # fmt: skip
    where = places()
    held = capacities(book, where, staff, period(range(1, 6)), levers)
    return limits_of(book, base, where, standing, found, held, stock_of(STOCK, MODELS, where, levers), levers, block)


def key_of(limit: Limit) -> Key:
    unit = places().units[limit.unit] if limit.unit >= 0 else None
    return (limit.kind, limit.name, unit, limit.model)


def drawn_case(seed: int, levers: Levers = DECLARED) -> tuple[Playbook, list[Person], Base, Standing, Candidates]:
    draw = random.Random(seed)
    shares = {"s0": "0.3", "s1": draw.choice(["0", "1/3", "1"]), "s2": "0.5"}
    book = drawn_playbook(draw, **SECTIONS, contact_policy={"care_share": shares})
    # Devices by name alone, so that which models count is plain.
    tree = book.model_dump(mode="json")
    for one in tree["offers"].values():
        one["device"] = one["device"] and {"models": ["m0", "m1", "m2", "m4"]}
    book, people = Playbook.model_validate(tree), drawn_people(draw, 90)
    base = base_of(book, people)
    standing = standing_of(
        people, *([draw.choice([0, 1, 2]) for _ in range(n)] for n in (base.customers, base.families))
    )
    return book, people, base, standing, made(book, base, standing, levers=levers)


@pytest.mark.parametrize("seed", range(25))
def test_the_same_as_a_dictionary_counts(seed: int) -> None:
    times = {
        "budget.all": Fraction(3, 2), "budget.e": Fraction(1, 3), "capacity.hall": Fraction(11, 10),
        "floor.warned": Fraction(2, 3), "stock": Fraction(1, 2),
    }  # fmt: skip
    levers = Levers({name: Change(times=factor) for name, factor in times.items()})
    book, people, base, standing, found = drawn_case(seed, levers)
    got = limited(book, base, standing, found, levers)
    rows, problem = rows_of(found, book, base), got.problem
    used_stock = {(one.model, one.unit) for one in got.limits if one.kind == "stock"}
    wanted = holds(book, people, rows, STAFF, STOCK, 5, times)
    assert dict(zip(map(key_of, got.limits), problem.limit.tolist(), strict=True)) == wanted
    assert len(used_stock) == sum(key[0] == "stock" for key in wanted)
    flat = [(person, row) for person, own in zip(people, rows, strict=True) for row in own]
    for option, (person, row) in enumerate(flat):
        of, much = problem.draws_on[problem.pattern[option]], problem.amounts[problem.pattern[option]]
        here = {
            key_of(got.limits[limit]): int(amount) * (row["cost"] if problem.by_cost[limit] else 1)
            for limit, amount in zip(of.tolist(), much.tolist(), strict=True) if limit >= 0
        }  # fmt: skip
        assert here == draws(book, person, row)


def test_limits_carry_their_amounts_for_people() -> None:
    book, _, base, standing, found = drawn_case(1)
    got = limited(book, base, standing, found)
    for limit, most in zip(got.limits, got.problem.limit.tolist(), strict=True):
        if limit.kind == "budget":
            assert limit.amount == most / 100
        elif limit.name.startswith("care_share."):
            assert (limit.share, most) == (book.contact_policy.care_share[limit.segment or ""], 0)
        else:
            assert limit.amount == abs(most)


@pytest.mark.parametrize("block", [1, 7, 90])
def test_the_block_does_not_matter(block: int) -> None:
    book, _, base, standing, found = drawn_case(3)
    once, again = limited(book, base, standing, found), limited(book, base, standing, found, block=block)
    assert once.limits == again.limits
    for name, value in vars(once.problem).items():
        assert np.array_equal(value, getattr(again.problem, name)), name


def test_candidates_alike_share_a_pattern() -> None:
    people = [Person(customer=n, branch=n % 2) for n in range(50)]
    book = playbook({name: offer(serves={"s0": {"hall": "0.5", "e_channel": "0.5"}}) for name in "abc"})
    base, standing = base_of(book, people), standing_of(people)
    found = made(book, base, standing)
    # Three offers of one sort, two halls, and one channel without a limit.
    assert (found.size, len(limited(book, base, standing, found).problem.draws_on)) == (300, 3)


def _between(values: Any, first: int, last: int) -> Any:
    return values[first:last]


def test_classes_by_table_and_by_sorting_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = np.random.default_rng(2)
    parts = {name: draw.integers(0, 9, 500) for name in "abc"}
    cuts = np.array([0, 100, 100, 350, 500])

    def classes() -> Classes:
        found = Classes(500, cuts)
        for name, values in parts.items():
            found.divide(name, 9, partial(_between, values))
        return found

    by_table = classes()
    monkeypatch.setattr("basekeep.decide.classes._TABLE", 0)
    sorted_ = classes()
    assert np.array_equal(by_table.of, sorted_.of)
    assert by_table.many == sorted_.many == len(set(zip(*(one.tolist() for one in parts.values()), strict=True)))
    for name, values in parts.items():
        assert np.array_equal(by_table.known[name][by_table.of], values)
        assert np.array_equal(sorted_.known[name], by_table.known[name])


def test_the_total_lever_holds_all_together() -> None:
    people = [Person(customer=n) for n in range(4)]
    book = playbook({"o": offer()})
    base, standing = base_of(book, people), standing_of(people)
    got = limited(book, base, standing, made(book, base, standing), Levers(total=Fraction(5)))
    assert (got.limits[-1].name, got.limits[-1].amount, got.problem.limit[-1]) == ("total", 5.0, 500)
    assert allocate(got.problem).used[-1] == 500


def test_nothing_is_spent_where_a_budget_has_no_unit() -> None:
    budgets = {"b": {"name": text("b"), "yuan": 100, "level": "county"}}
    book = playbook({"o": offer(serves={"s0": {"e_channel": "0.5"}})}, budgets=budgets)
    # A branch right below its city, an unknown one, and one in a county.
    people = [Person(customer=0, branch=8), Person(customer=1, branch=-1), Person(customer=2)]
    base, standing = base_of(book, people), standing_of(people)
    got = limited(book, base, standing, made(book, base, standing))
    assert allocate(got.problem).chosen.tolist() == [-1, -1, 2]


def test_units_of_budgets_and_floors_that_are_not_there_are_named() -> None:
    sections = {
        "budgets": {"b": {"name": text("b"), "yuan": 1, "level": "city", "units": {"C9": 1, "C0Q0": 2}}},
        "floors": {"f": {"name": text("f"), "segment": "s0", "level": "county", "least": 1, "units": {"nowhere": 4}}},
    }
    book = playbook({"o": offer()}, **sections)
    base, standing = base_of(book, []), standing_of([])
    got = limited(book, base, standing, made(book, base, standing))
    assert [(one.table, one.count) for one in got.remarks] == [("budgets.b.units", 2), ("floors.f.units", 1)]
    assert "C0Q0, C9" in got.remarks[0].what.en
    assert len(got.problem.draws_on) == 0
    assert allocate(got.problem).value == 0


def test_no_capacity_at_all_chooses_nobody() -> None:
    people = [Person(customer=n) for n in range(3)]
    book = playbook({"o": offer()})
    base, standing = base_of(book, people), standing_of(people)
    found = made(book, base, standing)
    assert found.size == 3
    assert allocate(limited(book, base, standing, found, staff=[]).problem).chosen.tolist() == [-1] * 3


@pytest.mark.parametrize("seed", range(10))
def test_the_allocation_keeps_every_limit(seed: int) -> None:
    book, people, base, standing, found = drawn_case(seed)
    got = limited(book, base, standing, found)
    allocation, rows = allocate(got.problem), rows_of(found, book, base)
    used = dict.fromkeys(map(key_of, got.limits), 0)
    by_customer, by_family = dict[int, int](), dict[int, int]()
    for i, option in enumerate(allocation.chosen.tolist()):
        if option >= 0:
            for key, much in draws(book, people[i], rows[i][option - int(found.start[i])]).items():
                used[key] += much
            by_customer[people[i].customer] = by_customer.get(people[i].customer, 0) + 1
            if people[i].family >= 0:
                by_family[people[i].family] = by_family.get(people[i].family, 0) + 1
    assert list(used.values()) == allocation.used.tolist()
    over = allocation.used - got.problem.limit
    assert all(much <= 0 or limit.kind == "floor" for much, limit in zip(over.tolist(), got.limits, strict=True))
    assert all(many <= standing.customer_quota[one] for one, many in by_customer.items())
    assert all(many <= standing.family_quota[one] for one, many in by_family.items())
