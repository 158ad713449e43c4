"""What would have to change for a condition to hold: the fewest comparisons, the nearest limits, and no contradiction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from basekeep.playbook import terms as t
from basekeep.run.possible import possible


@dataclass(frozen=True)
class Standing:
    """How one comparison stands: its truth, how far its value lies from its limit as a share of that, and the limit."""

    truth: bool | None
    gap: float
    limit: object = None


# Each comparison of a condition, and whether it stands negated there.
Known = Mapping[tuple[t.TruthTerm, bool], Standing]
# The most ways of making a part hold that are weighed against those of the next part.
_MOST_WAYS = 48


@dataclass(frozen=True)
class Change:
    """The comparisons that would have to turn, and how far they are from it together."""

    atoms: tuple[tuple[t.TruthTerm, bool], ...]
    gap: float


@dataclass(frozen=True)
class _Way:
    """One way for a condition to hold: what each comparison must be, and which of them would have to turn for it."""

    must: Mapping[t.TruthTerm, bool]
    turned: tuple[t.TruthTerm, ...]
    gap: float

    @property
    def order(self) -> tuple[int, float]:
        return len(self.turned), self.gap


_NOTHING = _Way({}, (), 0.0)


def nearest_change(term: t.TruthTerm, known: Known) -> Change | None:
    """The least change that makes a condition true, by number of comparisons, then by distance.

    An unknown comparison counts as one that must turn. None where no change of the subscriber can do it.
    """
    ways = _Ways(known).of(term, True)
    if not ways:
        return None
    best = ways[0]
    return Change(tuple((turned, not best.must[turned]) for turned in best.turned), best.gap)


class _Ways:
    def __init__(self, known: Known) -> None:
        self._known = known
        self._gaps = {term: standing.gap for (term, _), standing in known.items()}
        self._limits = {term: standing.limit for (term, _), standing in known.items()}

    def of(self, term: t.TruthTerm, wanted: bool) -> list[_Way]:
        """The nearest ways for a condition to be what is wanted, nearest first."""
        match term:
            case t.TruthConstant(value=value):
                return [_NOTHING] if value == wanted else []
            case t.Opposite(of=of):
                return self.of(of, not wanted)
            case t.All(items=items) | t.AnyOf(items=items):
                parts = [self.of(item, wanted) for item in items]
                if isinstance(term, t.All) == wanted:
                    return self._together(parts)
                return _nearest(way for ways in parts for way in ways)
        # A negated comparison stands as its negation does.
        turned = () if self._known[term, not wanted].truth else (term,)
        way = self._way({term: wanted}, turned)
        return [way] if possible(way.must, self._limits) else []

    def _together(self, parts: list[list[_Way]]) -> list[_Way]:
        """Ways in which all parts hold at once: without those that ask for what cannot be together."""
        found = [_NOTHING]
        for ways in parts:
            joined = (self._joined(one, two) for one in found for two in ways)
            found = _nearest(way for way in joined if way is not None)
        return found

    def _joined(self, one: _Way, two: _Way) -> _Way | None:
        if any(one.must.get(term, truth) != truth for term, truth in two.must.items()):
            return None
        must = {**one.must, **two.must}
        if len(must) > len(one.must) and not possible(must, self._limits):
            return None
        return self._way(must, tuple(dict.fromkeys([*one.turned, *two.turned])))

    def _way(self, must: Mapping[t.TruthTerm, bool], turned: tuple[t.TruthTerm, ...]) -> _Way:
        return _Way(must, turned, sum(self._gaps[term] for term in turned))


def _nearest(ways: Iterable[_Way]) -> list[_Way]:
    return sorted(ways, key=lambda way: way.order)[:_MOST_WAYS]
