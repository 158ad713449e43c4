"""Replacement devices in plain Python: line after line, each takes the best that is left."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from fractions import Fraction
from typing import Any

from .plain import Plain, full_months


class PlainDevices(Plain):
    """What each line is offered."""

    def ageing(self) -> list[str]:
        """Members of target groups on an ageing device that is not 5G, in the order of being served."""
        assert self.upgrade.devices is not None
        found = []
        for who, member in self.members.items():
            since, on_5g = member["device_since"], member["device_5g"]
            if on_5g is None:
                on_5g = self.models.get(member["device_model_id"] or "", {}).get("is_5g")
            old = since is not None and full_months(since) >= self.upgrade.devices.ageing_months
            if self.is_target(who) and old and on_5g is False:
                found.append(who)
        return sorted(
            found,
            key=lambda who: (
                self.rank[self.members[who]["group_id"]],
                self.city(who) or "",
                self.present(who) or "",
                who,
            ),
        )

    def city(self, who: str) -> str | None:
        return self.above(self.unit_of(who), "city")

    def present(self, who: str) -> str | None:
        model = self.members[who]["device_model_id"]
        return model if model in self.models else None

    def stock(self) -> dict[str, dict[str, int]]:
        """City → 5G model → how many."""
        found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for row in self.operator.rows("stock"):
            city, model = self.above(row["unit_id"], "city"), self.models.get(row["device_model_id"])
            if city and model and model["is_5g"] and (row["available"] or 0) > 0:
                found[city][row["device_model_id"]] += row["available"]
        return found

    def system(self, model: str) -> str | None:
        devices = self.upgrade.devices
        assert devices is not None
        brand = self.models[model]["brand"]
        if brand is None:
            return None
        named = [name for name, one in devices.systems.items() if brand in one.brands]
        others = [name for name, one in devices.systems.items() if not one.brands]
        return (named or others)[0]

    def score(self, present: str | None, model: str, available: int) -> int:
        devices = self.upgrade.devices
        assert devices is not None
        points = devices.fit.stock if available >= devices.ample_stock else 0
        if present is None:
            return points
        brand, tiers = self.models[present]["brand"], (self.tier(present), self.tier(model))
        points += devices.fit.brand if brand is not None and brand == self.models[model]["brand"] else 0
        points += devices.fit.system if self.system(present) and self.system(present) == self.system(model) else 0
        if tiers[0] is not None and tiers[1] is not None:
            points += max(devices.fit.tier - abs(tiers[0] - tiers[1]) * devices.fit.tier_step, 0)
        return points

    def wishes(self, present: str | None, stock: dict[str, int]) -> list[str]:
        """Models in stock, the best first: by points, nearest price, latest, id."""

        def order(model: str) -> tuple[Any, ...]:
            mine, its = (self.models[present]["price"] if present else None), self.models[model]["price"]
            apart = float("inf") if mine is None or its is None else abs(mine - its)
            launched = self.models[model]["launched"] or date.min
            return -self.score(present, model, stock[model]), apart, -launched.toordinal(), model

        return sorted(stock, key=order)

    def offered(self) -> dict[str, list[str]]:
        """Line by line: the first choice that is left, and the next two that are."""
        stock = self.stock()
        left = {city: dict(models) for city, models in stock.items()}
        found = {}
        for who in self.ageing():
            city = self.city(who)
            if city is None:
                continue
            there = [
                model for model in self.wishes(self.present(who), stock[city]) if left.get(city, {}).get(model, 0) > 0
            ]
            if there:
                found[who] = there[:3]
                left[city][there[0]] -= 1
        return found

    def trade_in_fen(self, who: str) -> int:
        """What the present device is credited at; 0 where it is not taken."""
        trade, present = self.upgrade.trade_in, self.present(who)
        assert trade is not None
        price = self.models[present]["price"] if present else None
        if price is None or Fraction(price, 10_000) < trade.least_price_yuan:
            return 0
        if full_months(self.members[who]["device_since"]) > trade.most_months:
            return 0
        return int(Fraction(price, 10_000) * trade.price_share * 100)
