"""Candidates one subscriber at a time, in plain Python: independent of how the package computes them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from basekeep.playbook.declarations import Playbook
from basekeep.relations.compiled import compile_playbook

from .small_base import BRANCHES, FAMILIES, GROUP_UNITS, GROUPS, MODELS, SELL_STOPS, STOPS, UNITS, Person

Row = dict[str, Any]
_REASON = {
    "eligible": "not_eligible", "applicable": "not_applicable", "suitable": "not_suitable",
    "affordable": "costs_more_than_use",
}  # fmt: skip
_PARENTS = {unit.unit_id: unit.parent_id for unit in UNITS}
_LEVELS = {unit.unit_id: unit.level for unit in UNITS}


def above(unit: str | None, level: str) -> str | None:
    while unit in _PARENTS:
        assert unit is not None
        if _LEVELS[unit] == level:
            return unit
        unit = _PARENTS[unit]
    return None


def nearest(number: Fraction) -> int:
    return math.floor(number + Fraction(1, 2))


class Plain:
    """All candidates of a case, and the reasons of each subscriber."""

    def __init__(
        self, book: Playbook, people: Sequence[Person], ties: Sequence[int], days: Sequence[date],
        stock: Sequence[tuple[str, str, int]], customer_quota: Mapping[int, int], family_quota: Mapping[int, int],
        weights: Mapping[str, Fraction],
    ) -> None:  # fmt: skip
        self.book, self.people, self.ties, self.days, self.weights = book, people, ties, days, weights
        self.customer_quota, self.family_quota = customer_quota, family_quota
        self.served = list(dict.fromkeys(name for one in book.offers.values() for name in one.serves))
        self.stock: dict[tuple[str, str], int] = {}
        for model, unit, many in stock:
            city = above(unit, "city")
            if city is not None:
                self.stock[city, model] = self.stock.get((city, model), 0) + many
        decisions = compile_playbook(book).decisions
        assert decisions is not None
        self.value_places = [decisions.values.index(one.value) for one in decisions.offers]
        self.rows: list[list[Row]] = []
        self.reasons: list[set[str]] = []
        self.flags: list[tuple[bool, bool, bool]] = []
        for n in range(len(people)):
            self._one(n)

    def _one(self, n: int) -> None:
        person, rows, reasons = self.people[n], [], set[str]()
        passed = allowed = False
        is_served = any((person.segments >> at) & 1 for at in range(len(self.served)))
        for place, (name, offer) in enumerate(self.book.offers.items()):
            segment = next((s for s in offer.serves if (person.segments >> self.served.index(s)) & 1), None)
            if segment is None or person.excluded or person.listed:
                continue
            against = self._against(place, person)
            reasons |= against
            if against:
                continue
            passed = True
            against = self._policy(offer, person)
            reasons |= against
            if against:
                continue
            for at, channel in enumerate(self.book.channels):
                if channel not in offer.serves[segment]:
                    continue
                found = self._channel(n, place, name, segment, at, channel)
                allowed |= not {"channel_shut", "reserved"} & found[1]
                reasons |= found[1]
                if not found[1]:
                    rows.append(found[0])
        self.rows.append(rows)
        self.reasons.append(reasons)
        self.flags.append((is_served, passed, allowed))

    def _contact_by(self, offer: Any, person: Person) -> date | None:
        if offer.event is None:
            return None
        day = (person.events or {}).get(offer.event.date)
        return None if day is None else day - timedelta(days=offer.event.lead_days)

    def _last_day(self, offer: Any, person: Person) -> date | None:
        by, until = self._contact_by(offer, person), offer.valid_until
        days = [day for day in (by, until if until and until < date(2026, 1, 31) else None) if day]
        return min(days, default=None)

    def _against(self, place: int, person: Person) -> set[str]:
        offer = list(self.book.offers.values())[place]
        found = {reason for stage, reason in _REASON.items() if not ((person.passes or {}).get(stage, -1) >> place) & 1}
        days = [
            day for day in self.days
            if (offer.valid_from is None or offer.valid_from <= day) and (offer.valid_until is None or day <= offer.valid_until)
        ]  # fmt: skip
        by = self._contact_by(offer, person)
        if not days:
            found.add("not_valid")
        elif by is not None and by < min(days):
            found.add("too_late")
        return found

    def _policy(self, offer: Any, person: Person) -> set[str]:
        found = {name for bit, name in enumerate(STOPS) if (person.stopped >> bit) & 1}
        if offer.kind == "sell":
            found |= {name for bit, name in enumerate(SELL_STOPS) if (person.sell_stopped >> bit) & 1}
        if offer.benefit_family in FAMILIES and (person.running >> FAMILIES.index(offer.benefit_family)) & 1:
            found.add("benefit_running")
        quotas = [self.customer_quota.get(person.customer, 9)]
        if person.family >= 0:
            quotas.append(self.family_quota.get(person.family, 9))
        if min(quotas) == 0 and "limit.month" not in found:
            found.add("contact_limit")
        return found

    def _channel(self, n: int, place: int, name: str, segment: str, at: int, channel: str) -> tuple[Row, set[str]]:
        person, offer, declared = self.people[n], self.book.offers[name], self.book.channels[channel]
        found = set()
        if (person.shut >> at) & 1:
            found.add("channel_shut")
        rules = list(self.book.contact_policy.reserved.values())
        if any((person.reserved >> bit) & 1 and channel not in rule.channels for bit, rule in enumerate(rules)):
            found.add("reserved")
        value = person.value * (self.value_places[place] + 1)
        if math.isnan(value):
            found.add("value_unknown")
        unit = self._unit(person, declared)
        unlimited = not declared.roles and declared.per_day is None and not declared.units
        if unit is None and not unlimited:
            found.add("no_unit")
        model = self._model(n, offer) if offer.device is not None else None
        if offer.device is not None and model is None:
            found.add("no_stock")
        chance = offer.serves[segment][channel]
        cost = nearest((declared.cost_yuan + offer.cost_yuan + chance * offer.benefit_yuan) * 100)
        weight = self.weights.get(offer.campaign, self.book.campaigns[offer.campaign].weight) * offer.weight
        assert self.book.decisions is not None
        weight *= self.book.decisions.segment_weights.get(segment, Fraction(1))
        worth = 0 if math.isnan(value) else nearest(Fraction(Decimal(repr(round(value, 4)))) * 100)
        expected = nearest(chance * worth * weight - cost)
        if not math.isnan(value) and expected <= 0:
            found.add("not_worth_it")
        row = {
            "offer": name, "channel": channel, "segment": segment, "unit": unit, "model": model,
            "contact_by": self._last_day(offer, person), "probability": float(chance), "value": worth,
            "weight": float(weight), "cost": cost, "expected": expected,
        }  # fmt: skip
        return row, found

    def _branch(self, person: Person) -> str | None:
        return BRANCHES[person.branch] if person.branch >= 0 else None

    def _unit(self, person: Person, declared: Any) -> str | None:
        if "account_manager" in declared.roles and person.group >= 0:
            found = above(GROUP_UNITS.get(GROUPS[person.group]), declared.level)
            if found is not None:
                return found
        return above(self._branch(person), declared.level)

    def _model(self, n: int, offer: Any) -> str | None:
        city = above(self._branch(self.people[n]), "city")
        if city is None:
            return None
        each = []
        for model in sorted({model for _, model in self.stock}):
            known = MODELS.get(model)
            if offer.device.models:
                fits = model in offer.device.models
            else:
                fits = offer.device.is_5g is None or (known is not None and known.is_5g is offer.device.is_5g)
                if offer.device.most_yuan is not None:
                    price = known.price if known else None
                    fits = fits and price is not None and price <= offer.device.most_yuan * 10_000
            if fits:
                each += [model] * self.stock.get((city, model), 0)
        return each[self.ties[n] % len(each)] if each else None
