"""The analyst's way: one SQL query per rule over the monthly files, on DuckDB, which compares decimals exactly."""

from __future__ import annotations

from pathlib import Path

import duckdb

from benchmarks.base import Base
from benchmarks.peers.needs import IN_A_MONTH, IN_BASE, MONTH_END, NEEDS, YEAR_AGO
from benchmarks.watch import Watch

_HALF_YEAR_ARPU = "m0.arpu + m1.arpu + m2.arpu + m3.arpu + m4.arpu + m5.arpu"
_HALF_YEAR_CARE = " + ".join(f"m{lag}.care_contacts" for lag in range(6))
_MOU_NOW = "m0.mou_in + m0.mou_out + m1.mou_in + m1.mou_out"
_MOU_THEN = "m12.mou_in + m12.mou_out + m13.mou_in + m13.mou_out"
_MOU_3 = f"{_MOU_NOW} + m2.mou_in + m2.mou_out"
_GUARD = f"""
    m0.arpu + m1.arpu + m2.arpu BETWEEN 90 AND 180
    AND (m0.bound_until IS NULL OR m0.bound_until <= DATE '{MONTH_END}')"""

# Rule → the months it looks at, and its condition.
_RULES = {
    "arpu_drop": (
        range(1, 6),
        f"60 * m0.arpu <= 7 * ({_HALF_YEAR_ARPU}) AND 60 * m1.arpu <= 7 * ({_HALF_YEAR_ARPU}) AND {_HALF_YEAR_ARPU} > 0",
    ),
    "dual_sim": (
        (1, 12, 13),
        f"""10 * m0.mou_in > 7 * (m0.mou_in + m0.mou_out) AND 10 * m1.mou_in > 7 * (m1.mou_in + m1.mou_out)
            OR 10 * ({_MOU_NOW}) <= 7 * ({_MOU_THEN}) AND {_MOU_THEN} > 0""",
    ),
    "balance_falling": ((1, 2), f"m0.balance < m1.balance AND m1.balance < m2.balance AND m0.balance < 50 AND {_GUARD}"),
    "number_hopper": ((1, 2), f"m0.number_changes_12m >= 2 AND {_GUARD}"),
    "offnet_circle": ((1, 2), f"m0.offnet_contact_share > 0.5 AND {_GUARD}"),
    "migrant_roamer": (
        (1, 2, 10, 11),
        f"m0.brand = 'easyown' AND m10.roaming_min + m11.roaming_min >= 5 AND {_GUARD}",
    ),
    # The mean is that of those for whom it is known; both sides are multiplied out.
    "mou_below_half": ((1, 2), f"true QUALIFY 2 * count({_MOU_3}) OVER () * ({_MOU_3}) < sum({_MOU_3}) OVER ()"),
    "small_recharges": (
        (1, 2),
        """m0.recharge_count + m1.recharge_count + m2.recharge_count > 0
           AND m0.recharge_amount + m1.recharge_amount + m2.recharge_amount
               <= 30 * (m0.recharge_count + m1.recharge_count + m2.recharge_count)
           AND m0.low_balance_alerts + m1.low_balance_alerts + m2.low_balance_alerts >= 3""",
    ),
    "plan_expiring": ((), f"m0.bound_until > DATE '{MONTH_END}' AND m0.bound_until <= DATE '{IN_A_MONTH}'"),
    "care_overdue": (
        range(1, 6),
        f"""{_HALF_YEAR_CARE} = 0 AND (m0.join_date <= DATE '{YEAR_AGO}'
                OR m0.arpu > (SELECT quantile_cont(arpu::DOUBLE, 0.8) FROM m0 WHERE status IN {IN_BASE}))
            OR m0.complaints + m1.complaints + m2.complaints > 0""",
    ),
}  # fmt: skip


def answer(base: Base, into: Path, watch: Watch) -> None:
    """Write the members of the ten rules, a file for each."""
    with duckdb.connect() as connection, watch:
        for lag in NEEDS:
            connection.execute(f"CREATE VIEW m{lag} AS FROM read_parquet('{base.month_file(lag)}')")
        for rule, (lags, condition) in _RULES.items():
            joins = " ".join(f"LEFT JOIN m{lag} USING (subscriber_id)" for lag in lags)
            query = f"FROM (FROM m0 WHERE status IN {IN_BASE}) m0 {joins} WHERE {condition}"
            members = f"SELECT '{rule}' AS rule, subscriber_id {query}"
            connection.execute(f"COPY ({members}) TO '{into / f'{rule}.parquet'}' (COMPRESSION zstd)")
