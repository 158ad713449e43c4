"""The limits that ask for a least: so many of a segment in each unit, so large a share of care among its contacts."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from basekeep.decide.base import Base
from basekeep.decide.levers import Levers
from basekeep.decide.places import Places
from basekeep.decide.rounding import Whole
from basekeep.decide.slots import Draws, Known, Limit, Slot, at, within
from basekeep.decide.unit_remarks import strange_units
from basekeep.playbook.decisions import Floor
from basekeep.playbook.declarations import Playbook
from basekeep.run.remarks import Remark

CARE_SHARE = "care_share."


def floor_slots(
    playbook: Playbook, base: Base, places: Places, reachable: npt.NDArray[np.bool_], levers: Levers
) -> Iterator[Slot]:
    """The floors in the playbook's order, with the levers `floor.NAME`: never more than could be contacted.

    Any action for a member counts, also one that another segment makes it to.

    Args:
        reachable: of each subscriber whether it has a candidate.
    """
    for name, floor in playbook.floors.items():
        units = places.at(floor.level)
        lies_in = places.lying_in(floor.level, base.branches)[base.branch]
        could = np.bincount(
            lies_in[reachable & base.members(floor.segment) & (lies_in >= 0)], minlength=len(places.units)
        )
        yield _slot(name, floor, places, units.tolist(), could, levers)


def _slot(name: str, floor: Floor, places: Places, units: list[int], could: Whole, levers: Levers) -> Slot:
    own = {places.of(unit): least for unit, least in floor.units.items()}
    limits = []
    for unit in units:
        asked = max(int(levers.apply(f"floor.{name}", own.get(unit, floor.least))), 0)
        least = min(asked, int(could[unit]))
        limits.append(Limit("floor", name, unit, segment=floor.segment, amount=least, asked=asked))
    number = np.full(len(places.units) + 1, -1, np.int64)
    number[[unit + 1 for unit in units]] = np.arange(len(units))
    least_of = np.array([-limit.amount for limit in limits], np.int64)
    return Slot(tuple(limits), least_of, False, _treated(floor, number))


def _treated(floor: Floor, number: Whole) -> Draws:
    def draws(known: Known) -> tuple[Whole, Whole]:
        unit = number[known[at(floor.level)]]
        return np.where(known[within(floor.segment)] == 1, unit, -1), np.full(len(unit), -1, np.int64)

    return draws


def care_slots(playbook: Playbook) -> Iterator[Slot]:
    """The least shares of care, in the playbook's order; a share of 0 asks for nothing.

    With a share p/q, care ≥ p/q × contacts is p × contacts − q × care ≤ 0: a sale draws p, care p − q.
    """
    cares = np.array([offer.kind == "care" for offer in playbook.offers.values()], np.bool_)
    for segment, share in playbook.contact_policy.care_share.items():
        if share:
            limit = Limit("floor", f"{CARE_SHARE}{segment}", segment=segment, share=share)
            yield Slot((limit,), np.zeros(1, np.int64), False, _cared(segment, share, cares))


def _cared(segment: str, share: Fraction, cares: npt.NDArray[np.bool_]) -> Draws:
    def draws(known: Known) -> tuple[Whole, Whole]:
        amount = share.numerator - share.denominator * cares[known["offer"]].astype(np.int64)
        return known[within(segment)] - 1, amount

    return draws


def floor_remarks(playbook: Playbook, places: Places) -> list[Remark]:
    """Floors for units that are not there."""
    return [
        remark
        for name, floor in playbook.floors.items()
        for remark in strange_units(places, f"floors.{name}", floor.units, floor.level)
    ]
