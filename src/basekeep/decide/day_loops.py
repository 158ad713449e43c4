"""The compiled loops behind days and staff: place one action after the other. Know numbers only."""

from __future__ import annotations

from typing import Any

from basekeep.decide.allocation.compiled import compiled

# Numba gives these loops their types when they are first called.
_Array = Any
# Why no day was found: every day was full, or else the place of the spacing that stood against the first free day.
NO_ROOM = -1


@compiled
def full(new: int, head: int, most: int, window: int, node_day: _Array, node_next: _Array) -> bool:
    """Whether a contact on the day `new` would make more than `most` in some `window` days on end.

    Only windows that begin on the day of a contact need be looked at: no other holds more.
    """
    start, first = new, -1
    while True:
        held, node = 1, head
        while node >= 0:
            if start <= node_day[node] < start + window:
                held += 1
            node = node_next[node]
        if held > most:
            return True
        first = head if first < 0 else node_next[first]
        while first >= 0 and not new - window < node_day[first] < new:
            first = node_next[first]
        if first < 0:
            return False
        start = node_day[first]


@compiled
def place(
    order: _Array,
    queue: _Array,
    person: _Array,
    last: _Array,
    days: _Array,
    free: _Array,
    person_free: _Array,
    group: _Array,
    most: _Array,
    window: _Array,
    head: _Array,
    node_day: _Array,
    node_next: _Array,
    nodes: int,
    found: _Array,
    stopped: _Array,
) -> None:
    """Give each action, in `order`, the first day that has room for it; `found` stays -1 where none has.

    Args:
        last: of each action, how many of the days come before its own is over.
        free: queue × day, how many more; `person_free` the same of single persons.
        group: spacing × action, the list in `head` that holds the days of its group, -1 where nothing is to be kept.
        head, node_day, node_next: linked lists of days, `nodes` of them filled.
    """
    for at in range(len(order)):
        action = order[at]
        one, who = queue[action], person[action]
        stopped[action] = NO_ROOM
        for day in range(last[action]):
            if free[one, day] == 0 or (who >= 0 and person_free[who, day] == 0):
                continue
            against = -1
            for index in range(len(most)):
                its = group[index, action]
                if its >= 0 and full(days[day], head[its], most[index], window[index], node_day, node_next):
                    against = index
                    break
            if against >= 0:
                if stopped[action] == NO_ROOM:
                    stopped[action] = against
                continue
            found[action] = day
            free[one, day] -= 1
            if who >= 0:
                person_free[who, day] -= 1
            for index in range(len(most)):
                its = group[index, action]
                if its >= 0:
                    node_day[nodes], node_next[nodes] = days[day], head[its]
                    head[its] = nodes
                    nodes += 1
            break


@compiled
def deal(
    order: _Array,
    queue: _Array,
    person: _Array,
    day: _Array,
    start: _Array,
    member: _Array,
    per_day: _Array,
    used: _Array,
    staff: _Array,
) -> None:
    """Give each action to a person: its own first, then to whoever of its queue has most of the day left by share.

    Args:
        start, member: the persons of queue q are `member[start[q]]` to before `member[start[q + 1]]`.
        used: person × day, how many actions; none gets more than its `per_day`.
        staff: of each action its person, -1 where there is none with room.
    """
    for at in range(len(order)):
        action = order[at]
        if day[action] >= 0 and person[action] >= 0:
            staff[action] = person[action]
            used[person[action], day[action]] += 1
    for at in range(len(order)):
        action = order[at]
        if day[action] < 0 or person[action] >= 0:
            continue
        best, on = -1, day[action]
        for place_in in range(start[queue[action]], start[queue[action] + 1]):
            who = member[place_in]
            if used[who, on] >= per_day[who]:
                continue
            # (used + 1) / per_day compared without dividing.
            if best < 0 or (used[who, on] + 1) * per_day[best] < (used[best, on] + 1) * per_day[who]:
                best = who
        if best >= 0:
            staff[action] = best
            used[best, on] += 1
