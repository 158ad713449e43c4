"""Group accounts and units as relations: one row each, with its months side by side and what it knows of its subscribers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import ibis

from basekeep.engines.sql_text import sql_literal, sql_name
from basekeep.playbook import terms as t
from basekeep.playbook.declarations import GroupSegment, Parameter, Playbook
from basekeep.playbook.grains import Grain
from basekeep.playbook.walk import walk
from basekeep.relations.any_base import share_of
from basekeep.relations.compiled import CompiledGrain, CompiledRule
from basekeep.relations.evidence import evidence
from basekeep.relations.exact import Exact, Whole, bounded
from basekeep.relations.figures import feature
from basekeep.relations.history import UnitParameters, parameter_numbers
from basekeep.relations.lowering import Lowering, MemberColumn
from basekeep.relations.needs import Wanted
from basekeep.relations.sql import stored_type
from basekeep.relations.statistics import NoCommonDenominator
from basekeep.relations.tables_out import filled

INPUTS = "inputs"
NORMAL = "normal"
_KINDS = {t.Largest: "string", t.MemberSum: "decimal(38, 0)"}
# No operator has more groups or units.
_MOST_ROWS = 10**8


def key_of(grain: Grain) -> str:
    """The column that names one group or unit."""
    return f"{grain.name}_id"


def wanted_of(terms: Iterable[t.Term]) -> tuple[Wanted, ...]:
    """The (column, lag) pairs of the terms, in the order they are met."""
    found: dict[Wanted, None] = {}
    for part in (part for term in terms for part in walk(term)):
        if isinstance(part, t.Quantity | t.Flag | t.TextColumn | t.DateColumn | t.IsEmpty):
            found[part.column, part.lag] = None
    return tuple(found)


def inputs_table(
    grain: Grain, wanted: Iterable[Wanted], members: Mapping[t.Term, MemberColumn], parameters: Iterable[str]
) -> Any:
    """The table without rows: the key, `<column>_m<lag>`, `present_m<lag>`, member columns, parameters of its place."""
    schema: dict[str, Any] = {key_of(grain): "string"}
    for column, lag in wanted:
        schema[f"{column}_m{lag}"] = stored_type(grain.columns[column])
        schema[f"present_m{lag}"] = "boolean"
    for term, held in members.items():
        schema[held.name] = _KINDS.get(type(term), "int64")
    schema.update({f"parameter__{name}": "int64" for name in parameters})
    return ibis.table(schema, name=INPUTS)


def grain_lowering(
    grain: Grain, table: Any, month: date, stored: frozenset[Wanted], members: Mapping[t.Term, MemberColumn],
    parameters: Mapping[str, Parameter], units: UnitParameters, statistics: Mapping[t.BaseStatistic, Exact | None],
) -> Lowering:  # fmt: skip
    """What the terms of groups or units are lowered against."""
    return Lowering(
        table, month, stored, lambda bound: (parameter_numbers(bound, parameters, units), statistics), grain, members
    )


def statistic_bounds(statistic: t.BaseStatistic, low: Lowering, playbook: Playbook) -> Exact:
    """A statistic over groups or units within what it can be, for a look at whether it stays exact.

    Raises:
        TooLarge, NoCommonDenominator: it could not be held.
    """
    number, share = low.number(statistic.of), share_of(statistic, playbook)
    if share is None:
        if number.bottom.value is None:
            raise NoCommonDenominator
        size, bottom = number.top.size * _MOST_ROWS, number.bottom.value * _MOST_ROWS
    else:
        # Between two neighbours the denominators multiply.
        size = 2 * number.top.size * number.bottom.size * share.denominator
        bottom = number.bottom.size**2 * share.denominator
    anything = low.table[low.table.columns[0]].length().cast("int64")
    return Exact(bounded(Whole(-size, size, anything)), bounded(Whole(1, bottom, anything)))


def values_of(statistic: t.BaseStatistic, low: Lowering) -> Any:
    """The known values of a statistic's quantity as `top, bottom`, one row per group or unit."""
    number = low.number(statistic.of)
    rows = low.table.select(top=number.top.to_ibis(True), bottom=number.bottom.to_ibis(True))
    return rows.filter(rows["top"].notnull() & rows["bottom"].notnull())


