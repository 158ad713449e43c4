"""What really lies behind the figures, kept apart from the operator's tables: only to judge results by, never mapped."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from basekeep.synth import arrow, causes, offers
from basekeep.synth.blocks import NEVER
from basekeep.synth.codes import NONE
from basekeep.synth.draws import Array
from basekeep.synth.people import People, State
from basekeep.synth.subscriber_month import subscriber_ids
from basekeep.synth.timeline import MonthFrame

TABLE = "subscriber_truth"
_HAZARD_DIGITS = 6


def truth_batch(people: People, state: State, months: tuple[MonthFrame, ...]) -> pa.RecordBatch:
    """One row per subscriber ever there.

    `base_hazard` is monthly; `next_hazard` the chance to leave in the month after the last, with `risk_…` the
    causes behind it; `churn_<offer>` the factor on the hazard while the measure works; `arpu_<offer>` yuan a month.
    """
    there = state.left == NEVER
    columns = {
        "subscriber_id": subscriber_ids(people.code),
        "household_id": arrow.identifier("H", people.household, 9),
        "migrant": arrow.flag(people.migrant),
        "dual_sim": arrow.flag(state.dual),
        "number_hopper": arrow.flag(people.hopper),
        "base_hazard": pa.array(_rounded(people.base_hazard)),
        "next_hazard": pa.array(_rounded(state.hazard), mask=~there),
        "left_month": arrow.day(_left_day(state, months)),
        "left_cause": arrow.label(state.cause, causes.CAUSE_WORDS),
    }
    for bit, name in enumerate(causes.NAMES):
        columns[f"risk_{name}"] = arrow.flag(there & (state.causes >> bit & 1).astype(bool))
    for code, offer_id in enumerate(offers.IDS):
        offer = np.full(len(people.code), code)
        columns[f"churn_{offer_id}"] = pa.array(_rounded(np.exp(offers.hazard_effect(offer, people.response))))
        columns[f"arpu_{offer_id}"] = pa.array(_rounded(offers.yuan_effect(offer, people.response)))
    return pa.record_batch(columns)


def _rounded(values: Array) -> Array:
    result: Array = np.round(values.astype(np.float64), _HAZARD_DIGITS)
    return result


def _left_day(state: State, months: tuple[MonthFrame, ...]) -> Array:
    first_days = np.array([month.first_day for month in months])
    return np.where(state.left == NEVER, NONE, first_days[np.minimum(state.left, len(months) - 1)])
