"""Knots of ties found relationally, on any engine: everybody takes the least id within reach, step by step, and jumps.

For a base whose ties do not fit one machine; `run.knots` finds the same in memory.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import ibis

from basekeep.relations.ties import TIE_SCHEMA, ends, tie_table

LABEL, NEARER, BEFORE = "family_label", "family_label_nearer", "family_label_before"
_LABELS = {"subscriber_id": "string", "label": "string", "ties": "int64"}


def label_table(name: str = LABEL) -> Any:
    """Everybody who is tied: the label so far, and to how many."""
    return ibis.table(_LABELS, name=name)


def first_labels() -> Any:
    """The least among oneself and those one is tied to."""
    each = ends(tie_table())
    labels = each.group_by("subscriber_id").aggregate(least=each["other"].min(), ties=each.count())
    least = ibis.least(labels["subscriber_id"], labels["least"])
    return labels.select("subscriber_id", label=least, ties=labels["ties"])


def nearer_labels() -> Any:
    """The least label among oneself and those one is tied to."""
    each, labels = ends(tie_table()), label_table()
    others = labels.view()
    around = each.inner_join(others, each["other"] == others["subscriber_id"])
    around = around.select(each["subscriber_id"], others["label"])
    least = around.group_by("subscriber_id").aggregate(least=around["label"].min())
    own = labels.inner_join(least, labels["subscriber_id"] == least["subscriber_id"])
    return own.select(labels["subscriber_id"], label=ibis.least(labels["label"], least["least"]), ties=labels["ties"])


def next_labels() -> Any:
    """The label of whoever one's label names: the id of one of the knot, who may have heard of a lesser one already."""
    nearer = label_table(NEARER)
    named = nearer.view()
    jumped = nearer.inner_join(named, nearer["label"] == named["subscriber_id"])
    return jumped.select(nearer["subscriber_id"], label=named["label"], ties=nearer["ties"])


def changed() -> Any:
    """How many labels are others than before: none when every knot has one label."""
    now, before = label_table(), label_table(BEFORE)
    both = now.inner_join(before, now["subscriber_id"] == before["subscriber_id"])
    return both.filter(now["label"] != before["label"]).aggregate(many=ibis._.count())


def well_tied(largest: int, tied_share: Fraction) -> Any:
    """The knots that are a family as they are: `subscriber_id, label` of their members."""
    labels = label_table()
    knots = labels.group_by("label").aggregate(size=labels.count(), least=labels["ties"].min())
    enough = knots["least"] * tied_share.denominator >= (knots["size"] - 1) * tied_share.numerator
    well = knots.filter((knots["size"] <= largest) & enough)
    return labels.semi_join(well, labels["label"] == well["label"]).select("subscriber_id", "label")


def to_cut(largest: int, tied_share: Fraction) -> Any:
    """The ties of all other knots, with the label of each: `label, a, b, ...`."""
    found, labels, well = tie_table(), label_table(), well_tied(largest, tied_share)
    rest = labels.anti_join(well, labels["subscriber_id"] == well["subscriber_id"])
    joined = found.inner_join(rest, found["a"] == rest["subscriber_id"])
    return joined.select(rest["label"], *(found[name] for name in TIE_SCHEMA))
