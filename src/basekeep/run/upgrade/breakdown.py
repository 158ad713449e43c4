"""The goal shared out from the top to the branches, exactly at each level, with who answers for each part.

A line counts where its branch is, and in every unit above; grids count in their branch. A target group hangs at its own
unit, a county as a rule, or, where that is not there, at the county with most of its lines.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from basekeep.contract.tables import ORG_LEVELS
from basekeep.engines.protocol import Session
from basekeep.kernel.text import Text
from basekeep.playbook.upgrade import Breakdown
from basekeep.run.organisation import Organisation
from basekeep.run.remarks import Remark
from basekeep.run.upgrade.apportion import apportion
from basekeep.run.upgrade.marketing_cost import Row

SHARED = ORG_LEVELS[:4]
WANTED = "(policy_class IS NOT NULL OR (group_rank IS NOT NULL AND not_on_5g))"
# A unit's own lines that lie in none of the units below it.
_OWN = ""


@dataclass
class _Part:
    """What one unit has."""

    own: int = 0
    lines: int = 0
    floor: int = 0
    groups: int = 0
    with_lines: set[str] = field(default_factory=set)


def breakdown(declared: Breakdown, session: Session, organisation: Organisation) -> tuple[list[Row], list[Remark]]:
    """A row for each unit from the top to the branches, by level and id; what could not be placed is a remark."""
    tree = _Tree(declared, organisation)
    outside = 0
    for unit, lines in session.rows(f"SELECT unit_id, count(*) FROM upgrade__line WHERE {WANTED} GROUP BY unit_id"):
        outside += 0 if tree.add_lines(unit, int(lines)) else int(lines)
    strange = tree.add_groups(session)
    tree.add_up()
    managers = dict(session.rows("SELECT unit_id, manager_id FROM upgrade__place"))
    return list(tree.rows(managers)), [
        Remark("upgrade.line_without_unit", "subscriber_month", outside,
               Text("没有归属机构的可升级用户；不参加分解", "lines to upgrade that lie at no unit; they are not broken down"),
               Text("补上这些用户的 branch_id。", "Give these subscribers a branch_id.")),
        Remark("group_account.unit_unknown", "group_account", strange,
               Text("所属机构不存在的目标集团；按成员最多的区县计", "target groups whose unit is not there; the county with most of their lines is taken"),
               Text("改正集团的 unit_id。", "Correct the group's unit_id.")),
    ]  # fmt: skip


class _Tree:
    def __init__(self, declared: Breakdown, organisation: Organisation) -> None:
        self.declared, self.organisation = declared, organisation
        self.units = [name for name, unit in organisation.units.items() if unit.level in SHARED]
        self.parts = {name: _Part() for name in self.units}
        self.parents = {name: next(iter(self.chain(name)[1:]), None) for name in self.units}
        self._children: dict[str | None, list[str]] = {}
        for name, parent in self.parents.items():
            self._children.setdefault(parent, []).append(name)

    def chain(self, name: str) -> list[str]:
        """The unit and those above it, as far as they take part."""
        return [one for one in self.organisation.chain(name) if one in self.parts]

    def children(self, name: str | None) -> list[str]:
        return self._children.get(name, [])

    def place(self, unit: str | None) -> str | None:
        """The unit itself, or the nearest above it that takes part."""
        return next(iter(self.chain(unit)), None) if unit else None

    def add_lines(self, unit: str | None, lines: int) -> bool:
        """Whether they lie anywhere."""
        at = self.place(unit)
        if at is not None:
            self.parts[at].own += lines
        return at is not None

    def add_groups(self, session: Session) -> int:
        """Hang up the target groups; gives how many have no unit of their own."""
        held: dict[str, Counter[str]] = {}
        query = f"SELECT group_id, unit_id, count(*) FROM upgrade__line WHERE group_rank IS NOT NULL AND {WANTED} GROUP BY ALL"
        for group, unit, lines in session.rows(query):
            if (at := self.place(unit)) is not None:
                held.setdefault(group, Counter())[at] += int(lines)
        strange = 0
        for group, unit in session.rows("SELECT group_id, unit_id FROM upgrade__group WHERE rank IS NOT NULL"):
            places = held.get(group, Counter())
            for one in places:
                for above in self.chain(one):
                    self.parts[above].with_lines.add(group)
            at = self.place(unit)
            strange += at is None
            for above in self.chain(at or self._most(places) or ""):
                self.parts[above].groups += 1
        return strange

    def _most(self, places: Counter[str]) -> str | None:
        """The county, or what stands for it, that holds most; the first by id of several."""
        counties: Counter[str] = Counter()
        for one, lines in places.items():
            counties[self.organisation.above(one, "county") or one] += lines
        return min(counties, key=lambda name: (-counties[name], name), default=None)

    def add_up(self) -> None:
        """Lines and floors, from the branches up."""
        for name in sorted(self.units, key=lambda name: -len(self.chain(name))):
            part, below = self.parts[name], [self.parts[child] for child in self.children(name)]
            part.lines = part.own + sum(one.lines for one in below)
            part.floor = min(self.declared.least_lines, part.own) + sum(one.floor for one in below)

    def rows(self, managers: dict[str, str | None]) -> Iterator[Row]:
        """Shared out from the top down."""
        tops = self.children(None)
        lines = sum(self.parts[name].lines for name in tops)
        goal = self._goal(lines)
        got = self._share(goal, tops, 0)
        given = {name: (got[name], goal, lines) for name in tops}
        own = {}
        for name in sorted(self.units, key=lambda name: len(self.chain(name))):
            target, part = given[name][0], self.parts[name]
            below = self._share(target, self.children(name), part.own)
            own[name] = below.pop(_OWN)
            given |= {child: (got, target, part.lines) for child, got in below.items()}
        for name in sorted(self.units, key=lambda name: (SHARED.index(self.organisation.units[name].level), name)):
            yield self._row(name, *given[name], own[name], managers.get(name))

    def _goal(self, lines: int) -> int:
        if self.declared.total_lines is not None:
            return self.declared.total_lines
        return int(self.declared.goal_share * lines + Fraction(1, 2))

    def _share(self, target: int, names: list[str], own: int) -> dict[str, int]:
        """What each gets, and what stays with the unit's own lines."""
        weights = {name: self.parts[name].lines for name in names}
        floors = {name: self.parts[name].floor for name in names}
        if own or not names:
            weights[_OWN], floors[_OWN] = own, min(self.declared.least_lines, own)
        return {_OWN: 0, **apportion(target, weights, floors)} if names or own or target else {_OWN: 0}

    def _row(self, name: str, target: int, above: int, of_lines: int, own: int, manager: str | None) -> Row:
        unit, part = self.organisation.units[name], self.parts[name]
        quota = Fraction(above * part.lines, of_lines) if of_lines else Fraction(0)
        why = _why(target, above, of_lines, part, quota)
        return {
            "unit_id": name, "name_zh": unit.name, "name_en": unit.name_en or unit.name, "level": unit.level,
            "parent_id": self.parents[name], "manager_id": manager, "groups": part.groups,
            "groups_with_lines": len(part.with_lines), "lines": part.lines, "own_lines": part.own,
            "floor_lines": part.floor, "quota": round(float(quota), 4), "target_lines": target, "own_target_lines": own,
            "why_zh": why.zh, "why_en": why.en,
        }  # fmt: skip


