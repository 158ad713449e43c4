"""A segment or a scorecard as one SQL query over the operator's own `subscriber_month`, in the warehouse's dialect.

The query lays the months side by side, takes the base's statistics itself, and uses the very same conditions as a run.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import ibis
import sqlglot

from basekeep.contract.columns import NUMBER_SCALE
from basekeep.contract.subscriber_month import SUBSCRIBER_MONTH
from basekeep.kernel.months import month_text, shift_month
from basekeep.kernel.text import Text
from basekeep.playbook import terms as t
from basekeep.playbook.families import IN_FAMILY
from basekeep.playbook.joined import JOINED, PLACES, joined_by
from basekeep.relations.any_base import any_base, share_of
from basekeep.relations.compiled import Compiled, CompiledRule, CompiledScorecard
from basekeep.relations.figures import ranked, scored
from basekeep.relations.history import FAMILY, base, in_base
from basekeep.relations.lowering import Lowering
from basekeep.relations.sql import sql_of
from basekeep.relations.statistics import bottom_of, statistic_column

# What the query can be written in.
DIALECTS = ("duckdb", "spark", "hive", "postgres", "clickhouse", "oracle", "mysql", "starrocks", "doris", "trino")
_LEVELS_UP = 5
# Knots of ties are followed from one to the next, and cut: that is no query.
NO_FAMILIES = Text(
    f"{IN_FAMILY} 不能写成查询：物理家庭由 basekeep run 找出（表 family）；这里当作未知。",
    f"{IN_FAMILY} cannot be written as a query: basekeep run finds physical families (table family); here it is unknown.",
)
_DEVICE = {
    "device_brand": "d.brand",
    "device_domestic": "d.domestic",
    "device_price": f"CAST(round(d.price * {NUMBER_SCALE}) AS BIGINT)",
}


def segment_sql(compiled: Compiled, name: str, month: date, dialect: str) -> str:
    """The members of a segment in a month: `subscriber_id, segment, rule`."""
    rules = [rule for rule in compiled.rules if rule.segment == name]
    terms: list[t.Term] = [rule.term for rule in rules]
    query = _Query(compiled, terms, month)
    return query.text(_members(rules, query.low), dialect)


def scorecard_sql(compiled: Compiled, card: CompiledScorecard, month: date, dialect: str) -> str:
    """A scorecard's targets in a month: `subscriber_id, points, rank`."""
    query = _Query(compiled, list(card.terms()), month)
    rows = base(query.low.table).select(subscriber_id=query.low.table["subscriber_id"], **scored(card, query.low))
    return query.text(ranked(rows, card), dialect)


def _members(rules: Sequence[CompiledRule], low: Lowering) -> Any:
    parts = [
        base(low.table)
        .filter(low.truth(rule.term))
        .select("subscriber_id", segment=ibis.literal(rule.segment), rule=ibis.literal(rule.rule))
        for rule in rules
    ]
    return ibis.union(*parts) if len(parts) > 1 else parts[0]


