"""The table out `family`: who belongs together, how sure that is, and by which ties. A relation over ties and members."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import ibis

from basekeep.contract.columns import NUMBER_SCALE
from basekeep.relations.evidence import to_json
from basekeep.relations.ties import tie_table

MEMBER = "family_member"
FAMILY_COLUMNS = {
    "family_id": "string", "subscriber_id": "string", "size": "int32", "confidence": "decimal(5, 4)", "evidence": "string",
}  # fmt: skip
_DIGITS = 16


def member_table() -> Any:
    """Every member of a family, and the least id of its members, which stands for the family."""
    return ibis.table({"subscriber_id": "string", "head": "string"}, name=MEMBER)


def family(months: int, cell_weight: Fraction) -> Any:
    """One row per member: `family_id, subscriber_id, size, confidence, evidence`, and `head` to order them by.

    The id of a family is made from its least member's, and says nothing of it. `confidence`: of all pairs of the family,
    the share that is tied, a tie by the home cell alone counting `cell_weight`.
    """
    members, inner = member_table(), _inner_ties()
    sizes = members.group_by("head").aggregate(size=members.count())
    strength = inner.group_by("head").aggregate(
        by_address=inner["same_address"].cast("int64").sum(), by_cell=(~inner["same_address"]).cast("int64").sum()
    )
    each = _each_end(inner)
    rows = members.inner_join(sizes, "head").inner_join(strength, "head").inner_join(each, "subscriber_id")
    evidence = ibis.struct(
        {"tied": rows["tied"], "others": rows["size"] - 1, "months": ibis.literal(months), "ties": rows["ties"]}
    )
    return rows.select(
        family_id=ibis.literal("F-") + rows["head"].hexdigest("sha256")[:_DIGITS],
        subscriber_id=rows["subscriber_id"],
        size=rows["size"].cast("int32"),
        confidence=_confidence(rows, cell_weight),
        evidence=to_json(evidence),
        head=rows["head"],
    )


def _inner_ties() -> Any:
    """The ties within families."""
    found, one, other = tie_table(), member_table().view(), member_table().view()
    of_one = found.inner_join(one, found["a"] == one["subscriber_id"]).select(*found.columns, "head")
    both = of_one.inner_join(other, of_one["b"] == other["subscriber_id"])
    return both.select(*(of_one[name] for name in of_one.columns), other_head=other["head"]).filter(
        lambda rows: rows["head"] == rows["other_head"]
    )


def _each_end(inner: Any) -> Any:
    """Each member's ties as a list, by the id of whom it is tied to."""
    parts = [
        inner.select(
            subscriber_id=one, other=other, minutes="minutes", night_share="night_share", same_address="same_address"
        )
        for one, other in (("a", "b"), ("b", "a"))
    ]
    each = ibis.union(*parts)
    tie = ibis.struct(
        {
            "with": each["other"],
            "minutes": _shown(each["minutes"]),
            "least_night_share": _shown(each["night_share"]),
            "same": ibis.ifelse(each["same_address"], "address", "cell"),
        }
    )
    return each.group_by("subscriber_id").aggregate(ties=tie.collect(order_by=each["other"]), tied=each.count())


def _shown(number: Any) -> Any:
    return number.cast("float64") / NUMBER_SCALE


def _confidence(rows: Any, cell_weight: Fraction) -> Any:
    """In whole ten-thousandths, half a one rounded up. As a double it is the nearest to them, and becomes them again."""
    bottom = cell_weight.denominator * rows["size"] * (rows["size"] - 1)
    top = 2 * (rows["by_address"] * cell_weight.denominator + rows["by_cell"] * cell_weight.numerator)
    whole = (2 * NUMBER_SCALE * top + bottom) // (2 * bottom)
    return _shown(whole).cast("decimal(5, 4)")
