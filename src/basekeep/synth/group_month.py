"""The `group_month` table: what groups pay, what is left in their accounts, when they were visited."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from basekeep.contract.tables import GROUP_MONTH
from basekeep.synth import arrow
from basekeep.synth.codes import NONE
from basekeep.synth.draws import Array, Draws
from basekeep.synth.groups import Groups, group_ids
from basekeep.synth.timeline import MonthFrame

# By class A to D.
_LEASED_LINE = np.array([9000, 2400, 500, 60])
_UNIFIED = np.array([28, 14, 6, 2])  # yuan a member
_VISITED = np.array([0.80, 0.50, 0.22, 0.12])
_PER_MEMBER = 4.5  # V-net fee in yuan


@dataclass(frozen=True)
class GroupState:
    """What groups carry from month to month: months of revenue in the account, last visit (day, −1 never)."""

    months_covered: Array
    last_visit: Array
    weakness: Array  # the share of revenue that is still there


def begin_groups(groups: Groups, first: MonthFrame, seed: int) -> GroupState:
    """The state before the first month."""
    size = len(groups.size)
    draws = Draws(seed, size)
    ago = draws.whole("group_month.visit", 1, 300) * np.array([0.1, 0.2, 0.5, 1.0])[groups.rank]
    visited = draws.chance("group_month.visited", np.array([1, 0.97, 0.85, 0.6])[groups.rank])
    last_visit = np.where(visited, first.first_day - 1 - ago.astype(np.int32), NONE).astype(np.int32)
    return GroupState(draws.lognormal("group_month.covered", 5.5, 0.6), last_visit, np.ones(size, dtype=np.float32))


def group_month_batch(
    groups: Groups, state: GroupState, month: MonthFrame, members: Array, months_left: int, seed: int
) -> pa.RecordBatch:
    """One month of all groups; `members` in the V-net; weakening groups lose revenue in the last two months."""
    size = len(groups.size)
    draws = Draws(seed, size, month.index)
    _visit(groups, state, month, draws)
    state.weakness[:] = np.where(groups.weakening & (months_left < 2), state.weakness * 0.66, 1)
    state.months_covered[:] = np.clip(_covered(state.months_covered, draws), -1, 18)
    vnet = members * _PER_MEMBER * state.weakness
    leased = (
        _LEASED_LINE[groups.rank] * _fixed(seed, size) * state.weakness * draws.lognormal("group_month.leased", 1, 0.04)
    )
    unified = members * _UNIFIED[groups.rank] * state.weakness * draws.lognormal("group_month.unified", 1, 0.06)
    balance = (vnet + leased + unified) * state.months_covered
    return arrow.batch_of(
        GROUP_MONTH,
        {
            "group_id": group_ids(size),
            "month": arrow.day(np.full(size, month.first_day)),
            "vnet_revenue": arrow.number(_hundredths(vnet)),
            "leased_line_revenue": arrow.number(_hundredths(leased)),
            "unified_payment": arrow.number(_hundredths(unified)),
            "balance": arrow.number(_hundredths(balance)),
            "last_visit_date": arrow.day(state.last_visit),
        },
    )


def _visit(groups: Groups, state: GroupState, month: MonthFrame, draws: Draws) -> None:
    visited = draws.chance("group_month.visits", _VISITED[groups.rank])
    day = month.first_day + draws.whole("group_month.visit_day", 0, month.days - 1)
    state.last_visit[:] = np.where(visited, day, state.last_visit)


def _covered(months: Array, draws: Draws) -> Array:
    """An account runs down by a month each month until it is filled again."""
    fills = draws.chance("group_month.fills", np.where(months < 3, 0.45, 0.1))
    return np.where(fills, months + draws.lognormal("group_month.filled", 5, 0.5), months - 1)


def _fixed(seed: int, size: int) -> Array:
    """A group's own level of leased lines, the same in all months; many small groups have none."""
    draws = Draws(seed, size)
    return draws.lognormal("group_month.level", 1.0, 0.5) * draws.chance("group_month.has_line", 0.6)


def _hundredths(values: Array) -> Array:
    return np.asarray(np.rint(values * 100), dtype=np.int64)
