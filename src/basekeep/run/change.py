"""What would have to change for a condition to hold: the fewest comparisons, the nearest limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from basekeep.playbook import terms as t

# What is known of one comparison: its truth, and how far its value lies from its limit, as a share of the limit.
Known = Mapping[tuple[t.TruthTerm, bool], tuple[bool | None, float]]


@dataclass(frozen=True)
class Change:
    """The comparisons that would have to turn, and how far they are from it together."""

    atoms: tuple[tuple[t.TruthTerm, bool], ...]
    gap: float

    @property
    def _order(self) -> tuple[int, float]:
        return len(self.atoms), self.gap

    def __lt__(self, other: Change) -> bool:
        return self._order < other._order


_NOTHING = Change((), 0.0)


def nearest_change(term: t.TruthTerm, known: Known, negated: bool = False) -> Change | None:
    """The least change that makes a condition true, by number of comparisons, then by distance.

    An unknown comparison counts as one that must turn. None where no change of the subscriber can do it.
    """
    match term:
        case t.TruthConstant(value=value):
            return _NOTHING if value != negated else None
        case t.Opposite(of=of):
            return nearest_change(of, known, not negated)
        case t.All(items=items) | t.AnyOf(items=items):
            changes = [nearest_change(item, known, negated) for item in items]
            together = isinstance(term, t.All) != negated
            return _together(changes) if together else _nearest(changes)
    truth, gap = known[term, negated]
    return _NOTHING if truth else Change(((term, negated),), gap)


def _together(changes: list[Change | None]) -> Change | None:
    found = [change for change in changes if change is not None]
    if len(found) < len(changes):
        return None
    atoms = dict.fromkeys(atom for change in found for atom in change.atoms)
    return Change(tuple(atoms), sum(change.gap for change in found))


def _nearest(changes: list[Change | None]) -> Change | None:
    return min((change for change in changes if change is not None), default=None)
