"""Calls and data of a month, in whole hundredths of minutes and megabytes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from basekeep.synth.blocks import Block
from basekeep.synth.codes import CANCELLED, SUSPENDED
from basekeep.synth.draws import Array, Draws
from basekeep.synth.lines import data_only
from basekeep.synth.plans import INCLUDED_MB

# Use and spending by the months of fading.
FADED_USE = np.array([1, 0.62, 0.5, 0.44, 0.42, 0.4, 0.4, 0.4, 0.4, 0.4], dtype=np.float32)
_PACK_MB = 20 * 1024
_FESTIVAL_TRAVELLERS, _OTHER_TRAVELLERS = 78, 12  # of a hundred


@dataclass(frozen=True)
class Usage:
    """Whole hundredths; `throttled` in days; `level` the month's use against an ordinary one."""

    mou_out: Array
    mou_in: Array
    long_distance: Array
    roaming: Array
    data: Array
    included: Array
    throttled: Array
    level: Array


def use(block: Block, status: Array) -> Usage:
    """The month's use of every subscriber of the block."""
    people, state, draws, month = block.people, block.state, block.draws, block.month
    level = FADED_USE[state.fading] * _share_of_month(block, status, draws)
    mute = people.silent | data_only(people.product)
    minutes = np.exp(people.voice + state.drift + 0.14 * draws.normal("usage.voice")) * (level * month.voice_season)
    minutes = np.where(mute, 0, minutes * np.where(state.dual, 0.8, 1))
    incoming = _incoming_share(block)
    mou_in = hundredths(minutes * incoming)
    mou_out = hundredths(minutes * (1 - incoming))
    distance = np.minimum(people.distance * draws.lognormal("usage.distance", 1.0, 0.3), 1)
    data, included, throttled = _data(block, level)
    return Usage(
        mou_out=mou_out,
        mou_in=mou_in,
        long_distance=np.floor(mou_out * distance).astype(np.int32),
        roaming=np.minimum(_roaming(block), mou_in + mou_out),
        data=data,
        included=included,
        throttled=throttled,
        level=level,
    )


def hundredths(values: Array) -> Array:
    """Natural units as whole hundredths."""
    return np.asarray(np.rint(values * 100), dtype=np.int32)


def _share_of_month(block: Block, status: Array, draws: Draws) -> Array:
    """How much of the month was used: from the day of joining, little when suspended, part when cancelled."""
    month = block.month
    since_joining = np.clip(month.last_day - block.people.join_day + 1, 1, month.days) / np.float32(month.days)
    part = draws.uniform("usage.part")
    limited = np.select([status == CANCELLED, status == SUSPENDED], [part, np.maximum(part - 0.6, 0)], 1.0)
    return np.asarray(since_joining * limited, dtype=np.float32)


def _incoming_share(block: Block) -> Array:
    """About half; who carries a second card calls out on the other one."""
    noise = 0.03 * block.draws.normal("usage.incoming")
    one_sided = 0.79 + 0.5 * (block.people.incoming - 0.49)
    return np.clip(np.where(block.state.dual, one_sided, block.people.incoming) + noise, 0.02, 0.97)


def _roaming(block: Block) -> Array:
    people, draws, month = block.people, block.draws, block.month
    festival = month.festival_days / 7
    # The same people travel in both months of a festival that spans two.
    travels = people.code // 7 % 100 < np.where(people.migrant, _FESTIVAL_TRAVELLERS, _OTHER_TRAVELLERS)
    home = (
        np.where(travels, draws.lognormal("usage.festival", 1.0, 0.7) * np.where(people.migrant, 60, 25), 0) * festival
    )
    trip = draws.chance("usage.trip", 0.06) & ~people.silent
    return hundredths(home + np.where(trip, draws.lognormal("usage.trip_minutes", 9.0, 0.9), 0))


def _data(block: Block, level: Array) -> tuple[Array, Array, Array]:
    """Data used, data included, days slowed: beyond the included data the line is slow and little gets through."""
    people, state, draws, month = block.people, block.state, block.draws, block.month
    included = (INCLUDED_MB[state.plan] + _PACK_MB * state.upgrade_pack).astype(np.float32)
    wish = np.exp(people.saturation + 0.5 * state.drift + 0.16 * draws.normal("usage.data")) * (
        level * month.data_season
    )
    beyond = np.maximum(1 - 1 / np.maximum(wish, 1e-3), 0)
    used = np.where(wish > 1, 1 + 0.1 * beyond, wish) * included
    no_bundle = draws.lognormal("usage.no_bundle", 40, 0.8) * level
    used = np.where(people.silent, 0, np.where(included > 0, used, no_bundle))
    throttled = np.where(people.silent | (included == 0), 0, np.floor(beyond * month.days))
    return hundredths(used), hundredths(included), throttled.astype(np.int32)
