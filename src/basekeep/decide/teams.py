"""Who works which queue of the calendar, and which actions only one person may be given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

import numpy as np

from basekeep.contract.tables import GROUP_ACCOUNT
from basekeep.decide.base import Base, Int
from basekeep.decide.calendar import Teams
from basekeep.decide.candidates import Small
from basekeep.decide.capacity import Capacities
from basekeep.engines.protocol import Session
from basekeep.playbook.declarations import Playbook
from basekeep.run.plan import Plan
from basekeep.run.stored import stored_rows


@dataclass(frozen=True)
class Queues:
    """A queue for each channel and unit that works it, one for each channel without a limit.

    Attributes:
        of: channels × units (places; the last for an unknown one): the queue, -1 where the unit does not work it.
        staff_ids: of each person of the teams.
    """

    of: Int
    teams: Teams
    staff_ids: tuple[str, ...]

    def person(self, queue: int, staff_id: str | None) -> int:
        """The person of that id in the queue's team who has any capacity, -1 where there is none."""
        team = self.teams.member[self.teams.start[queue] : self.teams.start[queue + 1]]
        for one in team.tolist():
            if self.staff_ids[one] == staff_id and self.teams.person_per_day[one] > 0:
                return int(one)
        return -1


def queues_of(capacities: Capacities, units: int) -> Queues:
    """The queues of the channels.

    Args:
        units: how many units the organisation has.
    """
    of = np.full((len(capacities.channels), units + 1), -1, np.int32)
    per_day: list[int] = []
    teams: list[list[int]] = []
    people: dict[str, int] = {}
    person_per_day: list[int] = []
    for channel, capacity in enumerate(capacities.channels):
        if capacity is None:
            of[channel] = len(per_day)
            per_day.append(-1)
            teams.append([])
            continue
        of[channel, capacity.units] = len(per_day) + np.arange(len(capacity.units))
        per_day += capacity.per_day.tolist()
        for unit in capacity.units.tolist():
            members = capacity.staff.get(unit, ())
            # A person has one day, in whichever channels that person works: the first one says how much of it is for these.
            for one in members:
                if one.staff_id not in people:
                    people[one.staff_id] = len(people)
                    person_per_day.append(ceil((one.per_day or 0) * capacity.staff_share))
            teams.append([people[one.staff_id] for one in members])
    start = np.cumsum([0, *map(len, teams)]).astype(np.int32)
    member = np.array([who for team in teams for who in team], np.int32)
    made = Teams(np.array(per_day, np.int32), start, member, np.array(person_per_day, np.int32))
    return Queues(of, made, tuple(people))


def managers_of(plan: Plan, session: Session) -> dict[str, str]:
    """The account manager of each group account that has one."""
    stored = stored_rows(plan, GROUP_ACCOUNT.name, ("group_id", "manager_id"))
    return dict(session.rows(f"SELECT group_id, manager_id FROM {stored} g WHERE manager_id IS NOT NULL ORDER BY 1"))


def own_people(
    playbook: Playbook, base: Base, managers: Mapping[str, str], queues: Queues, who: Int, channel: Small, queue: Int
) -> Int:
    """Of each action the only person who may have it: of those reserved for a channel their group's manager in its team.

    Where the manager is not in the team (not active, elsewhere, without a capacity) anybody of it may.

    Args:
        who: of each action its subscriber.
    """
    channels = list(playbook.channels)
    reserved = np.zeros(len(who), np.bool_)
    for bit, rule in enumerate(playbook.contact_policy.reserved.values()):
        through = np.isin(channel, [channels.index(name) for name in rule.channels if name in channels])
        reserved |= through & (base.reserved[who] >> bit & 1 != 0)
    person = np.full(len(who), -1, np.int32)
    at = np.flatnonzero(reserved & (base.group[who] >= 0))
    pairs, of = np.unique(np.stack([queue[at], base.group[who[at]]]), axis=1, return_inverse=True)
    found = [queues.person(one, managers.get(base.groups[group])) for one, group in pairs.T.tolist()]
    person[at] = np.array(found, np.int32)[of] if found else person[at]
    return person
