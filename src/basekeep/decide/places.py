"""Where units lie, as arrays: of each unit the one above it on every level."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from basekeep.contract.tables import GROUP_ACCOUNT, ORG_LEVELS, ORG_UNIT
from basekeep.decide.base import Int
from basekeep.engines.protocol import Session
from basekeep.kernel.text import Text
from basekeep.run.organisation import Organisation, Unit
from basekeep.run.plan import Plan
from basekeep.run.stored import stored_rows


@dataclass(frozen=True)
class Places:
    """The organisation. A unit is its place in `units`.

    Attributes:
        units: the ids of all units, in ascending order.
        levels: of each unit its level.
        above: by level, of each unit the unit of that level that it lies in (itself on its own level), -1 for none.
        names: of each unit its names in both languages, as (zh, en).
    """

    units: tuple[str, ...]
    levels: tuple[str, ...]
    above: Mapping[str, Int]
    names: tuple[tuple[str, str], ...]

    def of(self, unit_id: str | None) -> int:
        """The place of a unit, -1 where it is not there."""
        return -1 if unit_id is None else self._index.get(unit_id, -1)

    def at(self, level: str) -> Int:
        """The units of a level."""
        return np.flatnonzero(np.array([one == level for one in self.levels], bool)).astype(np.int32)

    def lying_in(self, level: str, unit_ids: Iterable[str | None]) -> Int:
        """Of each unit named the unit of a level that it lies in; one more, -1, at the end, where -1 leads."""
        places = [self.of(unit_id) for unit_id in unit_ids]
        return np.append(self.above[level], np.int32(-1))[[*places, -1]]

    def named(self, place: int) -> Text:
        """A unit's name, a branch's with its county's: many counties have a branch of one name."""
        zh, en = self.names[place]
        county = int(self.above["county"][place]) if self.levels[place] == "branch" else -1
        return Text(f"{self.names[county][0]}{zh}", f"{en} ({self.names[county][1]})") if county >= 0 else Text(zh, en)

    @cached_property
    def _index(self) -> dict[str, int]:
        return {unit: place for place, unit in enumerate(self.units)}


def stored_organisation(plan: Plan, session: Session) -> Organisation:
    """The organisation as it is stored; without units where it is not."""
    units = stored_rows(plan, ORG_UNIT.name)
    rows = session.rows(f"SELECT unit_id, parent_id, level, name, name_en FROM {units} u ORDER BY unit_id")
    return Organisation(Unit(*row) for row in rows)


def places_of(organisation: Organisation) -> Places:
    """The same as arrays. Where a circle was cut, or a parent is not there, nothing is above."""
    units = tuple(organisation.units)
    index = {unit: place for place, unit in enumerate(units)}
    above = {level: np.full(len(units), -1, np.int32) for level in ORG_LEVELS}
    for place, unit in enumerate(units):
        for one in reversed(organisation.chain(unit)):
            level = organisation.units[one].level
            if level in above:
                # Of two of one level in a chain the nearest counts.
                above[level][place] = index[one]
    declared = organisation.units.values()
    return Places(
        units,
        tuple(unit.level for unit in declared),
        above,
        tuple((unit.name, unit.name_en or unit.name) for unit in declared),
    )


def group_units(plan: Plan, session: Session, groups: Iterable[str]) -> dict[str, str]:
    """The unit that each of these group accounts belongs to, where one is named."""
    stored, wanted = stored_rows(plan, GROUP_ACCOUNT.name), set(groups)
    rows = session.rows(f"SELECT group_id, unit_id FROM {stored} g WHERE unit_id IS NOT NULL")
    return {group: unit for group, unit in rows if group in wanted}
