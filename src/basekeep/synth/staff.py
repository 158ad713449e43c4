"""The people of the organisation: halls in branches, community managers in grids, telephone and account managers
in counties; and who of them serves a branch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from basekeep.contract.tables import STAFF
from basekeep.synth import arrow
from basekeep.synth.codes import ACCOUNT_MANAGER, CHANNEL, COMMUNITY_MANAGER, HALL, NONE, TELEPHONE_MANAGER
from basekeep.synth.draws import Array, Draws
from basekeep.synth.org_unit import GRIDS_PER_BRANCH, Organisation
from basekeep.synth.place_names import GIVEN, SURNAMES

ROLES = (HALL, COMMUNITY_MANAGER, TELEPHONE_MANAGER, ACCOUNT_MANAGER)
_CAPACITY = (60, 25, 80, 12)
_PER_UNIT = (3, 1, 3, 4)
_LEVEL = ("branch", "grid", "county", "county")


@dataclass(frozen=True)
class Staff:
    """All staff, ordered by role and unit; `start` and `count` are role × branch: who serves a branch."""

    unit_ids: tuple[str, ...]
    role: Array
    start: Array
    count: Array
    per_county: int

    def serving(self, channel: Array, branch: Array, uniform: Array) -> Array:
        """A staff number for each contact, NONE for channels without people."""
        role = np.clip(channel, 0, len(ROLES) - 1)
        place = (uniform * self.count[role, branch]).astype(np.int32)
        return np.where(channel < len(ROLES), self.start[role, branch] + place, NONE).astype(np.int32)


def make_staff(organisation: Organisation) -> Staff:
    """Staff for every unit that has some."""
    unit_ids: list[str] = []
    role: list[int] = []
    start = np.zeros((len(ROLES), len(organisation.branch_ids)), dtype=np.int32)
    count = np.zeros_like(start)
    for code, level, per_unit in zip(ROLES, _LEVEL, _PER_UNIT, strict=True):
        first: dict[str, int] = {}
        for unit in (unit for unit in organisation.units if unit.level == level):
            # Grids lie together below their branch, so a branch's own people are a run of numbers.
            served = unit.parent if level == "grid" else unit.unit_id
            first.setdefault(served, len(unit_ids))
            unit_ids += [unit.unit_id] * per_unit
            role += [code] * per_unit
        for branch, branch_id in enumerate(organisation.branch_ids):
            served = organisation.county_ids[organisation.county_of_branch[branch]] if level == "county" else branch_id
            start[code, branch] = first[served]
            count[code, branch] = per_unit * (GRIDS_PER_BRANCH if level == "grid" else 1)
    return Staff(tuple(unit_ids), np.array(role, dtype=np.int8), start, count, _PER_UNIT[ACCOUNT_MANAGER])


def staff_ids(staff_numbers: Array) -> pa.Array:
    """Staff numbers as ids."""
    return arrow.identifier("E", staff_numbers, 6)


def staff_batch(staff: Staff, seed: int) -> pa.RecordBatch:
    """The `staff` table."""
    size = len(staff.unit_ids)
    draws = Draws(seed, size)
    surname, given = draws.whole("staff.surname", 0, len(SURNAMES) - 1), draws.whole("staff.given", 0, len(GIVEN) - 1)
    capacity = np.array(_CAPACITY)[staff.role] * (0.7 + 0.6 * draws.uniform("staff.capacity"))
    return arrow.batch_of(
        STAFF,
        {
            "staff_id": staff_ids(np.arange(size)),
            "unit_id": pa.array(staff.unit_ids),
            "role": arrow.label(staff.role, CHANNEL),
            "name": pa.array([SURNAMES[s] + GIVEN[g] for s, g in zip(surname, given, strict=True)]),
            "capacity_per_day": arrow.whole(np.rint(capacity)),
            "active": arrow.flag(draws.chance("staff.active", 0.96)),
        },
    )
