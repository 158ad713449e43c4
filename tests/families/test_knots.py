"""Whatever the knot: every family is 2 to 8 well tied, the cut is the same for any order, and a hub joins nobody."""

from __future__ import annotations

import random
from collections.abc import Iterable
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from basekeep.playbook.families import FamilyLimits
from basekeep.run.communities import heads_of
from basekeep.run.knots import Tie, cut
from oracle.families import Rules, Strength, families_of, knots, well_tied

LIMITS = FamilyLimits(3, 8, 10, Fraction(1, 2), Fraction(3, 4))
RULES = Rules()


def named(number: int) -> str:
    return f"S{number:05d}"


def plain(ties: Iterable[Tie]) -> dict[tuple[str, str], Strength]:
    return {(named(t.a), named(t.b)): Strength(Fraction(t.minutes), Fraction(0), t.same_address) for t in ties}


def found(ties: list[Tie]) -> set[frozenset[str]]:
    """The families that the product makes of ties between numbers, by name."""
    people = sorted({who for tie in ties for who in (tie.a, tie.b)})
    place = {who: index for index, who in enumerate(people)}
    columns = ([place[t.a] for t in ties], [place[t.b] for t in ties], [t.minutes for t in ties])
    a, b, minutes = (np.array(column, np.int64) for column in columns)
    heads = heads_of(a, b, minutes, np.array([t.same_address for t in ties], np.bool_), LIMITS)
    families: dict[int, set[str]] = {}
    for index, head in enumerate(heads.tolist()):
        if head >= 0:
            families.setdefault(head, set()).add(named(people[index]))
    assert all(named(people[head]) == min(family) for head, family in families.items())
    return {frozenset(family) for family in families.values()}


@st.composite
def graphs(draw: st.DrawFn) -> list[Tie]:
    """Few people and many ties, often as thick as one another."""
    people = draw(st.integers(2, 22))
    edges = list(combinations(range(people), 2))
    share = draw(st.sampled_from([0.08, 0.2, 0.5, 0.9]))
    dice = draw(st.randoms(use_true_random=False))
    return [Tie(a, b, dice.randint(1, 3), dice.random() < 0.5) for a, b in edges if dice.random() < share]


@settings(max_examples=150, deadline=None)
@given(graphs(), st.randoms(use_true_random=False))
def test_families_equal_the_plain_answer_in_any_order(ties: list[Tie], dice: random.Random) -> None:
    expected = families_of(plain(ties), RULES)
    assert found(ties) == expected
    shuffled = list(ties)
    dice.shuffle(shuffled)
    assert found(shuffled) == expected


@settings(max_examples=150, deadline=None)
@given(graphs())
def test_every_family_is_two_to_eight_well_tied_and_nobody_is_in_two(ties: list[Tie]) -> None:
    edges = plain(ties)
    families = found(ties)
    members = [who for family in families for who in family]
    assert len(members) == len(set(members))
    for family in families:
        inside = {edge: tie for edge, tie in edges.items() if set(edge) <= family}
        assert 2 <= len(family) <= 8
        assert [set(family)] == knots(inside)
        assert well_tied(set(family), inside, RULES)


def clique(first: int, size: int, minutes: int = 10) -> list[Tie]:
    return [Tie(a, b, minutes, True) for a, b in combinations(range(first, first + size), 2)]


def family(first: int, size: int) -> frozenset[str]:
    return frozenset(map(named, range(first, first + size)))


def test_two_households_are_cut_where_one_neighbour_calls_the_other() -> None:
    # The one tie between them has many minutes, and still nobody else calls both.
    assert found([*clique(0, 5), *clique(5, 4), Tie(4, 5, 900, True)]) == {family(0, 5), family(5, 4)}


def test_a_household_of_exactly_eight_is_one_family_and_of_nine_is_not() -> None:
    assert found(clique(0, 8)) == {family(0, 8)}
    assert {len(one) for one in found(clique(0, 9))} == {8}


def test_each_member_is_tied_to_exactly_half_of_the_others_or_more() -> None:
    # Five in a ring: two of four. Six in a ring: two of five.
    ring = [Tie(a, b, 1, True) for a, b in [(0, 1), (1, 2), (2, 3), (3, 4), (0, 4)]]
    assert found(ring) == {family(0, 5)}
    longer = [*ring[:-1], Tie(4, 5, 1, True), Tie(0, 5, 1, True)]
    assert family(0, 6) not in found(longer)


def test_a_neighbour_of_one_member_stays_outside() -> None:
    assert found([*clique(0, 5), Tie(0, 9, 999, True)]) == {family(0, 5)}


def test_a_tie_by_the_address_is_thicker_than_one_by_the_cell() -> None:
    # A chain of four: both ends belong to whom they share the address with.
    chain = [Tie(0, 1, 5, True), Tie(1, 2, 50, False), Tie(2, 3, 5, True)]
    assert found(chain) == {family(0, 2), family(2, 2)}


@pytest.mark.parametrize("size", [1_000, 20_000])
def test_a_large_knot_is_cut_in_no_time(size: int) -> None:
    dice = random.Random(size)
    edges = {(a, b) for a in range(size) for b in (dice.randrange(size) for _ in range(4)) if a < b}
    families = cut([Tie(a, b, dice.randint(1, 1000), dice.random() < 0.5) for a, b in sorted(edges)], LIMITS)
    assert families
    assert all(2 <= len(one) <= 8 for one in families)
