"""Balances that came in after the last month was closed: some subscribers spend, some recharge, a few stop or leave."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from basekeep.contract.tables import BALANCE_DAY
from basekeep.synth import arrow, codes
from basekeep.synth.blocks import NEVER
from basekeep.synth.draws import Draws
from basekeep.synth.people import People, State
from basekeep.synth.subscriber_month import subscriber_ids
from basekeep.synth.timeline import MonthFrame

# Of those who are there so many are seen again, on one of the first days of the next month.
_SEEN = 0.04
_DAYS = 18
_RECHARGES = 0.3
_MOST_RECHARGED = 30_000
_LEAVE = 0.01


def balance_day_batch(people: People, state: State, month: MonthFrame, seed: int) -> pa.RecordBatch:
    """One row for each subscriber who is seen: most have spent, some have recharged."""
    draws = Draws(seed, len(people.code), month.index + 1)
    known = (state.balance != arrow.MISSING) & (state.arpu != arrow.MISSING)
    there = (people.cohort <= month.index) & (state.left == NEVER) & known
    row = np.flatnonzero(there & draws.chance("balance_day.seen", _SEEN))
    day = draws.whole("balance_day.day", 1, _DAYS)[row]
    spent = state.arpu[row].astype(np.int64) * day * draws.uniform("balance_day.spent")[row] / 30
    recharged = draws.chance("balance_day.recharge", _RECHARGES)[row]
    paid = draws.uniform("balance_day.paid")[row] * _MOST_RECHARGED * recharged
    balance = np.rint(state.balance[row] - spent + paid).astype(np.int64)
    status = np.where(balance < 0, codes.SUSPENDED, codes.ACTIVE)
    status = np.where(draws.chance("balance_day.leave", _LEAVE)[row], codes.CANCELLED, status)
    return arrow.batch_of(
        BALANCE_DAY,
        {
            "subscriber_id": subscriber_ids(people.code[row]),
            "date": arrow.day(month.last_day + day),
            "balance": arrow.number(balance),
            "status": arrow.label(status.astype(np.int8), codes.STATUS),
        },
    )
