"""A family's contacts are counted together, over all lines of all its customers."""

from __future__ import annotations

import random

import pytest

from basekeep.decide.parties import UNLIMITED, parties_of

from .small_base import Person, base_of, offer, playbook, standing_of

BOOK = playbook({"o": offer()})


def parties(people: list[Person], quota: list[int]) -> tuple[list[int], list[int]]:
    found = parties_of(base_of(BOOK, people), standing_of(people, [], quota))
    return found.of.tolist(), found.quota.tolist()


def test_customers_of_one_family_are_one_party() -> None:
    of, quota = parties([Person(customer=0, family=0), Person(customer=1, family=0), Person(customer=2)], [1])
    assert of[0] == of[1] != of[2]
    assert (quota[of[0]], quota[of[2]]) == (1, UNLIMITED)


def test_all_lines_of_a_customer_count_with_the_family_of_one() -> None:
    of, quota = parties([Person(customer=0), Person(customer=0, family=0), Person(customer=1, family=0)], [2])
    assert of[0] == of[1]
    assert quota[of[0]] == 2


def test_families_that_share_a_customer_have_the_least_of_their_quotas() -> None:
    people = [
        Person(customer=0, family=0),
        Person(customer=0, family=2),
        Person(customer=1, family=1),
        Person(customer=2, family=2),
    ]
    of, quota = parties(people, [3, 9, 1])
    assert of[0] == of[2] != of[1]
    assert (quota[of[0]], quota[of[1]]) == (1, 9)


def test_nobody_in_a_family_is_a_party_each() -> None:
    assert parties([Person(customer=1), Person(customer=0)], []) == ([0, 1], [UNLIMITED] * 2)


@pytest.mark.parametrize("seed", range(20))
def test_the_same_as_following_ties_one_by_one(seed: int) -> None:
    draw = random.Random(seed)
    people = [Person(customer=n % 30, family=draw.randint(-3, 25)) for n in range(60)]
    people = [Person(customer=one.customer, family=max(one.family, -1)) for one in people]
    quota = [draw.randint(0, 5) for _ in range(max(one.family for one in people) + 1)]
    of, quotas = parties(people, quota)
    for start in range(30):
        together, families, more = {start}, set[int](), True
        while more:
            before = len(together) + len(families)
            families |= {one.family for one in people if one.customer in together and one.family >= 0}
            together |= {one.customer for one in people if one.family in families}
            more = len(together) + len(families) > before
        assert {one for one in range(30) if of[one] == of[start]} == together
        assert quotas[of[start]] == min((quota[one] for one in families), default=UNLIMITED)
