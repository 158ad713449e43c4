"""Statistics of the base: means from exact sums, percentiles from exact counts of each value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import ibis
import numpy as np

from basekeep.kernel.errors import WorkError
from basekeep.kernel.text import Text
from basekeep.playbook import terms as t
from basekeep.relations.exact import Exact, Whole, bounded
from basekeep.relations.history import base
from basekeep.relations.lowering import Lowering

# The statistic of each group; the key is None where it is the base's own.
Found = Mapping[str | None, Fraction]
# No operator has more subscribers.
_LARGEST_BASE = 10**9


def statistic_column(index: int) -> str:
    """The stem of the two columns that hold a statistic taken by group."""
    return f"statistic__{index}"


def statistic_schema(index: int) -> dict[str, str]:
    """Those two columns and their types."""
    return {f"{statistic_column(index)}_{part}": "decimal(38, 0)" for part in ("top", "bottom")}


class NoCommonDenominator(WorkError):
    """A statistic of what is divided by a column: its values have no common denominator, so it would not be exact."""

    def __init__(self) -> None:
        super().__init__(
            "expression.statistic_of_quotient",
            Text("全体统计里不能有以列为除数的商", "a statistic of the base cannot hold a quotient by a column"),
            Text(
                "分别统计被除数与除数，如 base_mean(mou_in) / base_mean(mou_in + mou_out)，或改用固定界限。",
                "Take it of both parts, base_mean(mou_in) / base_mean(mou_in + mou_out) say, or use a fixed limit.",
            ),
        )


def bottom_of(statistic: t.BaseStatistic, low: Lowering) -> int:
    """The constant denominator of the statistic's quantity.

    Raises:
        NoCommonDenominator: the quantity divides by a column.
    """
    bottom = low.number(statistic.of).bottom.value
    if bottom is None:
        raise NoCommonDenominator
    return bottom


def bounds_of(statistic: t.BaseStatistic, low: Lowering, share: Fraction | None, table: Any, column: str) -> Exact:
    """The statistic as the two columns that hold it, within what they can be for any base.

    Args:
        low: what the statistic's own quantity is lowered against.
        share: the percentile's share.
        table, column: where the columns are, and their stem.

    Raises:
        TooLarge, NoCommonDenominator: it could not be held exactly.
    """
    many = _LARGEST_BASE if share is None else share.denominator
    size, bottom = low.number(statistic.of).top.size * many, bottom_of(statistic, low) * many
    top = bounded(Whole(-size, size, table[f"{column}_top"]))
    return Exact(top, bounded(Whole(1, bottom, table[f"{column}_bottom"])))


def mean_tallies(statistics: Sequence[t.BaseStatistic], by: str | None, low: Lowering) -> Any:
    """The sums and counts of several means, one row per group: `grouping`, then `top_<i>`, `many_<i>`."""
    values = {
        f"value_{index}": low.number(statistic.of).top.to_ibis(False) for index, statistic in enumerate(statistics)
    }
    rows = base(low.table).select(grouping=_grouping(by, low), **values)
    sums: dict[str, Any] = {}
    for index, name in enumerate(values):
        sums[f"top_{index}"] = rows[name].cast("decimal(38, 0)").sum()
        sums[f"many_{index}"] = rows[name].count()
    return rows.group_by("grouping").aggregate(**sums)


def value_tallies(statistic: t.BaseStatistic, low: Lowering) -> Any:
    """How many subscribers have each known value: `grouping`, `top_0`, `many_0`, one row per group and value."""
    value = low.number(statistic.of).top.to_ibis(False)
    rows = base(low.table).select(grouping=_grouping(statistic.by, low), top_0=value)
    rows = rows.filter(rows["top_0"].notnull())
    return rows.group_by(["grouping", "top_0"]).aggregate(many_0=rows.count())


def _grouping(by: str | None, low: Lowering) -> Any:
    return low.column(by, 0) if by else ibis.null("string")


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
    # Numerators of more than 18 digits come as Python's own numbers.
    values, counts = np.asarray(top), np.asarray(many, dtype=np.int64)
    order = np.argsort(values, kind="stable")
    values, ends = values[order], np.cumsum(counts[order])
    position = share * (count - 1)
    below = position.numerator // position.denominator
    lower, upper = (int(values[np.searchsorted(ends, at, side="right")]) for at in (below, min(below + 1, count - 1)))
    return (lower + (position - below) * (upper - lower)) / bottom


def statistic_number(statistic: t.BaseStatistic, found: Found, table: Any, column: str) -> Exact | None:
    """The statistic as an exact number: a constant, or the columns joined by group; None where nothing is known."""
    if not found:
        return None
    if statistic.by is None:
        return Exact.constant(found[None])
    tops = [value.numerator for value in found.values()]
    bottoms = [value.denominator for value in found.values()]
    top = Whole(min(tops), max(tops), table[f"{column}_top"])
    return Exact(top, Whole(1, max(bottoms), table[f"{column}_bottom"]))
