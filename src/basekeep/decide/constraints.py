"""The table `constraint`: each limit with what was used of it, what one more would be worth, and a sentence in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from basekeep.decide.allocation.problem import Allocation
from basekeep.decide.budgets import TOTAL
from basekeep.decide.capacity import Capacities
from basekeep.decide.constraint_words import Told, says
from basekeep.decide.floors import CARE_SHARE
from basekeep.decide.limits import Limited
from basekeep.decide.places import Places
from basekeep.decide.rounding import FEN, Whole
from basekeep.decide.slots import Limit
from basekeep.kernel.text import Text
from basekeep.playbook.declarations import Playbook
from basekeep.run.remarks import Remark

# In yuan: a price below this is none, and a limit of which more than this share is left does not bind. Prices come from steps
# that end somewhere, and whole actions seldom use up the last fen.
_NO_PRICE, _LEFT = 0.0001, 0.01
_SHOWN = 5
Row = dict[str, Any]


def constraints_of(
    limited: Limited, allocation: Allocation, places: Places, playbook: Playbook, capacities: Capacities
) -> list[Row]:
    """The rows, in the order of the limits; see `run.decision_tables`.

    Prices are in yuan per contact, yuan, device or subscriber. A care share is told in contacts of care: how many its share
    of the contacts made comes to, and how many there are.
    """
    return [_row(told, places) for told in _told(limited, allocation, places, playbook, capacities)]


def unmet_floors(
    limited: Limited, allocation: Allocation, places: Places, playbook: Playbook, capacities: Capacities
) -> list[Remark]:
    """Floors that could not be met, each with its units, what was wanted, what was possible, and what would do."""
    found: dict[str, list[Told]] = {}
    for told in _told(limited, allocation, places, playbook, capacities):
        if told.of.kind == "floor" and told.short > 0:
            found.setdefault(told.of.name, []).append(told)
    proven = allocation.least_shortfall > 0
    return [_remark(name, each, places, proven) for name, each in found.items()]


def _told(
    limited: Limited, allocation: Allocation, places: Places, playbook: Playbook, capacities: Capacities
) -> Iterator[Told]:
    contacts = _contacts(limited, allocation)
    for at, limit in enumerate(limited.limits):
        used, most = int(allocation.used[at]), int(limited.problem.limit[at])
        amounts = _amounts(limit, most, used, int(contacts[at]), float(allocation.price[at]))
        # Of a budget by unit, what there is for subscribers without a unit is told only where it keeps something from them.
        nowhere = limit.kind == "budget" and limit.unit < 0 and limit.name != TOTAL
        if not (nowhere and playbook.budgets[limit.name].level and amounts.price < _NO_PRICE):
            yield _one(limit, amounts, places, playbook, capacities)


@dataclass(frozen=True)
class _Amounts:
    """In people's units."""

    limit: float
    used: float
    price: float
    short: float = 0.0

    def binds(self, kind: str) -> bool:
        left = 0.0 if kind == "floor" else self.limit - self.used
        return self.price >= _NO_PRICE and left <= self.limit * _LEFT


def _amounts(limit: Limit, most: int, used: int, contacts: int, price: float) -> _Amounts:
    """Those of one limit from the allocation's own."""
    if limit.kind == "budget":
        # A fen for a fen.
        return _Amounts(most / FEN, used / FEN, price)
    if limit.kind != "floor":
        return _Amounts(most, used, price / FEN)
    if not limit.share:
        return _Amounts(-most, -used, price / FEN, max(used - most, 0))
    # p × contacts − q × care: how many contacts of care there are, and how many there should be.
    p, q = limit.share.numerator, limit.share.denominator
    care, needed = (p * contacts - used) // q, -(-p * contacts // q)
    return _Amounts(needed, care, price * q / FEN, max(needed - care, 0))


def _contacts(limited: Limited, allocation: Allocation) -> Whole:
    """Of each limit, how many of the chosen draw on it, whatever their amounts."""
    problem = limited.problem
    chosen = problem.pattern[allocation.chosen[allocation.chosen >= 0]]
    many = np.bincount(chosen, minlength=len(problem.draws_on))
    found = np.zeros(len(limited.limits) + 1, np.int64)
    for slot in range(problem.draws_on.shape[1]):
        np.add.at(found, problem.draws_on[:, slot], many)
    return found[:-1]


