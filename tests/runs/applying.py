"""Does to a subscriber's rows what an explanation names as the nearest change: each quantity is set to its limit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from basekeep.contract.subscriber_month import SUBSCRIBER_MONTH
from basekeep.kernel.months import month_end, shift_month
from basekeep.run.explain import Fact

# One subscriber's rows by months back.
Rows = dict[int, dict[str, Any]]
_WINDOW = re.compile(r"(sum|mean)\((\w+), (\d+)(?:, (\d+))?\)")
_FESTIVAL_BACK = (11, 10)
_METRICS = {"arpu_mean_3": "mean(arpu, 3)"}


def apply(fact: Fact, rows: Rows, month: date) -> None:
    """Set the fact's quantity to its limit, or right beside it where the limit itself does not belong."""
    quantity = _METRICS.get(fact.quantity, fact.quantity)
    if match := _WINDOW.fullmatch(quantity):
        how, column, count, first = match[1], match[2], int(match[3]), int(match[4] or 0)
        number = _number(fact, column)
        for back in range(first, first + count):
            rows.setdefault(back, dict(rows[0]))[column] = number if how == "mean" or back == first else number * 0
    elif quantity == "spring_festival(roaming_min)":
        for back, value in zip(_FESTIVAL_BACK, (_number(fact, "roaming_min"), Decimal(0)), strict=True):
            rows.setdefault(back, dict(rows[0]))["roaming_min"] = value
    elif quantity.startswith("days_until("):
        rows[0][quantity[11:-1]] = month_end(month) + timedelta(days=int(_whole(fact)))
    elif quantity == "tenure_month":
        _for_all(rows, "join_date", shift_month(month, 1 - int(_whole(fact))))
    elif quantity == "tenure_years":
        end = month_end(month)
        _for_all(rows, "join_date", end.replace(year=end.year - int(_whole(fact)), day=28))
    else:
        rows[0][quantity] = _cell(fact, quantity)


def _for_all(rows: Mapping[int, dict[str, Any]], column: str, value: object) -> None:
    for row in rows.values():
        row[column] = value


def _cell(fact: Fact, column: str) -> object:
    kind = SUBSCRIBER_MONTH.column(column).type
    if fact.op == "is not empty":
        return "X1"
    if kind == "bool":
        return fact.limit
    if kind == "date":
        by = {">": 1, "<": -1}.get(fact.op, 0)
        return date.fromisoformat(str(fact.limit)[:10]) + timedelta(days=by)
    if kind == "string":
        return str(fact.limit).split(" | ")[0] if fact.op in ("=", "in") else "other"
    return _number(fact, column)


def _number(fact: Fact, column: str) -> Any:
    if SUBSCRIBER_MONTH.column(column).type == "int":
        return int(_whole(fact))
    step = {">": Decimal("0.01"), "<": Decimal("-0.01")}.get(fact.op, Decimal(0))
    return Decimal(str(fact.limit)) + step


def _whole(fact: Fact) -> Any:
    return float(str(fact.limit)) + {">": 1, "<": -1}.get(fact.op, 0)
