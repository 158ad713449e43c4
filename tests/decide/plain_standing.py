"""Where people stand with the contact policy of the small operator, in plain Python: row by row, without a query."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from decide.policy_operator import Operator, Row

SELLS = {"gift", "pack"}
CARES = {"wish"}
FAMILY_OF = {"gift": "credit", "pack": "data", "wish": "credit"}
CHANNELS = ("hall", "telephone_manager", "e_channel")
# name → per, contacts, days
LIMITS = {"month": ("customer", 2, 30), "week": ("customer", 1, 7), "home": ("family", 1, 7)}
CONTACT_DAYS, REFUSAL_DAYS, SUCCESS_DAYS, OPT_OUT_DAYS = 3, 60, 20, 400


def standing(operator: Operator, days: Sequence[date], first: date) -> dict[str, dict[str, Any]]:
    """What is known of each subscriber of the base; `days` are those of the period on which contacts are allowed."""
    base = {row["subscriber_id"]: row for row in operator.base()}
    contacts = [row for row in operator.contacts or () if row["at"].date() <= first]
    customers = {who: _customer(row) for who, row in base.items()}
    windows = _windows(days, 7)
    found = {}
    for who in base:
        own = [row for row in contacts if row["subscriber_id"] == who]
        orders = [r for r in operator.orders or () if r["subscriber_id"] == who and r["date"] <= first]
        stops, quotas = set(), {"customer": [len(base)], "family": [len(base)]}
        if any(_ago(row, first) <= CONTACT_DAYS for row in own):
            stops.add("cool_down.contact")
        for name, (per, most, back) in LIMITS.items():
            together = _together(who, per, customers, operator.families)
            recent = sum(r["subscriber_id"] in together and _ago(r, first) <= back for r in contacts)
            left = max(most - recent, 0)
            if per == "family" and who in operator.families:
                left = left + most * (windows - 1) if windows else 0
                quotas[per].append(left)
            elif per == "customer":
                quotas[per].append(left)
            if (per == "customer" or who in operator.families) and left == 0:
                stops.add(f"limit.{name}")
        found[who] = {
            "stops": stops,
            "sell_stops": _sell_stops(own, orders, first),
            "running": {FAMILY_OF[o["offer_id"]] for o in orders if _runs(o, first)},
            "customer_quota": min(quotas["customer"]),
            "family_quota": min(quotas["family"]) if who in operator.families else None,
            **_listed(who, own, operator.excluded or (), first),
        }
    return found


def remarks(operator: Operator, first: date) -> dict[str, int]:
    """How many rows of each kind of bad input there are."""
    base = {row["subscriber_id"] for row in operator.base()}
    found: Counter[str] = Counter()
    for row in operator.contacts or ():
        found["contact_log.outside_base"] += row["subscriber_id"] not in base
        found["contact_log.future"] += row["at"].date() > first
        found["contact_log.unknown_offer"] += row["offer_id"] not in {*FAMILY_OF, None}
        found["contact_log.unknown_channel"] += row["channel"] not in {*CHANNELS, None}
    for row in operator.orders or ():
        found["business_order.outside_base"] += row["subscriber_id"] not in base
        found["business_order.future"] += row["date"] > first
        found["business_order.unknown_offer"] += row["offer_id"] not in {*FAMILY_OF, None}
    for row in operator.excluded or ():
        found["exclusion_list.outside_base"] += row["subscriber_id"] not in base
        found["exclusion_list.unknown_channel"] += row["channel"] not in {*CHANNELS, None}
    return {code: count for code, count in found.items() if count}


def _customer(row: Row) -> Any:
    together = row["customer_class"] == "public" and row["customer_id"] is not None
    return row["customer_id"] if together else ("alone", row["subscriber_id"])


def _together(who: str, per: str, customers: Mapping[str, Any], families: Mapping[str, str]) -> set[str]:
    if per == "customer":
        return {other for other, customer in customers.items() if customer == customers[who]}
    return {other for other in customers if other in families and families[other] == families.get(who)}


def _ago(row: Row, first: date) -> int:
    days: int = (first - row["at"].date()).days
    return days


def _windows(days: Sequence[date], apart: int) -> int:
    many, until = 0, date.min
    for day in days:
        if day >= until:
            many, until = many + 1, day + timedelta(days=apart)
    return many


def _sell_stops(own: Sequence[Row], orders: Sequence[Row], first: date) -> set[str]:
    found = set()
    if any(row["result"] == "refused" and _ago(row, first) <= REFUSAL_DAYS for row in own):
        found.add("cool_down.refusal")
    bought = any(o["offer_id"] in SELLS and (first - o["date"]).days <= SUCCESS_DAYS for o in orders)
    agreed = any(
        row["result"] == "agreed" and row["offer_id"] not in CARES and _ago(row, first) <= SUCCESS_DAYS for row in own
    )
    return {*found, "cool_down.success"} if bought or agreed else found


def _runs(order: Row, first: date) -> bool:
    return order["offer_id"] in FAMILY_OF and order["effective_until"] is not None and order["effective_until"] >= first


def _listed(who: str, own: Sequence[Row], rows: Sequence[Row], first: date) -> dict[str, Any]:
    listed, shut = set(), set()
    if any(row["result"] == "opted_out" and _ago(row, first) <= OPT_OUT_DAYS for row in own):
        listed.add("opt_out")
    for row in rows:
        if row["subscriber_id"] == who and (row["until"] is None or row["until"] >= first):
            if row["channel"] in CHANNELS:
                shut.add(row["channel"])
            else:
                listed.add(row["reason"])
    return {"listed": listed, "shut": shut}
