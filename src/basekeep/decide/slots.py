"""One kind of limit: its limits for people, how much each holds, and which of them a class of candidates draws on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np

from basekeep.decide.rounding import Whole

Kind = Literal["capacity", "budget", "stock", "floor"]
# By name what is known of each class of candidates; see `limits`.
Known = Mapping[str, Whole]
Draws = Callable[[Known], tuple[Whole, Whole]]


@dataclass(frozen=True)
class Limit:
    """One limit, for people.

    Attributes:
        name: the playbook's own name: of the channel, the budget, the floor; of a care share `care_share.SEGMENT`.
        amount: in contacts, yuan (budgets are counted in fen inside), devices; of a floor how many at least.
        per_day: of a capacity how many contacts a day it holds.
        asked: of a floor how many were asked for; `amount` is never more than can be contacted.
        share: of a care share the least share of care among contacts.
    """

    kind: Kind
    name: str
    unit: int = -1
    channel: str | None = None
    offer: str | None = None
    campaign: str | None = None
    segment: str | None = None
    model: str | None = None
    amount: float = 0.0
    per_day: int = 0
    asked: int = 0
    share: Fraction = Fraction(0)


@dataclass(frozen=True)
class Slot:
    """Limits of which a candidate draws on one at most.

    Attributes:
        most: of each limit, in its own unit: contacts, fen, devices; of a floor below 0.
        draws: of each class the limit it draws on, a place in `limits` or -1, and how much of it.
    """

    limits: tuple[Limit, ...]
    most: Whole
    by_cost: bool
    draws: Draws


def at(level: str) -> str:
    """The name of what is known of the unit of a level that a subscriber lies in: its place + 1, 0 for none."""
    return f"at.{level}"


def within(segment: str) -> str:
    """The name of what is known of a subscriber's membership: 1 or 0."""
    return f"in.{segment}"


def ones(of: Whole) -> Whole:
    """One of each."""
    return np.ones(len(of), np.int64)
