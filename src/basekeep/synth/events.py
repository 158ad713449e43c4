"""The `contact_log` and `business_order` tables: what the operator did and what was bought."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from basekeep.contract.tables import BUSINESS_ORDER, CONTACT_LOG
from basekeep.synth import arrow, codes, offers
from basekeep.synth.blocks import Block
from basekeep.synth.campaigns import Contacts
from basekeep.synth.draws import Array
from basekeep.synth.orders import Orders
from basekeep.synth.staff import Staff, staff_ids
from basekeep.synth.subscriber_month import Words, subscriber_ids


def contact_log_batch(block: Block, contacts: Contacts, first: int, staff: Staff, words: Words) -> pa.RecordBatch:
    """The block's contacts of the month, numbered from `first`."""
    branch = block.people.branch[contacts.row]
    serving = staff.serving(contacts.channel, branch, block.draws.uniform("events.staff")[contacts.row])
    return arrow.batch_of(
        CONTACT_LOG,
        {
            "contact_id": arrow.identifier("N", first + np.arange(len(contacts.row)), 10),
            "subscriber_id": subscriber_ids(block.people.code[contacts.row]),
            "at": arrow.minute(contacts.minute),
            "channel": arrow.label(contacts.channel, codes.CHANNEL),
            "offer_id": arrow.label(contacts.offer, offers.IDS),
            "unit_id": arrow.label(branch, words.branches),
            "staff_id": staff_ids(serving),
            "result": arrow.label(contacts.result, codes.RESULT),
        },
    )


def business_order_batch(block: Block, orders: Orders, first: int, staff: Staff, words: Words) -> pa.RecordBatch:
    """The block's orders of the month, numbered from `first`."""
    branch = block.people.branch[orders.row]
    # Who spoke with the customer is also who takes the order.
    serving = staff.serving(orders.channel, branch, block.draws.uniform("events.staff")[orders.row])
    return arrow.batch_of(
        BUSINESS_ORDER,
        {
            "order_id": arrow.identifier("B", first + np.arange(len(orders.row)), 10),
            "subscriber_id": subscriber_ids(block.people.code[orders.row]),
            "date": arrow.day(orders.day),
            "offer_id": arrow.label(orders.offer, offers.IDS),
            "channel": arrow.label(orders.channel, codes.CHANNEL),
            "unit_id": arrow.label(branch, words.branches),
            "staff_id": staff_ids(serving),
            "amount": arrow.number(offers.AMOUNT[orders.offer] * 100),
            "effective_until": arrow.day(orders.until),
        },
    )


def surveyed(block: Block, contacts: Contacts) -> Array:
    """Which contacts by telephone were followed by a question about satisfaction."""
    asked = block.draws.chance("events.asked", 0.15)[contacts.row]
    reached = np.isin(contacts.result, (codes.REACHED, codes.AGREED, codes.REFUSED))
    return np.flatnonzero(asked & reached & (contacts.channel == codes.TELEPHONE_MANAGER))
