"""Moves single subscribers from one option to another: finds the moves that are worth it, makes them one by one.

A move is feasible where it takes no limit further over than it was. What a move does to limits that are over is its
relief; what it costs is the adjusted value that is lost, so that limits with a price are not filled carelessly.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from basekeep.decide.allocation.compiled import compiled
from basekeep.decide.allocation.ordered import Ordered
from basekeep.decide.allocation.parties import add_draws
from basekeep.decide.allocation.problem import Short, Whole

Real = npt.NDArray[np.float64]


@compiled
def find_moves(base: Ordered, low: int, high: int, flat: Real, by_cost: Real, weight: Real, may_worsen: npt.NDArray[np.bool_],
               chosen: Whole, used: Whole, taken: Short, served: Short, filling: bool, most: float, target: Whole, score: Real) -> None:  # fmt: skip
    """Of each subscriber of parties `low` to before `high` its best move: `target` (-2 for none) and `score`, least first.

    Where `filling`, a move has to bring value, and the score is the adjusted value lost; otherwise it has to bring
    relief, by `weight`, and the score is the adjusted value lost for each unit of it. Scores are below `most`.
    """
    mine = used.copy()
    short = False
    for at in range(len(used)):
        if weight[at] > 0.0 and used[at] > base.limit[at] and base.limit[at] < 0:
            short = True
    for i in range(base.first[low], base.first[high]):
        target[i], score[i] = -2, most
        old = chosen[i]
        helps = not filling and old >= 0 and _draws_on_over(base, old, used, weight)
        if not filling and not short and not helps:
            continue
        if old < 0 and not has_room(base, i, taken, served):
            continue
        here = (
            base.value[old] - flat[base.pattern[old]] - by_cost[base.pattern[old]] * base.cost[old] if old >= 0 else 0.0
        )
        value = base.value[old] if old >= 0 else 0
        for j in range(base.start[i] - 1, base.start[i + 1]):
            new = j if j >= base.start[i] else -1
            if new == old or (filling and (value > 0 if new < 0 else base.value[new] <= value)):
                continue
            kind = base.pattern[new] if new >= 0 else 0
            there = base.value[new] - flat[kind] - by_cost[kind] * base.cost[new] if new >= 0 else 0.0
            if filling and here - there >= score[i]:
                continue
            if not filling and not helps and not _draws_on_over(base, new, used, weight):
                continue
            relief, fits = relief_of(base, old, new, used, mine, weight, may_worsen)
            back(base, old, new, mine)
            if not fits or (not filling and relief <= 0.0):
                continue
            lost = here - there if filling else (here - there) / relief
            if lost < score[i]:
                target[i], score[i] = new, lost


@compiled
def make_moves(base: Ordered, order: Whole, target: Whole, weight: Real, may_worsen: npt.NDArray[np.bool_], chosen: Whole,
               used: Whole, taken: Short, served: Short, filling: bool) -> int:  # fmt: skip
    """Make the moves in this order, each where it is still worth it; how many were made."""
    mine, made = used.copy(), 0
    for i in order:
        old, new = chosen[i], target[i]
        if old < 0 and not has_room(base, i, taken, served):
            continue
        relief, fits = relief_of(base, old, new, used, mine, weight, may_worsen)
        if not fits or (not filling and relief <= 0.0):
            back(base, old, new, mine)
            continue
        settle(base, i, new, chosen, taken, served)
        copy_draws(base, old, mine, used)
        copy_draws(base, new, mine, used)
        made += 1
    return made


@compiled
def settle(base: Ordered, i: int, new: int, chosen: Whole, taken: Short, served: Short) -> None:
    """Give subscriber i this option, counting for its customer and party."""
    more = (1 if new >= 0 else 0) - (1 if chosen[i] >= 0 else 0)
    taken[base.customer[i]] += more
    served[base.party[i]] += more
    chosen[i] = new


@compiled
def has_room(base: Ordered, i: int, taken: Short, served: Short) -> bool:
    """Whether the quotas let subscriber i have an option besides those that others have."""
    customer, party = base.customer[i], base.party[i]
    return bool(taken[customer] < base.customer_quota[customer] and served[party] < base.party_quota[party])


@compiled
def _draws_on_over(base: Ordered, j: int, used: Whole, weight: Real) -> bool:
    for s in range(base.draws_on.shape[1]):
        at = base.draws_on[base.pattern[j], s]
        if at >= 0 and weight[at] > 0.0 and used[at] > base.limit[at]:
            return True
    return False


@compiled
def relief_of(base: Ordered, old: int, new: int, used: Whole, mine: Whole, weight: Real,
              may_worsen: npt.NDArray[np.bool_]) -> tuple[float, bool]:  # fmt: skip
    """Apply a move to `mine`: by how much less limits are over, and whether none is further over than in `used`."""
    relief, fits = 0.0, True
    for side in range(2):
        j = old if side == 0 else new
        if j < 0:
            continue
        kind = base.pattern[j]
        for s in range(base.draws_on.shape[1]):
            at = base.draws_on[kind, s]
            if at >= 0:
                before = max(0, mine[at] - base.limit[at])
                amount = base.amounts[kind, s] * (base.cost[j] if base.by_cost[at] else 1)
                mine[at] += amount if side == 1 else -amount
                relief += weight[at] * (before - max(0, mine[at] - base.limit[at]))
    for side in range(2):
        j = old if side == 0 else new
        if j < 0:
            continue
        for s in range(base.draws_on.shape[1]):
            at = base.draws_on[base.pattern[j], s]
            if at >= 0 and mine[at] > base.limit[at] and mine[at] > used[at] and not may_worsen[at]:
                fits = False
    return relief, fits


@compiled
def back(base: Ordered, old: int, new: int, mine: Whole) -> None:
    """Undo a move in `mine`."""
    if old >= 0:
        add_draws(base, old, 1, mine)
    if new >= 0:
        add_draws(base, new, -1, mine)


@compiled
def copy_draws(base: Ordered, j: int, source: Whole, into: Whole) -> None:
    """Copy what is used of the limits that option j draws on."""
    if j >= 0:
        for s in range(base.draws_on.shape[1]):
            at = base.draws_on[base.pattern[j], s]
            if at >= 0:
                into[at] = source[at]
