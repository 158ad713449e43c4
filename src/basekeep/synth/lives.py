"""Who is there in a month: leaving, staying away and coming back, suspension; and hoppers who return as newcomers."""

from __future__ import annotations

import numpy as np

from basekeep.synth.blocks import NEVER, Block
from basekeep.synth.causes import chosen_cause
from basekeep.synth.codes import ACTIVE, CANCELLED, NONE, SUSPENDED
from basekeep.synth.draws import Array, Draws
from basekeep.synth.people import People, State

_STAYS_AWAY = 0.0012  # a month; one to three months without a row
_RETURNING_HOPPERS = 0.93
_USED_MONTHS = 2  # a number counts as used when it was there for more than one month
_TAKEN_OVER = (
    "customer", "household", "branch", "cell", "cell_kind", "address", "birth_day", "birth_month", "id_type",
    "id_region", "customer_class", "hopper", "voice", "incoming", "circle", "offnet", "saturation", "extra", "distance",
    "coin", "discount", "silent", "pays_by_phone", "response", "base_hazard",
)  # fmt: skip


def live(block: Block) -> None:
    """One month of leaving and staying away, by the hazards at the end of the month before."""
    state, draws, index = block.state, block.draws, block.month.index
    state.away[:] = np.maximum(state.away - 1, 0)
    there = (block.people.cohort < index) & (state.left == NEVER) & (state.away == 0)
    leaves = there & draws.chance("lives.leaves", state.hazard)
    rows = np.flatnonzero(leaves)
    state.cause[rows] = chosen_cause(state.causes[rows], draws.stream("lives.cause"))
    state.left[rows] = index
    goes_away = there & ~leaves & draws.chance("lives.goes_away", _STAYS_AWAY)
    state.away[goes_away] = draws.whole("lives.months_away", 1, 3)[goes_away]


def is_there(block: Block) -> Array:
    """Who has a row this month: also those who leave in it, but for some who just vanish."""
    state, index = block.state, block.month.index
    gone = (state.left < index) | ((state.left == index) & state.left_silently)
    result: Array = (block.people.cohort <= index) & ~gone & (state.away == 0)
    return result


def status(block: Block) -> Array:
    """Active, suspended (long overdue, or at one's own wish), cancelled in the month of leaving."""
    state, draws = block.state, block.draws
    overdue = (state.overdue_run >= 2) & draws.chance("lives.suspended", 0.36)
    suspended = overdue | draws.chance("lives.paused", 0.003)
    return np.select([state.left == block.month.index, suspended], [CANCELLED, SUSPENDED], ACTIVE).astype(np.int8)


def reenter(people: People, state: State, index: int, seed: int) -> None:
    """Number hoppers who left the month before come back under a new number: they take newcomers' places."""
    left = np.flatnonzero(people.hopper & (state.left == index - 1))
    left = left[Draws(seed, len(left), index).chance("lives.returns", _RETURNING_HOPPERS)]
    places = np.flatnonzero(_open_places(people, index))[: len(left)]
    left = left[: len(places)]
    for name in _TAKEN_OVER:
        column = getattr(people, name)
        column[places] = column[left]
    used = state.left[left] - np.maximum(people.cohort[left], -_USED_MONTHS) >= _USED_MONTHS
    earlier = state.earlier_left[left]
    shifted = np.column_stack([state.left[left], earlier[:, :2]])
    state.earlier_left[places] = np.where(used[:, None], shifted, earlier)
    state.plan[places], state.bound_day[places] = state.plan[left], NONE


def number_changes(block: Block) -> Array:
    """Earlier numbers of the same customer that ended within the last twelve months."""
    return np.asarray((block.month.index - block.state.earlier_left < 12).sum(axis=1), dtype=np.int32)


def _open_places(people: People, index: int) -> Array:
    ordinary = ~people.migrant & ~people.hopper & (people.customer_class == 0) & (people.group == NONE)
    result: Array = ordinary & (people.cohort == index) & (people.family_account == NONE) & (people.product == NONE)
    return result
