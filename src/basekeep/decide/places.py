"""Where units lie, as arrays: of each unit the one above it on every level."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from basekeep.decide.base import Int


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

    def of(self, unit_id: str) -> int:
        """The place of a unit, -1 where it is not there."""
        return self._index.get(unit_id, -1)

    @cached_property
    def _index(self) -> dict[str, int]:
        return {unit: place for place, unit in enumerate(self.units)}
