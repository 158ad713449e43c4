"""How many contacts each channel holds in each unit over the period, and who makes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

import numpy as np

from basekeep.contract.tables import STAFF
from basekeep.decide.lever_names import is_limited
from basekeep.decide.levers import Levers
from basekeep.decide.period import Period
from basekeep.decide.places import Places
from basekeep.decide.rounding import Whole
from basekeep.decide.unit_remarks import strange_units
from basekeep.engines.protocol import Session
from basekeep.kernel.text import Text
from basekeep.playbook.channels import Channel
from basekeep.playbook.declarations import Playbook
from basekeep.run.plan import Plan
from basekeep.run.remarks import Remark
from basekeep.run.stored import stored_rows


@dataclass(frozen=True)
class Member:
    """One of the staff as stored; whether somebody is active may be unknown, and then counts as yes."""

    staff_id: str
    unit_id: str | None
    role: str | None
    per_day: int | None
    active: bool | None = True


@dataclass(frozen=True)
class Capacity:
    """What one channel holds.

    Attributes:
        units: the units that work it, those of its level, as places.
        per_day: of each of them, contacts a day, rounded up; the playbook's, or the sum of its staff's for these contacts.
        contacts: of each, contacts in the period.
        staff: by unit, its staff by id, those without a capacity among them; nobody where the playbook says how many.
        staff_share: how much of their day is for these contacts.
    """

    units: Whole
    per_day: Whole
    contacts: Whole
    staff: Mapping[int, tuple[Member, ...]]
    staff_share: Fraction = Fraction(1)

    def a_person(self, unit: int) -> float | None:
        """How many contacts a day one more person would make: the mean of the unit's, else of the channel's staff."""
        for members in (self.staff.get(unit, ()), [one for some in self.staff.values() for one in some]):
            if known := [one.per_day for one in members if one.per_day]:
                return float(self.staff_share * sum(known) / len(known))
        return None


@dataclass(frozen=True)
class Capacities:
    """By channel, in the playbook's order; None where there is no limit.

    Attributes:
        days: how many days of the period allow contacts.
    """

    channels: tuple[Capacity | None, ...]
    days: int
    remarks: tuple[Remark, ...]


def stored_staff(plan: Plan, session: Session) -> list[Member]:
    """The staff as stored; nobody where none is."""
    stored = stored_rows(plan, STAFF.name)
    rows = session.rows(f"SELECT staff_id, unit_id, role, capacity_per_day, active FROM {stored} s ORDER BY staff_id")
    return [Member(*row) for row in rows]


def capacities(
    playbook: Playbook, places: Places, staff: Iterable[Member], period: Period, levers: Levers
) -> Capacities:
    """What every channel holds in the period, with the levers `capacity.CHANNEL` (contacts per unit and day).

    A unit without staff, or named by nobody, holds 0.
    """
    there = sorted((one for one in staff if one.active is not False), key=lambda one: one.staff_id)
    found, remarks = [], _staff_remarks(playbook, places, there)
    for name, channel in playbook.channels.items():
        remarks += strange_units(places, f"channels.{name}", channel.units, channel.level)
        found.append(_capacity(name, channel, places, there, len(period.days), levers) if is_limited(channel) else None)
    return Capacities(tuple(found), len(period.days), tuple(remarks))


def _capacity(
    name: str, channel: Channel, places: Places, staff: Sequence[Member], days: int, levers: Levers
) -> Capacity:
    units = places.at(channel.level)
    by_unit = {} if channel.per_day is not None else _standing_in(channel, places, staff)
    declared = {places.of(unit): many for unit, many in channel.units.items()}
    a_day = [
        levers.apply(f"capacity.{name}", declared.get(unit, _of_unit(channel, by_unit.get(unit, ()))))
        for unit in units.tolist()
    ]
    contacts = np.array([max(floor(many * days), 0) for many in a_day], np.int64)
    # Rounded up, so that the days together hold what the period does.
    per_day = -(-contacts // days) if days else contacts
    return Capacity(units.astype(np.int64), per_day, contacts, by_unit, channel.staff_share)


def _of_unit(channel: Channel, staff: Sequence[Member]) -> Fraction:
    if channel.per_day is not None:
        return Fraction(channel.per_day)
    return channel.staff_share * sum(one.per_day or 0 for one in staff)


def _standing_in(channel: Channel, places: Places, staff: Sequence[Member]) -> dict[int, tuple[Member, ...]]:
    """By unit of the channel's level, the staff who work it: standing at the unit or anywhere below it."""
    found: dict[int, list[Member]] = {}
    working = [one for one in staff if one.role in channel.roles]
    units = places.lying_in(channel.level, (one.unit_id for one in working))[:-1]
    for one, unit in zip(working, units.tolist(), strict=True):
        if unit >= 0:
            found.setdefault(unit, []).append(one)
    return {unit: tuple(found[unit]) for unit in sorted(found)}


def _staff_remarks(playbook: Playbook, places: Places, staff: Sequence[Member]) -> list[Remark]:
    """Staff of some channel's roles who count for nothing."""
    by_staff = [one for one in playbook.channels.values() if one.per_day is None]
    roles = {role for channel in by_staff for role in channel.roles}
    idle = sum(one.role in roles and one.per_day is None for one in staff)
    outside = 0
    for channel in by_staff:
        working = [one.unit_id for one in staff if one.role in channel.roles]
        outside += int(np.count_nonzero(places.lying_in(channel.level, working)[:-1] < 0))
    return [
        Remark("staff.without_capacity", STAFF.name, idle,
               Text("在岗而没有日容量的人员；按每天 0 次计", "staff who are active and have no capacity per day; they count as 0"),
               Text("补上 capacity_per_day。", "Give them a capacity_per_day.")),
        Remark("staff.outside_of_channel", STAFF.name, outside,
               Text("所在机构不在渠道承接层级之内（更高一级或不存在）的人员；产能不计", "staff whose unit is not in any unit of their channel's level, being above it or not there; their capacity counts nowhere"),
               Text("核对这些人员的 unit_id，或渠道的 level。", "Check the unit_id of these people, or the channel's level.")),
    ]  # fmt: skip
