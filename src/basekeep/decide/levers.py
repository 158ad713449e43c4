"""What a simulation changes: budgets, capacities, stock, floors and weights, by a factor or to a number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction


@dataclass(frozen=True)
class Change:
    """A number that becomes `to`, or is multiplied by `times`."""

    times: Fraction | None = None
    to: Fraction | None = None

    def of(self, number: Fraction) -> Fraction:
        """The number changed."""
        return self.to if self.to is not None else number * (self.times if self.times is not None else 1)


@dataclass(frozen=True)
class Levers:
    """Changes by name: `budget.NAME`, `capacity.CHANNEL`, `floor.NAME`, `weight.CAMPAIGN`, `stock`; none: as declared.

    Attributes:
        total: yuan that all offers together may cost, besides the budgets declared; None: no such limit.
    """

    changes: Mapping[str, Change] = field(default_factory=dict)
    total: Fraction | None = None

    def apply(self, name: str, number: Fraction | int) -> Fraction:
        """A number as it is after the change of that name, if there is one."""
        change = self.changes.get(name)
        return Fraction(number) if change is None else change.of(Fraction(number))
