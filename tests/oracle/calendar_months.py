"""Months, tenure and Spring Festival. Months are first days; a count of months is always "months ago"."""

from datetime import date, timedelta

# The first day of the lunar year, copied from the printed calendar.
LUNAR_NEW_YEAR = {
    2022: date(2022, 2, 1),
    2023: date(2023, 1, 22),
    2024: date(2024, 2, 10),
    2025: date(2025, 1, 29),
    2026: date(2026, 2, 17),
    2027: date(2027, 2, 6),
}


def month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def month_of_number(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def months_before(month: date, count: int) -> date:
    """The first day of the month `count` months earlier (later, where it is negative)."""
    return month_of_number(month_number(month) - count)


def months_between(earlier: date, later: date) -> int:
    return month_number(later) - month_number(earlier)


def month_end(month: date) -> date:
    return months_before(month, -1) - timedelta(days=1)


def tenure_month(joined: date, month: date) -> int:
    """The calendar month of joining is 1."""
    return months_between(joined, month) + 1


def anniversary(joined: date, year: int) -> date:
    """The same day and month in `year`; 29 February is kept on 28 February in a common year."""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if (joined.month, joined.day) == (2, 29) and not leap:
        return date(year, 2, 28)
    return date(year, joined.month, joined.day)


def full_years(joined: date, day: date) -> int:
    """How many anniversaries have come by `day`; none before joining."""
    return sum(1 for year in range(joined.year + 1, day.year + 1) if anniversary(joined, year) <= day)


def festival_months(year: int) -> tuple[date, ...]:
    """The month, or the two months, holding the seven days from the eve of that lunar year."""
    eve = LUNAR_NEW_YEAR[year] - timedelta(days=1)
    seven_days = [eve + timedelta(days=n) for n in range(7)]
    return tuple(sorted({day.replace(day=1) for day in seven_days}))


def latest_festival_months(month: date) -> tuple[date, ...]:
    """Those of the latest festival whose last month has ended by the end of `month`."""
    if not date(2022, 2, 1) <= month < date(2028, 1, 1):
        raise ValueError(f"no lunar new year written down for {month}")
    ended = [year for year in LUNAR_NEW_YEAR if festival_months(year)[-1] <= month]
    return festival_months(max(ended))
