"""What every block of subscribers is asked of each offer, made ready once: bits, dates, units, devices, options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from basekeep.decide.base import NO_DAY, Base, Int
from basekeep.decide.contacts import Standing
from basekeep.decide.lever_names import is_limited
from basekeep.decide.levers import Levers
from basekeep.decide.options import Option, options_of
from basekeep.decide.period import Period
from basekeep.decide.places import Places
from basekeep.decide.reasons import Reasons, reasons_of
from basekeep.decide.stock import Handing, Stock, handing
from basekeep.playbook.channels import Channel
from basekeep.playbook.declarations import Playbook
from basekeep.playbook.offers import Offer
from basekeep.relations.compiled import Compiled

_ACCOUNT_MANAGER = "account_manager"
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Asked:
    """One offer.

    Attributes:
        options: by each segment that it serves, a place in `Base.served`, in the order written.
        first_day: the first day of the period on which it is there, as a number; None where there is none.
        last_day: the last day on which it is there, where that is before the period's last; else NO_DAY.
        family: its benefit family's bit in `Standing.running`, 0 where none of its benefits can run.
    """

    place: int
    declared: Offer
    value: int
    options: Mapping[int, tuple[Option, ...]]
    first_day: int | None
    last_day: int
    family: int
    handing: Handing | None


@dataclass(frozen=True)
class Questions:
    """All of it.

    Attributes:
        branch_unit, group_unit: by channel, of each branch (group) of the base the unit that would make the contact;
            -1 where it is not known. The last element is that of an unknown branch (of no group).
        unlimited: by channel, whether it can do without a unit.
        city: of each branch of the base its city.
        reserved: by rule the bits of the channels that alone may contact.
        quiet: whether the period has no day for contacts.
    """

    offers: tuple[Asked, ...]
    reasons: Reasons
    branch_unit: tuple[Int, ...]
    group_unit: tuple[Int, ...]
    unlimited: tuple[bool, ...]
    city: Int
    reserved: tuple[int, ...]
    quiet: bool


def questions(
    playbook: Playbook, compiled: Compiled, base: Base, places: Places, standing: Standing, period: Period,
    stock: Stock, levers: Levers, group_units: Mapping[str, str],
) -> Questions:  # fmt: skip
    """Make them ready; see `candidates` for the arguments."""
    channels, names = tuple(playbook.channels.values()), list(playbook.channels)
    own = [group_units.get(group) for group in base.groups]
    policy = playbook.contact_policy
    return Questions(
        tuple(_offers(playbook, compiled, base, places, standing, period, stock, levers)),
        reasons_of(playbook, standing),
        tuple(places.lying_in(one.level, base.branches) for one in channels),
        tuple(_of_groups(one, places, own) for one in channels),
        tuple(not is_limited(one) for one in channels),
        places.lying_in("city", base.branches),
        tuple(sum(1 << names.index(one) for one in rule.channels) for rule in policy.reserved.values()),
        not period.days,
    )


def number_of(day: date) -> int:
    """A day as its number since 1970."""
    return (day - _EPOCH).days


def _of_groups(channel: Channel, places: Places, own: list[str | None]) -> Int:
    """Account managers go where the group is looked after, all others where the line is."""
    if _ACCOUNT_MANAGER in channel.roles:
        return places.lying_in(channel.level, own)
    return np.full(len(own) + 1, -1, np.int32)


def _offers(
    playbook: Playbook, compiled: Compiled, base: Base, places: Places, standing: Standing, period: Period,
    stock: Stock, levers: Levers,
) -> list[Asked]:  # fmt: skip
    if compiled.decisions is None:
        return []
    values = compiled.decisions.values
    return [
        Asked(
            place,
            offer.declared,
            values.index(offer.value),
            options_of(playbook, offer.name, base.served, levers),
            _first_day(offer.declared, period),
            _last_day(offer.declared, period),
            _family(offer.declared, standing),
            handing(stock, offer.declared.device, len(places.units)) if offer.declared.device else None,
        )
        for place, offer in enumerate(compiled.decisions.offers)
    ]


def _first_day(offer: Offer, period: Period) -> int | None:
    """Offers that the policy leaves no day for are asked about as if every day were allowed."""
    days = period.days or (period.first, period.last)
    there = (day for day in days if (offer.valid_from or day) <= day <= (offer.valid_until or day))
    return next((number_of(day) for day in there), None)


def _last_day(offer: Offer, period: Period) -> int:
    until = offer.valid_until
    return NO_DAY if until is None or until >= period.last else number_of(until)


def _family(offer: Offer, standing: Standing) -> int:
    if offer.benefit_family not in standing.benefit_families:
        return 0
    return 1 << standing.benefit_families.index(offer.benefit_family)