class _Query:
    """The terms of one query with the tables that stand before it."""

    def __init__(self, compiled: Compiled, terms: Sequence[t.Term], month: date) -> None:
        self._compiled = compiled
        self._month = month
        base_of = any_base(compiled.playbook, terms, month)
        self._wanted, self._statistics, self._units = base_of.wanted, base_of.statistics, base_of.units
        self._keys = base_of.keys
        self._plain, self.low = base_of.plain, base_of.low
        self._asks_families = FAMILY in base_of.low.table.columns

    def text(self, relation: Any, dialect: str) -> str:
        """The whole query, formatted, in a dialect."""
        body = sql_of(relation)
        before = [f"laid AS ({self._laid()})", f"units AS ({self._units_sql()})", f"placed AS ({self._placed()})"]
        before += [f"s{index} AS ({self._statistic_sql(index)})" for index in range(len(self._statistics))]
        before.append(f"history AS ({self._joined()})")
        body = ", " + body.strip()[4:] if body.strip().upper().startswith("WITH") else " " + body
        said = f"-- {month_text(self._month)}\n"
        if self._asks_families:
            said += "".join(f"-- {line}\n" for line in (NO_FAMILIES.zh, NO_FAMILIES.en))
        written: str = sqlglot.transpile(f"WITH {', '.join(before)}{body}", read="duckdb", write=dialect, pretty=True)[
            0
        ]
        return said + written + "\n"

    def _laid(self) -> str:
        """One row per subscriber, a column per column and month."""
        chosen = ["subscriber_id"]
        for column, lag in self._wanted:
            chosen.append(f"{_of_month(column, self._at(lag))} AS {column}_m{lag}")
        for lag in sorted({lag for _, lag in self._wanted}):
            chosen.append(f"max(CASE WHEN month = {self._at(lag)} THEN 1 ELSE 0 END) = 1 AS present_m{lag}")
        months = ", ".join(self._at(lag) for lag in sorted({lag for _, lag in self._wanted}))
        return f"SELECT {', '.join(chosen)} FROM subscriber_month WHERE month IN ({months}) GROUP BY subscriber_id"

    def _at(self, lag: int) -> str:
        return f"DATE '{shift_month(self._month, -lag).isoformat()}'"

    def _uses_units(self) -> bool:
        named = {statistic.by for statistic in self._statistics} & set(PLACES)
        return bool(named or self._units.bottoms)

    def _units_sql(self) -> str:
        """Each unit with its city and county and its own parameters, found by walking up the organisation."""
        names = [*PLACES, *(f"parameter__{name}" for name in self._units.bottoms)]
        if not self._uses_units():
            kinds = [f"CAST(NULL AS {'VARCHAR' if name in PLACES else 'BIGINT'}) AS {name}" for name in names]
            return f"SELECT CAST(NULL AS VARCHAR) AS branch_id, {', '.join(kinds)}"
        steps = range(_LEVELS_UP)
        chosen = ["u0.unit_id AS branch_id"]
        for name in PLACES:
            level = name.removesuffix("_id")
            chosen.append(
                "CASE " + " ".join(f"WHEN u{s}.level = '{level}' THEN u{s}.unit_id" for s in steps) + f" END AS {name}"
            )
        for name in self._units.bottoms:
            chosen.append(f"COALESCE({', '.join(self._overlaid(name, s) for s in steps)}) AS parameter__{name}")
        joins = " ".join(f"LEFT JOIN org_unit u{s} ON u{s}.unit_id = u{s - 1}.parent_id" for s in steps if s)
        return f"SELECT {', '.join(chosen)} FROM org_unit u0 {joins}"

    def _overlaid(self, name: str, step: int) -> str:
        overlays = self._compiled.playbook.overlays
        cases = [
            f"WHEN u{step}.unit_id = '{unit.replace(chr(39), chr(39) * 2)}' THEN {tops[name]}"
            for unit, tops in self._units.tops.items()
            if name in overlays[unit].parameters
        ]
        return f"CASE {' '.join(cases)} END"

    def _placed(self) -> str:
        chosen = ["h.*", *(f"u.{name}" for name in PLACES), *(f"u.parameter__{name}" for name in self._units.bottoms)]
        joins = ["LEFT JOIN units u ON h.branch_id_m0 = u.branch_id"]
        if "device_model_id" in self._keys:
            chosen += [f"{_DEVICE[name]} AS {name}" for name in joined_by("device_model_id")]
            joins.append("LEFT JOIN device_model d ON h.device_model_id_m0 = d.device_model_id")
        if "group_id" in self._keys:
            chosen.append("COALESCE(g.group_lines, 0) AS group_lines")
            base_rows = in_base("status_m0")
            lines = f"SELECT group_id_m0 AS group_id, count(*) AS group_lines FROM laid WHERE {base_rows} GROUP BY group_id_m0"
            joins.append(f"LEFT JOIN ({lines}) g ON h.group_id_m0 = g.group_id")
        return f"SELECT {', '.join(chosen)} FROM laid h {' '.join(joins)}"

    def _statistic_sql(self, index: int) -> str:
        """A mean's exact sum and count, or a percentile's two neighbours interpolated, by group."""
        statistic = self._statistics[index]
        value = self._plain.number(statistic.of).top.to_ibis(False)
        grouping = self._plain.column(statistic.by, 0) if statistic.by else ibis.literal("")
        rows = base(self._plain.table).select(grouping=grouping, value=value)
        rows = rows.filter(rows["value"].notnull() & rows["grouping"].notnull())
        known = sql_of(rows).replace('"history"', "placed")
        bottom = bottom_of(statistic, self._plain)
        if statistic.statistic == "mean":
            return (
                f"SELECT grouping, CAST(sum(value) AS DECIMAL(38, 0)) AS top, "
                f"CAST(count(*) * {bottom} AS DECIMAL(38, 0)) AS bottom FROM ({known}) AS k GROUP BY grouping"
            )
        return _percentile_sql(known, share_of(statistic, self._compiled.playbook), bottom)

    def _joined(self) -> str:
        chosen, joins = ["h.*"], []
        if self._asks_families:
            chosen.append(f"CAST(NULL AS BOOLEAN) AS {FAMILY}")
        for index, statistic in enumerate(self._statistics):
            column = statistic_column(index)
            chosen += [f"s{index}.{part} AS {column}_{part}" for part in ("top", "bottom")]
            by = statistic.by
            key = "''" if by is None else f"h.{by}" if by in JOINED else f"h.{by}_m0"
            joins.append(f"LEFT JOIN s{index} ON s{index}.grouping = {key}")
        return f"SELECT {', '.join(chosen)} FROM placed h {' '.join(joins)}"


def _of_month(column: str, at: str) -> str:
    """A column's value in one month, in the form that conditions expect: numbers as whole ten-thousandths."""
    kind = SUBSCRIBER_MONTH.column(column).type
    if kind == "bool":
        return f"max(CASE WHEN month = {at} THEN CASE WHEN {column} THEN 1 WHEN NOT {column} THEN 0 END END) = 1"
    value = f"CAST(round({column} * {NUMBER_SCALE}) AS BIGINT)" if kind == "number" else column
    return f"max(CASE WHEN month = {at} THEN {value} END)"


def _percentile_sql(known: str, share: Any, bottom: int) -> str:
    """Linear interpolation between the two neighbours of `share` × (n − 1), as a fraction."""
    p, q = share.numerator, share.denominator
    ranked = (
        f"SELECT grouping, value, row_number() OVER (PARTITION BY grouping ORDER BY value) - 1 AS place, "
        f"count(*) OVER (PARTITION BY grouping) - 1 AS last FROM ({known}) AS k"
    )
    below = f"((last * {p} - last * {p} % {q}) / {q})"
    two = (
        f"SELECT grouping, max(last) AS last, max(CASE WHEN place = {below} THEN value END) AS lower, "
        f"max(CASE WHEN place = least({below} + 1, last) THEN value END) AS upper FROM ({ranked}) AS r GROUP BY grouping"
    )
    return (
        f"SELECT grouping, CAST(lower * {q} + (last * {p} % {q}) * (upper - lower) AS DECIMAL(38, 0)) AS top, "
        f"CAST({q * bottom} AS DECIMAL(38, 0)) AS bottom FROM ({two}) AS t"
    )
