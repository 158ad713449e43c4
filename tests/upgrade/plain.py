"""The answers in plain Python, row by row: independent of how the step computes them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from basekeep.playbook.upgrade import Upgrade

from .small_operator import END, MONTH, Operator, Row


class Plain:
    """One operator's rows by their ids, and what follows from them."""

    def __init__(self, operator: Operator, upgrade: Upgrade) -> None:
        self.operator, self.upgrade = operator, upgrade
        self.units = {row["unit_id"]: row for row in operator.rows("units")}
        self.staff = {row["staff_id"]: row for row in operator.rows("staff")}
        self.groups = {row["group_id"]: row for row in operator.rows("groups")}
        self.models = {row["device_model_id"]: row for row in operator.rows("models")}
        self.figures = {row["subscriber_id"]: row for row in operator.rows("figures")}
        self.members = {row["subscriber_id"]: row for row in operator.rows("members")}
        self.rank = {row["group_id"]: row["rank"] for row in operator.rows("targets")}

    def chain(self, unit: str | None) -> list[str]:
        found = []
        while unit in self.units:
            assert unit is not None
            found.append(unit)
            unit = self.units[unit]["parent_id"]
        return found

    def above(self, unit: str | None, level: str) -> str | None:
        return next((one for one in self.chain(unit) if self.units[one]["level"] == level), None)

    def there(self, staff: str | None) -> bool:
        if not self.staff:
            return staff is not None
        return staff in self.staff and self.staff[staff]["active"] is not False

    def unit_manager(self, unit: str | None) -> str | None:
        """The nearest unit with managers gives one; those of a level below it take turns by id."""
        for above in self.chain(unit):
            own = sorted(
                one["staff_id"] for one in self.staff.values()
                if one["unit_id"] == above and one["role"] in self.upgrade.manager_roles and self.there(one["staff_id"])
            )  # fmt: skip
            if own and above == unit:
                return str(own[0])
            if own:
                assert unit is not None
                alike = [
                    one for one in sorted(self.units)
                    if self.units[one]["level"] == self.units[unit]["level"] and self.nearest(one) == above and one != above
                ]  # fmt: skip
                return str(own[alike.index(unit) % len(own)])
        return None

    def nearest(self, unit: str) -> str | None:
        managed = {
            one["unit_id"] for one in self.staff.values()
            if one["role"] in self.upgrade.manager_roles and self.there(one["staff_id"])
        }  # fmt: skip
        return next((one for one in self.chain(unit) if one in managed), None)

    def group_manager(self, group: str | None) -> str | None:
        row = self.groups.get(group or "", {})
        return next((row[k] for k in ("manager_id", "chief_manager_id") if row and self.there(row[k])), None)

    def unit_of(self, who: str) -> str | None:
        member = self.members[who]
        if member["branch_id"] in self.units:
            return str(member["branch_id"])
        unit = self.groups.get(member["group_id"] or "", {}).get("unit_id")
        return unit if unit in self.units else None

    def manager_of(self, who: str) -> str | None:
        return self.group_manager(self.members[who]["group_id"]) or self.unit_manager(self.unit_of(who))

    def is_target(self, who: str) -> bool:
        return self.members[who]["group_id"] in self.rank

    def tier(self, model: str | None) -> int | None:
        assert self.upgrade.devices is not None
        price = self.models.get(model or "", {}).get("price")
        if price is None:
            return None
        tops = [tier.up_to_yuan for tier in self.upgrade.devices.tiers.values()]
        return next(at for at, top in enumerate(tops) if top is None or Fraction(price, 10_000) <= top)

    def tier_name(self, model: str | None) -> str | None:
        assert self.upgrade.devices is not None
        tier = self.tier(model)
        return None if tier is None else list(self.upgrade.devices.tiers)[tier]

    # Rewards.

    def ledger(self) -> dict[str, Row]:
        rewards = self.upgrade.rewards
        assert rewards is not None
        first: dict[str, Mapping[str, Any]] = {}
        for order in sorted(self.operator.rows("orders"), key=lambda o: (o["date"], o["order_id"])):
            who = order["subscriber_id"]
            if order["offer_id"] in rewards.offers and MONTH <= order["date"] <= END and who in self.members:
                first.setdefault(who, order)
        completed = {who: order for who, order in first.items() if self._served_before(who)}
        per_group = Counter(self.members[who]["group_id"] for who in completed)
        return {
            who: self._entry(who, order, per_group[self.members[who]["group_id"]]) for who, order in completed.items()
        }

    def _served_before(self, who: str) -> bool:
        figure = self.figures[who]
        return figure["not_on_5g_before"] is True and (figure["policy_kind"] is not None or self.is_target(who))

    def _entry(self, who: str, order: Mapping[str, Any], of_group: int) -> Row:
        rewards = self.upgrade.rewards
        assert rewards is not None
        member = self.members[who]
        extra = self._extra(member)
        steps = [step for step in rewards.big_orders if member["group_id"] is not None and of_group >= step.from_lines]
        amounts = {
            "line_fen": rewards.line_yuan * 100,
            "device_fen": rewards.device_extras[extra].yuan * 100 if extra else 0,
            "big_order_fen": max(steps, key=lambda step: step.from_lines).yuan * 100 if steps else 0,
        }
        unit = order["unit_id"] if order["unit_id"] in self.units else self.unit_of(who)
        return {
            "order_id": order["order_id"], "unit_id": unit, "device_extra": extra, **amounts,
            "manager_id": order["staff_id"] if self.there(order["staff_id"]) else self.manager_of(who),
            "total_fen": sum(amounts.values()),
        }  # fmt: skip

    def _extra(self, member: Mapping[str, Any]) -> str | None:
        rewards = self.upgrade.rewards
        assert rewards is not None
        model = self.models.get(member["device_model_id"] or "")
        since = member["device_since"]
        if not model or not model["is_5g"] or since is None or not MONTH <= since <= END:
            return None
        for name, extra in rewards.device_extras.items():
            wanted: list[tuple[Any, Any]] = [
                (extra.brand, model["brand"]), (extra.tier, self.tier_name(model["device_model_id"])),
                (extra.device_model_id, model["device_model_id"]),
            ]  # fmt: skip
            if all(asked is None or asked == has for asked, has in wanted):
                return name
        return None


def sums_by(rows: list[Row], keys: tuple[str, ...], amounts: tuple[str, ...]) -> dict[tuple[Any, ...], list[int]]:
    """Rows and sums of amounts by keys."""
    found: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0] * (len(amounts) + 1))
    for row in rows:
        into = found[tuple(row[key] for key in keys)]
        into[0] += 1
        for at, amount in enumerate(amounts):
            into[at + 1] += row[amount]
    return dict(found)


def full_months(since: date) -> int:
    """Full months from a day to the month's end."""
    return (MONTH.year - since.year) * 12 + MONTH.month - since.month
