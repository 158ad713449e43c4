"""The operator before its first month: organisation, staff, phones, groups, people and what they hold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from basekeep.synth.beginnings import bulk_purchases, make_beginnings
from basekeep.synth.devices import Devices, bought, for_4g, make_devices, model_ids
from basekeep.synth.draws import Array, Draws
from basekeep.synth.groups import Groups, group_ids, make_groups
from basekeep.synth.habits import make_habits
from basekeep.synth.homes import make_homes
from basekeep.synth.identity import make_identity
from basekeep.synth.lines import make_lines
from basekeep.synth.options import Options
from basekeep.synth.org_unit import Organisation, make_organisation
from basekeep.synth.people import People, State
from basekeep.synth.staff import Staff, make_staff
from basekeep.synth.subscriber_month import Words, cell_ids
from basekeep.synth.timeline import MonthFrame, timeline

_JOIN_RATE = 0.020  # newcomers a month, of the base
_GROWTH = 1.0025  # a month: newcomers less those who leave


@dataclass(frozen=True)
class World:
    """Everything there is before the first month."""

    options: Options
    months: tuple[MonthFrame, ...]
    organisation: Organisation
    staff: Staff
    devices: Devices
    groups: Groups
    people: People
    state: State
    words: Words


def make_world(options: Options) -> World:
    """The world of the options."""
    months, seed = timeline(options), options.seed
    organisation = make_organisation(options.subscribers)
    devices, staff = make_devices(options.last_month.year, seed), make_staff(organisation)
    founders = max(round(options.subscribers / _GROWTH ** (options.months - 1)), 1)
    newcomers = _newcomers(founders, months)
    people, groups = _people(founders, newcomers, months, organisation, devices, seed)
    return World(
        options=options,
        months=months,
        organisation=organisation,
        staff=staff,
        devices=devices,
        groups=groups,
        people=people,
        state=make_beginnings(people, devices, groups, months[0], seed),
        words=_words(organisation, groups, devices, staff),
    )


def _newcomers(founders: int, months: tuple[MonthFrame, ...]) -> list[int]:
    return [round(founders * _GROWTH**month.index * _JOIN_RATE * month.newcomer_season) for month in months]


def _people(
    founders: int, newcomers: list[int], months: tuple[MonthFrame, ...], organisation: Organisation,
    devices: Devices, seed: int,
) -> tuple[People, Groups]:  # fmt: skip
    homes = make_homes(founders, sum(newcomers), len(organisation.branch_ids), seed)
    columns = make_identity(homes, newcomers, months, seed)
    columns |= make_lines(homes, columns, months[0].number, seed)
    groups, of_groups = make_groups(columns, organisation.county_of_branch, founders, seed)
    columns |= of_groups
    columns |= _bulk(columns["group"], groups, devices, months[-1].last_day, seed)
    columns |= make_habits(columns, months[0].number, seed)
    # Half the memory, and enough for what habits are.
    narrow = {name: c.astype(np.float32) if c.dtype == np.float64 else c for name, c in columns.items()}
    return People(**narrow), groups


def _bulk(group: Array, groups: Groups, devices: Devices, last_day: int, seed: int) -> dict[str, Array]:
    """The phones that groups bought together for their 4G plans: one brand, two tiers."""
    draws = Draws(seed, len(group))
    day = bulk_purchases(group, groups, last_day, draws)
    value = draws.normal("world.bulk_tier") * 0.5 + 0.6
    model = bought(devices, np.maximum(day, 0), value, draws.uniform("world.bulk_brand"))
    if len(groups.size):
        of_one_brand = len(devices.brand) // len(np.unique(devices.brand))
        model = groups.bought_brand[group].astype(np.int16) * of_one_brand + model % of_one_brand
    return {"bulk_day": day, "bulk_model": for_4g(devices, model)}


def _words(organisation: Organisation, groups: Groups, devices: Devices, staff: Staff) -> Words:
    return Words(
        branches=pa.array(organisation.branch_ids),
        cells=cell_ids(len(organisation.branch_ids)),
        groups=group_ids(len(groups.size)),
        devices=model_ids(devices),
        staff_units=pa.array(staff.unit_ids),
    )
