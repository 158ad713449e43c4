"""Tiny panels written by hand: a subscriber's columns as lists from m0 backwards."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .answer import answer
from .calendar_months import months_before
from .logic import Truth

OCTOBER = date(2025, 10, 1)
MONTH_END = date(2025, 10, 31)
Rows = list[dict[str, object]]


def exact(*figures: str) -> list[Decimal | None]:
    """Numbers as the source gives them; "?" is an empty cell."""
    return [None if figure == "?" else Decimal(figure) for figure in figures]


def subscriber(id_: str = "A", month: date = OCTOBER, /, **columns: object) -> Rows:
    """One row per entry of the longest list, m0 first; anything but a list stands in every row.

    Active and joined in 2015 unless said otherwise.
    """
    columns = {"status": "active", "join_date": date(2015, 6, 15), **columns}
    months = max([1, *(len(values) for values in columns.values() if isinstance(values, list))])
    return [_row(id_, months_before(month, ago), ago, columns) for ago in range(months)]


def _row(id_: str, month: date, ago: int, columns: Mapping[str, object]) -> dict[str, object]:
    row: dict[str, object] = {"subscriber_id": id_, "month": month}
    for column, value in columns.items():
        row[column] = value[ago] if isinstance(value, list) else value
    return row


def truth(
    rule: str, rows: Rows | None = None, parameters: Mapping[str, Fraction] | None = None, /, **columns: object
) -> Truth:
    """What the oracle says of subscriber A by "segment.rule", alone or before the background of `rows`."""
    segment, name = rule.split(".")
    panel = subscriber(**columns) + (rows or [])
    return answer(panel, OCTOBER, parameters).rules[segment, name]["A"]
