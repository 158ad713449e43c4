"""The analyst's two ways: one SQL query per rule over the monthly files, on DuckDB, which compares decimals exactly.

One joins the months that its rule needs; the other, which is written more often, groups all months by subscriber.
"""

from __future__ import annotations

import re
from pathlib import Path

import duckdb

from basekeep.kernel.months import shift_month
from benchmarks.base import MONTH, Base
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

_FIGURE = re.compile(r"\bm(\d+)\.(\w+)")

# Rule → the months it looks at, and its condition.
RULES = {
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
                OR m0.arpu > (SELECT quantile_cont(m0.arpu::DOUBLE, 0.8) FROM m0 WHERE m0.status IN {IN_BASE}))
            OR m0.complaints + m1.complaints + m2.complaints > 0""",
    ),
}  # fmt: skip


def answer(base: Base, into: Path, watch: Watch) -> None:
    """Write the members of the ten rules, a file for each."""
    with duckdb.connect() as connection, watch:
        for lag in NEEDS:
            connection.execute(f"CREATE VIEW m{lag} AS FROM read_parquet('{base.month_file(lag)}')")
        for rule, (lags, condition) in RULES.items():
            joins = " ".join(f"LEFT JOIN m{lag} USING (subscriber_id)" for lag in lags)
            query = f"FROM (FROM m0 WHERE status IN {IN_BASE}) m0 {joins} WHERE {condition}"
            _write(connection, f"SELECT '{rule}' AS rule, subscriber_id {query}", into / f"{rule}.parquet")


def answer_grouped(base: Base, into: Path, watch: Watch) -> None:
    """The same from queries that group the files of all months."""
    files = f"read_parquet('{base.month_file(0).parent}/*.parquet')"
    with duckdb.connect() as connection, watch:
        for rule in RULES:
            _write(connection, grouped_sql(rule, files), into / f"{rule}.parquet")


def grouped_sql(rule: str, files: str) -> str:
    """A rule over a row per subscriber of the base, with a column for each figure of each month that the rule names."""
    _, condition = RULES[rule]
    named = dict.fromkeys(_FIGURE.findall(f"m0.status {condition}"))
    months = {int(lag): f"DATE '{shift_month(MONTH, -int(lag))}'" for lag, _ in named}
    figures = [f"max({name}) FILTER (WHERE month = {months[int(lag)]}) AS {name}_{lag}" for lag, name in named]
    history = (
        f"SELECT subscriber_id, {', '.join(figures)} FROM {files} WHERE month IN ({', '.join(months.values())}) "
        f"GROUP BY subscriber_id HAVING status_0 IN {IN_BASE}"
    )
    # The percentile of the base is that of the same rows.
    holds = _FIGURE.sub(r"\2_\1", condition).replace("FROM m0", "FROM history")
    return f"WITH history AS ({history}) SELECT '{rule}' AS rule, subscriber_id FROM history WHERE {holds}"


def _write(connection: duckdb.DuckDBPyConnection, members: str, to: Path) -> None:
    connection.execute(f"COPY ({members}) TO '{to}' (COMPRESSION zstd)")
