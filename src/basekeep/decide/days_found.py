"""Takes an allocation through the calendar: a day and a person for each action, and back what finds no day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from basekeep.decide.allocation.problem import Allocation, Problem, Whole
from basekeep.decide.asking import number_of
from basekeep.decide.base import NO_DAY, Base, Int
from basekeep.decide.calendar import Actions, Spacing, Taken, plan_days
from basekeep.decide.candidates import Candidates
from basekeep.decide.ledger import NO_DAY_LEFT, TakenBack
from basekeep.decide.past_contacts import PastContacts
from basekeep.decide.period import Period
from basekeep.decide.teams import Queues
from basekeep.playbook.contact_policy import ContactLimit
from basekeep.playbook.declarations import Playbook


@dataclass(frozen=True)
class DaysFound:
    """What is left of an allocation, and when it is done.

    Attributes:
        allocation: without what was taken back.
        contact_on: of each subscriber the day of its action, NO_DAY where there is none.
        staff: of each subscriber a person (of `Queues.staff_ids`), -1 where there is none.
    """

    allocation: Allocation
    contact_on: Int
    staff: Int
    taken_back: TakenBack


def find_days(
    playbook: Playbook, base: Base, candidates: Candidates, problem: Problem, allocation: Allocation,
    period: Period, queues: Queues, person: Int, past: PastContacts, taken: Taken | None = None,
) -> DaysFound:  # fmt: skip
    """Plan the days of all that was chosen.

    Args:
        person: of each chosen action, in the order of subscribers, the only person who may have it, or -1.
        taken: what takes up room on these days already.
    """
    who = np.flatnonzero(allocation.chosen >= 0).astype(np.int32)
    option = allocation.chosen[who]
    actions = Actions(
        queues.of[candidates.channel[option], candidates.unit[option]], person, candidates.contact_by[option],
        candidates.expected[option], base.tie[who],
    )  # fmt: skip
    days = np.array([number_of(day) for day in period.days], np.int32)
    limits = playbook.contact_policy.limits
    found = plan_days(days, actions, queues.teams, _spacings(limits, base, who, past), taken)
    contact_on, staff = np.full(base.size, NO_DAY, np.int32), np.full(base.size, -1, np.int32)
    contact_on[who], staff[who] = found.day, found.staff
    code = np.full(base.size, -1, np.int16)
    without = found.day == NO_DAY
    code[who[without]] = found.stopped[without] + 1
    taken_back = TakenBack((NO_DAY_LEFT, *limits), code)
    return DaysFound(_left(problem, allocation, who[without]), contact_on, staff, taken_back)


def chosen_queues(
    candidates: Candidates, allocation: Allocation, queues: Queues
) -> tuple[Int, npt.NDArray[np.int16], Int]:
    """Of each chosen action its subscriber, its channel and its queue."""
    who = np.flatnonzero(allocation.chosen >= 0).astype(np.int32)
    option = allocation.chosen[who]
    return who, candidates.channel[option], queues.of[candidates.channel[option], candidates.unit[option]]


def _spacings(limits: dict[str, ContactLimit], base: Base, who: Int, past: PastContacts) -> Sequence[Spacing]:
    groups = {"customer": base.customer, "family": base.family}
    return [
        Spacing(name, limit.contacts, limit.days, groups[limit.per][who], groups[limit.per][past.subscriber], past.day)
        for name, limit in limits.items()
    ]


def _left(problem: Problem, allocation: Allocation, back: Int) -> Allocation:
    """The allocation without the actions of some subscribers."""
    options = allocation.chosen[back]
    chosen, used = allocation.chosen.copy(), allocation.used - drawn(problem, options)
    chosen[back] = -1
    value = allocation.value - int(problem.value[options].sum())
    return replace(allocation, chosen=chosen, used=used, value=value, short=np.maximum(used - problem.limit, 0))


def drawn(problem: Problem, options: Whole) -> Whole:
    """What some options draw on each limit together."""
    used = np.zeros(len(problem.limit), np.int64)
    pattern = problem.pattern[options]
    for slot in range(problem.draws_on.shape[1]):
        limit = problem.draws_on[pattern, slot]
        there = limit >= 0
        at = limit[there]
        cost = np.where(problem.by_cost[at], problem.cost[options[there]], 1)
        # Added up as whole numbers: weights of bincount are floats, exact up to 2^53.
        np.add.at(used, at, problem.amounts[pattern[there], slot] * cost)
    return used
