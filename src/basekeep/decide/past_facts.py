"""What the contact policy knew of one subscriber: contacts, orders and rows of the exclusion list, with how long each counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from basekeep.contract.tables import BUSINESS_ORDER, CONTACT_LOG, EXCLUSION_LIST
from basekeep.decide.explained import PastFact
from basekeep.engines.protocol import Session
from basekeep.engines.sql_text import sql_literal
from basekeep.kernel.text import Text
from basekeep.playbook.declarations import Playbook
from basekeep.run.plan import Plan
from basekeep.run.stored import stored_rows
from basekeep.store.manifest import verify
from basekeep.store.partition_files import partition_files
from basekeep.store.state import ALL

_RESULTS = {
    "assigned": Text("已派单", "assigned"), "attempted": Text("已尝试", "attempted"), "reached": Text("已接通", "reached"),
    "agreed": Text("同意", "agreed"), "refused": Text("拒绝", "refused"), "no_answer": Text("未接", "no answer"),
    "opted_out": Text("要求不再联系", "asked to be left alone"),
}  # fmt: skip


@dataclass(frozen=True)
class Contact:
    """One row of the contact log."""

    on: date
    channel: str | None
    offer: str | None
    result: str | None


@dataclass(frozen=True)
class Order:
    """One business order."""

    on: date
    offer: str | None
    until: date | None


@dataclass(frozen=True)
class Listed:
    """One row of the exclusion list; without a channel it is for all."""

    reason: str
    until: date | None
    channel: str | None


@dataclass(frozen=True)
class Past:
    """All of it up to a day, the latest first."""

    day: date
    contacts: tuple[Contact, ...]
    orders: tuple[Order, ...]
    listed: tuple[Listed, ...]

    def of(self, code: str, playbook: Playbook, offer: str | None = None) -> tuple[PastFact, ...]:
        """What a reason code of the contact policy goes by."""
        return tuple(_said(self, code, playbook, offer))

    def running(self, family: str, playbook: Playbook) -> Order | None:
        """The order whose benefit of that family runs longest, if one runs."""
        offers = playbook.offers
        found = [
            order
            for order in self.orders
            if order.until is not None
            and order.until >= self.day
            and order.offer in offers
            and offers[order.offer].benefit_family == family
        ]
        return max(found, key=lambda order: order.until or self.day, default=None)

    def shuts(self, channel: str) -> Listed | None:
        """The row of the exclusion list that shuts a single channel."""
        return next((row for row in self.listed if row.channel == channel), None)


def past_of(plan: Plan, session: Session, subscriber_id: str, day: date) -> Past:
    """What is stored of one subscriber, up to the day and including it.

    Raises:
        DamageError: a stored file that is read is damaged.
    """
    for table in (CONTACT_LOG, BUSINESS_ORDER, EXCLUSION_LIST):
        verify(partition_files(plan.store_dir, plan.state, table.name, ALL))
    who, until = f"subscriber_id = {sql_literal(subscriber_id)}", f"DATE '{day.isoformat()}'"
    contacts = session.rows(
        'SELECT CAST("at" AS DATE), channel, offer_id, result FROM '
        f"{stored_rows(plan, CONTACT_LOG.name, ('subscriber_id', 'contact_id', 'at', 'channel', 'offer_id', 'result'))} "
        f'WHERE {who} AND CAST("at" AS DATE) <= {until} ORDER BY "at" DESC, contact_id'
    )
    orders = session.rows(
        "SELECT date, offer_id, effective_until FROM "
        f"{stored_rows(plan, BUSINESS_ORDER.name, ('subscriber_id', 'order_id', 'date', 'offer_id', 'effective_until'))} "
        f"WHERE {who} AND date <= {until} ORDER BY date DESC, order_id"
    )
    listed = session.rows(
        f"SELECT reason, until, channel FROM {stored_rows(plan, EXCLUSION_LIST.name)} "
        f"WHERE {who} AND (until IS NULL OR until >= {until}) ORDER BY ALL"
    )
    return Past(
        day,
        tuple(Contact(*row) for row in contacts),
        tuple(Order(*row) for row in orders),
        tuple(Listed(*row) for row in listed),
    )


def _said(past: Past, code: str, playbook: Playbook, offer: str | None) -> Iterator[PastFact]:
    policy = playbook.contact_policy
    cool = policy.cool_downs
    if code == "cool_down.contact":
        yield from (_contact(one, playbook, cool.contact_days) for one in past.contacts[:1])
    elif code == "cool_down.refusal":
        refused = [one for one in past.contacts if one.result == "refused"]
        yield from (_contact(one, playbook, cool.refusal_days) for one in refused[:1])
    elif code == "cool_down.success":
        sold = [
            one for one in past.orders if one.offer in playbook.offers and playbook.offers[one.offer].kind == "sell"
        ]
        yield from (_order(one, playbook, one.on + timedelta(days=cool.success_days)) for one in sold[:1])
        agreed = [one for one in past.contacts if one.result == "agreed"]
        yield from (_contact(one, playbook, cool.success_days) for one in agreed[: 1 if not sold else 0])
    elif code == "benefit_running" and offer:
        order = past.running(playbook.offers[offer].benefit_family or "", playbook)
        if order:
            yield _order(order, playbook, order.until)
    elif code.startswith("limit.") and code[6:] in policy.limits:
        days = policy.limits[code[6:]].days
        recent = [one for one in past.contacts if one.on >= past.day - timedelta(days=days)]
        yield from (_contact(one, playbook, days) for one in recent)
    elif code == "excluded.opt_out":
        asked = [one for one in past.contacts if one.result == "opted_out"]
        yield from (_contact(one, playbook, cool.opt_out_days) for one in asked[:1])
        yield from (_listed(row, playbook) for row in past.listed if row.reason == "opt_out" and row.channel is None)
    elif code.startswith("excluded."):
        yield from (_listed(row, playbook) for row in past.listed if row.reason == code[9:])
    elif code == "channel_shut":
        yield from (_listed(row, playbook) for row in past.listed if row.channel in playbook.channels)


def _contact(one: Contact, playbook: Playbook, days: int) -> PastFact:
    channel = _channel(one.channel, playbook)
    result = _RESULTS.get(one.result or "", Text("结果不明", "result unknown"))
    offer = _offer(one.offer, playbook)
    words = Text(
        f"{channel.zh}接触“{offer.zh}”：{result.zh}", f"contact through {channel.en}, “{offer.en}”: {result.en}"
    )
    return PastFact("contact", one.on, words, one.on + timedelta(days=days))


def _order(one: Order, playbook: Playbook, until: date | None) -> PastFact:
    offer = _offer(one.offer, playbook)
    return PastFact("order", one.on, Text(f"办理“{offer.zh}”", f"bought “{offer.en}”"), until)


def _listed(one: Listed, playbook: Playbook) -> PastFact:
    channel = _channel(one.channel, playbook) if one.channel else Text("全部渠道", "all channels")
    return PastFact("listed", None, Text(f"排除名单（{one.reason}）：{channel.zh}", f"exclusion list ({one.reason}): {channel.en}"), one.until)  # fmt: skip


def _channel(name: str | None, playbook: Playbook) -> Text:
    if name in playbook.channels:
        return playbook.channels[name].name.text
    return Text(name or "渠道不明", name or "a channel unknown")


def _offer(name: str | None, playbook: Playbook) -> Text:
    if name in playbook.offers:
        return playbook.offers[name].name.text
    return Text(name or "营销案不明", name or "offer unknown")