def statistic_of(statistic: t.BaseStatistic, values: Sequence[Fraction], share: Fraction | None) -> Fraction | None:
    """The mean, or the percentile by linear interpolation; None without a value."""
    if not values:
        return None
    if share is None:
        return sum(values, Fraction(0)) / len(values)
    ordered = sorted(values)
    position = share * (len(ordered) - 1)
    below = position.numerator // position.denominator
    lower, upper = ordered[below], ordered[min(below + 1, len(ordered) - 1)]
    return lower + (position - below) * (upper - lower)


def judged(compiled: CompiledGrain, low: Lowering) -> Any:
    """One row per group or unit: its features, the truth of every rule, the degree and the rank value of every segment."""
    key = key_of(compiled.grain)
    columns: dict[str, Any] = {key: low.table[key]}
    columns.update({name: feature(low, term) for name, term in compiled.profile if name not in columns})
    columns.update({rule.column: low.truth(rule.term) for rule in compiled.rules})
    for segment, degrees in compiled.severities.items():
        columns[f"severity__{segment}"] = severity(degrees, low)
    columns.update({f"rank_value__{name}": feature(low, term) for name, term in compiled.ranked_by.items()})
    return low.table.select(**columns).order_by(key)


def severity(degrees: Sequence[tuple[str, t.TruthTerm]], low: Lowering) -> Any:
    """The first degree that is true."""
    if not degrees:
        return ibis.literal(NORMAL)
    return ibis.cases(*((ibis.coalesce(low.truth(term), False), name) for name, term in degrees), else_=NORMAL)


def membership_of(rule: CompiledRule, compiled: CompiledGrain, segment: GroupSegment, low: Lowering) -> Any:
    """The members by one rule, with their degree, their evidence and what their contact person is told."""
    key = key_of(compiled.grain)
    told = _Told(compiled, low)
    return low.table.filter(low.truth(rule.term)).select(
        key,
        segment=ibis.literal(rule.segment),
        rule=ibis.literal(rule.rule),
        severity=severity(compiled.severities[rule.segment], low),
        priority=ibis.literal(segment.priority, "int32"),
        evidence=evidence(rule, low),
        message_zh=told.said(segment.message.zh, "未知") if segment.message else ibis.null("string"),
        message_en=told.said(segment.message.en, "unknown") if segment.message else ibis.null("string"),
    )


class _Told:
    """A group's own values for the blanks of a message."""

    def __init__(self, compiled: CompiledGrain, low: Lowering) -> None:
        self._terms = dict(compiled.profile)
        self._low = low

    def __getitem__(self, name: str) -> Any:
        return feature(self._low, self._terms[name])

    def said(self, text: str, unknown: str) -> Any:
        return filled(text, self, unknown)


def targets_of(segment: str, compiled: CompiledGrain) -> str:
    """SQL over the profile: the members of a segment that is ranked, from high to low; ties by the key, the unknown last."""
    key, value = key_of(compiled.grain), sql_name(f"rank_value__{segment}")
    holds = " OR ".join(sql_name(rule.column) for rule in compiled.rules if rule.segment == segment)
    features = "".join(f", {sql_name(name)}" for name, _ in compiled.profile)
    return (
        f"SELECT {sql_literal(segment)} AS segment, row_number() OVER (ORDER BY {value} DESC NULLS LAST, {key}) AS rank, "
        f"{key}, {value} AS rank_value, {sql_name(f'severity__{segment}')} AS severity{features} FROM profile WHERE {holds}"
    )
