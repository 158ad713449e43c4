"""Which causes hold for whom at the end of a month."""

from __future__ import annotations

from basekeep.synth.balance import Account
from basekeep.synth.blocks import Block
from basekeep.synth.causes import Held
from basekeep.synth.codes import SUSPENDED
from basekeep.synth.draws import Array
from basekeep.synth.revenue import Revenue
from basekeep.synth.usage import Usage

_SOON_DAYS = 30
_SHORT = 5000  # hundredths of a yuan: a balance that is little


def held_causes(block: Block, status: Array, usage: Usage, revenue: Revenue, account: Account) -> Held:
    """All causes, those that drive away and those that hold."""
    people, state = block.people, block.state
    tenure_month = block.month.number - people.join_number + 1
    days_bound = state.bound_day - block.month.last_day
    return Held(
        {
            "dual_sim": state.dual,
            "competitor": state.wooed > 0,
            "offnet_circle": people.offnet > 0.48,
            "fading": state.fading > 1,
            **_of_the_account(block, account),
            "suspended": status == SUSPENDED,
            "bundle_ending": (days_bound > -_SOON_DAYS) & (days_bound <= _SOON_DAYS),
            "extra_ending": _soon(state.extra_day - block.month.last_day),
            "complaint": state.grieved > 0,
            "gift_over": (tenure_month == 4) | (tenure_month == 5),
            "migrant_season": people.migrant & block.month.near_festival,
            "services_dropped": _dropped(state.services_before, state.services),
            "plan_unfit": _unfit(usage, revenue),
            "uncared": state.since_care >= 6,
            "number_hopper": people.hopper,
            "bound": days_bound > _SOON_DAYS,
            "group": people.group >= 0,
            "family": people.family_account >= 0,
            "fusion": people.fusion > 1,
        }
    )


def _of_the_account(block: Block, account: Account) -> dict[str, Array]:
    state, balance = block.state, account.balance
    falling = (balance < state.balance) & (state.balance < state.balance_before) & (balance < _SHORT)
    return {
        "balance_falling": falling,
        "balance_low": account.low & (balance >= 0),
        "overdue": balance < 0,
        "bill_unpaid": (account.bill_day >= 0) & (balance < 0),
    }


def _soon(days: Array) -> Array:
    result: Array = (days > 0) & (days <= _SOON_DAYS)
    return result


def _dropped(before: Array, now: Array) -> Array:
    result: Array = (before - now >= 2) | ((before > 0) & (now == 0))
    return result


def _unfit(usage: Usage, revenue: Revenue) -> Array:
    """Much paid beside the plan, or little used of what it includes."""
    dear = revenue.arpu * 2 > revenue.plan_fee * 3
    idle = usage.data * 10.0 < usage.included * 3.0
    result: Array = dear | idle
    return result
