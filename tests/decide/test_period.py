"""The period is the month after the run's month, without the quiet days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from basekeep.decide.period import period_of
from basekeep.kernel.errors import CallError
from basekeep.playbook.contact_policy import Quiet

NEVER = Quiet(spring_festival=False)


def test_it_is_the_calendar_month_after_the_runs_month() -> None:
    period = period_of(date(2025, 12, 1), NEVER)
    assert (period.first, period.last) == (date(2026, 1, 1), date(2026, 1, 31))
    assert len(period.days) == 31


def test_weekdays_and_dates_are_left_out() -> None:
    period = period_of(date(2025, 10, 1), Quiet(weekdays=("saturday", "sunday"), dates=(date(2025, 11, 11),)))
    assert len(period.days) == 19
    assert all(day.weekday() < 5 and day.day != 11 for day in period.days)


@pytest.mark.parametrize(
    "eve", [date(2004, 1, 21), date(2022, 1, 31), date(2025, 1, 28), date(2026, 2, 16), date(2033, 1, 30)]
)
def test_seven_days_from_the_eve_of_lunar_new_year_are_left_out_across_months(eve: date) -> None:
    quiet = {eve + timedelta(days=n) for n in range(7)}
    left_out = set()
    for before in (date(eve.year - 1, 12, 1), date(eve.year, 1, 1), date(eve.year, 2, 1)):
        period = period_of(before, Quiet())
        every = {period.first + timedelta(days=n) for n in range((period.last - period.first).days + 1)}
        left_out |= every - set(period.days)
    assert left_out == quiet


def test_the_festival_is_kept_where_it_is_not_asked_for() -> None:
    assert len(period_of(date(2025, 1, 1), NEVER).days) == 28


def test_in_a_month_that_cannot_hold_the_festival_its_date_need_not_be_known() -> None:
    assert len(period_of(date(2055, 5, 1), Quiet()).days) == 30


def test_since_leaves_the_rest_and_a_day_before_the_period_all_of_it() -> None:
    rest = period_of(date(2025, 10, 1), NEVER, since=date(2025, 11, 28))
    assert rest.days == (date(2025, 11, 28), date(2025, 11, 29), date(2025, 11, 30))
    assert rest.first == date(2025, 11, 28)
    assert period_of(date(2025, 10, 1), NEVER, since=date(2025, 10, 20)) == period_of(date(2025, 10, 1), NEVER)
    assert period_of(date(2025, 10, 1), NEVER, since=date(2025, 11, 30)).days == (date(2025, 11, 30),)


def test_a_period_that_is_over_is_a_wrong_call() -> None:
    with pytest.raises(CallError, match=r"decide\.period_over"):
        period_of(date(2025, 10, 1), NEVER, since=date(2025, 12, 1))


def test_days_apart_are_as_many_as_there_can_be() -> None:
    period = period_of(date(2025, 10, 1), Quiet(weekdays=("saturday",), dates=(date(2025, 11, 9),)))
    # The first is a Saturday: windows begin on the second, the tenth (the ninth is quiet), the seventeenth and the twenty-fourth.
    assert [day.day for day in period.apart(7)] == [2, 10, 17, 24]
    assert period.apart(1) == period.days
    assert period.apart(31) == (date(2025, 11, 2),)
    assert period_of(date(2025, 10, 1), Quiet(dates=period.days, weekdays=("saturday", "sunday"))).apart(7) == ()
