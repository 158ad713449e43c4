"""The oracle's own words held against figures worked out by hand: truth, time, percentile, the base, the two states."""

from collections import Counter
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from .answer import answer
from .arithmetic import percentile_of_known
from .calendar_months import festival_months, full_years, latest_festival_months, tenure_month
from .logic import all_of, any_of
from .reports import balance_by_tenure_month, balance_by_tenure_year
from .tiny import OCTOBER, exact, subscriber, truth


def test_false_settles_and_while_unknown_leaves_it_open() -> None:
    assert [all_of(True, None), all_of(False, None), all_of(True, True)] == [None, False, True]


def test_true_settles_or_while_unknown_leaves_it_open() -> None:
    assert [any_of(True, None), any_of(False, None), any_of(False, False)] == [True, None, False]


def test_a_percentile_lies_on_the_line_between_two_values() -> None:
    # Four values: position 0.8 × 3 = 2.4, so 30 + 0.4 × (40 − 30).
    values = [Fraction(40), None, Fraction(10), Fraction(30), Fraction(20)]
    assert percentile_of_known(values, Fraction(4, 5)) == 34


@pytest.mark.parametrize(
    ("joined", "day", "years"),
    [
        (date(2024, 2, 29), date(2025, 2, 28), 1),
        (date(2020, 2, 29), date(2024, 2, 28), 3),
        (date(2020, 2, 29), date(2024, 2, 29), 4),
        (date(2024, 10, 31), date(2025, 10, 31), 1),
        (date(2024, 11, 1), date(2025, 10, 31), 0),
        (date(2025, 10, 31), date(2025, 10, 31), 0),
    ],
)
def test_a_year_is_full_on_its_anniversary(joined: date, day: date, years: int) -> None:
    assert full_years(joined, day) == years


def test_the_month_of_joining_is_the_first() -> None:
    assert [tenure_month(date(2025, 10, 31), OCTOBER), tenure_month(date(2025, 8, 1), OCTOBER)] == [1, 3]


def test_a_festival_may_span_two_months() -> None:
    # New Year's Day 29 January 2025: 28 January to 3 February. 17 February 2026: 16 to 22 February.
    assert festival_months(2025) == (date(2025, 1, 1), date(2025, 2, 1))
    assert festival_months(2026) == (date(2026, 2, 1),)


def test_a_festival_counts_once_its_last_month_has_ended() -> None:
    assert latest_festival_months(date(2025, 1, 1)) == (date(2024, 2, 1),)
    assert latest_festival_months(date(2025, 2, 1)) == (date(2025, 1, 1), date(2025, 2, 1))
    assert latest_festival_months(date(2026, 1, 1)) == (date(2025, 1, 1), date(2025, 2, 1))


@pytest.mark.parametrize("month", [date(2022, 1, 1), date(2028, 1, 1)])
def test_a_festival_that_is_not_written_down_is_not_guessed(month: date) -> None:
    with pytest.raises(ValueError, match="no lunar new year"):
        latest_festival_months(month)


def test_the_base_is_who_has_a_row_now_and_is_not_cancelled() -> None:
    gone = subscriber("gone", date(2025, 9, 1))
    stopped, left = subscriber("stopped", status="suspended"), subscriber("left", status="cancelled")
    assert answer(subscriber() + stopped + left + gone, OCTOBER).base == {"A", "stopped"}


@pytest.mark.parametrize(
    ("balance", "state"),
    [
        # A = (50.01 + 60.00 + 69.99) / 3 = 60.00, half of it 30.00.
        ("-0.01", "overdue"),
        ("0.00", "low"),
        ("29.99", "low"),
        ("30.00", "fair"),
        ("60.00", "fair"),
        ("60.01", "healthy"),
        ("?", None),
    ],
)
def test_the_balance_is_judged_by_three_months_arpu(balance: str, state: str | None) -> None:
    rows = subscriber(arpu=exact("50.01", "60.00", "69.99"), balance=exact(balance, "?", "?"))
    assert answer(rows, OCTOBER).states["A"][0] == state


