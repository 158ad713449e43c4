"""Whom the operator contacts in a month and with what: sales aimed at those at risk, care by the calendar."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from basekeep.synth import causes, offers
from basekeep.synth.blocks import Block
from basekeep.synth.codes import (
    ACCOUNT_MANAGER,
    ACTIVE,
    AGREED,
    E_CHANNEL,
    HALL,
    REACHED,
    TELEPHONE_MANAGER,
)
from basekeep.synth.draws import Array, pick
from basekeep.synth.plans import GENERATION

# What is offered to whom: the first situation that fits; the last fits all.
SITUATIONS: dict[str, tuple[str, ...]] = {
    "newcomer": ("second_recharge_gift", "second_recharge_gift", "small_recharge_gift"),
    "migrant": ("directed_long_distance", "directed_roaming", "low_price_handset", "small_recharge_gift"),
    "ready_for_5g": ("pack_5g", "pack_5g", "plan_5g", "headset_gift"),
    "short_of_data": ("data_pack", "pack_5g", "device_instalment", "trade_in", "plan_5g"),
    "group": ("vnet", "zero_down_handset", "device_instalment"),
    "family": ("family_net", "family_second_number", "elder_child_handset", "family_numbers"),
    "little_use": ("recharge50_get50", "family_numbers", "low_price_handset"),
    "any": ("large_recharge", "min_spend_gift", "large_recharge", "vas_trial", "data_pack"),
}
_ANY = len(SITUATIONS) - 1
_CARE = ("community_home_service", "points_threshold", "booking_12580", "mobile_payment")
_SLOTS = 60  # divisible by the length of every menu above
_SELL_RESULTS = (2, 4, 28, 16, 26, 23.4, 0.6)
_CARE_RESULTS = (0, 1, 80, 3, 2, 13.8, 0.2)
_SELL_CHANNELS, _CARE_CHANNELS = (18, 14, 26, 6, 30, 6), (4, 18, 24, 6, 40, 8)
# The share of a kind of care that is given differs between branches: what a league of branches shows.
_CARED_FOR = 0.86


def _menu(names: tuple[str, ...]) -> Array:
    codes = np.array([offers.CODE[name] for name in names], dtype=np.int8)
    return np.repeat(codes, _SLOTS // len(codes))


_MENUS = np.stack([_menu(names) for names in SITUATIONS.values()])
_CARE_MENU = _menu(_CARE)


@dataclass(frozen=True)
class Contacts:
    """Contacts of a block: one element per contact; `row` counts within the block, `minute` since 1970."""

    row: Array
    offer: Array
    channel: Array
    result: Array
    minute: Array

    def together(self, other: Contacts) -> Contacts:
        """Both, the other's after these."""
        pairs = ((getattr(self, name), getattr(other, name)) for name in self.__dataclass_fields__)
        return Contacts(*(np.concatenate(pair) for pair in pairs))


def sell(block: Block, here: Array, status: Array, throttled: Array) -> Contacts:
    """Sales contacts: more of them to those with causes to leave, a random few to all."""
    people, state, draws = block.people, block.state, block.draws
    # The first bits are the driving causes; what the operator saw is last month's.
    driving = state.causes & (2 ** causes.NAMES.index("uncared") - 1)
    at_risk = np.bitwise_count(driving)
    share = 0.02 + 0.03 * np.minimum(at_risk, 3)
    may = here & (status == ACTIVE) & ~state.opted_out & ~people.is_fake
    row = np.flatnonzero(may & draws.chance("campaigns.sell", share))
    offer = menu_offers(block, throttled, row)
    channel = pick(draws.uniform("campaigns.sell_channel")[row], _SELL_CHANNELS)
    result = _results(block, row, offer)
    return Contacts(row, offer, _for_members(block, row, channel), result, _minutes(block, row, "sell"))


def care(block: Block, here: Array, status: Array) -> Contacts:
    """Care contacts: birthdays, anniversaries of joining, and now and then by the round."""
    calendar_row, calendar_offer = _by_calendar(block, here & (status == ACTIVE))
    by_calendar = _care_contacts(block, calendar_row, calendar_offer, "calendar")
    round_row, round_offer = _by_round(block, here)
    return by_calendar.together(_care_contacts(block, round_row, round_offer, "round"))


