"""Statistics of the base: means from exact sums, percentiles from exact counts of each value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import ibis
import numpy as np

from basekeep.playbook import terms as t
from basekeep.relations.exact import Exact, Whole
from basekeep.relations.history import base
from basekeep.relations.lowering import Lowering


@dataclass(frozen=True)
class Tally:
    """One query's worth for one statistic: by group, the values and how many subscribers have each.

    For a mean one row per group: `top` is the sum of numerators, `many` the number of known values.
    For a percentile one row per group and value.
    """

    group: tuple[str | None, ...]
    top: tuple[int, ...]
    many: tuple[int, ...]


def bottom_of(statistic: t.BaseStatistic, low: Lowering) -> int:
    """The constant denominator of the statistic's quantity.

    Raises:
        ValueError: the quantity divides by a column, so its values have no common denominator.
    """
    bottom = low.number(statistic.of).bottom.value
    if bottom is None:
        raise ValueError("divides by a column")
    return bottom


def tally(statistic: t.BaseStatistic, low: Lowering) -> Any:
    """The relation that tallies a statistic: columns `grouping`, `top`, `many`."""
    value = low.number(statistic.of).top.to_ibis(False)
    grouping = low.column(statistic.by, 0) if statistic.by else ibis.null("string")
    rows = base(low.table).select(grouping=grouping, value=value)
    rows = rows.filter(rows["value"].notnull())
    if statistic.statistic == "mean":
        by = rows.group_by("grouping")
        return by.aggregate(top=rows["value"].cast("decimal(38, 0)").sum(), many=rows.count())
    return rows.group_by(["grouping", "value"]).aggregate(many=rows.count()).rename(top="value")


def fraction(statistic: t.BaseStatistic, bottom: int, share: Fraction | None, top: Any, many: Any) -> Fraction | None:
    """The statistic of one group, exactly.

    Args:
        statistic: which one.
        bottom: the quantity's denominator.
        share: the percentile's share, from 0 to 1.
        top: numerators: the sums of parts for a mean, the distinct values for a percentile.
        many: how many subscribers each stands for.
    """
    count = int(sum(int(n) for n in many))
    if not count:
        return None
    if statistic.statistic == "mean":
        return Fraction(sum(int(x) for x in top), count * bottom)
    assert share is not None
    values, counts = np.asarray(top, dtype=np.int64), np.asarray(many, dtype=np.int64)
    order = np.argsort(values, kind="stable")
    values, ends = values[order], np.cumsum(counts[order])
    position = share * (count - 1)
    below = position.numerator // position.denominator
    lower, upper = (int(values[np.searchsorted(ends, at, side="right")]) for at in (below, min(below + 1, count - 1)))
    return (lower + (position - below) * (upper - lower)) / bottom


def statistic_number(by: str | None, found: Mapping[str | None, Fraction], table: Any, column: str) -> Exact | None:
    """The statistic as an exact number: a constant, or looked up in the column that is joined by group.

    The joined columns are `<column>_top` and `<column>_bottom`.
    """
    if by is None:
        return Exact.constant(found[None]) if None in found else None
    if not found:
        return None
    tops = [value.numerator for value in found.values()]
    bottoms = [value.denominator for value in found.values()]
    top = Whole(min(tops), max(tops), table[f"{column}_top"])
    return Exact(top, Whole(1, max(bottoms), table[f"{column}_bottom"]))
