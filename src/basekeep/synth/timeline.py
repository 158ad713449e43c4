"""The months that are made: their days, their season and the Spring Festival. Days count from 1970-01-01."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from basekeep.kernel.months import lunar_new_year, month_end, shift_month
from basekeep.synth.draws import Array
from basekeep.synth.options import Options

_EPOCH = date(1970, 1, 1)
# Calls peak around the festival, data in the school holidays, newcomers after the festival and in September.
_VOICE = (1.04, 1.02, 1.00, 0.99, 1.00, 0.99, 0.98, 0.98, 1.01, 0.99, 1.00, 1.03)
_DATA = (1.02, 1.06, 0.97, 0.97, 0.99, 0.99, 1.08, 1.09, 0.97, 1.02, 0.97, 0.98)
_NEWCOMERS = (0.85, 1.00, 1.25, 1.05, 0.95, 0.95, 0.95, 1.00, 1.30, 1.00, 0.90, 0.80)


@dataclass(frozen=True)
class MonthFrame:
    """One month: `index` from 0, `number` = year × 12 + month − 1, first and last day since 1970."""

    index: int
    number: int
    first: date
    first_day: int
    last_day: int
    voice_season: float
    data_season: float
    newcomer_season: float
    festival_days: int
    near_festival: bool

    @property
    def days(self) -> int:
        """How many days the month has."""
        return self.last_day - self.first_day + 1

    @property
    def month_of_year(self) -> int:
        """0 for January."""
        return self.number % 12


def timeline(options: Options) -> tuple[MonthFrame, ...]:
    """All months, earliest first."""
    first = shift_month(options.last_month, 1 - options.months)
    return tuple(_frame(index, shift_month(first, index)) for index in range(options.months))


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH).days


def first_days(numbers: Array) -> Array:
    """The first day of each month number (year × 12 + month − 1)."""
    months = np.asarray(numbers, dtype=np.int64) - 1970 * 12
    return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int32)


def _frame(index: int, first: date) -> MonthFrame:
    of_year = first.month - 1
    festival_days = _festival_days(first)
    beside = festival_days + _festival_days(shift_month(first, 1)) + _festival_days(shift_month(first, -1))
    return MonthFrame(
        index=index,
        number=first.year * 12 + of_year,
        first=first,
        first_day=day_number(first),
        last_day=day_number(month_end(first)),
        voice_season=_VOICE[of_year],
        data_season=_DATA[of_year],
        newcomer_season=_NEWCOMERS[of_year],
        festival_days=festival_days,
        near_festival=beside > 0,
    )


def _festival_days(first: date) -> int:
    """How many of the seven days from the eve of Lunar New Year lie in the month."""
    eve = lunar_new_year(first.year) - timedelta(days=1)
    days = (eve + timedelta(days=k) for k in range(7))
    return sum(day.replace(day=1) == first for day in days)
