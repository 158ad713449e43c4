"""Finds the terms that stand in more than one place, so that each is computed once, in a first stage of the query."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields

from basekeep.playbook import terms as t
from basekeep.playbook.walk import walk

_LEAVES = (t.Constant, t.Quantity, t.ParameterValue, t.TextColumn, t.TextConstant, t.DateColumn, t.DateConstant, t.MonthEnd,
           t.FestivalEnd, t.TruthConstant, t.Flag, t.InFamily, t.BaseStatistic)  # fmt: skip


def shared_terms(terms: Iterable[t.Term]) -> tuple[t.Term, ...]:
    """Terms worth computing once: conditions, classifications and numbers with more than one user.

    A term inside another shared one counts only where it is used apart from it.
    """
    seen: set[t.Term] = set()
    again: dict[t.Term, None] = {}
    for term in terms:
        _visit(term, seen, again)
    return tuple(term for term in again if isinstance(term, t.TruthTerm | t.NumberTerm | t.Classes))


def layered(terms: Iterable[t.Term]) -> tuple[tuple[t.Term, ...], ...]:
    """The same terms in layers: what a term holds of the others lies in the layers before its own."""
    given = dict.fromkeys(terms)
    depths: dict[t.Term, int] = {}

    def depth(term: t.Term) -> int:
        if term not in depths:
            inside = (part for part in walk(term) if part in given and part != term)
            depths[term] = max((depth(part) + 1 for part in inside), default=0)
        return depths[term]

    layers: dict[int, list[t.Term]] = {}
    for term in given:
        layers.setdefault(depth(term), []).append(term)
    return tuple(tuple(layers[at]) for at in sorted(layers))


def _visit(term: t.Term, seen: set[t.Term], again: dict[t.Term, None]) -> None:
    if isinstance(term, _LEAVES):
        return
    if term in seen:
        again[term] = None
        return
    seen.add(term)
    if isinstance(term, t.Classes):
        # Each condition stands twice in its cases: whether it holds, and whether it is unknown.
        seen.update(condition for _, condition in term.choices)
    for child in _children(term):
        _visit(child, seen, again)


def _children(term: t.Term) -> Iterator[t.Term]:
    for part in fields(term):  # type: ignore[arg-type]
        yield from _terms_in(getattr(term, part.name))


def _terms_in(value: object) -> Iterator[t.Term]:
    if isinstance(value, t.Term):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _terms_in(item)
