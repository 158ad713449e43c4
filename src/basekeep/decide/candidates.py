"""Candidates: each subscriber with every offer and channel that passed eligibility and policy, and what each is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from basekeep.decide.asking import questions
from basekeep.decide.base import Base, Int, Marks
from basekeep.decide.contacts import HeldOut, Standing
from basekeep.decide.growing import Growing
from basekeep.decide.levers import Levers
from basekeep.decide.passing import Block, Passed
from basekeep.decide.period import Period
from basekeep.decide.places import Places
from basekeep.decide.reasons import HELD_OUT
from basekeep.decide.stock import Stock
from basekeep.playbook.declarations import Playbook
from basekeep.relations.compiled import Compiled

# Subscribers at a time: what is held of them besides the candidates stays small. The answer does not depend on it.
BLOCK = 32_768
Small = npt.NDArray[np.int16]


@dataclass(frozen=True)
class Candidates:
    """All candidates, those of one subscriber side by side, and why others are none.

    Attributes:
        start: n + 1 numbers: the candidates of subscriber i are `start[i]` to before `start[i + 1]`.
        offer, channel: places in the playbook.
        segment: the segment or scorecard through which the offer serves the subscriber: a place in `Base.served`.
        unit: the unit that would make the contact, a place in `Places.units`, -1 where it is not known and the
            channel, being unlimited, needs none.
        model: the device model that would be drawn from stock: a place in `models`, -1 where none is.
        contact_by: the last day on which the contact comes before the event and, where the offer ends within the period,
            before its end; NO_DAY where there is none.
        probability: of success, 0 to 1.
        value: what a success is worth, in fen.
        weight: of campaign, offer and segment multiplied.
        cost: of making the offer, in fen: contact, offer and probability × benefit.
        expected: probability × value × weight − cost, in fen.
        models: ids of device models.
        why: names of the reasons for which somebody has fewer candidates than there are offers for; `why_marks` has
            their bits by subscriber: `not_eligible`, `not_applicable`, `too_late`, `not_valid`, `not_suitable`,
            `costs_more_than_use`, `value_unknown`, `benefit_running`, `channel_shut`, `reserved`, `no_unit`,
            `no_stock`, `not_worth_it`, `contact_limit` (no contact left), `quiet` (no day left), those of the
            contact policy, `held_out.CAMPAIGN`.
        served: whether the subscriber is in a segment that some offer serves.
        passed: whether some offer passed eligibility, applicability and suitability.
        allowed: whether the contact policy allows one of these.
    """

    start: npt.NDArray[np.int64]
    offer: Small
    channel: Small
    segment: Small
    unit: Int
    model: Int
    contact_by: Int
    probability: npt.NDArray[np.float64]
    value: npt.NDArray[np.int64]
    weight: npt.NDArray[np.float64]
    cost: npt.NDArray[np.int64]
    expected: npt.NDArray[np.int64]
    models: tuple[str, ...]
    why: tuple[str, ...]
    why_marks: Marks
    served: npt.NDArray[np.bool_]
    passed: npt.NDArray[np.bool_]
    allowed: npt.NDArray[np.bool_]

    @property
    def size(self) -> int:
        """How many candidates there are."""
        return len(self.offer)

    def owners(self, first: int, end: int) -> npt.NDArray[np.int64]:
        """The subscriber of each candidate of subscribers `first` to before `end`."""
        return np.repeat(np.arange(first, end), np.diff(self.start[first : end + 1]))


# The columns of candidates with their types, in the order of the class.
_COLUMNS: dict[str, type[np.generic]] = {
    "offer": np.int16, "channel": np.int16, "segment": np.int16, "unit": np.int32, "model": np.int32,
    "contact_by": np.int32, "probability": np.float64, "value": np.int64, "weight": np.float64, "cost": np.int64,
    "expected": np.int64,
}  # fmt: skip
_OF_SUBSCRIBERS: dict[str, type[np.generic]] = {
    "counts": np.int64, "why_marks": np.int64, "served": np.bool_, "passed": np.bool_, "allowed": np.bool_,
}  # fmt: skip
# Those that are not the same for all who have an option.
_OF_EACH = ("unit", "model", "contact_by", "value", "expected")


def candidates(
    playbook: Playbook, compiled: Compiled, base: Base, places: Places, standing: Standing, period: Period,
    stock: Stock, levers: Levers, group_units: Mapping[str, str] | None = None, block: int = BLOCK,
) -> Candidates:  # fmt: skip
    """All candidates of a base, those in the universal control group among them; none of who is excluded.

    An offer is asked of everybody whom one of its segments makes it to, the first in the order written. Of each question all
    reasons against it are kept, and one that does not pass is not asked the next:

    1. is it for the subscriber, now: eligible, applicable, suitable, affordable, valid, in time before its event;
    2. does the contact policy let it be made: limits, cool-downs, running benefits;
    3. through this channel: open to the subscriber, a unit to make it, a device in stock, worth more than it costs.

    Args:
        group_units: of group accounts the units that they belong to.
        block: how many subscribers are asked at a time.
    """
    asked = questions(playbook, compiled, base, places, standing, period, stock, levers, group_units or {})
    columns, each = Growing(_COLUMNS), Growing(_OF_SUBSCRIBERS)
    for first in range(0, base.size, block):
        one = Block(base, standing, asked, first, min(first + block, base.size))
        counts = _laid(list(one.all_passed()), len(one.why), columns)
        each.add(
            {"counts": counts, "why_marks": one.why, "served": one.served, "passed": one.passed, "allowed": one.allowed}
        )
    told = each.take()
    start = starts(told.pop("counts"))
    return Candidates(start, **columns.take(), models=stock.models, why=asked.reasons.names, **told)


def starts(counts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Where each part begins that is so long, and where the last one ends."""
    found = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=found[1:])
    return found


