"""Fees and ARPU of a month, in whole hundredths of a yuan."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from basekeep.synth.blocks import Block
from basekeep.synth.codes import ACTIVE
from basekeep.synth.draws import Array
from basekeep.synth.plans import FEE
from basekeep.synth.usage import FADED_USE, Usage

_FADED_SPENDING = np.array([1, 0.52, 0.44, 0.42, 0.42, 0.42, 0.45, 0.5, 0.55, 0.55], dtype=np.float32)
_PER_SERVICE = 1.1  # yuan a month of each value-added service
_STAFF_PAYS = 0.8  # of the list price
_KEPT_NUMBER = 500  # hundredths: what a suspended line still costs


@dataclass(frozen=True)
class Revenue:
    """Whole hundredths of a yuan."""

    plan_fee: Array
    actual_fee: Array
    arpu: Array


def earn(block: Block, status: Array, usage: Usage) -> Revenue:
    """The month's revenue of every subscriber of the block."""
    people, state, draws, month = block.people, block.state, block.draws, block.month
    plan_fee = FEE[state.plan] * 100
    discount = np.where(people.is_staff, _STAFF_PAYS, people.discount)
    share = np.clip(month.last_day - people.join_day + 1, 1, month.days) / month.days
    actual = np.where(status == ACTIVE, np.rint(plan_fee * discount * share), np.minimum(_KEPT_NUMBER, plan_fee))
    # The level of use holds the fading already; what is paid beside the plan follows it.
    beside = np.exp(people.extra + 0.22 * draws.normal("revenue.extra")) * usage.level * month.voice_season
    sold = np.where(state.sell_until >= month.index, state.sell_yuan, 0)
    extra = np.maximum(beside + _PER_SERVICE * state.services + sold, 0) * (status == ACTIVE)
    kept = _FADED_SPENDING[state.fading]
    arpu = actual * kept + extra * 100 * np.where(state.fading > 0, kept / FADED_USE[state.fading], 1)
    return Revenue(plan_fee.astype(np.int32), actual.astype(np.int32), np.rint(arpu).astype(np.int32))
