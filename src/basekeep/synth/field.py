"""The work outside and what customers say of it: `field_activity`, `satisfaction`, and the `exclusion_list`."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from basekeep.contract.tables import EXCLUSION_LIST, FIELD_ACTIVITY, SATISFACTION
from basekeep.synth import arrow, codes
from basekeep.synth.blocks import NEVER, Block
from basekeep.synth.campaigns import Contacts
from basekeep.synth.draws import Array, Draws
from basekeep.synth.events import surveyed
from basekeep.synth.people import People, State
from basekeep.synth.staff import Staff, staff_ids
from basekeep.synth.subscriber_month import subscriber_ids
from basekeep.synth.timeline import MonthFrame

KINDS = FIELD_ACTIVITY.column("kind").values
_ROUND_VISIT, _HOME_VISIT = KINDS.index("round_visit"), KINDS.index("home_visit")
# Activities of each community manager in a month, and what one brings out at most.
_MEAN = {"round_visit": 9, "leaflet": 4, "poster": 1.5, "booth": 1.2, "home_visit": 0}
_MOST = {"round_visit": 1, "leaflet": 300, "poster": 20, "booth": 3, "home_visit": 1}
_REASONS = ("opt_out", "complaint", "red_list", "sensitive")


def satisfaction_batch(block: Block, contacts: Contacts, staff: Staff) -> pa.RecordBatch:
    """Scores after calls of telephone managers; whoever has a complaint gives less."""
    chosen = surveyed(block, contacts)
    row = contacts.row[chosen]
    serving = staff.serving(
        contacts.channel, block.people.branch[contacts.row], block.draws.uniform("events.staff")[contacts.row]
    )
    score = 8.4 - 2.5 * (block.state.grieved[row] > 0) + 1.5 * block.draws.normal("field.score")[row]
    return arrow.batch_of(
        SATISFACTION,
        {
            "staff_id": staff_ids(serving[chosen]),
            "subscriber_id": subscriber_ids(block.people.code[row]),
            "date": arrow.day(contacts.minute[chosen] // 1440),
            "score": arrow.whole(np.clip(np.rint(score), 1, 10)),
        },
    )


def home_visits_batch(block: Block, contacts: Contacts, staff: Staff, unit_ids: pa.Array) -> pa.RecordBatch:
    """Care contacts of community managers that reached someone were visits at home."""
    visited = np.isin(contacts.result, (codes.REACHED, codes.AGREED)) & (contacts.channel == codes.COMMUNITY_MANAGER)
    row = contacts.row[visited]
    serving = staff.serving(
        contacts.channel, block.people.branch[contacts.row], block.draws.uniform("events.staff")[contacts.row]
    )
    kind = np.full(len(row), _HOME_VISIT, dtype=np.int8)
    return _activity_batch(
        serving[visited], contacts.minute[visited] // 1440, kind, np.ones(len(row)), block.people.code[row], unit_ids
    )


def rounds_batch(month: MonthFrame, staff: Staff, unit_ids: pa.Array, seed: int) -> pa.RecordBatch:
    """Round visits, leaflets, posters and booths of all community managers in a month."""
    managers = np.flatnonzero(staff.role == codes.COMMUNITY_MANAGER)
    draws = Draws(seed, len(managers), month.index)
    numbers = np.stack([draws.stream(f"field.{kind}").poisson(_MEAN[kind], len(managers)) for kind in KINDS], axis=1)
    who = np.repeat(np.repeat(managers, len(KINDS)), numbers.ravel())
    kind = np.repeat(np.tile(np.arange(len(KINDS), dtype=np.int8), len(managers)), numbers.ravel())
    each = Draws(seed, len(who), month.index)
    most = np.array([_MOST[name] for name in KINDS])[kind]
    day = month.first_day + each.whole("field.day", 0, month.days - 1)
    quantity = 1 + (each.uniform("field.quantity") * most).astype(np.int32)
    return _activity_batch(who, day, kind, np.minimum(quantity, most), np.full(len(who), codes.NONE), unit_ids)


def exclusion_list_batch(people: People, state: State, month: MonthFrame, seed: int) -> pa.RecordBatch:
    """Who is not to be contacted: for good, for a while, or through one channel."""
    draws = Draws(seed, len(people.code))
    there = (people.cohort <= month.index) & (state.left == NEVER)
    sensitive = draws.chance("field.sensitive", 0.003)
    held = (state.opted_out, state.grieved > 0, people.red_list, sensitive)
    row = np.concatenate([np.flatnonzero(there & flag) for flag in held])
    reason = np.repeat(np.arange(len(held), dtype=np.int8), [int((there & flag).sum()) for flag in held])
    # A complaint is over one day; an opt-out may be meant for one channel only.
    until = np.where(reason == 1, month.last_day + draws.whole("field.until", 10, 120)[row], codes.NONE)
    one_channel = (reason == 0) & draws.chance("field.one_channel", 0.4)[row]
    channel = np.where(one_channel, draws.whole("field.channel", 2, 4)[row], codes.NONE)
    return arrow.batch_of(
        EXCLUSION_LIST,
        {
            "subscriber_id": subscriber_ids(people.code[row]),
            "reason": arrow.label(reason, _REASONS),
            "until": arrow.day(until),
            "channel": arrow.label(channel.astype(np.int8), codes.CHANNEL),
        },
    )


def _activity_batch(
    who: Array, day: Array, kind: Array, quantity: Array, subscriber: Array, unit_ids: pa.Array
) -> pa.RecordBatch:
    return arrow.batch_of(
        FIELD_ACTIVITY,
        {
            "staff_id": staff_ids(who),
            "date": arrow.day(day),
            "kind": arrow.label(kind, KINDS),
            "unit_id": arrow.label(who.astype(np.int32), unit_ids),
            "quantity": arrow.whole(quantity),
            "subscriber_id": subscriber_ids(subscriber),
        },
    )
