"""Who is tied to whom: calls both ways, at night, in each of several months, between two of one home. See definitions 6.

Relations over stored months of `call_pair` and the month of the run; they run on any engine.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

import ibis

from basekeep.contract.subscriber_month import SUBSCRIBER_MONTH
from basekeep.contract.tables import CALL_PAIR
from basekeep.relations.history import BASE_STATUSES
from basekeep.relations.sql import stored_type

BASE, TIE = "family_base", "family_tie"
# What a tie is made of: without one of these columns of `call_pair` nobody can be said to be tied.
PAIR_COLUMNS = ("a_id", "b_id", "minutes_ab", "minutes_ba", "night_share", "via_vnet")
# Where somebody lives: one of the two will do.
HOME_COLUMNS = ("home_cell_id", "address_id")
TIE_SCHEMA = {"a": "string", "b": "string", "minutes": "int64", "night_share": "int64", "same_address": "boolean"}


def pairs_table(name: str) -> Any:
    """A stored month of `call_pair`: a table without rows."""
    return ibis.table({column: stored_type(CALL_PAIR.column(column)) for column in PAIR_COLUMNS}, name=name)


def tie_table() -> Any:
    """The ties, once they are made."""
    return ibis.table(TIE_SCHEMA, name=TIE)


def base_of(name: str, homes: Sequence[str]) -> Any:
    """The base with its homes, from the stored rows of the month; a column that is not stored is unknown.

    Args:
        homes: which of the two columns are stored.
    """
    columns = ("subscriber_id", "month", "status", *homes)
    rows = ibis.table({column: stored_type(SUBSCRIBER_MONTH.column(column)) for column in columns}, name=name)
    given = {column: rows[column] if column in homes else ibis.null("string") for column in HOME_COLUMNS}
    # The padding of a shard has no month.
    there = rows["month"].notnull() & rows["status"].isin(list(BASE_STATUSES))
    return rows.filter(there).select("subscriber_id", **given)


def base_table() -> Any:
    """The base with its homes, once it is made."""
    return ibis.table({"subscriber_id": "string", **dict.fromkeys(HOME_COLUMNS, "string")}, name=BASE)


def called(pairs: Any) -> Any:
    """Who called whom as families do, in one month: `a, b, minutes, night_share`, each pair once, a before b.

    A pair that stands in the wrong order is turned round; where it stands in both, the one in order counts.
    """
    a, b = pairs["a_id"], pairs["b_id"]
    straight = _as_families_do(pairs.filter(a < b), "a_id", "b_id")
    turned = _as_families_do(pairs.filter(a > b), "b_id", "a_id")
    given = pairs.view()
    turned = turned.anti_join(given, (turned["a"] == given["a_id"]) & (turned["b"] == given["b_id"]))
    return ibis.union(straight, turned)


def _as_families_do(pairs: Any, one: str, other: str) -> Any:
    """Both ways, at night, not through a group network; what is unknown is none of these."""
    both_ways = (pairs["minutes_ab"] > 0) & (pairs["minutes_ba"] > 0)
    kept = pairs.filter(both_ways & (pairs["night_share"] > 0) & ~pairs["via_vnet"])
    minutes = kept["minutes_ab"] + kept["minutes_ba"]
    return kept.select(a=kept[one], b=kept[other], minutes=minutes, night_share=kept["night_share"])


def ties(months: Sequence[str]) -> Any:
    """The ties: `a, b, minutes` of all months, the least `night_share`, `same_address` (or the same home cell alone)."""
    each = [called(pairs_table(name)) for name in months]
    through = reduce(_in_both, each)
    base = base_table()
    one, other = base.view(), base.view()
    of_one = through.inner_join(one, through["a"] == one["subscriber_id"])
    of_one = of_one.select(*through.columns, cell=one["home_cell_id"], address=one["address_id"])
    both = of_one.inner_join(other, of_one["b"] == other["subscriber_id"])
    same_address = ibis.coalesce(of_one["address"] == other["address_id"], False)
    same_cell = ibis.coalesce(of_one["cell"] == other["home_cell_id"], False)
    found = both.select(*(of_one[name] for name in through.columns), same_address=same_address, same_cell=same_cell)
    return found.filter(found["same_address"] | found["same_cell"]).select(*TIE_SCHEMA)


def _in_both(one: Any, other: Any) -> Any:
    joined = one.inner_join(other, (one["a"] == other["a"]) & (one["b"] == other["b"]))
    night = ibis.least(one["night_share"], other["night_share"])
    return joined.select(one["a"], one["b"], minutes=one["minutes"] + other["minutes"], night_share=night)


def ends(found: Any) -> Any:
    """Each tie from both its ends: `subscriber_id, other`."""
    there, back = found.select(subscriber_id="a", other="b"), found.select(subscriber_id="b", other="a")
    return ibis.union(there, back)


def without_hubs(found: Any, most_ties: int) -> Any:
    """The ties without those of subscribers who have more than so many: a courier or a shop ties nobody together."""
    each = ends(found)
    many = each.group_by("subscriber_id").aggregate(ties=each.count())
    hubs = many.filter(many["ties"] > most_ties)
    for end in ("a", "b"):
        hub = hubs.view()
        found = found.anti_join(hub, found[end] == hub["subscriber_id"])
    return found
