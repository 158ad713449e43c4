"""What a candidate draws on, and what each limit holds, counted in dictionaries: independent of classes and patterns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from basekeep.decide.capacity import Member
from basekeep.playbook.declarations import Playbook

from .plain_candidates import Row, above
from .small_base import BRANCHES, UNITS, Person

# kind, name, unit and, of a device, its model.
Key = tuple[str, str, str | None, str | None]


def branch_of(person: Person) -> str | None:
    return BRANCHES[person.branch] if person.branch >= 0 else None


def is_in(person: Person, book: Playbook, segment: str) -> bool:
    served = list(dict.fromkeys(name for one in book.offers.values() for name in one.serves))
    order = [*served, *(name for name in book.segments if name not in served)]
    return bool((person.segments >> order.index(segment)) & 1)


def draws(book: Playbook, person: Person, row: Row) -> dict[Key, int]:
    """What one candidate draws: contacts, fen, devices; of a floor below 0."""
    offer, channel = book.offers[row["offer"]], book.channels[row["channel"]]
    found: dict[Key, int] = {}
    if channel.roles or channel.units or channel.per_day is not None:
        found["capacity", row["channel"], row["unit"], None] = 1
    if row["model"] is not None:
        found["stock", row["model"], above(branch_of(person), "city"), row["model"]] = 1
    for name, budget in book.budgets.items():
        wide = (
            (not budget.campaigns or offer.campaign in budget.campaigns)
            and (not budget.offers or row["offer"] in budget.offers)
            and (not budget.channels or row["channel"] in budget.channels)
        )
        if wide:
            unit = above(branch_of(person), budget.level) if budget.level else None
            found["budget", name, unit, None] = row["cost"]
    for name, floor in book.floors.items():
        unit = above(branch_of(person), floor.level)
        if unit is not None and is_in(person, book, floor.segment):
            found["floor", name, unit, None] = -1
    for segment, share in book.contact_policy.care_share.items():
        if share and is_in(person, book, segment):
            much = share.numerator - (share.denominator if offer.kind == "care" else 0)
            found["floor", f"care_share.{segment}", None, None] = much
    return found


def holds(
    book: Playbook, people: Sequence[Person], rows: Sequence[Sequence[Row]], staff: Sequence[Member],
    stock: Sequence[tuple[str, str, int]], days: int, times: Mapping[str, Fraction],
) -> dict[Key, int]:  # fmt: skip
    """How much each limit holds; the most that a floor may be, below 0."""

    def lever(name: str, number: Any) -> int:
        return int(Fraction(number) * times.get(name, Fraction(1)))

    found: dict[Key, int] = {}
    for name, channel in book.channels.items():
        units = [unit.unit_id for unit in UNITS if unit.level == channel.level]
        for unit in units:
            if channel.per_day is not None:
                many = channel.per_day
            elif channel.roles:
                many = sum(
                    one.per_day or 0 for one in staff
                    if one.role in channel.roles and one.active is not False and above(one.unit_id, channel.level) == unit
                )  # fmt: skip
            else:
                continue
            found["capacity", name, unit, None] = lever(f"capacity.{name}", many * days)
    for key, many in _in_cities(book, stock).items():
        if lever("stock", many):
            found["stock", key[1], key[0], key[1]] = lever("stock", many)
    for name, budget in book.budgets.items():
        if budget.level is None:
            found["budget", name, None, None] = lever(f"budget.{name}", budget.yuan * 100)
        else:
            found["budget", name, None, None] = 0
            for one in (one.unit_id for one in UNITS if one.level == budget.level):
                yuan = budget.units.get(one, budget.yuan)
                found["budget", name, one, None] = lever(f"budget.{name}", yuan * 100)
    for name, floor in book.floors.items():
        could: Counter[str | None] = Counter(
            above(branch_of(person), floor.level) for person, own in zip(people, rows, strict=True)
            if own and is_in(person, book, floor.segment)
        )  # fmt: skip
        for one in (one.unit_id for one in UNITS if one.level == floor.level):
            found["floor", name, one, None] = -min(
                lever(f"floor.{name}", floor.units.get(one, floor.least)), could[one]
            )
    for segment, share in book.contact_policy.care_share.items():
        if share:
            found["floor", f"care_share.{segment}", None, None] = 0
    return found


def _in_cities(book: Playbook, stock: Sequence[tuple[str, str, int]]) -> Counter[tuple[str, str]]:
    named = {model for one in book.offers.values() if one.device for model in one.device.models}
    found: Counter[tuple[str, str]] = Counter()
    for model, unit, many in stock:
        city = above(unit, "city")
        if city is not None and model in named:
            found[city, model] += many
    return found
