"""Polars, by hand in one lazy pass: the months joined once, then ten conditions; on its streaming engine."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from polars import col

from benchmarks.base import Base
from benchmarks.peers.needs import ATTRIBUTES, HUNDREDTHS, IN_A_MONTH, IN_BASE, MONTH_END, NEEDS, YEAR_AGO
from benchmarks.watch import Watch


def answer(base: Base, into: Path, watch: Watch) -> None:
    """Write the members of the ten rules."""
    with watch:
        flags = _joined(base).select("subscriber_id", **_conditions())
        members = flags.unpivot(index="subscriber_id", variable_name="rule").filter("value")
        members.select("rule", "subscriber_id").sink_parquet(into / "members.parquet", compression="zstd")


def _joined(base: Base) -> pl.LazyFrame:
    """A row per subscriber of the base, with a column `name_lag` for each figure of each month."""
    joined = _month(base, 0, (*ATTRIBUTES, *NEEDS[0]), col("status").is_in(IN_BASE))
    for lag, names in NEEDS.items():
        if lag:
            joined = joined.join(_month(base, lag, names, pl.lit(True)), on="subscriber_id", how="left")
    return joined


def _month(base: Base, lag: int, names: tuple[str, ...], kept: pl.Expr) -> pl.LazyFrame:
    figures = [
        ((col(name) * 100).cast(pl.Int64) if name in HUNDREDTHS else col(name)).name.suffix(f"_{lag}") for name in names
    ]
    return pl.scan_parquet(base.month_file(lag)).filter(kept).select("subscriber_id", *figures)


def _over(name: str, *lags: int) -> pl.Expr:
    """The sum over months, unknown where one of them is."""
    total = col(f"{name}_{lags[0]}")
    for lag in lags[1:]:
        total = total + col(f"{name}_{lag}")
    return total


def _mou(*lags: int) -> pl.Expr:
    return _over("mou_in", *lags) + _over("mou_out", *lags)


def _conditions() -> dict[str, pl.Expr]:
    half_year, three_months = _over("arpu", 0, 1, 2, 3, 4, 5), _over("arpu", 0, 1, 2)
    bound_until, arpu = col("bound_until_0"), col("arpu_0")
    guard = three_months.is_between(9_000, 18_000) & (bound_until.is_null() | (bound_until <= MONTH_END))
    count, amount = _over("recharge_count", 0, 1, 2), _over("recharge_amount", 0, 1, 2)
    high_value = arpu > arpu.quantile(0.8, "linear")
    return {
        "arpu_drop": (60 * arpu <= 7 * half_year) & (60 * col("arpu_1") <= 7 * half_year) & (half_year > 0),
        "dual_sim": ((10 * col("mou_in_0") > 7 * _mou(0)) & (10 * col("mou_in_1") > 7 * _mou(1)))
        | ((10 * _mou(0, 1) <= 7 * _mou(12, 13)) & (_mou(12, 13) > 0)),
        "balance_falling": (col("balance_0") < col("balance_1"))
        & (col("balance_1") < col("balance_2"))
        & (col("balance_0") < 5_000)
        & guard,
        "number_hopper": (col("number_changes_12m_0") >= 2) & guard,
        "offnet_circle": (2 * col("offnet_contact_share_0") > 1) & guard,
        "migrant_roamer": (col("brand_0") == "easyown") & (_over("roaming_min", 10, 11) >= 500) & guard,
        # Over the subscribers for whom it is known; both sides are multiplied out.
        "mou_below_half": 2 * _mou(0, 1, 2).count().cast(pl.Int64) * _mou(0, 1, 2) < _mou(0, 1, 2).sum(),
        "small_recharges": (count > 0) & (amount <= 3_000 * count) & (_over("low_balance_alerts", 0, 1, 2) >= 3),
        "plan_expiring": (bound_until > MONTH_END) & (bound_until <= IN_A_MONTH),
        "care_overdue": (
            (_over("care_contacts", 0, 1, 2, 3, 4, 5) == 0) & ((col("join_date_0") <= YEAR_AGO) | high_value)
        )
        | (_over("complaints", 0, 1, 2) > 0),
    }
