"""Small panels full of limits: `panel` makes rows on which the definitions' comparisons hold with equality often.

The same seed gives the same rows. Nothing here decides who is a member of anything.
"""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from random import Random

from .calendar_months import months_before, months_between
from .columns import COLUMNS, DECIMALS, REQUIRED
from .limits_attributes import attributes, joined
from .limits_money import MONTHS, arpu_and_fee, balance, recharges
from .limits_use import contacts, counted, data, minutes, roaming, service_counts
from .topping_up import bring_base_means_to_target

Rows = list[dict[str, object]]
# What the old rows say of someone who left and joined anew.
EARLIER_JOIN_DATE = date(2019, 5, 6)


def panel(
    seed: int, subscribers: int, month: date, months: int = MONTHS, missing_columns: Collection[str] = ()
) -> Rows:
    """Rows of `months` (at most 14) months up to `month`, in no order. Required cells are always filled."""
    rng = Random(seed)
    rows = [row for number in range(subscribers) for row in _subscriber(rng, number, month, months)]
    bring_base_means_to_target(rows, month)
    rng.shuffle(rows)
    kept = [column for column in COLUMNS if column not in missing_columns]
    return [{column: _finished(column, row[column]) for column in kept} for row in rows]


def _finished(column: str, value: object) -> object:
    decimals = DECIMALS.get(column)
    return Decimal(value).scaleb(-decimals) if decimals and isinstance(value, int) else value


def _subscriber(rng: Random, number: int, month: date, months: int) -> Rows:
    join_date = joined(rng, month)
    measures, now = _measures(rng), attributes(rng, month)
    rows = []
    for ago in _months_present(rng, months_between(join_date, month)):
        row: dict[str, object] = {column: history[ago] for column, history in measures.items()}
        row.update(attributes(rng, month) if ago > 0 and rng.random() < 0.2 else now)
        row.update(_key(number, months_before(month, ago)))
        row["status"] = _status(rng, ago)
        row["join_date"] = join_date if ago <= months_between(join_date, month) else EARLIER_JOIN_DATE
        if ago < months:
            rows.append(row)
    _forget(rng, rows)
    return rows


def _key(number: int, month: date) -> dict[str, object]:
    return {
        "subscriber_id": f"S{number:06d}",
        "month": month,
        "customer_id": f"K{number // 2:06d}",
        "msisdn": f"1990{number:07d}",
        "branch_id": f"B{number % 7}",
    }


def _status(rng: Random, ago: int) -> str:
    now = ["active"] * 15 + ["suspended"] * 4 + ["cancelled"]
    return rng.choice(now if ago == 0 else ["active", "active", "suspended", "cancelled"])


def _months_present(rng: Random, since: int) -> list[int]:
    """Months ago with a row: from joining on, but for those who left a gap, vanished, came back or joined anew."""
    life = list(range(min(since + 1, MONTHS)))
    kind = rng.choice(["whole"] * 12 + ["gap", "gap", "month", "returned", "vanished", "anew"])
    if kind == "vanished":
        return life[rng.randint(1, 3) :]
    if kind == "anew":
        return life + list(range(since + 2, MONTHS))
    first = {"gap": rng.randint(1, 13), "month": rng.randint(1, 13), "returned": 1}.get(kind, MONTHS)
    last = {"gap": rng.randint(1, 13), "month": first, "returned": rng.randint(1, 6)}.get(kind, 0)
    return [ago for ago in life if not first <= ago <= last]


def _forget(rng: Random, rows: Rows) -> None:
    """Empty a few cells of every panel, and for some subscribers whole columns."""
    columns = [column for column in COLUMNS if column not in REQUIRED]
    forgotten = rng.sample(columns, 4) if rng.random() < 0.2 else []
    for row in rows:
        for column in columns:
            if column in forgotten or rng.random() < 0.004:
                row[column] = None


def _measures(rng: Random) -> dict[str, list[int]]:
    """Column → 14 values from m0 backwards."""
    money, minutes_and_data = _money(rng), _use(rng)
    counts = {
        "throttled_days": _any(rng, [0, 2, 3, 3, 4]),
        "contacts": contacts(rng),
        "vas_count": service_counts(rng),
        "number_changes_12m": _any(rng, [0, 1, 2, 2, 3]),
        "offnet_contact_share": _any(rng, [0, 4999, 5000, 5000, 5001, 5001, 9000]),
        "competitor_hotline_calls": _any(rng, [0, 0, 0, 1]),
        "competitor_staff_calls": _any(rng, [0, 0, 0, 1]),
        "low_balance_alerts": counted(rng, 3, [2, 3, 3, 4]),
        "late_payments": counted(rng, 6, [0, 1, 2, 2, 3]),
        "care_contacts": counted(rng, 6, [0, 0, 0, 1]),
        "complaints": counted(rng, 3, [0, 0, 0, 1]),
        "points": _any(rng, [0, 100, 2000]),
        "mobile_pay_count": _any(rng, [0, 1, 5]),
        "service_12580_count": _any(rng, [0, 1]),
        "activity_count": _any(rng, [0, 1]),
    }
    return {**money, **minutes_and_data, **counts}


def _money(rng: Random) -> dict[str, list[int]]:
    arpu, plan_fee = arpu_and_fee(rng)
    recharge_amount, recharge_count = recharges(rng)
    return {
        "arpu": arpu,
        "plan_fee": plan_fee,
        "balance": balance(rng, arpu),
        "recharge_amount": recharge_amount,
        "recharge_count": recharge_count,
    }


def _use(rng: Random) -> dict[str, list[int]]:
    mou_out, mou_in = minutes(rng)
    data_mb, data_included_mb = data(rng)
    return {
        "mou_out": mou_out,
        "mou_in": mou_in,
        "long_distance_min": [out // 4 for out in mou_out],
        "roaming_min": roaming(rng),
        "data_mb": data_mb,
        "data_included_mb": data_included_mb,
    }


def _any(rng: Random, values: list[int]) -> list[int]:
    return [rng.choice(values) for _ in range(MONTHS)]
