"""Terms to relational expressions over the wide history. Three-valued logic is SQL's own; numbers stay exact."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import reduce
from operator import and_, or_
from typing import Any, TypeVar

import ibis

from basekeep.contract.columns import NUMBER_SCALE
from basekeep.kernel.months import festival_months, month_end, months_between, shift_month
from basekeep.playbook import terms as t
from basekeep.playbook.grains import SUBSCRIBER, Grain
from basekeep.playbook.joined import JOINED
from basekeep.relations.exact import (
    UNKNOWN,
    Exact,
    Whole,
    add,
    compare,
    divide,
    extreme,
    held,
    known,
    multiply,
    negate,
    pick,
    plus,
)
from basekeep.relations.history import FAMILY

_SHORT = 16
_MOST_MONTHS_AHEAD = 1_200
_DAYS = 4_000_000  # no two days of a calendar with four-digit years lie further apart


def unknown(like: Any, kind: str) -> Any:
    """A typed null. Not `ibis.null`, which turns a comparison with it into a test for null: false, not unknown."""
    return ibis.literal(like, kind).nullif(like)


_UNKNOWN = {"string": unknown("", "string"), "bool": unknown(False, "boolean"), "int": unknown(0, "int64"),
            "number": unknown(0, "int64")}  # fmt: skip
_Part = TypeVar("_Part")
Bound = tuple[Mapping[str, Exact], Mapping[t.BaseStatistic, Exact | None]]


@dataclass(frozen=True)
class MemberColumn:
    """What a group or unit knows of its subscribers: a column; a number is a numerator of that size over `bottom`."""

    name: str
    size: int = 0
    bottom: int = 1


@dataclass
class Lowering:
    """What terms are lowered against.

    Attributes:
        table: the wide history, with columns `<column>_m<lag>` and `present_m<lag>`.
        month: the month of the run.
        stored: the (column, lag) pairs that are stored; any other is unknown.
        bind: gives, for a table, each parameter's number and each statistic of the base (None where unknown).
        grain: what a row of the table is.
        members: what a group or unit knows of its subscribers, as columns of the table.
        _columns: the terms that earlier stages hold: the column, or its stem and what the number can be.
    """

    table: Any
    month: date
    stored: frozenset[tuple[str, int]]
    bind: Callable[[Any], Bound]
    grain: Grain = SUBSCRIBER
    members: Mapping[t.Term, MemberColumn] = field(default_factory=dict)
    _columns: Mapping[t.Term, tuple[str, Exact | None]] = field(default_factory=dict)
    _numbers: dict[t.Term, Exact] = field(default_factory=dict)
    _others: dict[t.Term, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._parameters, self._statistics = self.bind(self.table)

    def staged(self, layers: Iterable[Iterable[t.Term]], kept: Callable[[Any], Any]) -> Lowering:
        """The same lowering over stages that hold these terms as columns, each computed once.

        Args:
            layers: what each stage computes, from the stages before it.
            kept: takes the table and gives the rows that go on.
        """
        low = self._over(kept(self.table), {})
        for terms in layers:
            low = low._with(terms)
        return low

    def _over(self, table: Any, columns: Mapping[t.Term, tuple[str, Exact | None]]) -> Lowering:
        low = Lowering(table, self.month, self.stored, self.bind, self.grain, self.members, columns)
        for term, (name, number) in columns.items():
            if number is None:
                low._others[term] = table[name]
                continue
            top, bottom = (
                replace(whole, expr=table[f"{name}_{part}"]) if whole.value is None else whole
                for part, whole in (("top", number.top), ("bottom", number.bottom))
            )
            low._numbers[term] = Exact(top, bottom)
        return low

    def _with(self, terms: Iterable[t.Term]) -> Lowering:
        """One more stage."""
        columns, found = dict(self._columns), dict[str, Any]()
        for term in terms:
            name = f"shared_{len(columns)}"
            number = self.number(term) if isinstance(term, t.NumberTerm) else None
            columns[term] = (name, number)
            if number is None:
                found[name] = self.value(term)
                continue
            for part, whole in (("top", number.top), ("bottom", number.bottom)):
                if whole.value is None:
                    found[f"{name}_{part}"] = whole.expr
        return self._over(self.table.mutate(**found), columns)

    def number(self, term: t.NumberTerm) -> Exact:
        """An exact number."""
        if term not in self._numbers:
            self._numbers[term] = self._number(term)
        return self._numbers[term]

    def _number(self, term: t.NumberTerm) -> Exact:
        match term:
            case t.Constant(value=value):
                return Exact.constant(value)
            case t.Quantity(column=column, lag=lag):
                return self._quantity(column, lag)
            case t.ParameterValue(name=name):
                return self._parameters[name]
            case t.Sum(items=items, signs=signs):
                return self._sum(items, signs)
            case t.Product(left=left, right=right):
                return multiply(self.number(left), self.number(right))
            case t.Quotient(left=left, right=right):
                return divide(self.number(left), self.number(right))
            case t.Extreme(which=which, items=items):
                return extreme(which, [self.number(item) for item in items])
            case t.CountOf(items=items):
                ones = [Whole(0, 1, self.truth(item).cast("int64")) for item in items]
                return Exact(_joined(plus, ones), Whole.plain(1))
            case t.IfUnknown(first=first, second=second):
                one = self.number(first)
                return pick(known(one), one, self.number(second))
            case t.BaseStatistic():
                return self._statistics.get(term) or UNKNOWN
            case t.FestivalSum(column=column):
                lags = [months_between(month, self.month) for month in self._festival()]
                return self._sum(tuple(t.Quantity(column, lag) for lag in lags), (1,) * len(lags))
            case t.MemberCount() | t.MemberSum() | t.LargestCount():
                held = self.members[term]
                low = -held.size if isinstance(term, t.MemberSum) else 0
                return Exact(Whole(low, held.size, self.table[held.name]), Whole.plain(held.bottom))
        return self._calendar(term)

    def _calendar(self, term: t.NumberTerm) -> Exact:
        match term:
            case t.DaysUntil(day=day, lag=lag):
                days = self.day(day).delta(self._end(lag), unit="day")
                return Exact(Whole(-_DAYS, _DAYS, days.cast("int64")), Whole.plain(1))
            case t.FullYears(day=day, lag=lag):
                return Exact(Whole(-10_000, 10_000, self._full_years(self.day(day), lag)), Whole.plain(1))
            case t.FullMonths(day=day, lag=lag):
                return Exact(Whole(-120_000, 120_000, self._full_months(self.day(day), lag)), Whole.plain(1))
            case t.CalendarMonths(day=day, lag=lag):
                start = self.day(day)
                now = shift_month(self.month, -lag)
                months = now.year * 12 + now.month + 1 - (start.year().cast("int64") * 12 + start.month())
                return Exact(Whole(-120_000, 120_000, months.cast("int64")), Whole.plain(1))
        raise AssertionError(type(term))

    def _sum(self, items: tuple[t.NumberTerm, ...], signs: tuple[int, ...]) -> Exact:
        signed = zip(map(self.number, items), signs, strict=True)
        return _joined(add, [number if sign > 0 else negate(number) for number, sign in signed])

    def _quantity(self, column: str, lag: int) -> Exact:
        declared = self.grain.columns[column]
        assert declared.lower is not None
        assert declared.upper is not None
        scale = NUMBER_SCALE if declared.type == "number" else 1
        return Exact.column(self.column(column, lag), declared.lower, declared.upper, scale)

    def _full_years(self, start: Any, lag: int) -> Any:
        end = self._end_day(lag)
        day = start.month().cast("int64") * 100 + start.day()
        if month_end(end.replace(month=2, day=1)).day == 28:
            day = ibis.ifelse(day == 229, 228, day)
        not_yet = (day > end.month * 100 + end.day).cast("int64")
        return end.year - start.year().cast("int64") - not_yet

    def _full_months(self, start: Any, lag: int) -> Any:
        """A month is full on the day of its start, at the latest on its last day, which is what a month end is."""
        end = self._end_day(lag)
        return (end.year * 12 + end.month - (start.year().cast("int64") * 12 + start.month())).cast("int64")

    def truth(self, term: t.TruthTerm) -> Any:
        """A condition: true, false or null."""
        if term not in self._others:
            self._others[term] = self._truth(term)
        return self._others[term]

    def _truth(self, term: t.TruthTerm) -> Any:
        match term:
            case t.TruthConstant(value=value):
                return ibis.literal(value)
            case t.Flag(column=column, lag=lag):
                return self.column(column, lag)
            case t.InFamily():
                return self.table[FAMILY] if FAMILY in self.table.columns else unknown(True, "boolean")
            case t.Comparison():
                return self._none_is_false(term, self._comparison(term))
            case t.InList(of=of, values=values):
                return self._none_is_false(term, self.text(of).isin(list(values)))
            case t.IsKnown(of=of):
                return self._is_known(of)
            case t.IsEmpty(column=column, lag=lag):
                empty = self.column(column, lag).isnull()
                return ibis.ifelse(self._row_known(column, lag), empty, ibis.null("boolean"))
            case t.Opposite(of=of):
                return ~self.truth(of)
            case t.AnyMember(holding=holding, unknown=missing):
                some, unsure = (self.table[self.members[one].name] > 0 for one in (holding, missing))
                return ibis.coalesce(some, False) | ibis.ifelse(unsure, ibis.null("boolean"), False)
            case t.All(items=items):
                return _joined(and_, [self.truth(item) for item in items])
            case t.AnyOf(items=items):
                return _joined(or_, [self.truth(item) for item in items])
        raise AssertionError(type(term))

    def _comparison(self, term: t.Comparison) -> Any:
        left, right = term.left, term.right
        if isinstance(left, t.NumberTerm) and isinstance(right, t.NumberTerm):
            return compare(term.op, self.number(left), self.number(right))
        return held(term.op, self.value(left), self.value(right))

    def _none_is_false(self, term: t.TruthTerm, condition: Any) -> Any:
        """In seven columns an empty cell means none, so a comparison with it is false, not unknown."""
        for column, lag in none_columns(term, self.grain):
            if (column, lag) in self.stored:
                given = self.column(column, lag).notnull()
                # A subscriber of the base has a row in the month itself; in an earlier one its row may be missing.
                row = self._row_known(column, lag)
                always = lag == 0 and self.grain is SUBSCRIBER
                condition = (given if always else given | ibis.ifelse(row, False, ibis.null("boolean"))) & condition
        return condition

    def _row_known(self, column: str, lag: int) -> Any:
        if (column, lag) not in self.stored:
            return ibis.literal(False)
        return ibis.literal(True) if self.grain.is_attribute(column) else self.table[f"present_m{lag}"]

    def _is_known(self, of: t.Term) -> Any:
        if isinstance(of, t.NumberTerm):
            return known(self.number(of))
        if isinstance(of, t.TextColumn | t.DateColumn) and none_columns(of, self.grain):
            return self._row_known(of.column, of.lag)
        return self.value(of).notnull()

    def value(self, term: t.Term) -> Any:
        """A text, date or condition as an expression."""
        if isinstance(term, t.TextTerm):
            return self.text(term)
        if isinstance(term, t.DateTerm):
            return self.day(term)
        assert isinstance(term, t.TruthTerm)
        return self.truth(term)

    def text(self, term: t.TextTerm) -> Any:
        """A text, or null."""
        if term in self._others:
            return self._others[term]
        match term:
            case t.TextConstant(value=value):
                return ibis.literal(value)
            case t.TextColumn(column=column, lag=lag):
                return self.column(column, lag)
            case t.Classes(choices=choices):
                branches = []
                for name, condition in choices:
                    truth = self.truth(condition)
                    branches += [(truth, name), (truth.isnull(), ibis.null("string"))]
                return ibis.cases(*branches, else_=ibis.null("string"))
            case t.Largest():
                return self.table[self.members[term].name]
        raise AssertionError(type(term))

    def day(self, term: t.DateTerm) -> Any:
        """A day, or null."""
        match term:
            case t.DateColumn(column=column, lag=lag):
                return self.column(column, lag)
            case t.MonthEnd(lag=lag):
                return self._end(lag)
            case t.MonthAhead(of=of):
                return self._month_ahead(self.number(of))
            case t.FestivalEnd():
                return ibis.literal(month_end(self._festival()[-1]), "date")
            case t.DateConstant(value=value):
                return ibis.literal(value, "date")
        raise AssertionError(type(term))

    def column(self, column: str, lag: int) -> Any:
        """A column of a month; the history gives nulls where it is not stored."""
        if column in JOINED and self.grain is SUBSCRIBER:
            return self.table[column] if (column, 0) in self.stored else _UNKNOWN[JOINED[column].column.type]
        return self.table[f"{column}_m{lag}"]

    def _month_ahead(self, months: Exact) -> Any:
        """The number of months is rounded up, by whole numbers alone."""
        top, bottom = months.top.to_ibis(True), months.bottom.to_ibis(True)
        up = ((top + ibis.ifelse(top % bottom > 0, bottom - top % bottom, 0)) / bottom).cast("int64")
        ahead = ibis.cases((up > _MOST_MONTHS_AHEAD, _MOST_MONTHS_AHEAD), (up < 0, 0), else_=up)
        return (ibis.literal(self.month, "timestamp") + ahead.as_interval("M")).cast("date")

    def _festival(self) -> tuple[date, ...]:
        return festival_months(month_end(self.month))

    def _end_day(self, lag: int) -> date:
        return month_end(shift_month(self.month, -lag))

    def _end(self, lag: int) -> Any:
        return ibis.literal(self._end_day(lag), "date")


def _joined(join: Callable[[_Part, _Part], _Part], items: Sequence[_Part]) -> _Part:
    """Many joined into one, by halves: a long chain would be nested deeper than the engine's compiler reads."""
    if len(items) <= _SHORT:
        return reduce(join, items)
    half = len(items) // 2
    return join(_joined(join, items[:half]), _joined(join, items[half:]))


def none_columns(term: t.Term, grain: Grain) -> list[tuple[str, int]]:
    """The columns a condition compares directly in which an empty cell means none."""
    found: dict[tuple[str, int], None] = {}
    for part in _direct(term):
        if isinstance(part, t.DateColumn | t.TextColumn) and grain.columns[part.column].none_when_empty:
            found[part.column, part.lag] = None
    return list(found)


def _direct(term: t.Term) -> Iterator[t.Term]:
    """The parts of one comparison; conditions inside it settle their own empty cells."""
    yield term
    match term:
        case (
            t.Comparison(left=left, right=right)
            | t.Product(left=left, right=right)
            | t.Quotient(left=left, right=right)
        ):
            yield from _direct(left)
            yield from _direct(right)
        case t.Sum(items=items) | t.Extreme(items=items):
            for item in items:
                yield from _direct(item)
        case t.InList(of=of):
            yield from _direct(of)
        case t.MonthAhead(of=of):
            yield from _direct(of)
        case t.DaysUntil(day=day) | t.FullYears(day=day) | t.FullMonths(day=day) | t.CalendarMonths(day=day):
            yield from _direct(day)
        case t.IfUnknown(first=first, second=second):
            yield from _direct(first)
            yield from _direct(second)
