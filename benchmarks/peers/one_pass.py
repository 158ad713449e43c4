"""The ten rules in one pass of SQL that DuckDB, ClickHouse and Spark all read: the months joined once, then ten conditions.

What belongs to a dialect, a file as a table and a list as rows, is the caller's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from benchmarks.peers.needs import ATTRIBUTES, HUNDREDTHS, IN_A_MONTH, IN_BASE, MONTH_END, NEEDS, YEAR_AGO

# How many months back → a table expression.
Table = Callable[[int], str]

_GUARD = f"arpu_sum_3 BETWEEN 9000 AND 18000 AND (bound_until IS NULL OR bound_until <= DATE '{MONTH_END}')"
_SUMS = {
    "arpu_sum_3": ("arpu", (0, 1, 2)),
    "arpu_sum_6": ("arpu", (0, 1, 2, 3, 4, 5)),
    "care_sum_6": ("care_contacts", (0, 1, 2, 3, 4, 5)),
    "complaints_sum_3": ("complaints", (0, 1, 2)),
    "amount_sum_3": ("recharge_amount", (0, 1, 2)),
    "count_sum_3": ("recharge_count", (0, 1, 2)),
    "alerts_sum_3": ("low_balance_alerts", (0, 1, 2)),
    "roaming_sum": ("roaming_min", (10, 11)),
}
_NOW, _THEN = "mou_in_0 + mou_out_0 + mou_in_1 + mou_out_1", "mou_in_12 + mou_out_12 + mou_in_13 + mou_out_13"
_MOU_3 = "mou_in_0 + mou_out_0 + mou_in_1 + mou_out_1 + mou_in_2 + mou_out_2"


def statistics_sql(table: Table, percentile: str) -> str:
    """Of the base: how many have three known months of minutes, the sum of these, and the 80th percentile of ARPU."""
    inner = _joined(table, dict.fromkeys((0, 1, 2), ("arpu", "mou_in", "mou_out")), ())
    return f"SELECT count({_MOU_3}), sum({_MOU_3}), {percentile} FROM ({inner}) joined"


def members_sql(table: Table, statistics: Sequence[object], rows_of: str) -> str:
    """(rule, subscriber_id) of the members; `rows_of` makes rows of a list, `explode(array({}))` say."""
    conditions = _conditions(*statistics)
    names = ", ".join(f"CASE WHEN {when} THEN '{rule}' ELSE '' END" for rule, when in conditions.items())
    sums = ", ".join(f"{' + '.join(f'{of}_{lag}' for lag in lags)} AS {name}" for name, (of, lags) in _SUMS.items())
    summed = f"SELECT *, {sums} FROM ({_joined(table, NEEDS, ATTRIBUTES)}) joined"
    flat = f"SELECT {rows_of.format(names)} AS rule, subscriber_id FROM ({summed}) summed"
    return f"SELECT rule, subscriber_id FROM ({flat}) flat WHERE rule <> ''"


def _conditions(known: object, total: object, percentile: object) -> dict[str, str]:
    return {
        "arpu_drop": "60 * arpu_0 <= 7 * arpu_sum_6 AND 60 * arpu_1 <= 7 * arpu_sum_6 AND arpu_sum_6 > 0",
        "dual_sim": f"""
            (10 * mou_in_0 > 7 * (mou_in_0 + mou_out_0) AND 10 * mou_in_1 > 7 * (mou_in_1 + mou_out_1))
            OR (10 * ({_NOW}) <= 7 * ({_THEN}) AND {_THEN} > 0)""",
        "balance_falling": f"balance_0 < balance_1 AND balance_1 < balance_2 AND balance_0 < 5000 AND {_GUARD}",
        "number_hopper": f"number_changes_12m >= 2 AND {_GUARD}",
        "offnet_circle": f"2 * offnet_contact_share > 1 AND {_GUARD}",
        "migrant_roamer": f"brand = 'easyown' AND roaming_sum >= 500 AND {_GUARD}",
        "mou_below_half": f"2 * {known} * ({_MOU_3}) < {total}",
        "small_recharges": "count_sum_3 > 0 AND amount_sum_3 <= 3000 * count_sum_3 AND alerts_sum_3 >= 3",
        "plan_expiring": f"bound_until > DATE '{MONTH_END}' AND bound_until <= DATE '{IN_A_MONTH}'",
        "care_overdue": f"""
            (care_sum_6 = 0 AND (join_date <= DATE '{YEAR_AGO}' OR arpu_0 > {percentile})) OR complaints_sum_3 > 0""",
    }


def _joined(table: Table, needs: dict[int, tuple[str, ...]], attributes: tuple[str, ...]) -> str:
    """A row per subscriber of the base, with a column `name_lag` for each figure of each month."""
    figures = [f"m{lag}.{name} AS {name}_{lag}" for lag, names in needs.items() for name in names]
    chosen = ["m0.subscriber_id AS subscriber_id", *(f"m0.{name} AS {name}" for name in attributes), *figures]
    joins = [
        f"LEFT JOIN ({_month(table(lag), names)}) m{lag} ON m0.subscriber_id = m{lag}.subscriber_id"
        for lag, names in needs.items() if lag
    ]  # fmt: skip
    base = f"{_month(table(0), (*attributes, *needs[0]))} WHERE status IN {IN_BASE}"
    return f"SELECT {', '.join(chosen)} FROM ({base}) m0 {' '.join(joins)}"


def _month(source: str, names: tuple[str, ...]) -> str:
    taken = [f"CAST({name} * 100 AS BIGINT) AS {name}" if name in HUNDREDTHS else name for name in names]
    return f"SELECT subscriber_id, {', '.join(taken)} FROM {source}"