def _one(limit: Limit, amounts: _Amounts, places: Places, playbook: Playbook, capacities: Capacities) -> Told:
    a_person = role = None
    if limit.kind == "capacity" and limit.channel is not None:
        channel = list(playbook.channels).index(limit.channel)
        roles = playbook.channels[limit.channel].roles
        held = capacities.channels[channel]
        a_person = held.a_person(limit.unit) if held else None
        role = roles[0] if len(roles) == 1 else None
    place = places.named(limit.unit) if limit.unit >= 0 else None
    return Told(
        limit, _name(limit, playbook), place, amounts.limit, amounts.used, amounts.short, amounts.price,
        amounts.binds(limit.kind), a_person, role,
    )  # fmt: skip


def _name(limit: Limit, playbook: Playbook) -> Text:
    if limit.kind == "capacity":
        return playbook.channels[limit.name].name.text
    if limit.kind == "budget":
        return playbook.budgets[limit.name].name.text if limit.name in playbook.budgets else Text("总预算", "total")
    if limit.kind == "floor" and limit.name in playbook.floors:
        return playbook.floors[limit.name].name.text
    segment = limit.segment or ""
    served = playbook.segments.get(segment) or playbook.scorecards.get(segment)
    return served.name.text if served else Text(limit.name, limit.name)


def _row(told: Told, places: Places) -> Row:
    limit, said = told.of, says(told)
    unit = places.units[limit.unit] if limit.unit >= 0 else None
    parts = (limit.channel, limit.campaign, limit.offer, limit.segment, limit.model, unit)
    return {
        "kind": limit.kind, "name": limit.name, "scope": "/".join(one for one in parts if one), "unit_id": unit,
        "channel": limit.channel, "offer": limit.offer, "campaign": limit.campaign, "segment": limit.segment,
        "device_model_id": limit.model, "limit": told.limit, "used": told.used, "short": told.short,
        "shadow_price": told.price, "binds": told.binds, "says_zh": said.zh, "says_en": said.en,
    }  # fmt: skip


def _remark(name: str, each: list[Told], places: Places, proven: bool) -> Remark:
    """One floor with the units where it could not be met; `proven`: no choice meets all floors."""
    most = Text("最多", "possible") if proven else Text("做到", "reached")
    shown = [
        Text(
            f"{_unit(told, places)}要 {told.limit:,.0f}，{most.zh} {told.used:,.0f}",
            f"{_unit(told, places, ': ')}{told.limit:,.0f} wanted, {told.used:,.0f} {most.en}",
        )
        for told in each[:_SHOWN]
    ]
    more = Text("；……", "; …") if len(each) > _SHOWN else Text("", "")
    said = Text("下限不能同时满足", "a floor that cannot be met with all others") if proven else Text("下限没有满足", "a floor that was not met")  # fmt: skip
    key = f"contact_policy.{name}" if name.startswith(CARE_SHARE) else f"floors.{name}"
    return Remark(
        "floor.not_met",
        key,
        int(sum(told.short for told in each)),
        Text(
            f"{said.zh}（{'；'.join(one.zh for one in shown)}{more.zh}），共差",
            f"{said.en} ({'; '.join(one.en for one in shown)}{more.en}); short in all",
        ),
        _what_would_do(key, care=name.startswith(CARE_SHARE)),
    )


def _what_would_do(key: str, care: bool) -> Text:
    if care:
        return Text(
            f"下调策略手册 {key} 的占比，或为这个用户群增加可做的关怀。",
            f"Lower the share {key} in the playbook, or give the segment more care to be offered.",
        )
    return Text(
        f"把策略手册 {key} 在这些机构降到括号中的人数，或增加其产能、预算。",
        f"Lower {key} in the playbook to what is in brackets for these units, or give them more capacity or budget.",
    )


def _unit(told: Told, places: Places, then: str = " ") -> str:
    return f"{places.units[told.of.unit]}{then}" if told.of.unit >= 0 else ""
