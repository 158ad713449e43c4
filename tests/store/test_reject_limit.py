"""Each month is held to the reject limit by its own rows, whatever is read with it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from basekeep.kernel.errors import FindingsError
from basekeep.store.state import State, read_state

from .small_operator import Operator

JANUARY, FEBRUARY, MARCH = (date(2025, month, 1) for month in (1, 2, 3))
SOUND = {f"s{n}": "1" for n in range(40)}
HEADER = ["subscriber_id", "month", "status", "join_date", "arpu"]
BROKEN = ["half", "2025-02-01"]
NO_MONTH = ["odd", "no month", "active", "2020-05-17", "1"]


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    return Operator(tmp_path / "workspace")


def lines(month: date, arpu: dict[str, str]) -> list[list[str]]:
    return [[member, month.isoformat(), "active", "2020-05-17", value] for member, value in arpu.items()]


def refused(operator: Operator, month: date | None = None) -> list[str]:
    """What an ingest is refused for, in English."""
    with pytest.raises(FindingsError) as caught:
        operator.ingest(month)
    assert read_state(operator.store_dir) == State()
    assert {finding.code for finding in caught.value.findings} == {"ingest.too_many_rejects"}
    return [finding.what.en.split(",")[0] for finding in caught.value.findings]


FEBRUARY_FAILED = ["subscriber_month 2025-02: 2 of 5 rows rejected (40%)"]


@pytest.mark.parametrize("month", [None, FEBRUARY])
def test_a_month_gets_the_same_answer_alone_and_among_others(operator: Operator, month: date | None) -> None:
    operator.month(JANUARY, SOUND)
    operator.month(FEBRUARY, {"a": "1", "b": "1", "c": "1", "d": "much", "e": "more"})
    operator.month(MARCH, SOUND)
    assert refused(operator, month) == FEBRUARY_FAILED


@pytest.mark.parametrize("month", [None, FEBRUARY])
@pytest.mark.parametrize("bad", [BROKEN, NO_MONTH])
def test_a_row_without_a_month_is_of_the_month_of_its_file(
    operator: Operator, month: date | None, bad: list[str]
) -> None:
    operator.month(JANUARY, SOUND)
    operator.write("month_2025-02", HEADER, [*lines(FEBRUARY, {"a": "1", "b": "1", "c": "1"}), bad, bad])
    assert refused(operator, month) == FEBRUARY_FAILED


def test_a_row_twice_is_of_its_month(operator: Operator) -> None:
    operator.month(JANUARY, SOUND)
    operator.write(
        "month_2025-02", HEADER, lines(FEBRUARY, {"a": "1", "b": "1", "c": "1"}) + lines(FEBRUARY, {"a": "2"})
    )
    assert refused(operator) == ["subscriber_month 2025-02: 2 of 4 rows rejected (50%)"]


def test_in_a_file_of_two_months_a_row_without_a_month_counts_against_the_table(operator: Operator) -> None:
    good = lines(JANUARY, {"a": "1", "b": "1", "c": "1"}) + lines(FEBRUARY, {"a": "1", "b": "1", "c": "1"})
    operator.write("month_both", HEADER, [*good, NO_MONTH])
    assert operator.ingest().published
    operator = Operator(operator.root.parent / "another")
    operator.write("month_both", HEADER, [*good, NO_MONTH, NO_MONTH])
    assert refused(operator) == ["subscriber_month: 2 of 8 rows rejected (25%)"]


def test_every_month_that_fails_is_named_with_the_limit_at_which_all_pass(operator: Operator) -> None:
    operator.month(JANUARY, {"a": "1", "b": "x"})
    operator.month(FEBRUARY, {"a": "1", "b": "1", "c": "x"})
    operator.month(MARCH, {f"s{n}": "1" for n in range(9)} | {"odd": "x"})
    with pytest.raises(FindingsError) as caught:
        operator.ingest()
    said = [finding.what.en for finding in caught.value.findings]
    assert [text.split(" rows")[0] for text in said] == [
        "subscriber_month 2025-01: 1 of 2",
        "subscriber_month 2025-02: 1 of 3",
    ]
    assert "first in data/month_2025-02.csv:4" in said[1]
    assert all("--reject-limit 0.500" in finding.do.en for finding in caught.value.findings)
    assert operator.ingest(reject_limit="0.500").published


def test_a_month_of_which_every_row_is_rejected_fails(operator: Operator) -> None:
    operator.month(JANUARY, SOUND)
    operator.month(FEBRUARY, {"a": "x"})
    assert refused(operator) == ["subscriber_month 2025-02: 1 of 1 rows rejected (100%)"]


def test_a_month_out_of_its_range_is_no_month(operator: Operator) -> None:
    operator.month(JANUARY, SOUND)
    operator.write("month_2025-02", HEADER, [*lines(FEBRUARY, SOUND), *lines(date(1700, 1, 1), {"a": "1", "": "1"})])
    assert operator.ingest().published


def test_the_account_is_kept_by_month(operator: Operator) -> None:
    operator.month(JANUARY, SOUND)
    operator.month(FEBRUARY, {f"s{n}": "1" for n in range(9)} | {"odd": "x"})
    report = operator.ingest()
    kept = json.loads((report.rejects_folder / "ledger.json").read_text(encoding="utf-8"))
    assert kept["tables"][0]["months"] == [
        {"month": "2025-01", "read": 40, "rejected": 0},
        {"month": "2025-02", "read": 10, "rejected": 1},
    ]
    assert kept["tables"][1]["months"] == []
