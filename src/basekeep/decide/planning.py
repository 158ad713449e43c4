"""Plans the days of an allocation, and gives to others what became free where no day was found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from basekeep.decide.allocation.problem import Allocation, Problem, Whole
from basekeep.decide.allocation.refill import refill
from basekeep.decide.calendar import Taken
from basekeep.decide.candidates import Candidates
from basekeep.decide.days_found import DaysFound, chosen_queues, find_days
from basekeep.decide.inputs import Inputs
from basekeep.decide.ledger import TakenBack
from basekeep.decide.past_contacts import PastContacts
from basekeep.decide.teams import Queues, own_people

# So often what became free is given away again; each time less does.
_ROUNDS = 2


def plan_allocation(
    of: Inputs, found: Candidates, problem: Problem, allocation: Allocation, queues: Queues
) -> DaysFound:
    """The days of what was chosen, and of what was chosen instead of actions that found none.

    An action that found no day once is not tried again; a round that is worth less than the one before is not kept.
    """
    days = planned(of, found, problem, allocation, queues, of.past)
    barred = _options_back(allocation, days)
    for _ in range(_ROUNDS):
        if not len(barred):
            break
        filled = refill(problem, days.allocation, barred)
        again = planned(of, found, problem, filled, queues, of.past)
        if again.allocation.value <= days.allocation.value:
            break
        newly = _options_back(filled, again)
        days = replace(again, taken_back=_both(days.taken_back, again.taken_back))
        if not len(newly):
            break
        barred = np.concatenate([barred, newly])
    return days


def planned(
    of: Inputs, found: Candidates, problem: Problem, allocation: Allocation, queues: Queues, past: PastContacts,
    taken: Taken | None = None,
) -> DaysFound:  # fmt: skip
    """The days of what was chosen, key persons at their own managers.

    Args:
        past: contacts that these keep their distance from.
        taken: what takes up room on these days already.
    """
    who, channel, queue = chosen_queues(found, allocation, queues)
    person = own_people(of.playbook, of.base, of.managers, queues, who, channel, queue)
    return find_days(of.playbook, of.base, found, problem, allocation, of.period, queues, person, past, taken)


def _options_back(before: Allocation, days: DaysFound) -> Whole:
    """The options that were chosen and found no day."""
    return before.chosen[(before.chosen >= 0) & (days.allocation.chosen < 0)]


def _both(first: TakenBack, second: TakenBack) -> TakenBack:
    """What was taken back in either round; of two reasons the first."""
    return TakenBack(first.codes, np.where(first.code >= 0, first.code, second.code))
