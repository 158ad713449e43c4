"""Which columns of which months, and which statistics, terms need."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from basekeep.kernel.months import festival_months, month_end, months_between
from basekeep.playbook import terms as t
from basekeep.playbook.functions import ORG_COLUMNS
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
        case t.TextColumn(column=column) if column in ORG_COLUMNS:
            return [("branch_id", 0)]
        case t.Quantity(column=c, lag=lag) | t.Flag(column=c, lag=lag) | t.TextColumn(column=c, lag=lag):
            return [(c, lag)]
        case t.DateColumn(column=c, lag=lag) | t.IsEmpty(column=c, lag=lag):
            return [(c, lag)]
        case t.FestivalSum(column=c):
            return [(c, months_between(m, month)) for m in festival_months(month_end(month))]
        case t.BaseStatistic(by=by) if by is not None:
            return [("branch_id", 0) if by in ORG_COLUMNS else (by, 0)]
    return []


def wanted_statistics(terms: Iterable[t.Term]) -> dict[t.BaseStatistic, None]:
    """The statistics of the base that the terms need, in the order they are met."""
    return {part: None for term in terms for part in walk(term) if isinstance(part, t.BaseStatistic)}