@pytest.mark.parametrize(
    ("arpu", "balance", "state"),
    [
        (["40.00", "?", "90.00"], "40.00", "fair"),
        (["40.00", "?", "90.00"], "40.01", "healthy"),
        (["?", "50.00", "90.00"], "40.00", None),
        (["?", "50.00", "90.00"], "-0.01", "overdue"),
        (["0.00", "0.00", "0.00"], "0.00", "fair"),
    ],
)
def test_where_the_three_months_are_not_known_this_month_stands_in(
    arpu: list[str], balance: str, state: str | None
) -> None:
    rows = subscriber(arpu=exact(*arpu), balance=exact(balance, "?", "?"))
    assert answer(rows, OCTOBER).states["A"][0] == state


@pytest.mark.parametrize(
    ("out", "came", "data", "state"),
    [
        ("0.00", "0.00", "0.00", "silent"),
        ("0.00", "0.00", "0.01", "low"),
        ("0.00", "0.00", "?", None),
        ("0.00", "?", "0.00", None),
        ("20.00", "29.99", "?", "low"),
        ("20.00", "30.00", "?", "normal"),
        ("150.00", "0.00", "?", "normal"),
        ("150.00", "0.01", "?", "high"),
    ],
)
def test_use_is_judged_by_the_bases_mean(out: str, came: str, data: str, state: str | None) -> None:
    # B's minutes bring the mean of the two to 100.00; where A's are unknown the mean is B's alone.
    own = sum(figure for figure in exact(out, came) if figure)
    other = subscriber("B", mou_out=exact("200.00"), mou_in=[-own], data_mb=exact("1.00"))
    rows = subscriber(mou_out=exact(out), mou_in=exact(came), data_mb=exact(data)) + other
    assert answer(rows, OCTOBER).states["A"][1] == state


def test_a_base_without_a_minute_is_normal_where_it_has_data() -> None:
    # The mean is 0: 0 is not below 50% of it and not above 150% of it.
    rows = subscriber(mou_out=exact("0.00"), mou_in=exact("0.00"), data_mb=exact("5.00"))
    assert answer(rows, OCTOBER).states["A"][1] == "normal"


def test_the_two_reports_count_states_by_tenure() -> None:
    young = subscriber("B", join_date=date(2025, 8, 31), arpu=exact("30.00"), balance=exact("1.00"))
    rows = subscriber(arpu=exact("30.00"), balance=exact("31.00")) + young
    found = answer(rows, OCTOBER)
    assert balance_by_tenure_year(found) == {10: Counter(healthy=1), 0: Counter(low=1)}
    assert balance_by_tenure_month(found)[3] == Counter(low=1)


def test_a_parameter_can_be_changed() -> None:
    hopper = {"number_changes_12m": [1, 0, 0], "arpu": exact("40.00", "40.00", "40.00"), "bound_until": None}
    assert truth("churn_warning.number_hopper", **hopper) is False
    assert truth("churn_warning.number_hopper", None, {"number_changes": Fraction(1)}, **hopper) is True


def test_what_cannot_be_judged_is_refused() -> None:
    with pytest.raises(ValueError, match="two rows for A"):
        answer(subscriber() + subscriber(), OCTOBER)
    with pytest.raises(TypeError, match="not an exact number"):
        answer(subscriber(arpu=70.0), OCTOBER)
    with pytest.raises(ValueError, match="no such parameters"):
        answer(subscriber(), OCTOBER, {"arpu_drop": Fraction(1)})


def test_the_oracle_knows_nothing_of_the_product() -> None:
    product = "base" + "keep"
    sources = Path(__file__).parent.glob("*.py")
    assert [path.name for path in sources if product in path.read_text("utf-8").lower()] == []
