"""When an offer makes sense: before an event that is ahead, in the month of a birthday or anniversary, before Spring Festival."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from basekeep.checks.playbook import sound_playbook
from basekeep.playbook.shipping import shipped_folder
from runs.small_bench import bench_of

PLAYBOOK = sound_playbook(shipped_folder())
MONTH, END = date(2025, 12, 1), date(2025, 12, 31)
DAYS = [date(1960, 2, 29), *(date(1975 + n, 1 + n % 12, 1 + (n * 7) % 28) for n in range(24)), date(1988, 1, 31)]


def _row(subscriber: str, month: date, **cells: object) -> dict[str, object]:
    plain = {"status": "active", "join_date": date(2020, 5, 17), "customer_id": subscriber, "payment": "prepaid"}
    return {"subscriber_id": subscriber, "month": month, **plain, **cells}


def _passing(offer: str, stage: str, rows: list[dict[str, object]], month: date, folder: Path) -> set[str]:
    """Who passes a stage of an offer."""
    bit = 1 << list(PLAYBOOK.offers).index(offer)
    with bench_of(rows, folder) as bench:
        figures = bench.figures(bench.run(PLAYBOOK, month))
    return {who for who, row in figures.items() if row[f"offers__{stage}__0"] & bit}


def test_an_event_is_one_that_is_still_ahead(tmp_path: Path) -> None:
    ends = [END - timedelta(days=400), END, END + timedelta(days=1), END + timedelta(days=900), None]
    rows = [_row(str(index), MONTH, bound_until=end, vas_until=end) for index, end in enumerate(ends)]
    with bench_of(rows, tmp_path) as bench:
        figures = bench.figures(bench.run(PLAYBOOK, MONTH))
    for column in ("event__bound_until", "event__vas_until"):
        assert [figures[str(index)][column] for index in range(5)] == [None, None, *ends[2:]]


@pytest.mark.parametrize("month", [MONTH, date(2024, 1, 1), date(2025, 5, 1)], ids=str)
def test_birthdays_are_wished_in_the_month_they_fall_in(month: date, tmp_path: Path) -> None:
    rows = [_row(str(index), month, birth_date=day) for index, day in enumerate(DAYS)]
    rows.append(_row("unknown", month, birth_date=None))
    carried_out = month.month % 12 + 1
    expected = {str(index) for index, day in enumerate(DAYS) if day.month == carried_out}
    assert expected
    assert _passing("birthday_wish", "applicable", rows, month, tmp_path) == expected


def test_anniversaries_are_kept_in_the_month_they_fall_in(tmp_path: Path) -> None:
    joined = [
        date(2025, 1, 1),
        date(2024, 1, 31),
        date(2011, 1, 15),
        date(2024, 12, 31),
        date(2024, 2, 1),
        date(2025, 12, 5),
    ]
    rows = [_row(str(index), MONTH, join_date=day) for index, day in enumerate(joined)]
    assert _passing("anniversary", "applicable", rows, MONTH, tmp_path) == {"0", "1", "2"}


@pytest.mark.parametrize(
    ("month", "near"), [(date(2025, 12, 1), True), (date(2026, 12, 1), True), (date(2025, 7, 1), False)]
)
def test_the_ride_home_is_offered_before_spring_festival_only(month: date, near: bool, tmp_path: Path) -> None:
    assert _passing("festival_ride", "applicable", [_row("a", month)], month, tmp_path) == ({"a"} if near else set())


def test_a_plan_dearer_than_ones_own_use_is_not_for_one(tmp_path: Path) -> None:
    spent = {"a": 12_899, "b": 12_900, "c": 20_000, "d": None}
    months = [date(2025, 12, 1), date(2025, 11, 1), date(2025, 10, 1)]
    rows = [
        _row(who, month, arpu=None if fen is None else Fraction(fen, 100))
        for who, fen in spent.items()
        for month in months
    ]
    assert _passing("plan_5g", "affordable", rows, MONTH, tmp_path) == {"b", "c"}