def _laid(found: list[Passed], size: int, columns: Growing) -> npt.NDArray[np.int64]:
    """Lay a block's candidates side by side by subscriber at the end of the columns; how many each has."""
    counts = np.zeros(size, np.int64)
    for one in found:
        counts[one.who] += 1
    free, many = np.cumsum(counts) - counts, int(counts.sum())
    block = {name: np.empty(many, _COLUMNS[name]) for name in _OF_EACH}
    option = np.empty(many, np.int32)
    for place, one in enumerate(found):
        at = free[one.who]
        free[one.who] += 1
        option[at] = place
        for name in _OF_EACH:
            block[name][at] = getattr(one, name)
    for name, kind in _COLUMNS.items():
        if name not in block:
            block[name] = np.array([getattr(one.option, name) for one in found], kind)[option]
    columns.add(block)
    return counts


def without_held_out(found: Candidates, playbook: Playbook, held: HeldOut, block: int = BLOCK) -> Candidates:
    """The candidates without those of who is held out from everything, and without those of a campaign for who is held out from it.

    Who loses some to a campaign's control group has the reason `held_out.CAMPAIGN`. `found` is used up: what is left moves
    to the front of its columns, since two of each would not fit where many subscribers have many candidates.
    """
    campaigns = list(playbook.campaigns)
    of_offer = np.array([campaigns.index(offer.campaign) for offer in playbook.offers.values()], np.int32)
    bits = np.array([_held_out_bit(found.why, name) for name in campaigns], np.int64)
    counts, at = np.diff(found.start), 0
    for first in range(0, len(counts), block):
        end = min(first + block, len(counts))
        part, who = slice(found.start[first], found.start[end]), found.owners(first, end)
        campaign = held.campaign[who]
        lost = (campaign >= 0) & (campaign == of_offer[found.offer[part]])
        found.why_marks[who[lost]] |= bits[campaign[lost]]
        keep = ~(lost | held.universal[who])
        counts[first:end] = np.bincount(who[keep] - first, minlength=end - first)
        many = int(np.count_nonzero(keep))
        for name in _COLUMNS:
            column = getattr(found, name)
            column[at : at + many] = column[part][keep]
        at += many
    return replace(found, start=starts(counts), **{name: getattr(found, name)[:at] for name in _COLUMNS})


def _held_out_bit(why: tuple[str, ...], campaign: str) -> int:
    """The bit of a campaign's control group; the last name's where it has none of its own."""
    name = f"{HELD_OUT}{campaign}"
    return 1 << (why.index(name) if name in why else len(why) - 1)
