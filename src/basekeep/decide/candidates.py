"""Candidates: each subscriber with every offer and channel that passed eligibility and policy, and what each is worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from basekeep.decide.base import Int, Marks

Small = npt.NDArray[np.int16]


@dataclass(frozen=True)
class Candidates:
    """All candidates, those of one subscriber side by side, and why others are none.

    Attributes:
        start: n + 1 numbers: the candidates of subscriber i are `start[i]` to before `start[i + 1]`.
        offer, channel: places in the playbook.
        segment: the segment or scorecard through which the offer serves the subscriber: a place in `Base.served`.
        unit: the unit that would make the contact, a place in `Places.units`, -1 where the channel needs none.
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
            `no_stock`, those of the contact policy, `held_out.CAMPAIGN`, `not_worth_it`.
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
