"""Candidates: each subscriber with every offer and channel that passed eligibility and policy, and what each is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from basekeep.decide.asking import questions
from basekeep.decide.base import Base, Int, Marks
from basekeep.decide.contacts import HeldOut, Standing
from basekeep.decide.levers import Levers
from basekeep.decide.passing import Block, Passed
from basekeep.decide.period import Period
from basekeep.decide.places import Places
from basekeep.decide.reasons import HELD_OUT
from basekeep.decide.stock import Stock
from basekeep.playbook.declarations import Playbook
from basekeep.relations.compiled import Compiled

# Subscribers at a time: what is held of them besides the candidates stays small. The answer does not depend on it.
BLOCK = 131_072
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
        contact_by: the last day on which the contact comes before the event, NO_DAY where there is none.
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
    columns: dict[str, list[npt.NDArray[Any]]] = {name: [] for name in _COLUMNS}
    counts, blocks = [], []
    for first in range(0, base.size, block):
        one = Block(base, standing, asked, first, min(first + block, base.size))
        found = list(one.all_passed())
        counts.append(_laid(found, len(one.why), columns))
        blocks.append((one.why, one.served, one.passed, one.allowed))
    start = np.concatenate([[0], np.cumsum(np.concatenate([*counts, np.empty(0, np.int64)]))]).astype(np.int64)
    # Each column is joined and its pieces let go before the next, so that no two columns are held twice.
    joined = {name: np.concatenate([*columns.pop(name), np.empty(0, kind)]) for name, kind in _COLUMNS.items()}
    marks = [np.concatenate(parts) for parts in zip(*blocks, strict=True)]
    if not marks:
        marks = [np.empty(0, np.int64), *(np.empty(0, bool) for _ in range(3))]
    return Candidates(start, **joined, models=stock.models, why=asked.reasons.names,
                      why_marks=marks[0], served=marks[1], passed=marks[2], allowed=marks[3])  # fmt: skip


def _laid(found: list[Passed], size: int, columns: dict[str, list[npt.NDArray[Any]]]) -> npt.NDArray[np.int64]:
    """Lay a block's candidates side by side by subscriber at the end of the columns; how many each has."""
    counts = np.zeros(size, np.int64)
    for one in found:
        counts[one.who] += 1
    free = np.cumsum(counts) - counts
    block = {name: np.empty(int(counts.sum()), kind) for name, kind in _COLUMNS.items()}
    for one in found:
        at = free[one.who]
        free[one.who] += 1
        for name in ("offer", "channel", "segment", "cost"):
            block[name][at] = getattr(one.option, name)
        for name in ("probability", "weight"):
            block[name][at] = float(getattr(one.option, name))
        for name in ("unit", "model", "contact_by", "value", "expected"):
            block[name][at] = getattr(one, name)
    for name, column in block.items():
        columns[name].append(column)
    return counts


def without_held_out(found: Candidates, playbook: Playbook, held: HeldOut, block: int = BLOCK) -> Candidates:
    """The candidates without those of who is held out from everything, and without those of a campaign for who is held out from it.

    Who loses some to a campaign's control group has the reason `held_out.CAMPAIGN`.
    """
    campaigns = list(playbook.campaigns)
    of_offer = np.array([campaigns.index(offer.campaign) for offer in playbook.offers.values()], np.int32)
    bits = np.array([_held_out_bit(found.why, name) for name in campaigns], np.int64)
    keep, why, size = np.ones(found.size, bool), found.why_marks.copy(), len(held.universal)
    counts = np.diff(found.start)
    for first in range(0, size, block):
        end = min(first + block, size)
        part, who = slice(found.start[first], found.start[end]), found.owners(first, end)
        campaign = held.campaign[who]
        lost = (campaign >= 0) & (campaign == of_offer[found.offer[part]])
        why[who[lost]] |= bits[campaign[lost]]
        keep[part] = ~(lost | held.universal[who])
        counts[first:end] -= np.bincount(who[~keep[part]] - first, minlength=end - first)
    start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return replace(found, start=start, why_marks=why, **{name: getattr(found, name)[keep] for name in _COLUMNS})


def _held_out_bit(why: tuple[str, ...], campaign: str) -> int:
    """The bit of a campaign's control group; the last name's where it has none of its own."""
    name = f"{HELD_OUT}{campaign}"
    return 1 << (why.index(name) if name in why else len(why) - 1)
