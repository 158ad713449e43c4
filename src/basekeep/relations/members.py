"""What groups and units know of their subscribers: a column of the figures for each, then one row per group or unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import ibis

from basekeep.engines.sql_text import sql_name
from basekeep.playbook import terms as t
from basekeep.relations.lowering import Lowering, MemberColumn
from basekeep.relations.statistics import NoCommonDenominator

# No group has more lines, no unit more subscribers.
_MOST_MEMBERS = 10**9
_WIDE = "decimal(38, 0)"
GROUP_ID = "member_group_id"


def member_columns(terms: Sequence[t.MemberTerm], low: Lowering) -> dict[t.Term, MemberColumn]:
    """The column of each term, with how large its number can be.

    Args:
        low: what the insides are lowered against.

    Raises:
        NoCommonDenominator: a sum of what is divided by a column.
    """
    found: dict[t.Term, MemberColumn] = {}
    for index, term in enumerate(terms):
        name = f"member__{index}"
        if isinstance(term, t.MemberSum):
            number = low.number(term.of)
            if number.bottom.value is None:
                raise NoCommonDenominator
            found[term] = MemberColumn(name, number.top.size * _MOST_MEMBERS, number.bottom.value)
        else:
            found[term] = MemberColumn(name, _MOST_MEMBERS)
    return found


def member_values(terms: Sequence[t.MemberTerm], low: Lowering) -> dict[str, Any]:
    """What each subscriber gives to each term: whether it counts, its numerator, or its text; null where nothing."""
    if not terms:
        return {}
    found = {GROUP_ID: low.column("group_id", 0) if ("group_id", 0) in low.stored else ibis.null("string")}
    for term, column in member_columns(terms, low).items():
        assert isinstance(term, t.MemberTerm)
        where = low.truth(term.where)
        if isinstance(term, t.MemberCount):
            found[column.name] = where
        elif isinstance(term, t.MemberSum):
            top = low.number(term.of).top.to_ibis(False)
            found[column.name] = ibis.ifelse(where, top, ibis.null(top.type()))
        else:
            found[column.name] = ibis.ifelse(where, low.text(term.of), ibis.null("string"))
    return found


def gathered_sql(columns: Mapping[t.Term, MemberColumn], wanted: Iterable[t.Term], key: str, figures: str) -> str:
    """One row per value of `key` in the figures: `grouping`, `lines`, and the column of each wanted term."""
    chosen = [f"{sql_name(key)} AS grouping", "count(*) AS lines"]
    texts: list[tuple[t.MemberTerm, str]] = []
    for term in wanted:
        name = sql_name(columns[term].name)
        if isinstance(term, t.MemberCount):
            chosen.append(f"CASE WHEN count({name}) > 0 THEN count_if({name}) END AS {name}")
        elif isinstance(term, t.MemberSum):
            chosen.append(f"CAST(sum({name}) AS DECIMAL(38, 0)) AS {name}")
        elif isinstance(term, t.Largest | t.LargestCount):
            texts.append((term, name))
    rows = f"FROM {figures} WHERE {sql_name(key)} IS NOT NULL"
    sql = f"SELECT {', '.join(chosen)} {rows} GROUP BY 1"
    for term, name in texts:
        counted = f"SELECT {sql_name(key)} AS grouping, {name} AS said, count(*) AS many {rows} AND {name} IS NOT NULL GROUP BY 1, 2"
        commonest = "first(said ORDER BY many DESC, said)" if isinstance(term, t.Largest) else "max(many)"
        found = f"SELECT grouping, {commonest} AS {name} FROM ({counted}) GROUP BY 1"
        empty = "{0}" if isinstance(term, t.Largest) else "coalesce({0}, 0)"
        sql = f"SELECT g.*, {empty.format(f't.{name}')} AS {name} FROM ({sql}) g LEFT JOIN ({found}) t USING (grouping)"
    return sql
