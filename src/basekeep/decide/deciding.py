"""Makes all decisions of a run from what was gathered: in arrays only, so that simulations and days call the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from basekeep.decide.allocation.allocate import allocate
from basekeep.decide.allocation.problem import Allocation
from basekeep.decide.candidates import BLOCK, Candidates, candidates, without_held_out
from basekeep.decide.capacity import capacities
from basekeep.decide.contacts import HeldOut
from basekeep.decide.hold_outs import ControlGroup, campaign_controls, held_out
from basekeep.decide.inputs import Inputs
from basekeep.decide.ledger import Ledger, TakenBack, keep_ledger
from basekeep.decide.levers import Levers
from basekeep.decide.limits import limits_of
from basekeep.decide.made import Made
from basekeep.decide.planning import plan_allocation
from basekeep.decide.stock import stock_of
from basekeep.decide.stopping import Stopped, what_stopped
from basekeep.decide.teams import queues_of
from basekeep.playbook.declarations import Playbook


def decide_arrays(inputs: Inputs, levers: Levers) -> Made:
    """One decision for each subscriber of the base.

    Candidates, less those held out; the limits they share; the allocation over all of them at once; a day and a person
    for each action; and the ledger of where everybody went.
    """
    of, playbook = inputs, inputs.playbook
    stock = stock_of(of.stock.rows, of.stock.known, of.places, levers)
    holds = capacities(playbook, of.places, of.staff, of.period, levers)
    all_of_them = candidates(
        playbook, of.compiled, of.base, of.places, of.standing, of.period, stock, levers, of.group_units
    )
    groups, held = _held_out(of, all_of_them)
    found = without_held_out(all_of_them, playbook, held)
    shared = limits_of(playbook, of.base, of.places, of.standing, found, holds, stock, levers)
    allocation = allocate(shared.problem)
    queues = queues_of(holds, len(of.places.units))
    days = plan_allocation(of, found, shared.problem, allocation, queues)
    return Made(
        base=of.base, places=of.places, candidates=found, groups=groups, held_out=held, limited=shared, capacities=holds,
        allocation=days.allocation, contact_on=days.contact_on, staff_ids=queues.staff_ids, staff=days.staff,
        ledger=ledger_of(of, held, found, days.allocation, days.taken_back, what_stopped(shared, _either(allocation, days.allocation))), taken_back=int(((days.taken_back.code >= 0) & (days.allocation.chosen < 0)).sum()),
        remarks=(*holds.remarks, *shared.remarks),
    )  # fmt: skip


def _held_out(of: Inputs, found: Candidates) -> tuple[tuple[ControlGroup, ...], HeldOut]:
    """The control groups, the universal one first, and who is in them."""
    groups = [] if of.universal is None else [of.universal]
    if of.lots is not None:
        groups += campaign_controls(
            of.playbook, of.lots, of.universal, lambda name: with_candidates(of.playbook, found, name)
        )
    return tuple(groups), held_out(of.playbook, of.base, groups)


def with_candidates(playbook: Playbook, found: Candidates, campaign: str) -> npt.NDArray[np.intp]:
    """The places of those who have a candidate of a campaign, ascending."""
    its = np.array([offer.campaign == campaign for offer in playbook.offers.values()], np.bool_)
    size = len(found.served)
    have = np.zeros(size, np.bool_)
    for first in range(0, size, BLOCK):
        end = min(first + BLOCK, size)
        have[found.owners(first, end)[its[found.offer[found.start[first] : found.start[end]]]]] = True
    return np.flatnonzero(have)


def _either(first: Allocation, last: Allocation) -> Allocation:
    """The first allocation, with who was chosen in it or in the last: nothing but the calendar stopped the others of it."""
    return replace(first, chosen=np.where(last.chosen >= 0, last.chosen, first.chosen))


def ledger_of(
    of: Inputs, held: HeldOut, found: Candidates, allocation: Allocation, taken_back: TakenBack, stopped: Stopped
) -> Ledger:
    """The ledger of an allocation that has been through the calendar."""
    sells = np.array([offer.kind == "sell" for offer in of.playbook.offers.values()], np.bool_)
    return keep_ledger(
        of.base, tuple(of.playbook.contact_policy.exclusions), of.standing, held, found, sells, allocation.chosen,
        taken_back, stopped,
    )  # fmt: skip
