"""The limits that all candidates share, and which candidate draws on which: capacity, budgets, stock, floors, care."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from basekeep.decide.allocation.problem import Problem

Kind = Literal["capacity", "budget", "stock", "floor"]


@dataclass(frozen=True)
class Limit:
    """One limit, for people.

    Attributes:
        name: the playbook's own name: of the channel, the budget, the floor; of a care share `care_share.SEGMENT`.
        amount: in contacts, yuan (budgets are counted in fen inside), devices; of a floor how many at least.
        per_day: of a capacity how many contacts a day it holds.
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


@dataclass(frozen=True)
class Limited:
    """The problem of the allocation with the meaning of each of its limits, in their order."""

    problem: Problem
    limits: tuple[Limit, ...]
