"""The account: balance at month end, recharges, alerts, bills.

The state of the balance follows the source document: new subscribers live on gifted credit of 150–200 yuan that is
gone in the fourth month; it is best after two years; the long-standing pay afterwards and keep about a month's worth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from basekeep.synth.arrow import MISSING
from basekeep.synth.blocks import Block
from basekeep.synth.codes import CANCELLED, NONE, POSTPAID
from basekeep.synth.draws import Array, count

# Shares of overdue, low, fair, healthy by tenure class: months 1, 2, 3, 4, 5–12, then years 1, 2, 3 and more.
SHARES = np.array(
    [
        [0.02, 0.08, 0.22, 0.68], [0.03, 0.17, 0.33, 0.47], [0.12, 0.45, 0.29, 0.14], [0.19, 0.46, 0.25, 0.10],
        [0.13, 0.43, 0.31, 0.13], [0.09, 0.24, 0.26, 0.41], [0.06, 0.17, 0.22, 0.55], [0.08, 0.29, 0.37, 0.26],
    ]
)  # fmt: skip
_HEALTHY_OF_ALL, _LOW_OF_ALL = 0.32, 0.37
_OVERDUE_OF_LOW = 0.2
_LONGEST = len(SHARES) - 1
_ALERTS = np.array([2.3, 1.5, 0.45, 0.08])
_TOP = np.array([1.9, 1.1, 0.6, 0.5, 0.6, 0.8, 0.9, 0.8], dtype=np.float32)  # mean excess of the healthy over ARPU


@dataclass(frozen=True)
class Account:
    """Money in whole hundredths; `bill_day` is the due date of an unpaid bill, −1 without one."""

    balance: Array
    arpu: Array  # as reported, MISSING where the source lost it
    recharge: Array
    recharges: Array
    alerts: Array
    late: Array
    bill_day: Array
    low: Array


def tenure_class(months_since_joining: Array) -> Array:
    """The row of SHARES for full calendar months since the month of joining."""
    classes = np.digitize(months_since_joining, (1, 2, 3, 4, 12, 24, 36))
    return classes.astype(np.int8)


def month_shares(subscribers_by_class: Array) -> Array:
    """SHARES with the last row set so that the whole base comes to the document's figures.

    The row stays within what is sane; a base without long-standing subscribers cannot come to the figures.
    """
    weights = subscribers_by_class / max(subscribers_by_class.sum(), 1)
    shares = SHARES.copy()
    if weights[_LONGEST] > 0:
        others = weights[:_LONGEST] @ SHARES[:_LONGEST]
        low = np.clip((_LOW_OF_ALL - others[:2].sum()) / weights[_LONGEST], 0.05, 0.55)
        healthy = np.clip((_HEALTHY_OF_ALL - others[3]) / weights[_LONGEST], 0.05, 0.9 - low)
        shares[_LONGEST] = (low * _OVERDUE_OF_LOW, low * (1 - _OVERDUE_OF_LOW), 1 - low - healthy, healthy)
    return shares


def settle(block: Block, here: Array, status: Array, arpu: Array, shares: Array) -> Account:
    """The month's account of every subscriber of the block; keeps the balance and its history in the state."""
    people, state, draws, month = block.people, block.state, block.draws, block.month
    reported = np.where(draws.chance("balance.no_arpu", 0.005), MISSING, arpu)
    average = _average(reported, state.arpu, state.arpu_before, arpu)
    classes = tenure_class(month.number - people.join_number)
    rank = _rank(classes, state.mood, here & (status != CANCELLED), draws.uniform("balance.jitter"))
    ratio, level = _ratio(rank, shares[classes], _TOP[classes])
    balance = np.rint(average * ratio).astype(np.int32)
    recharge, recharges = _recharges(block, balance, arpu)
    overdue = here & (balance < 0)
    late = (state.overdue_run > 0) & overdue & draws.chance("balance.late", 0.5) | draws.chance("balance.slip", 0.006)
    account = Account(
        balance=balance,
        arpu=reported,
        recharge=recharge,
        recharges=recharges,
        alerts=count(draws.uniform("balance.alerts"), _ALERTS[level]),
        late=late.astype(np.int32),
        bill_day=_bills(block, overdue),
        low=level <= 1,
    )
    state.overdue_run[:] = np.where(overdue, np.minimum(state.overdue_run + 1, 100), 0)
    return account


def _average(now: Array, before: Array, before_that: Array, true: Array) -> Array:
    """The A of the definitions: the mean of three months, or the month's own; where that is lost the true one."""
    known = (now != MISSING) & (before != MISSING) & (before_that != MISSING)
    total = now.astype(np.float64) + before + before_that
    return np.where(known, total / 3, np.where(now != MISSING, now, true))


def _rank(classes: Array, mood: Array, base: Array, jitter: Array) -> Array:
    """Each subscriber's place in the tenure class by mood, in (0, 1): the shares then hold by construction."""
    rows = np.flatnonzero(base)
    order = rows[np.argsort(classes[rows] * np.float32(16) + mood[rows], kind="stable")]
    numbers = np.bincount(classes[rows], minlength=len(SHARES))
    starts = np.cumsum(numbers) - numbers
    of_class = classes[order]
    rank = np.full(len(classes), 0.2)
    rank[order] = (np.arange(len(order)) - starts[of_class] + 0.01 + 0.98 * jitter[order]) / numbers[of_class]
    return rank


def _ratio(rank: Array, shares: Array, top: Array) -> tuple[Array, Array]:
    """Balance over ARPU, and its state 0–3, by the place in the class."""
    edges = np.cumsum(shares, axis=1)
    level = (rank[:, None] >= edges[:, :3]).sum(axis=1)
    rows = np.arange(len(rank))
    within = 1 - (edges[rows, level] - rank) / shares[rows, level]
    within = np.clip(within, 0, 0.999)
    ratio = np.select(
        [level == 0, level == 1, level == 2],
        [-0.02 - 1.2 * (1 - within) ** 2, 0.499 * within, 0.501 + 0.498 * within],
        1.002 - top * np.log1p(-within),
    )
    return ratio, level


def _recharges(block: Block, balance: Array, arpu: Array) -> tuple[Array, Array]:
    """What was paid in: what the balance grew by plus what was spent, in the usual coin. Gifted credit counts first."""
    people, state, draws, month = block.people, block.state, block.draws, block.month
    before = np.where(state.balance == MISSING, np.where(people.cohort < month.index, balance, 0), state.balance)
    gift = np.where(people.cohort == month.index, draws.whole("balance.gift", 15_000, 20_000), 0)
    needed = np.maximum(balance.astype(np.int64) - before + arpu - gift, 0) / 100
    coin = np.maximum(people.coin, needed / 6 // 10 * 10)
    recharges = np.where(needed < 3, 0, np.ceil(needed / coin))
    return np.rint(recharges * coin * 100).astype(np.int32), recharges.astype(np.int32)


def _bills(block: Block, overdue: Array) -> Array:
    """Due dates of unpaid bills: of the overdue soon or past, of some others still to come."""
    draws, month = block.draws, block.month
    days = draws.uniform("balance.due")
    past = np.where(block.state.overdue_run > 0, -4 - 26 * days, 18 * days - 3)
    pending = draws.chance("balance.pending", 0.07)
    unpaid = (block.people.payment == POSTPAID) & (overdue | pending)
    due = month.last_day + np.where(overdue, past, 3 + 24 * days).astype(np.int32)
    return np.where(unpaid, due, NONE).astype(np.int32)
