"""Capacity is that of the staff at a unit and below it, or what the playbook says; nothing is guessed."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest

from basekeep.decide.capacity import Capacities, Member, capacities
from basekeep.decide.levers import Change, Levers
from basekeep.playbook.declarations import Playbook

from .plain_candidates import above
from .small_base import UNITS, channels, offer, period, places, playbook

DAYS = range(1, 11)


def book(**changes: Any) -> Playbook:
    return playbook({"o": offer()}, channels=channels(**changes))


def held(declared: Playbook, staff: list[Member], channel: str, levers: Levers | None = None) -> dict[str, int]:
    """Contacts by unit over ten days, where there are any."""
    found = made(declared, staff, levers).channels[list(declared.channels).index(channel)]
    assert found is not None
    pairs = zip(found.units.tolist(), found.contacts.tolist(), strict=True)
    return {places().units[unit]: many for unit, many in pairs if many}


def made(declared: Playbook, staff: list[Member], levers: Levers | None = None) -> Capacities:
    return capacities(declared, places(), staff, period(DAYS), levers or Levers())


def remarks(found: Capacities) -> dict[tuple[str, str], int]:
    return {(one.code, one.table): one.count for one in found.remarks if one.count}


@pytest.mark.parametrize("seed", range(10))
def test_staff_at_the_unit_and_below_are_added_up(seed: int) -> None:
    draw = random.Random(seed)
    units = [None, "nowhere", *(unit.unit_id for unit in UNITS)]
    staff = [
        Member(f"E{n}", draw.choice(units), draw.choice(["hall", "account_manager", "hotline", None]),
               draw.choice([None, 0, 5, 12]), draw.choice([True, None, False]))
        for n in range(80)
    ]  # fmt: skip
    for channel, level in (("hall", "branch"), ("account_manager", "county")):
        wanted: dict[str, int] = {}
        for one in staff:
            unit = above(one.unit_id, level)
            if one.role == channel and one.active is not False and unit is not None and one.per_day:
                wanted[unit] = wanted.get(unit, 0) + one.per_day * 10
        assert held(book(), staff, channel) == wanted


def test_a_share_of_the_staffs_day_is_for_these_contacts() -> None:
    staff = [Member("E", "C0Q0B0", "hall", 45), Member("F", "C0Q0B0", "hall", 60), Member("G", "C0Q0B1", "hall", 3)]
    declared = book(hall={"staff_share": "5%", "units": {"C1Q1B1": 8}})
    # 5.25 and 0.15 a day: what ten days hold, rounded down.
    assert held(declared, staff, "hall") == {"C0Q0B0": 52, "C0Q0B1": 1, "C1Q1B1": 80}
    found = made(declared, staff).channels[0]
    assert found is not None
    assert found.per_day[found.units.tolist().index(places().of("C0Q0B0"))] == 6
    assert found.a_person(places().of("C0Q0B0")) == 2.625


def test_what_the_playbook_says_goes_before_the_staff() -> None:
    declared = book(hall={"per_day": 3, "units": {"C0Q0B0": 8, "C0Q0B1": 0}})
    found = held(declared, [Member("E", "C0Q0B0", "hall", 50)], "hall")
    assert (found["C0Q0B0"], found["C1Q1B1"], "C0Q0B1" in found) == (80, 30, False)


def test_a_single_units_number_goes_before_its_staff() -> None:
    declared = book(hall={"units": {"C0Q0B0": 8}})
    staff = [Member("E", "C0Q0B0", "hall", 50), Member("F", "C0Q0B1", "hall", 7)]
    assert held(declared, staff, "hall") == {"C0Q0B0": 80, "C0Q0B1": 70}


def test_only_units_named_hold_anything_where_nothing_else_is_said() -> None:
    assert held(book(e_channel={"units": {"C1": 4}}), [], "e_channel") == {"C1": 40}


def test_a_channel_of_which_nothing_is_said_has_no_limit() -> None:
    assert made(book(), []).channels[2] is None


def test_the_lever_changes_contacts_and_rounds_down() -> None:
    staff = [Member("E", "C0Q0B0", "hall", 5)]
    for change, contacts, per_day in (
        (Change(times=Fraction(11, 10)), 55, 6),
        (Change(times=Fraction(101, 100)), 50, 5),
        (Change(times=Fraction(0)), 0, 0),
        (Change(to=Fraction(7)), 70, 7),
    ):
        found = made(book(), staff, Levers({"capacity.hall": change})).channels[0]
        assert found is not None
        at = found.units.tolist().index(places().of("C0Q0B0"))
        assert (found.contacts[at], found.per_day[at]) == (contacts, per_day)


def test_without_days_nothing_is_held() -> None:
    found = capacities(book(), places(), [Member("E", "C0Q0B0", "hall", 5)], period([]), Levers()).channels[0]
    assert found is not None
    assert found.contacts.tolist() == [0] * len(found.units) == found.per_day.tolist()


def test_units_that_are_not_there_are_named() -> None:
    declared = book(hall={"units": {"C0Q0B7": 8, "C0": 3}}, hotline={"units": {"C0Q0": 1}})
    found = made(declared, [])
    assert remarks(found) == {
        ("playbook.unknown_unit", "channels.hall.units"): 2,
        ("playbook.unknown_unit", "channels.hotline.units"): 1,
    }
    said = next(one for one in found.remarks if one.table == "channels.hall.units")
    assert "C0, C0Q0B7" in said.what.en
    assert "channels.hall.units" in said.do.zh


def test_staff_who_count_for_nothing_are_told() -> None:
    staff = [
        Member("A", "C0Q0B0", "hall", None), Member("B", "C0", "hall", 5), Member("C", None, "hall", 5),
        Member("D", "C0Q0B0", "hall", None, active=False), Member("E", "C0Q0B0", "cook", None),
    ]  # fmt: skip
    assert remarks(made(book(), staff)) == {
        ("staff.without_capacity", "staff"): 1,
        ("staff.outside_of_channel", "staff"): 2,
    }


def test_staff_are_given_by_unit_and_one_more_of_them_makes_the_mean() -> None:
    staff = [Member("B", "C0Q0B0", "hall", 5), Member("A", "C0Q0B0", "hall", 8), Member("C", "C0Q1B0", "hall", None)]
    found, where = made(book(), staff).channels[0], places()
    assert found is not None
    assert [one.staff_id for one in found.staff[where.of("C0Q0B0")]] == ["A", "B"]
    assert [one.staff_id for one in found.staff[where.of("C0Q1B0")]] == ["C"]
    assert found.a_person(where.of("C0Q0B0")) == 6.5
    assert found.a_person(where.of("C1Q1B1")) == 6.5
    hotline = made(book(), staff).channels[3]
    assert hotline is not None
    assert hotline.a_person(where.of("C0")) is None