def menu_offers(block: Block, throttled: Array, row: Array) -> Array:
    """What is offered to each: mostly from the menu of the situation, else from the menu for all."""
    people, state, draws = block.people, block.state, block.draws
    tenure = block.month.number - people.join_number[row] + 1
    below_5g = (GENERATION[state.plan[row]] < 5) & ~state.upgrade_pack[row]
    fits = [
        (tenure >= 3) & (tenure <= 5), people.migrant[row], below_5g & state.device_5g[row],
        below_5g & (throttled[row] >= 3), people.group[row] >= 0, people.family_account[row] >= 0,
        people.voice[row] < 4.7,
    ]  # fmt: skip
    situation = np.select(fits, list(range(_ANY)), _ANY)
    situation = np.where(draws.chance("campaigns.any", 0.3)[row], _ANY, situation)
    result: Array = _MENUS[situation, (draws.uniform("campaigns.offer")[row] * _SLOTS).astype(np.int64)]
    return result


def _by_calendar(block: Block, may: Array) -> tuple[Array, Array]:
    people, draws, month = block.people, block.draws, block.month
    birthday = people.birth_month == month.month_of_year
    anniversary = (people.join_number % 12 == month.month_of_year) & (people.join_number < month.number)
    row = np.flatnonzero(
        may & (birthday | anniversary) & draws.chance("campaigns.calendar", _CARED_FOR * _diligence(block))
    )
    offer = np.where(birthday[row], offers.CODE["birthday_wish"], offers.CODE["anniversary"])
    return row, offer.astype(np.int8)


def _by_round(block: Block, here: Array) -> tuple[Array, Array]:
    """Rounds go to key persons most, to sites of migrant workers, to all others now and then."""
    people, draws, month = block.people, block.draws, block.month
    share = np.select([people.role > 0, people.migrant], [0.4, 0.10], 0.065) * _diligence(block)
    share = np.where(block.state.grieved > 0, share + 0.15, share)
    row = np.flatnonzero(here & ~block.state.opted_out & draws.chance("campaigns.round", share))
    offer = _CARE_MENU[(draws.uniform("campaigns.care")[row] * _SLOTS).astype(np.int64)]
    for_migrants = offers.CODE["festival_ride" if month.near_festival else "work_site_visit"]
    return row, np.where(people.migrant[row], for_migrants, offer).astype(np.int8)


def _diligence(block: Block) -> Array:
    """Between 0.8 and 1.2 by branch."""
    return 0.8 + 0.4 * (block.people.branch.astype(np.int32) * 37 % 101) / np.float32(100)


def _care_contacts(block: Block, row: Array, offer: Array, name: str) -> Contacts:
    uniform = block.draws.uniform(f"campaigns.{name}_channel")[row]
    channel = pick(uniform, _CARE_CHANNELS)
    # Wishes go out as messages for the most part.
    wish = np.isin(offer, (offers.CODE["birthday_wish"], offers.CODE["anniversary"]))
    channel = np.where(wish & (channel != TELEPHONE_MANAGER), E_CHANNEL, _for_members(block, row, channel))
    result = pick(block.draws.uniform(f"campaigns.{name}_result")[row], _CARE_RESULTS)
    return Contacts(row, offer, channel.astype(np.int8), result, _minutes(block, row, name))


def _results(block: Block, row: Array, offer: Array) -> Array:
    """Who responds to the appeal agrees sooner: agreement is no accident, which is why it misleads."""
    result = pick(block.draws.uniform("campaigns.sell_result")[row], _SELL_RESULTS)
    gain = -offers.hazard_effect(offer, block.people.response[row])
    keen = (result == REACHED) & (block.draws.uniform("campaigns.keen")[row] < gain)
    return np.where(keen, AGREED, result).astype(np.int8)


def _for_members(block: Block, row: Array, channel: Array) -> Array:
    """Account managers speak to members of groups; for all others the hall does."""
    member = block.people.group[row] >= 0
    return np.where((channel == ACCOUNT_MANAGER) & ~member, HALL, channel).astype(np.int8)


def _minutes(block: Block, row: Array, name: str) -> Array:
    """A minute between nine in the morning and half past eight in the evening on some day of the month."""
    draws, month = block.draws, block.month
    day = month.first_day + (draws.uniform(f"campaigns.{name}_day")[row] * month.days).astype(np.int64)
    return day * 1440 + 540 + (draws.uniform(f"campaigns.{name}_minute")[row] * 690).astype(np.int64)
