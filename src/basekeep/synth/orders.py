"""What is bought in a month, and what orders and care change for the subscriber from then on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from basekeep.synth import offers, plans
from basekeep.synth.blocks import Block
from basekeep.synth.campaigns import Contacts, menu_offers
from basekeep.synth.codes import ACTIVE, AGREED, HALL, NONE, OPTED_OUT, REACHED
from basekeep.synth.draws import Array

_KEEPS_WORD = 0.82  # of those who agreed
_RENEWS = 0.42  # of those whose bundle ends this month
_MONTH_DAYS = 30.44
_FIFTH = plans.fifth_plan()


@dataclass(frozen=True)
class Orders:
    """Orders of a block, at most one a month for each subscriber; days since 1970, `until` −1 without an end."""

    row: Array
    offer: Array
    channel: Array
    day: Array
    until: Array


def order(block: Block, here: Array, status: Array, throttled: Array, sold: Contacts) -> Orders:
    """Orders after a contact, renewals when a bundle ends, and purchases of one's own in the hall."""
    agreed = np.flatnonzero((sold.result == AGREED) & (block.draws.uniform("orders.keeps")[sold.row] < _KEEPS_WORD))
    after_row, after_day = sold.row[agreed], sold.minute[agreed] // 1440
    delay = (block.draws.uniform("orders.delay")[after_row] * 4).astype(np.int64)
    own_row, own_offer, own_day = _of_their_own(block, here & (status == ACTIVE), throttled, after_row)
    row = np.concatenate([after_row, own_row])
    offer = np.concatenate([sold.offer[agreed], own_offer]).astype(np.int8)
    day = np.minimum(np.concatenate([after_day + delay, own_day]), block.month.last_day).astype(np.int32)
    channel = np.concatenate([sold.channel[agreed], np.full(len(own_row), HALL)]).astype(np.int8)
    months = offers.MONTHS[offer]
    until = np.where(months > 0, day + (months * _MONTH_DAYS).astype(np.int32), NONE).astype(np.int32)
    return Orders(row, offer, channel, day, until)


def take_effect(block: Block, orders: Orders) -> None:
    """What an order changes: bundles, campaigns, plans, phones' packs, the true effects."""
    people, state, index = block.people, block.state, block.month.index
    row, offer = orders.row, orders.offer
    binds, extra = offers.BINDS[offer], offers.EXTRA[offer]
    state.bound_day[row[binds]] = np.maximum(orders.until[binds], state.bound_day[row[binds]])
    state.extra_day[row[extra]] = orders.until[extra]
    more = row[offer == offers.CODE["vas_trial"]]
    state.services[more] = np.minimum(state.services[more] + 1, 12)
    state.upgrade_pack[row[offer == offers.CODE["pack_5g"]]] = True
    fifth = row[offer == offers.CODE["plan_5g"]]
    state.plan[fifth] = _FIFTH[state.plan[fifth]]
    people.directed[row[offer == offers.CODE["directed_long_distance"]]] = True
    state.sell_log[row] = offers.hazard_effect(offer, people.response[row])
    state.sell_yuan[row] = offers.yuan_effect(offer, people.response[row])
    state.sell_until[row] = index + np.maximum(offers.MONTHS[offer], 1)


def feel_care(block: Block, cared: Contacts, sold: Contacts) -> Array:
    """What contacts change; the number of care contacts that reached each subscriber."""
    people, state, index = block.people, block.state, block.month.index
    reached = np.isin(cared.result, (REACHED, AGREED))
    row, offer = cared.row[reached], cared.offer[reached]
    state.care_log[row] = offers.hazard_effect(offer, people.response[row])
    state.care_until[row] = index + offers.CARE_MONTHS
    count = np.bincount(row, minlength=block.size)
    state.since_care[:] = np.where(count > 0, 0, np.minimum(state.since_care + 1, 1000))
    for contacts in (cared, sold):
        state.opted_out[contacts.row[contacts.result == OPTED_OUT]] = True
    return count


def _of_their_own(block: Block, may: Array, throttled: Array, after_contact: Array) -> tuple[Array, Array, Array]:
    state, draws, month = block.state, block.draws, block.month
    ends = (state.bound_day >= month.first_day) & (state.bound_day <= month.last_day)
    fickle = block.people.hopper | (state.fading > 0)
    share = np.where(ends, _RENEWS, 0.011) * np.where(fickle, 0.3, 1)
    may = may.copy()
    may[after_contact] = False
    row = np.flatnonzero(may & draws.chance("orders.own", share))
    renewal = np.where(state.bound_day[row] % 2 == 0, offers.CODE["large_recharge"], offers.CODE["min_spend_gift"])
    offer = np.where(ends[row], renewal, menu_offers(block, throttled, row))
    # A bundle that ends is renewed before its last day is over.
    last = np.where(ends[row], state.bound_day[row], month.last_day)
    day = month.first_day + (draws.uniform("orders.own_day")[row] * (last - month.first_day + 1)).astype(np.int64)
    return row, offer, day
