"""Renews the decisions of some subscribers of a month within what the others leave: numbers only, nothing is read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from basekeep.decide.allocation.allocate import allocate
from basekeep.decide.allocation.problem import Allocation, Problem, Whole
from basekeep.decide.asking import number_of
from basekeep.decide.base import NO_DAY
from basekeep.decide.calendar import Taken
from basekeep.decide.candidates import Candidates, candidates, without_held_out
from basekeep.decide.capacity import capacities
from basekeep.decide.days_found import drawn
from basekeep.decide.deciding import ledger_of
from basekeep.decide.inputs import Inputs
from basekeep.decide.levers import Levers
from basekeep.decide.limits import Limited, limits_of
from basekeep.decide.made import Made
from basekeep.decide.month_made import MonthMade
from basekeep.decide.past_contacts import PastContacts
from basekeep.decide.planning import planned
from basekeep.decide.stock import Stock
from basekeep.decide.stopping import what_stopped
from basekeep.decide.teams import Queues, queues_of

Flags = npt.NDArray[np.bool_]
_COLUMNS = (
    "offer", "channel", "segment", "unit", "model", "contact_by", "probability", "value", "weight", "cost", "expected",
)  # fmt: skip


@dataclass(frozen=True)
class Concerned:
    """Whom a day concerns.

    Attributes:
        renewed: of each subscriber whether its decision is made anew.
        logged: of each, whether the contact log has the action decided.
        sent: of each, whether its action is in the log or was planned for an earlier day.
    """

    renewed: Flags
    logged: Flags
    sent: Flags


def renew(inputs: Inputs, month: MonthMade, stock: Stock, concerned: Concerned) -> Made:
    """The month's decisions with those of some subscribers made anew.

    What stays keeps its use of budgets and stock, and of the capacity of the days that are left. The renewed are chosen
    for within the rest, all at once as in the month.

    Args:
        inputs: as gathered on the day, for the days that are left.
        stock: as the month had it.
    """
    of, playbook, renewed = inputs, inputs.playbook, concerned.renewed
    holds = capacities(playbook, of.places, of.staff, of.period, Levers())
    new = candidates(playbook, of.compiled, of.base, of.places, of.standing, of.period, stock, Levers(), of.group_units)
    new = without_held_out(new, playbook, month.held_out)
    found = together(new, month.candidates, renewed)
    kept = _kept(found, month, renewed)
    shared = limits_of(playbook, of.base, of.places, of.standing, found, holds, stock, Levers())
    problem = _with_quotas(shared.problem, (kept >= 0) & concerned.logged)
    shared = replace(shared, problem=problem)
    used = _used(shared, kept, month.contact_on, number_of(of.period.first))
    rest = allocate(_rest(problem, shared, renewed, used, kept))
    chosen = _mapped(rest.chosen, problem, renewed)
    now = replace(rest, chosen=chosen, used=drawn(problem, chosen[chosen >= 0]))
    queues = queues_of(holds, len(of.places.units))
    taken = _taken(found, kept, month, queues, of)
    days = planned(of, found, problem, now, queues, _past(of, kept, month), taken)
    allocation = _all(days.allocation, kept, problem, used)
    ledger = ledger_of(of, month.held_out, found, allocation, days.taken_back, what_stopped(shared, allocation))
    staff_ids, staff = _staff(month, renewed, queues.staff_ids, days.staff)
    return Made(
        base=of.base, places=of.places, candidates=found, groups=(), held_out=month.held_out, limited=shared,
        capacities=holds, allocation=allocation,
        contact_on=np.where(renewed, days.contact_on, month.contact_on).astype(np.int32), staff_ids=staff_ids, staff=staff,
        ledger=replace(ledger, bucket=np.where(renewed, ledger.bucket, month.bucket).astype(np.int8)),
        taken_back=int((days.taken_back.code >= 0).sum()), remarks=(*holds.remarks, *shared.remarks),
    )  # fmt: skip


def together(new: Candidates, old: Candidates, renewed: Flags) -> Candidates:
    """The new candidates of the renewed, the old ones of all others, subscriber by subscriber."""
    size = len(renewed)
    owners = [np.repeat(np.arange(size), np.diff(one.start)) for one in (new, old)]
    parts = [renewed[owners[0]], ~renewed[owners[1]]]
    owner = np.concatenate([of[part] for of, part in zip(owners, parts, strict=True)])
    order = np.argsort(owner, kind="stable")
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(new, name)[parts[0]], getattr(old, name)[parts[1]]])[order] for name in _COLUMNS
    }
    start = np.searchsorted(owner[order], np.arange(size + 1)).astype(np.int64)
    return replace(new, start=start, **columns)


def _kept(found: Candidates, month: MonthMade, renewed: Flags) -> Whole:
    """Of each subscriber whose decision stays its candidate, -1 for all others."""
    at = month.chosen - month.candidates.start[:-1] + found.start[:-1]
    kept: Whole = np.where(~renewed & (month.chosen >= 0), at, -1)
    return kept


def _with_quotas(problem: Problem, logged: Flags) -> Problem:
    """The quotas with what stays among them: contacts in the log were taken off once already."""
    customer = problem.customer[logged]
    return replace(
        problem,
        customer_quota=(problem.customer_quota + np.bincount(customer, minlength=len(problem.customer_quota))).astype(
            np.int32
        ),
        party_quota=(
            problem.party_quota + np.bincount(problem.party[customer], minlength=len(problem.party_quota))
        ).astype(np.int32),
    )


def _used(shared: Limited, kept: Whole, contact_on: npt.NDArray[np.int32], first: int) -> Whole:
    """What is used by what stays; capacity by what comes on the days that are left alone."""
    used = drawn(shared.problem, kept[kept >= 0])
    before = drawn(shared.problem, kept[(kept >= 0) & (contact_on < first)])
    capacity = np.array([limit.kind == "capacity" for limit in shared.limits], np.bool_)
    return np.where(capacity, used - before, used)


def _rest(problem: Problem, shared: Limited, renewed: Flags, used: Whole, kept: Whole) -> Problem:
    """The problem of the renewed alone, within what is left."""
    floor = np.array([limit.kind == "floor" for limit in shared.limits], np.bool_)
    left = problem.limit - used
    counts = np.diff(problem.start)
    mine = np.repeat(renewed, counts)
    customer = problem.customer[kept >= 0]
    of_customer = np.bincount(customer, minlength=len(problem.customer_quota))
    of_party = np.bincount(problem.party[customer], minlength=len(problem.party_quota))
    return replace(
        problem,
        start=np.concatenate([[0], np.cumsum(np.where(renewed, counts, 0))]).astype(np.int64),
        value=problem.value[mine],
        cost=problem.cost[mine],
        pattern=problem.pattern[mine],
        limit=np.where(floor, left, np.maximum(left, 0)),
        customer_quota=np.maximum(problem.customer_quota - of_customer, 0).astype(np.int32),
        party_quota=np.maximum(problem.party_quota - of_party, 0).astype(np.int32),
    )


def _mapped(chosen: Whole, problem: Problem, renewed: Flags) -> Whole:
    """Options of the rest as options of the whole."""
    places = np.flatnonzero(np.repeat(renewed, np.diff(problem.start)))
    found = np.full(len(chosen), -1, np.int64)
    found[chosen >= 0] = places[chosen[chosen >= 0]]
    return found


def _past(of: Inputs, kept: Whole, month: MonthMade) -> PastContacts:
    """Contacts that the new ones keep their distance from: those made, and those that stay planned."""
    planned = np.flatnonzero((kept >= 0) & (month.contact_on != NO_DAY)).astype(np.int32)
    return PastContacts(
        np.concatenate([of.past.subscriber, planned]), np.concatenate([of.past.day, month.contact_on[planned]])
    )


def _taken(found: Candidates, kept: Whole, month: MonthMade, queues: Queues, of: Inputs) -> Taken:
    """The room that what stays takes on the days that are left."""
    on = month.contact_on
    who = np.flatnonzero((kept >= 0) & (on >= number_of(of.period.first)) & (on != NO_DAY))
    option = kept[who]
    known = {staff: place for place, staff in enumerate(queues.staff_ids)}
    persons = np.array([*(known.get(one, -1) for one in month.staff_ids), -1], np.int32)
    return Taken(queues.of[found.channel[option], found.unit[option]], persons[month.staff[who]], on[who])


def _all(now: Allocation, kept: Whole, problem: Problem, used: Whole) -> Allocation:
    """What was chosen now with what stays."""
    worth = int(problem.value[kept[kept >= 0]].sum())
    total = now.used + used
    return replace(
        now, chosen=np.where(kept >= 0, kept, now.chosen), value=now.value + worth, bound=now.bound + worth, used=total,
        short=np.maximum(total - problem.limit, 0),
    )  # fmt: skip


def _staff(
    month: MonthMade, renewed: Flags, staff_ids: tuple[str, ...], staff: npt.NDArray[np.int32]
) -> tuple[tuple[str, ...], npt.NDArray[np.int32]]:
    """Both days' persons in one list."""
    both = tuple(dict.fromkeys((*month.staff_ids, *staff_ids)))
    now = np.array([*(both.index(one) for one in staff_ids), -1], np.int32)
    return both, np.where(renewed, now[staff], month.staff).astype(np.int32)
