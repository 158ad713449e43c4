"""For one block of subscribers: which offers and channels pass, one offer at a time, and why others do not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from basekeep.decide.asking import Asked, Questions
from basekeep.decide.base import NO_DAY, Base, Int, Marks
from basekeep.decide.contacts import Standing
from basekeep.decide.options import Option
from basekeep.decide.reasons import STAGES
from basekeep.decide.rounding import Whole, fen_of, times
from basekeep.relations.offers import MARKS

Places = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Passed:
    """One option with the subscribers of the block, ascending, who have it as a candidate."""

    option: Option
    who: Places
    unit: Int
    model: Int
    contact_by: Int
    value: Whole
    expected: Whole


class Block:
    """Subscribers `first` to before `end` of a base.

    Attributes:
        why, served, passed, allowed: as in `Candidates`, once `all_passed` has been gone through.
    """

    def __init__(self, base: Base, standing: Standing, questions: Questions, first: int, end: int) -> None:
        self._base, self._standing, self._ask, self._first = base, standing, questions, first
        self._part = slice(first, end)
        size = end - first
        self.why: Marks = np.zeros(size, np.int64)
        self.passed, self.allowed = np.zeros(size, bool), np.zeros(size, bool)
        self._segments = base.segments[self._part]
        served = sum(1 << place for place in dict.fromkeys(s for offer in questions.offers for s in offer.options))
        self.served: Flags = (self._segments & served) != 0
        # Nobody who is excluded is asked at all.
        self._there = (base.excluded[self._part] == 0) & (standing.listed_marks[self._part] == 0)
        self._branch, self._group = base.branch[self._part], base.group[self._part]
        self._only = self._channels_left()
        self._stops, self._sell_stops = self._stopped()

    def all_passed(self) -> Iterator[Passed]:
        """By offer, in the playbook's order; of one subscriber by channel."""
        for offer in self._ask.offers:
            left = self._there & self.served
            for segment, options in offer.options.items():
                who = np.flatnonzero(left & ((self._segments >> segment) & 1).astype(bool))
                left[who] = False
                yield from self._offer(offer, options, who)

    def _offer(self, offer: Asked, options: tuple[Option, ...], who: Places) -> Iterator[Passed]:
        """The offer to those whom one segment makes it to."""
        who = self._unless(who, self._not_passed(offer, who))
        self.passed[who] = True
        who = self._unless(who, self._against_policy(offer, who))
        if not len(who):
            return
        yuan = self._base.values[offer.value][self._part][who]
        known = np.isfinite(yuan)
        value, model = fen_of(np.where(known, yuan, 0.0)), self._model(offer, who)
        contact_by = self._contact_by(offer, who)
        for option in options:
            unit, expected = self._unit(option, who), times(value, option.probability * option.weight) - option.cost
            bad = self._closed(option, who)
            self.allowed[who[bad == 0]] = True
            bad |= ~known * np.int64(self._bit("value_unknown"))
            if not self._ask.unlimited[option.channel]:
                bad |= (unit < 0) * np.int64(self._bit("no_unit"))
            if offer.handing is not None:
                bad |= (model < 0) * np.int64(self._bit("no_stock"))
            bad |= (known & (expected <= 0)) * np.int64(self._bit("not_worth_it"))
            self.why[who] |= bad
            good = bad == 0
            yield Passed(option, who[good], unit[good], model[good], contact_by[good], value[good], expected[good])

    def _unless(self, who: Places, bad: Marks) -> Places:
        """Those against whom nothing stands; of the others the reasons are kept."""
        self.why[who] |= bad
        left: Places = who[bad == 0]
        return left

    def _bit(self, name: str) -> int:
        return self._ask.reasons.bit(name)

    def _contact_by(self, offer: Asked, who: Places) -> Int:
        """The last day before the event on which the offer is there, NO_DAY where there is none."""
        last = np.full(len(who), offer.last_day, np.int32)
        if offer.declared.event is None:
            return last
        day = self._base.events[offer.declared.event.date][self._part][who]
        return np.where(day == NO_DAY, last, np.minimum(day - np.int32(offer.declared.event.lead_days), last))

    def _not_passed(self, offer: Asked, who: Places) -> Marks:
        """Reasons for which the offer is not for these subscribers, or not now."""
        column, bit = divmod(offer.place, MARKS)
        found = np.zeros(len(who), np.int64)
        for stage, reason in STAGES.items():
            marks = self._base.stages[stage][column][self._part][who]
            found |= (1 - ((marks >> bit) & 1)) * self._bit(reason)
        if offer.first_day is None:
            found |= self._bit("not_valid")
        elif offer.declared.event is not None:
            found |= (self._contact_by(offer, who) < offer.first_day) * np.int64(self._bit("too_late"))
        return found

    def _against_policy(self, offer: Asked, who: Places) -> Marks:
        """Reasons for which the contact policy leaves these subscribers alone, or does not let the offer be made."""
        found = self._stops[who]
        if offer.declared.kind == "sell":
            found = found | self._sell_stops[who]
        if offer.family:
            running = (self._standing.running[self._part][who] & offer.family) != 0
            found = found | running * np.int64(self._bit("benefit_running"))
        return found

    def _stopped(self) -> tuple[Marks, Marks]:
        """The bits of what stops all contacts of each subscriber, and of what stops selling only."""
        standing, reasons = self._standing, self._ask.reasons
        stops = standing.stopped[self._part] << reasons.stops
        family = self._base.family[self._part]
        quota = np.minimum(
            standing.customer_quota[self._base.customer[self._part]],
            np.append(standing.family_quota, np.iinfo(np.int32).max)[family],
        )
        limits = sum(1 << place for place, name in enumerate(standing.stops) if name.startswith("limit."))
        told = (standing.stopped[self._part] & limits) != 0
        stops |= ((quota <= 0) & ~told) * np.int64(self._bit("contact_limit"))
        if self._ask.quiet:
            stops |= self._bit("quiet")
        return stops, standing.sell_stopped[self._part] << reasons.sell_stops

    def _channels_left(self) -> Marks:
        """The bits of the channels that reservations leave open to each subscriber."""
        reserved = self._base.reserved[self._part]
        found = np.full(len(reserved), -1, np.int64)
        for rule, channels in enumerate(self._ask.reserved):
            found[((reserved >> rule) & 1) != 0] &= channels
        return found

    def _closed(self, option: Option, who: Places) -> Marks:
        """Reasons for which the channel may not be used."""
        shut = (self._standing.shut[self._part][who] >> option.channel) & 1
        reserved = 1 - ((self._only[who] >> option.channel) & 1)
        return shut * self._bit("channel_shut") | reserved * self._bit("reserved")

    def _unit(self, option: Option, who: Places) -> Int:
        """The unit that would make the contact, -1 where it is not known."""
        of_line = self._ask.branch_unit[option.channel][self._branch[who]]
        of_group = self._ask.group_unit[option.channel][self._group[who]]
        return np.where(of_group >= 0, of_group, of_line).astype(np.int32)

    def _model(self, offer: Asked, who: Places) -> Int:
        """The device model that would be handed out, -1 where the offer has none or the city has none of it."""
        if offer.handing is None:
            return np.full(len(who), -1, np.int32)
        return offer.handing.drawn(self._ask.city[self._branch[who]], self._base.tie[self._part][who])
