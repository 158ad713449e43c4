"""The calendar: a day for each chosen action, before its event, within what a day holds and as far apart as the policy wants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from basekeep.decide.base import NO_DAY, Int
from basekeep.decide.day_loops import NO_ROOM, deal, place

_Long = npt.NDArray[np.int64]
_UNLIMITED = np.iinfo(np.int32).max


@dataclass(frozen=True)
class Spacing:
    """At most `most` contacts of one group (the lines of a customer, a family) in any `days` days on end.

    Attributes:
        name: of the limit in the contact policy.
        group: of each action, -1 where it is in none.
        past_group, past_day: contacts already made, each with its group and day.
    """

    name: str
    most: int
    days: int
    group: Int
    past_group: Int
    past_day: Int


@dataclass(frozen=True)
class Teams:
    """Who works which queue. A queue is a channel in one unit.

    Attributes:
        per_day: of each queue, how many actions a day it holds, -1 where there is no limit.
        start, member: the persons of queue q are `member[start[q]]` to before `member[start[q + 1]]`, by id.
        person_per_day: of each person.
    """

    per_day: Int
    start: Int
    member: Int
    person_per_day: Int


@dataclass(frozen=True)
class Actions:
    """What was chosen, one element for each action.

    Attributes:
        queue: a place in `Teams.per_day`.
        person: whom alone it may be given to, -1 where anybody of the queue's team will do.
        contact_by: the last day, NO_DAY where there is none.
        expected: in fen: of two with the same last day the greater goes first.
        tie: by which what is still equal is settled; no two are equal.
    """

    queue: Int
    person: Int
    contact_by: Int
    expected: _Long
    tie: npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Taken:
    """Actions that stand already, one element each: queue, person (-1 where nobody is named), day."""

    queue: Int
    person: Int
    day: Int


@dataclass(frozen=True)
class Calendar:
    """The days found.

    Attributes:
        day: of each action, NO_DAY where none was found.
        staff: of each action a person, -1 where nobody of the team has room, or there is no team.
        stopped: of each action without a day, the place of the spacing that kept it from the first day with room, -1
            where every day before its last was full.
    """

    day: Int
    staff: Int
    stopped: Int


def plan_days(
    days: Int, actions: Actions, teams: Teams, spacings: Sequence[Spacing], taken: Taken | None = None
) -> Calendar:
    """Give each action the first of the `days` that has room: those due first choose first, then those worth most.

    Without spacings this finds a day for as many as can have one (earliest due date first, Jackson 1955).

    Args:
        taken: what takes up room on some of these days before.
    """
    order = np.lexsort((actions.tie, -actions.expected, actions.contact_by))
    found = np.full(len(order), -1, np.int32)
    stopped = np.full(len(order), NO_ROOM, np.int32)
    last = np.searchsorted(days, actions.contact_by, side="right")
    free = np.repeat(np.where(teams.per_day < 0, _UNLIMITED, teams.per_day)[:, None], len(days), 1)
    person_free = np.repeat(teams.person_per_day[:, None], len(days), 1)
    used = np.zeros((len(teams.person_per_day), len(days)), np.int64)
    if taken is not None:
        _take(taken, days, free, person_free, used)
    place(order, actions.queue, actions.person, last, days, free, person_free, *_lists(spacings), found, stopped)
    staff = np.full(len(order), -1, np.int32)
    per_day = teams.person_per_day.astype(np.int64)
    deal(order, actions.queue, actions.person, found, teams.start, teams.member, per_day, used, staff)
    padded = np.append(days, NO_DAY).astype(np.int32)
    return Calendar(padded[found], staff, np.where(found < 0, stopped, NO_ROOM).astype(np.int32))


def _take(taken: Taken, days: Int, free: Int, person_free: Int, used: _Long) -> None:
    """Take off what stands already; where more stands than there was room, there is none."""
    there = np.isin(taken.day, days)
    on, queue, person = np.searchsorted(days, taken.day[there]), taken.queue[there], taken.person[there]
    np.subtract.at(free, (queue, on), 1)
    named = person >= 0
    np.subtract.at(person_free, (person[named], on[named]), 1)
    np.add.at(used, (person[named], on[named]), 1)
    np.maximum(free, 0, out=free)
    np.maximum(person_free, 0, out=person_free)


def _lists(
    spacings: Sequence[Spacing],
) -> tuple[npt.NDArray[np.int32], Int, Int, Int, Int, Int, int]:
    """Linked lists of the days of each group that could run against its limit, with past contacts in them."""
    groups, pasts, lists = [], [], 0
    for spacing in spacings:
        group, past, count = _tight(spacing)
        groups.append(np.where(group >= 0, group + lists, -1))
        pasts.append((np.where(past >= 0, past + lists, -1), spacing.past_day))
        lists += count
    past_list = np.concatenate([group for group, _ in pasts]) if pasts else np.empty(0, np.int32)
    past_day = np.concatenate([day for _, day in pasts]) if pasts else np.empty(0, np.int32)
    past_day, past_list = past_day[past_list >= 0], past_list[past_list >= 0]
    many = len(past_list) + sum(int((group >= 0).sum()) for group in groups)
    head, node_day, node_next = np.full(lists, -1, np.int32), np.zeros(many, np.int32), np.full(many, -1, np.int32)
    node_day[: len(past_day)] = past_day
    # Each past contact points to the one before it in the same list.
    by = np.argsort(past_list, kind="stable")
    same = past_list[by][1:] == past_list[by][:-1]
    node_next[by[1:][same]] = by[:-1][same]
    head[past_list[by]] = by
    most = np.array([spacing.most for spacing in spacings], np.int32)
    window = np.array([spacing.days for spacing in spacings], np.int32)
    stacked = np.array(groups, np.int32) if groups else np.empty((0, 0), np.int32)
    return stacked, most, window, head, node_day, node_next, len(past_list)


def _tight(spacing: Spacing) -> tuple[Int, Int, int]:
    """Actions' and past contacts' groups numbered anew, -1 for groups too few to run against the limit."""
    held = max(int(array.max(initial=-1)) for array in (spacing.group, spacing.past_group)) + 1
    counts = np.bincount(spacing.group[spacing.group >= 0], minlength=held)
    tight = (counts > 0) & (
        counts + np.bincount(spacing.past_group[spacing.past_group >= 0], minlength=held) > spacing.most
    )
    number = np.append(np.where(tight, np.cumsum(tight) - 1, -1), -1).astype(np.int32)
    return number[spacing.group], number[spacing.past_group], int(tight.sum())
