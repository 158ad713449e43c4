"""pandas, by hand: the needed columns of each month, laid side by side on one index, then ten conditions.

Numbers are floats that hold whole hundredths, so every comparison is exact; an unknown one is NaN, which no comparison is true of.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.base import Base
from benchmarks.peers.needs import ATTRIBUTES, HUNDREDTHS, IN_A_MONTH, IN_BASE, MONTH_END, NEEDS, YEAR_AGO
from benchmarks.watch import Watch

_MONTH_END, _IN_A_MONTH, _YEAR_AGO = (pd.Timestamp(day) for day in (MONTH_END, IN_A_MONTH, YEAR_AGO))


def answer(base: Base, into: Path, watch: Watch) -> None:
    """Write the members of the ten rules."""
    with watch:
        frame = _joined(base)
        members = [
            pd.DataFrame({"rule": rule, "subscriber_id": frame.index[holds]})
            for rule, holds in _conditions(frame).items()
        ]
        pd.concat(members).to_parquet(into / "members.parquet", compression="zstd", index=False)


def _joined(base: Base) -> pd.DataFrame:
    """A row per subscriber of the base, with a column `name_lag` for each figure of each month."""
    first = _month(base, 0, ("status", *ATTRIBUTES, *NEEDS[0]))
    joined = first[first["status_0"].isin(IN_BASE)]
    others = [_month(base, lag, names).reindex(joined.index) for lag, names in NEEDS.items() if lag]
    return pd.concat([joined, *others], axis=1)


def _month(base: Base, lag: int, names: tuple[str, ...]) -> pd.DataFrame:
    table = pq.read_table(base.month_file(lag), columns=["subscriber_id", *names])
    columns = {f"{name}_{lag}": _column(name, table[name]) for name in names}
    return pd.DataFrame(columns, index=pd.Index(table["subscriber_id"].to_pandas()))


def _column(name: str, column: pa.ChunkedArray) -> pd.Series:
    if pa.types.is_decimal(column.type):
        column = pc.cast(column, pa.float64())
    values = column.to_pandas().to_numpy()
    if pa.types.is_date(column.type):
        return values.astype("datetime64[s]")
    return np.round(values * 100) if name in HUNDREDTHS else values


def _conditions(frame: pd.DataFrame) -> dict[str, pd.Series]:
    def over(name: str, *lags: int) -> pd.Series:
        return sum(frame[f"{name}_{lag}"] for lag in lags)

    def mou(*lags: int) -> pd.Series:
        return over("mou_in", *lags) + over("mou_out", *lags)

    half_year, three_months = over("arpu", 0, 1, 2, 3, 4, 5), over("arpu", 0, 1, 2)
    bound_until, arpu = frame["bound_until_0"], frame["arpu_0"]
    guard = three_months.between(9_000, 18_000) & (bound_until.isna() | (bound_until <= _MONTH_END))
    count, amount = over("recharge_count", 0, 1, 2), over("recharge_amount", 0, 1, 2)
    high_value = arpu > arpu.quantile(0.8)
    mou_then, mou_3 = mou(12, 13), mou(0, 1, 2)
    return {
        "arpu_drop": (60 * arpu <= 7 * half_year) & (60 * frame["arpu_1"] <= 7 * half_year) & (half_year > 0),
        "dual_sim": ((10 * frame["mou_in_0"] > 7 * mou(0)) & (10 * frame["mou_in_1"] > 7 * mou(1)))
        | ((10 * mou(0, 1) <= 7 * mou_then) & (mou_then > 0)),
        "balance_falling": (frame["balance_0"] < frame["balance_1"])
        & (frame["balance_1"] < frame["balance_2"])
        & (frame["balance_0"] < 5_000)
        & guard,
        "number_hopper": (frame["number_changes_12m_0"] >= 2) & guard,
        "offnet_circle": (frame["offnet_contact_share_0"] > 0.5) & guard,
        "migrant_roamer": (frame["brand_0"] == "easyown") & (over("roaming_min", 10, 11) >= 500) & guard,
        # Over the subscribers for whom it is known; both sides are multiplied out.
        "mou_below_half": 2 * mou_3.count() * mou_3 < mou_3.sum(),
        "small_recharges": (count > 0) & (amount <= 3_000 * count) & (over("low_balance_alerts", 0, 1, 2) >= 3),
        "plan_expiring": (bound_until > _MONTH_END) & (bound_until <= _IN_A_MONTH),
        "care_overdue": (
            (over("care_contacts", 0, 1, 2, 3, 4, 5) == 0) & ((frame["join_date_0"] <= _YEAR_AGO) | high_value)
        )
        | (over("complaints", 0, 1, 2) > 0),
    }