def _why(target: int, above: int, of_lines: int, part: _Part, quota: Fraction) -> Text:
    """How the target came about, in words."""
    zh = f"上级目标 {above:,} 户，上级 {of_lines:,} 户中占 {part.lines:,} 户，应得 {float(quota):,.2f} 户"
    en = f"of the goal of {above:,} above, with {part.lines:,} of the {of_lines:,} lines there: {float(quota):,.2f} due"
    if quota == target:
        return Text(f"{zh}，恰为整数。", f"{en}, a whole number.")
    if quota < target <= part.floor:
        return Text(f"{zh}，取下限 {target:,} 户。", f"{en}, raised to the floor of {target:,}.")
    if target < part.floor:
        return Text(f"{zh}；目标不够各机构的下限 {part.floor:,} 户，按下限分得 {target:,} 户。",
                    f"{en}; the goal does not reach for all floors ({part.floor:,} here) and is shared out by them: {target:,}.")  # fmt: skip
    if abs(quota - target) < 1:
        return Text(
            f"{zh}，取整为 {target:,} 户，各机构之和不变。", f"{en}, rounded to {target:,} so that the sum stays exact."
        )
    return Text(
        f"{zh}；其他机构取下限后为 {target:,} 户。", f"{en}; {target:,} after others were raised to their floors."
    )
