"""What is wrong with stored call pairs: counted, never mended in the store. Relations; they run on any engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis

from basekeep.relations.ties import base_table, pairs_table

# Pairs of a subscriber with itself; those in which a_id comes after b_id; those that stand in both orders; those with
# somebody who is not in the base of the run's month.
PAIR_NOTES = ("self_pairs", "turned_pairs", "double_pairs", "outside_pairs")


def pair_notes(months: Sequence[str]) -> Any:
    """The pairs of these months counted, and those of each kind among them: one row."""
    counted = [part for name in months for part in (_of_month(name), _double(name))]
    together = ibis.union(*counted)
    return together.aggregate(**{name: _many(together[name]) for name in ("pairs", *PAIR_NOTES)})


def _of_month(name: str) -> Any:
    pairs, one, other = pairs_table(name), base_table().view(), base_table().view()
    joined = pairs.left_join(one, pairs["a_id"] == one["subscriber_id"])
    joined = joined.left_join(other, pairs["b_id"] == other["subscriber_id"])
    there = one["subscriber_id"].notnull() & other["subscriber_id"].notnull()
    rows = joined.select(pairs["a_id"], pairs["b_id"], outside=~there)
    return rows.aggregate(
        pairs=rows.count(),
        self_pairs=_many(rows["a_id"] == rows["b_id"]),
        turned_pairs=_many(rows["a_id"] > rows["b_id"]),
        double_pairs=ibis.literal(0, "int64"),
        outside_pairs=_many(rows["outside"]),
    )


def _double(name: str) -> Any:
    pairs, straight = pairs_table(name), pairs_table(name).view()
    turned = pairs.filter(pairs["a_id"] > pairs["b_id"])
    both = turned.semi_join(straight, (turned["a_id"] == straight["b_id"]) & (turned["b_id"] == straight["a_id"]))
    zero = ibis.literal(0, "int64")
    return both.aggregate(
        pairs=zero, self_pairs=zero, turned_pairs=zero, double_pairs=both.count(), outside_pairs=zero
    ).select("pairs", *PAIR_NOTES)


def _many(marks: Any) -> Any:
    return ibis.coalesce(marks.cast("int64").sum(), 0).cast("int64")
