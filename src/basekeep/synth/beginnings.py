"""What each subscriber holds before the first month that is made, or on the day of joining."""

from __future__ import annotations

import numpy as np

from basekeep.synth import devices, plans
from basekeep.synth.arrow import MISSING
from basekeep.synth.blocks import NEVER
from basekeep.synth.codes import GOTONE, MZONE, NONE, PRODUCT_CLASS
from basekeep.synth.devices import Devices
from basekeep.synth.draws import Array, Draws, pick
from basekeep.synth.groups import Groups
from basekeep.synth.people import People, State
from basekeep.synth.timeline import MonthFrame

LONG_AGO = -99  # a month index before all that counts
_BOUGHT_TOGETHER = 0.92


def make_beginnings(people: People, made_devices: Devices, groups: Groups, first: MonthFrame, seed: int) -> State:
    """The state before the first month."""
    size = len(people.code)
    draws = Draws(seed, size)
    start = np.maximum(people.join_day, first.first_day)
    device, device_day = _devices(people, made_devices, start, draws)
    fifth = made_devices.is_5g[device] & draws.chance("beginnings.fifth", 0.34 + 0.12 * np.clip(people.value, -2, 2))
    # Groups that bought together two years ago bought for 4G.
    fifth &= (groups.bought_months[people.group] == 0) | (people.group < 0) if len(groups.size) else True
    mood = draws.normal("beginnings.mood")
    zeros: dict[str, Array] = {name: np.zeros(size, dtype=kind) for name, kind in _ZEROS.items()}
    unknown = {name: np.full(size, MISSING) for name in ("balance", "balance_before", "arpu", "arpu_before")}
    services = draws.count("beginnings.services", np.exp(0.3 * people.value) * 1.7)
    return State(
        plan=_plans(people, fifth, draws),
        upgrade_pack=made_devices.is_5g[device] & ~fifth & draws.chance("beginnings.pack", 0.12),
        device=device,
        device_day=device_day,
        device_5g=made_devices.is_5g[device],
        bound_day=_bound(people, start, draws),
        extra_day=np.where(draws.chance("beginnings.extra", 0.15), start + draws.whole("beginnings.extra_days", -40, 300), NONE),
        services=services,
        services_before=services.copy(),
        dual=draws.chance("beginnings.dual", 0.03) & ~people.silent,
        mood=mood,
        overdue_run=np.where(mood < -1.5, 2, 0).astype(np.int8),
        left=np.full(size, NEVER, dtype=np.int16),
        left_silently=draws.chance("beginnings.left_silently", 0.14),
        cause=np.full(size, NONE, dtype=np.int8),
        sell_until=np.full(size, LONG_AGO, dtype=np.int16),
        care_until=np.full(size, LONG_AGO, dtype=np.int16),
        since_care=np.where(people.cohort < 0, draws.whole("beginnings.since_care", 0, 8), 0).astype(np.int16),
        # The first month has no month before it: twice the base hazard stands for the causes that are not known.
        hazard=np.where(people.hopper, 0, 2 * people.base_hazard).astype(np.float32),
        earlier_left=_earlier(people, first, draws),
        points=np.where(people.cohort < 0, np.exp(people.value * 0.5) * draws.whole("beginnings.points", 0, 3000), 0).astype(np.int32),
        **zeros,
        **unknown,
    )  # fmt: skip


_ZEROS = {
    "fading": np.int8, "wooed": np.int8, "grieved": np.int8, "drift": np.float32,
    "away": np.int8, "sell_log": np.float32, "sell_yuan": np.float32, "care_log": np.float32,
    "opted_out": np.bool_, "causes": np.int32,
}  # fmt: skip


def bulk_purchases(people_group: Array, groups: Groups, last_day: int, draws: Draws) -> Array:
    """The day on which a member's phone was bought together with the group's, NONE for all others."""
    if not len(groups.size):
        return np.full(draws.size, NONE, dtype=np.int32)
    months = np.where(people_group >= 0, groups.bought_months[people_group], 0)
    took_part = (months > 0) & draws.chance("beginnings.took_part", _BOUGHT_TOGETHER)
    day = last_day - months * 30.44 - draws.whole("beginnings.bulk_day", 0, 25)
    return np.where(took_part, day, NONE).astype(np.int32)


def _devices(people: People, made: Devices, start: Array, draws: Draws) -> tuple[Array, Array]:
    """The phone in use at the start: some months old, new for many newcomers."""
    age = -np.log1p(-draws.uniform("beginnings.device_age") * 0.93) * 620
    age = np.where((people.cohort >= 0) & draws.chance("beginnings.new_device", 0.4), 0, age)
    day = (start - age).astype(np.int32)
    model = devices.bought(
        made, day, people.value + 0.5 * draws.normal("beginnings.tier"), draws.uniform("beginnings.brand")
    )
    bulk = (people.bulk_day >= 0) & (people.bulk_day <= start)
    model, day = np.where(bulk, people.bulk_model, model), np.where(bulk, people.bulk_day, day)
    return model, np.maximum(day, made.launched[model]).astype(np.int32)


def _plans(people: People, fifth: Array, draws: Draws) -> Array:
    uniform = draws.uniform("beginnings.family")
    family = np.select(
        [people.brand == GOTONE, people.brand == MZONE], [pick(uniform, (72, 18, 10)), pick(uniform, (38, 52, 10))],
        pick(uniform, (42, 38, 20)),
    )  # fmt: skip
    budget = np.exp(np.log(50) + 0.48 * people.value + 0.22 * draws.normal("beginnings.budget"))
    plan = plans.suited(family, fifth, budget)
    budget = np.where(people.hopper, 39 * draws.lognormal("beginnings.hopper_budget", 1.0, 0.2), budget)
    things = (people.product == PRODUCT_CLASS.index("iot")) & draws.chance("beginnings.things", 0.7)
    return np.where(things, plans.THINGS, plan).astype(np.int8)


def _bound(people: People, start: Array, draws: Draws) -> Array:
    """Ends of bundle campaigns: some running, some over and still on record."""
    newcomer = people.cohort >= 0
    share = np.select([people.hopper, people.migrant, newcomer], [0.06, 0.14, 0.42], 0.40)
    term = np.where(draws.chance("beginnings.term", 0.5), 365, 730)
    running = np.where(newcomer, term, draws.whole("beginnings.bound_days", 1, 730))
    over = -draws.whole("beginnings.over_days", 1, 400)
    has, had = draws.chance("beginnings.bound", share), ~newcomer & draws.chance("beginnings.was_bound", 0.15)
    return np.select([has, had], [start + running, start + over], NONE).astype(np.int32)


def _earlier(people: People, first: MonthFrame, draws: Draws) -> Array:
    """When hoppers left their earlier numbers: every few months, before the first month."""
    tenure = first.number - people.join_number
    gaps = np.column_stack([tenure, draws.whole("beginnings.hop1", 4, 6), draws.whole("beginnings.hop2", 4, 6)])
    known = (people.hopper & (people.cohort < 0))[:, None]
    return np.where(known, -np.cumsum(gaps, axis=1), LONG_AGO).astype(np.int16)
