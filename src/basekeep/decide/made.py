"""What making decisions came to, all in arrays: from here tables are written, scenarios compared, daily lists renewed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from basekeep.decide.allocation.problem import Allocation
from basekeep.decide.base import Base, Int
from basekeep.decide.candidates import Candidates
from basekeep.decide.capacity import Capacities
from basekeep.decide.contacts import HeldOut
from basekeep.decide.hold_outs import ControlGroup
from basekeep.decide.ledger import Ledger
from basekeep.decide.limits import Limited
from basekeep.decide.places import Places
from basekeep.run.decision_tables import BUCKETS
from basekeep.run.remarks import Remark


@dataclass(frozen=True)
class Made:
    """One decision for each subscriber of the base, and what it was made from.

    Attributes:
        groups: the control groups, the universal one first.
        allocation: as it stands after the calendar: what found no day is not among the chosen, nor in `used`.
        contact_on: of each subscriber the day of its contact, NO_DAY where there is none.
        staff: of each subscriber a place in `staff_ids`, -1 where nobody is named.
        taken_back: how many chosen actions found no day.
    """

    base: Base
    places: Places
    candidates: Candidates
    groups: tuple[ControlGroup, ...]
    held_out: HeldOut
    limited: Limited
    capacities: Capacities
    allocation: Allocation
    contact_on: Int
    staff_ids: tuple[str, ...]
    staff: Int
    ledger: Ledger
    taken_back: int
    remarks: tuple[Remark, ...] = ()

    @property
    def chosen(self) -> npt.NDArray[np.int64]:
        """Of each subscriber its candidate, -1 where there is none."""
        return self.allocation.chosen

    @property
    def options(self) -> npt.NDArray[np.int64]:
        """The candidates that were chosen, in the order of subscribers."""
        return self.chosen[self.chosen >= 0]

    @property
    def buckets(self) -> dict[str, int]:
        """How many subscribers went into each bucket, in their order."""
        counts = np.bincount(self.ledger.bucket, minlength=len(BUCKETS))
        return {name: int(count) for name, count in zip(BUCKETS, counts, strict=True)}

    @property
    def value(self) -> int:
        """What is expected of all actions together, in fen."""
        return int(self.candidates.expected[self.options].sum())

    @property
    def cost(self) -> int:
        """What they cost, in fen."""
        return int(self.candidates.cost[self.options].sum())
