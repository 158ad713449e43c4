"""The days on which a run's decisions are carried out: those of the month after it on which contacts are allowed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from basekeep.kernel.errors import CallError
from basekeep.kernel.months import lunar_new_year, month_end, shift_month
from basekeep.kernel.text import Text
from basekeep.playbook.contact_policy import Quiet

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_FESTIVAL_DAYS = 7
# The eve of Lunar New Year lies between 20 January and 20 February.
_LATEST_FESTIVAL_MONTH = 2


@dataclass(frozen=True)
class Period:
    """From the first day to the last; `days` are those of them that are not quiet, earliest first."""

    first: date
    last: date
    days: tuple[date, ...]

    def apart(self, days: int) -> tuple[date, ...]:
        """As many of its days as can be had with at least `days` from one to the next: the earliest first, then the earliest after it.

        Contacts on these days alone never come closer together than a limit in so many days allows.
        """
        found: list[date] = []
        for day in self.days:
            if not found or (day - found[-1]).days >= days:
                found.append(day)
        return tuple(found)


def period_of(month: date, quiet: Quiet, since: date | None = None) -> Period:
    """The calendar month after the run's month, or its rest.

    Args:
        month: the run's month.
        since: the first day that is left of the period; a day before it leaves all of it.

    Raises:
        CallError: the period ended before `since`.
        ValueError: it is not known when Lunar New Year is, and its days are quiet.
    """
    begins = shift_month(month, 1)
    last = month_end(begins)
    first = max(begins, since) if since else begins
    if first > last:
        raise CallError(
            "decide.period_over",
            Text(f"决策执行期到 {last} 为止，{first} 已经过了", f"decisions are carried out until {last}: {first} is later"),
            Text("用更近一个月的运行。", "Take the run of a later month."),
        )  # fmt: skip
    festival = _festival(first) if quiet.spring_festival else frozenset()
    days = (first + timedelta(days=after) for after in range((last - first).days + 1))
    allowed = (
        day
        for day in days
        if _WEEKDAYS[day.weekday()] not in quiet.weekdays and day not in quiet.dates and day not in festival
    )
    return Period(first, last, tuple(allowed))


def _festival(first: date) -> frozenset[date]:
    """The seven days from the eve of Lunar New Year, where any of them could lie in this month."""
    if first.month > _LATEST_FESTIVAL_MONTH:
        return frozenset()
    eve = lunar_new_year(first.year) - timedelta(days=1)
    return frozenset(eve + timedelta(days=after) for after in range(_FESTIVAL_DAYS))
