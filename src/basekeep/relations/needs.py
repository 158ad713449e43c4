"""Which columns of which months, and which statistics, terms need."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from basekeep.kernel.months import festival_months, month_end, months_between
from basekeep.playbook import terms as t
from basekeep.playbook.joined import JOINED
from basekeep.playbook.walk import walk

Wanted = tuple[str, int]


def wanted_columns(terms: Iterable[t.Term], month: date) -> dict[Wanted, None]:
    """The (column, lag) pairs of the terms, in the order they are met."""
    found: dict[Wanted, None] = {}
    for term in terms:
        for part in walk(term):
            found.update(dict.fromkeys(_of(part, month)))
    return found


def _of(part: t.Term, month: date) -> list[Wanted]:
    match part:
        case t.Quantity(column=c) | t.Flag(column=c) | t.TextColumn(column=c) if c in JOINED:
            return [(JOINED[c].key, 0)]
        case t.Quantity(column=c, lag=lag) | t.Flag(column=c, lag=lag) | t.TextColumn(column=c, lag=lag):
            return [(c, lag)]
        case t.DateColumn(column=c, lag=lag) | t.IsEmpty(column=c, lag=lag):
            return [(c, lag)]
        case t.FestivalSum(column=c):
            return [(c, months_between(m, month)) for m in festival_months(month_end(month))]
        case t.BaseStatistic(by=by) if by is not None:
            return [(JOINED[by].key if by in JOINED else by, 0)]
    return []


def wanted_joins(terms: Iterable[t.Term]) -> dict[str, None]:
    """The columns found through another table that the terms name, in the order they are met."""
    parts = (part for term in terms for part in walk(term))
    return {name: None for part in parts for name in _named(part) if name in JOINED}


def _named(part: t.Term) -> tuple[str, ...]:
    match part:
        case t.Quantity(column=c) | t.Flag(column=c) | t.TextColumn(column=c):
            return (c,)
        case t.BaseStatistic(by=by) if by is not None:
            return (by,)
    return ()


def wanted_statistics(terms: Iterable[t.Term]) -> dict[t.BaseStatistic, None]:
    """The statistics of the base that the terms need, in the order they are met."""
    return {part: None for term in terms for part in walk(term) if isinstance(part, t.BaseStatistic)}
