"""Days and staff: as many as can be before their last day, never more than a day or a person holds, families apart."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from basekeep.decide.base import NO_DAY
from basekeep.decide.calendar import Actions, Calendar, Spacing, Teams, plan_days

FIRST = 20_000


@dataclass(frozen=True)
class Office:
    """Queues with their days, and teams of persons, as plain lists."""

    per_day: Sequence[int]
    teams: Sequence[Sequence[int]] = ()
    persons: Sequence[int] = ()
    days: Sequence[int] = tuple(range(FIRST, FIRST + 10))

    def arrays(self) -> Teams:
        teams = self.teams or [()] * len(self.per_day)
        start = np.cumsum([0, *map(len, teams)]).astype(np.int32)
        member = np.array([who for team in teams for who in team], np.int32)
        return Teams(np.array(self.per_day, np.int32), start, member, np.array(self.persons, np.int32))

    def plan(self, actions: Actions, *spacings: Spacing) -> Calendar:
        return plan_days(np.array(self.days, np.int32), actions, self.arrays(), spacings)


def actions(
    queue: Sequence[int],
    contact_by: Sequence[int] | None = None,
    expected: Sequence[int] | None = None,
    person: Sequence[int] | None = None,
) -> Actions:
    many = len(queue)
    return Actions(
        np.array(queue, np.int32),
        np.array(person if person is not None else [-1] * many, np.int32),
        np.array(contact_by if contact_by is not None else [NO_DAY] * many, np.int32),
        np.array(expected if expected is not None else [0] * many, np.int64),
        np.arange(many, dtype=np.uint64),
    )


def spacing(
    group: Sequence[int], most: int = 1, days: int = 7, past: Sequence[tuple[int, int]] = (), name: str = "family"
) -> Spacing:
    past_group, past_day = (np.array([one[at] for one in past], np.int32) for at in (0, 1))
    return Spacing(name, most, days, np.array(group, np.int32), past_group, past_day)


def test_what_is_due_first_goes_first() -> None:
    found = Office([1]).plan(actions([0, 0, 0], [NO_DAY, FIRST + 1, FIRST]))
    assert list(found.day) == [FIRST + 2, FIRST + 1, FIRST]


def test_of_two_due_the_same_day_the_more_valuable_goes_first() -> None:
    assert list(Office([1]).plan(actions([0, 0], expected=[5, 9])).day) == [FIRST + 1, FIRST]


def test_what_finds_no_day_before_its_last_is_told() -> None:
    found = Office([1]).plan(actions([0, 0], [FIRST, FIRST], [1, 2]))
    assert list(found.day) == [NO_DAY, FIRST]
    assert list(found.stopped) == [-1, -1]


def test_a_family_is_contacted_in_different_weeks() -> None:
    found = Office([5, 5]).plan(actions([0, 1, 0]), spacing([3, 3, -1]))
    assert list(found.day) == [FIRST, FIRST + 7, FIRST]


def test_a_family_without_a_second_week_is_told_by_its_limit() -> None:
    found = Office([5]).plan(actions([0, 0], [NO_DAY, FIRST + 6]), spacing([1, 1]))
    assert list(found.day) == [FIRST + 7, FIRST]
    found = Office([5]).plan(actions([0, 0], [FIRST + 6, FIRST + 6]), spacing([1, 1]))
    assert (list(found.day), list(found.stopped)) == ([FIRST, NO_DAY], [-1, 0])


def test_contacts_of_last_month_keep_a_family_free() -> None:
    found = Office([5]).plan(actions([0]), spacing([2], past=[(2, FIRST - 3), (1, FIRST - 1)]))
    assert list(found.day) == [FIRST + 4]


def test_a_key_person_waits_for_its_own_manager() -> None:
    office = Office([2], teams=[(0, 1)], persons=[1, 1])
    found = office.plan(actions([0, 0, 0], person=[1, 1, -1]))
    assert list(found.day) == [FIRST, FIRST + 1, FIRST]
    assert list(found.staff) == [1, 1, 0]


def test_nobody_stays_idle_while_others_work() -> None:
    found = Office([6], teams=[(0, 1)], persons=[4, 2]).plan(actions([0, 0, 0]))
    assert Counter(found.staff.tolist()) == {0: 2, 1: 1}


def test_without_a_team_nobody_is_named() -> None:
    assert list(Office([-1]).plan(actions([0, 0])).staff) == [-1, -1]


def drawn(seed: int) -> tuple[Office, Actions, list[Spacing]]:
    draw = random.Random(seed)
    days = sorted(draw.sample(range(FIRST, FIRST + 20), 8))
    queues = draw.randint(1, 3)
    persons = [draw.randint(0, 2) for _ in range(5)]
    teams = [[who for who in range(5) if who % queues == queue] for queue in range(queues)]
    per_day = [sum(persons[who] for who in team) for team in teams]
    many = draw.randint(0, 40)
    queue = [draw.randrange(queues) for _ in range(many)]
    person = [draw.choice([-1, -1, *teams[one]]) for one in queue]
    due = [draw.choice([NO_DAY, FIRST + draw.randrange(25)]) for _ in range(many)]
    wanted = actions(queue, due, [draw.randrange(5) for _ in range(many)], person)
    past = [(draw.randrange(9), FIRST - draw.randint(1, 9)) for _ in range(draw.randrange(4))]
    limits = [
        spacing([draw.randrange(-1, 9) for _ in range(many)], draw.randint(1, 3), draw.randint(1, 9), past)
        for _ in range(draw.randrange(3))
    ]
    return Office(per_day, teams, persons, days), wanted, limits


def crowded(spaced: Spacing, days: Sequence[int]) -> bool:
    """Whether some window holds too many, by looking at every window."""
    by: dict[int, list[int]] = {}
    for group, day in [*zip(spaced.past_group, spaced.past_day, strict=True), *zip(spaced.group, days, strict=True)]:
        if group >= 0 and day != NO_DAY:
            by.setdefault(int(group), []).append(int(day))
    # Those of the past may have been too many already: only windows with a new contact count.
    return any(
        any(day >= FIRST for day in held) and len(held) > spaced.most
        for all_days in by.values()
        for begin in range(FIRST - 20, FIRST + 30)
        for held in [[day for day in all_days if begin <= day < begin + spaced.days]]
    )


@pytest.mark.parametrize("seed", range(150))
def test_nothing_is_ever_broken(seed: int) -> None:
    office, wanted, limits = drawn(seed)
    found = office.plan(wanted, *limits)
    planned = [at for at, day in enumerate(found.day) if day != NO_DAY]
    assert all(found.day[at] in office.days and found.day[at] <= wanted.contact_by[at] for at in planned)
    of_queue = Counter((int(wanted.queue[at]), int(found.day[at])) for at in planned)
    assert all(many <= office.per_day[queue] for (queue, _), many in of_queue.items())
    of_person = Counter((int(found.staff[at]), int(found.day[at])) for at in planned)
    assert all(who >= 0 and many <= office.persons[who] for (who, _), many in of_person.items())
    assert all(found.staff[at] in office.teams[int(wanted.queue[at])] for at in planned)
    assert all(wanted.person[at] in (-1, found.staff[at]) for at in planned)
    assert not any(crowded(limit, found.day.tolist()) for limit in limits)


@pytest.mark.parametrize("seed", range(60))
def test_without_spacings_as_many_get_a_day_as_can(seed: int) -> None:
    office, wanted, _ = drawn(seed)
    anybody = actions(wanted.queue.tolist(), wanted.contact_by.tolist())
    found = office.plan(anybody)
    for queue, per_day in enumerate(office.per_day):
        due = sorted(int(by) for at, by in enumerate(wanted.contact_by) if wanted.queue[at] == queue)
        most = 0
        # Day by day backwards nothing is lost by serving those whose last day is nearest to it: count what can be.
        waiting = 0
        for day in reversed(office.days):
            waiting += sum(by >= day for by in due)
            due = [by for by in due if by < day]
            served = min(per_day, waiting)
            most, waiting = most + served, waiting - served
        assert sum(found.day[wanted.queue == queue] != NO_DAY) == most


@pytest.mark.parametrize("seed", range(30))
def test_the_order_of_actions_does_not_matter(seed: int) -> None:
    office, wanted, limits = drawn(seed)
    order = np.random.default_rng(seed).permutation(len(wanted.queue))
    mixed = Actions(*(getattr(wanted, name)[order] for name in ("queue", "person", "contact_by", "expected", "tie")))
    mixed_limits = [
        Spacing(one.name, one.most, one.days, one.group[order], one.past_group, one.past_day) for one in limits
    ]
    first, second = office.plan(wanted, *limits), office.plan(mixed, *mixed_limits)
    assert (first.day[order] == second.day).all()
    assert (first.staff[order] == second.staff).all()
