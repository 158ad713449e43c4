"""The organisation as a tree that can be counted up and shared down, whatever is wrong with it; and who answers for each unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from basekeep.contract.tables import ORG_LEVELS
from basekeep.kernel.text import Text
from basekeep.run.remarks import Remark

_TABLE = "org_unit"


@dataclass(frozen=True)
class Unit:
    """One unit as it is stored."""

    unit_id: str
    parent_id: str | None
    level: str
    name: str
    name_en: str | None = None


class Organisation:
    """All units below one top, or below several where there is more than one.

    A circle is cut above the highest of its units (of several, the first by id), which becomes a top; so does a unit
    whose parent is not there.
    """

    def __init__(self, units: Iterable[Unit]) -> None:
        self.units: Mapping[str, Unit] = {unit.unit_id: unit for unit in sorted(units, key=lambda unit: unit.unit_id)}
        self.circles = _circles({unit.unit_id: unit.parent_id for unit in self.units.values()})
        cut = {min(circle, key=self._height) for circle in self.circles}
        self.parents: Mapping[str, str | None] = {
            name: None if name in cut or unit.parent_id not in self.units else unit.parent_id
            for name, unit in self.units.items()
        }

    def _height(self, name: str) -> tuple[int, str]:
        level = self.units[name].level
        return (ORG_LEVELS.index(level) if level in ORG_LEVELS else len(ORG_LEVELS), name)

    @cached_property
    def children(self) -> Mapping[str | None, tuple[str, ...]]:
        """The units right below each unit, by id; below None the tops."""
        found: dict[str | None, list[str]] = {}
        for name, parent in self.parents.items():
            found.setdefault(parent, []).append(name)
        return {parent: tuple(names) for parent, names in found.items()}

    def chain(self, name: str) -> tuple[str, ...]:
        """The unit and those above it, nearest first; nothing for a unit that is not there."""
        found: list[str] = []
        at: str | None = name if name in self.units else None
        while at is not None:
            found.append(at)
            at = self.parents[at]
        return tuple(found)

    def above(self, name: str, level: str) -> str | None:
        """The unit itself or the one above it that is of a level."""
        return next((one for one in self.chain(name) if self.units[one].level == level), None)

    def managers(self, staff: Mapping[str, Iterable[str]]) -> dict[str, str]:
        """Who answers for each unit: the first of its own staff by id; else one of the nearest unit above that has some.

        The units of one level take turns with the staff above them, in the order of their ids.
        """
        own = {unit: sorted(ids) for unit, ids in staff.items() if unit in self.units}
        turns: dict[tuple[str, str], int] = {}
        found = {}
        for name, unit in self.units.items():
            nearest = next((one for one in self.chain(name) if own.get(one)), None)
            if nearest == name:
                found[name] = own[name][0]
            elif nearest is not None:
                turn = turns.get((nearest, unit.level), 0)
                turns[nearest, unit.level] = turn + 1
                found[name] = own[nearest][turn % len(own[nearest])]
        return found

    def remarks(self) -> list[Remark]:
        """What is wrong with it."""
        stored = [unit.parent_id for unit in self.units.values()]
        tops = sum(parent is None for parent in stored)
        unknown = sum(parent is not None and parent not in self.units for parent in stored)
        return [
            Remark("org_unit.circle", _TABLE, sum(map(len, self.circles)),
                   Text("组织机构成环，涉及机构数；已在环中最高一级之上断开", "units that lie in a circle; it was cut above the highest of them"),
                   Text("改正这些机构的 parent_id。", "Correct the parent_id of these units.")),
            Remark("org_unit.several_tops", _TABLE, tops if tops > 1 else 0,
                   Text("没有上级的机构不止一个；各自作为最高一级", "units without a parent, more than one; each is taken as a top"),
                   Text("只有最高一级的 parent_id 为空。", "Leave parent_id empty for one unit only.")),
            Remark("org_unit.unknown_parent", _TABLE, unknown,
                   Text("上级机构不存在的机构；作为最高一级", "units whose parent is not there; each is taken as a top"),
                   Text("补上缺少的机构，或改正 parent_id。", "Add the missing units, or correct parent_id.")),
        ]  # fmt: skip


def _circles(parents: Mapping[str, str | None]) -> list[frozenset[str]]:
    """The circles that following parents runs into."""
    done: set[str] = set()
    found = []
    for start in parents:
        path: dict[str, None] = {}
        at: str | None = start
        while at is not None and at in parents and at not in done and at not in path:
            path[at] = None
            at = parents[at]
        if at is not None and at in path:
            names = list(path)
            found.append(frozenset(names[names.index(at) :]))
        done.update(path)
    return found
