"""Calendar months and the Lunar New Year. Pure functions of dates: never reads a clock."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

_MONTH = re.compile(r"(\d{4})-(\d{2})")

# First day of the lunar year in the Gregorian calendar, as month*100+day, 2000 to 2050
# (civil calendar of the People's Republic, GB/T 33661-2017). Tests compare it with an astronomical library.
_FIRST_LUNAR_YEAR = 2000
_LUNAR_NEW_YEAR = (
    205, 124, 212, 201, 122, 209, 129, 218, 207, 126,
    214, 203, 123, 210, 131, 219, 208, 128, 216, 205,
    125, 212, 201, 122, 210, 129, 217, 206, 126, 213,
    203, 123, 211, 131, 219, 208, 128, 215, 204, 124,
    212, 201, 122, 210, 130, 217, 206, 126, 214, 202,
    123,
)  # fmt: skip


def parse_month(text: str) -> date:
    """`2025-12` as the first day of that month.

    Raises:
        ValueError: the text is not YYYY-MM.
    """
    match = _MONTH.fullmatch(text.strip())
    if not match:
        raise ValueError(f"not a month: {text!r} (expected YYYY-MM)")
    return date(int(match[1]), int(match[2]), 1)


def month_text(month: date) -> str:
    """A month as `2025-12`."""
    return f"{month.year:04d}-{month.month:02d}"


def shift_month(month: date, by: int) -> date:
    """The first day of the month `by` months later (earlier when negative)."""
    index = month.year * 12 + month.month - 1 + by
    return date(index // 12, index % 12 + 1, 1)


def months_between(earlier: date, later: date) -> int:
    """How many calendar months `later` lies after `earlier`."""
    return (later.year - earlier.year) * 12 + later.month - earlier.month


def month_end(month: date) -> date:
    """The last day of the month."""
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def lunar_new_year(year: int) -> date:
    """The first day of the lunar year that begins in `year`.

    Raises:
        ValueError: the year is outside the table.
    """
    index = year - _FIRST_LUNAR_YEAR
    if not 0 <= index < len(_LUNAR_NEW_YEAR):
        last = _FIRST_LUNAR_YEAR + len(_LUNAR_NEW_YEAR) - 1
        raise ValueError(f"no Lunar New Year known for {year}: the table holds {_FIRST_LUNAR_YEAR} to {last}")
    month, day = divmod(_LUNAR_NEW_YEAR[index], 100)
    return date(year, month, day)


def festival_months(until: date) -> tuple[date, ...]:
    """The latest Spring Festival month(s) that ended by `until`, earliest first.

    They hold the seven days from the eve of Lunar New Year; one month or two.
    """
    for year in (until.year, until.year - 1):
        eve = lunar_new_year(year) - timedelta(days=1)
        days = (eve, eve + timedelta(days=6))
        months = tuple(sorted({day.replace(day=1) for day in days}))
        if month_end(months[-1]) <= until:
            return months
    raise ValueError(f"no Spring Festival ended by {until}")
