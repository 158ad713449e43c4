"""Where people stand with the contact policy is what plain Python says, row by row; and at each limit to the day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from basekeep.decide.contacts import Standing, standing
from basekeep.decide.period import Period, period_of
from basekeep.playbook.contact_policy import Quiet
from decide import plain_standing
from decide.policy_operator import MONTH, PLAYBOOK, Operator, Ran, Row, operator, ran

FIRST = date(2025, 12, 1)
WEEKDAYS = period_of(MONTH, Quiet(weekdays=("saturday", "sunday")))


def _told(made: Ran, found: Standing) -> dict[str, dict[str, Any]]:
    """The standing of each subscriber, marks as sets of names."""
    told: dict[str, dict[str, Any]] = {}
    for place, who in enumerate(made.ids):
        family = int(made.base.family[place])
        told[who] = {
            "stops": _names(found.stops, found.stopped[place]),
            "sell_stops": _names(found.sell_stops, found.sell_stopped[place]),
            "running": _names(found.benefit_families, found.running[place]),
            "listed": _names(found.listed, found.listed_marks[place]),
            "shut": _names(("hall", "telephone_manager", "e_channel"), found.shut[place]),
            "customer_quota": found.customer_quota[made.base.customer[place]],
            "family_quota": found.family_quota[family] if family >= 0 else None,
        }
    return told


def _names(names: Sequence[str], marks: Any) -> set[str]:
    assert int(marks) >> len(names) == 0
    return {name for bit, name in enumerate(names) if int(marks) >> bit & 1}


def _standing(given: Operator, folder: Path, period: Period = WEEKDAYS, playbook: str = PLAYBOOK) -> Any:
    with ran(given, folder, playbook) as made:
        found, remarks = standing(made.plan, made.session, made.figures, made.base, period)
        return _told(made, found), {one.code: one.count for one in remarks if one.count}


@pytest.mark.parametrize("seed", range(4))
def test_it_is_the_plain_answer_on_generated_operators(seed: int, tmp_path: Path) -> None:
    given = operator(seed)
    told, remarks = _standing(given, tmp_path)
    expected = plain_standing.standing(given, WEEKDAYS.days, FIRST)
    assert told == expected
    assert remarks == plain_standing.remarks(given, FIRST)
    # Everything that can be happens to somebody.
    for what, names in EVERYTHING.items():
        assert {name for one in expected.values() for name in one[what]} == names


EVERYTHING = {
    "stops": {"cool_down.contact", "limit.month", "limit.week"},
    "sell_stops": {"cool_down.refusal", "cool_down.success"},
    "running": {"credit", "data"},
    "listed": {"opt_out", "complaint", "red_list"},
    "shut": {"hall", "e_channel"},
}


def test_the_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    given = operator(9)
    assert _standing(given, tmp_path / "a") == _standing(given.shuffled(3), tmp_path / "b")


def test_the_rest_of_a_period_counts_what_was_done_since_its_month_began(tmp_path: Path) -> None:
    since = date(2025, 12, 10)
    given = _with(
        _contact("S1", date(2025, 12, 9)), _contact("S2", date(2025, 12, 10)), _contact("S3", date(2025, 12, 11))
    )
    told, remarks = _standing(given, tmp_path, period_of(MONTH, Quiet(), since))
    assert [told[who]["customer_quota"] for who in ("S1", "S2", "S3")] == [0, 0, 1]
    assert remarks == {"contact_log.future": 1}


@pytest.mark.parametrize(("days", "left"), [(0, 0), (7, 0), (8, 1), (30, 1), (31, 1)])
def test_a_limit_counts_contacts_up_to_its_days_before_the_first_day(days: int, left: int, tmp_path: Path) -> None:
    told, _ = _standing(_with(_contact("S1", FIRST - timedelta(days=days))), tmp_path)
    assert told["S1"]["customer_quota"] == left
    assert ("limit.week" in told["S1"]["stops"]) == (left == 0)


def test_a_limit_is_hit_exactly_by_as_many_contacts_as_it_allows(tmp_path: Path) -> None:
    early = [_contact("S1", FIRST - timedelta(days=20)), _contact("S2", FIRST - timedelta(days=20))]
    told, _ = _standing(_with(*early, _contact("S2", FIRST - timedelta(days=30))), tmp_path)
    assert ("limit.month" in told["S1"]["stops"], "limit.month" in told["S2"]["stops"]) == (False, True)


def test_all_lines_of_a_customer_use_up_one_limit(tmp_path: Path) -> None:
    given = _with(_contact("S1", FIRST - timedelta(days=1)), customer="C1")
    told, _ = _standing(given, tmp_path)
    assert {told[who]["customer_quota"] for who in ("S1", "S2", "S3")} == {0}
    assert {"limit.week"} == told["S2"]["stops"]


def test_a_family_may_be_contacted_once_a_week_and_its_last_contact_takes_the_first_week(tmp_path: Path) -> None:
    families = {"S1": "F1", "S2": "F1", "S3": "F2"}
    given = replace(_with(_contact("S1", FIRST - timedelta(days=6))), families=families)
    told, _ = _standing(given, tmp_path, period_of(MONTH, Quiet()))
    # Weeks begin on the first, the eighth, the fifteenth, the twenty-second and the twenty-ninth.
    assert (told["S2"]["family_quota"], told["S3"]["family_quota"]) == (4, 5)
    assert told["S2"]["customer_quota"] == 1


def test_a_family_is_stopped_where_the_rest_of_the_period_has_one_week_and_it_is_taken(tmp_path: Path) -> None:
    given = replace(_with(_contact("S1", date(2025, 12, 20))), families={"S1": "F1", "S2": "F1"})
    told, _ = _standing(given, tmp_path, period_of(MONTH, Quiet(), date(2025, 12, 26)))
    assert told["S2"]["stops"] == {"limit.home"}


def test_an_assigned_contact_counts_as_somebody_was_told_to_make_it(tmp_path: Path) -> None:
    told, _ = _standing(_with({**_contact("S1", FIRST - timedelta(days=5)), "result": "assigned"}), tmp_path)
    assert told["S1"]["customer_quota"] == 0


@pytest.mark.parametrize("extra", [0, 1])
def test_cool_downs_end_to_the_day(extra: int, tmp_path: Path) -> None:
    results = {"S1": ("reached", 3), "S2": ("refused", 60), "S3": ("agreed", 20), "S4": ("opted_out", 400)}
    given = _with(*(
        {**_contact(who, FIRST - timedelta(days=days + extra)), "result": result} for who, (result, days) in results.items()
    ))  # fmt: skip
    told, _ = _standing(given, tmp_path)
    assert ("cool_down.contact" in told["S1"]["stops"]) == (not extra)
    assert ("cool_down.refusal" in told["S2"]["sell_stops"]) == (not extra)
    assert ("cool_down.success" in told["S3"]["sell_stops"]) == (not extra)
    assert ("opt_out" in told["S4"]["listed"]) == (not extra)


def test_without_days_there_is_no_cool_down(tmp_path: Path) -> None:
    playbook = PLAYBOOK.replace(
        "{contact_days: 3, refusal_days: 60, success_days: 20, opt_out_days: 400}", "{opt_out_days: 0}"
    )
    contacts = [
        {**_contact(f"S{n}", FIRST), "result": result} for n, result in enumerate(("refused", "agreed", "opted_out"), 1)
    ]
    told, _ = _standing(_with(*contacts), tmp_path, playbook=playbook)
    for who in ("S1", "S2", "S3"):
        assert (told[who]["sell_stops"], told[who]["listed"]) == (set(), set())
        assert "cool_down.contact" not in told[who]["stops"]


def test_a_benefit_runs_until_the_end_of_its_last_day(tmp_path: Path) -> None:
    orders = [
        {"order_id": who, "subscriber_id": who, "date": date(2025, 6, 1), "offer_id": offer, "effective_until": until}
        for who, offer, until in (
            ("S1", "gift", FIRST),
            ("S2", "gift", FIRST - timedelta(days=1)),
            ("S3", "pack", None),
        )
    ]
    told, _ = _standing(replace(_with(), orders=orders), tmp_path)
    assert [told[who]["running"] for who in ("S1", "S2", "S3")] == [{"credit"}, set(), set()]


def test_an_exclusion_holds_through_its_last_day_and_an_unknown_channel_shuts_all(tmp_path: Path) -> None:
    rows = [
        {"subscriber_id": who, "reason": "sensitive", "until": until, "channel": channel}
        for who, until, channel in (
            ("S1", FIRST, None), ("S2", FIRST - timedelta(days=1), None), ("S3", None, "hall"), ("S4", None, "fax"),
        )
    ]  # fmt: skip
    told, remarks = _standing(replace(_with(), excluded=rows), tmp_path)
    assert [told[who]["listed"] for who in ("S1", "S2", "S3", "S4")] == [{"sensitive"}, set(), set(), {"sensitive"}]
    assert [told[who]["shut"] for who in ("S1", "S2", "S3", "S4")] == [set(), set(), {"hall"}, set()]
    assert remarks == {"exclusion_list.unknown_channel": 1}


def test_beyond_forty_reasons_the_rest_is_other(tmp_path: Path) -> None:
    rows = [
        {"subscriber_id": "S1", "reason": f"r{number:02d}", "until": None, "channel": None} for number in range(45)
    ] + [{"subscriber_id": "S2", "reason": "r44", "until": None, "channel": None}]
    told, _ = _standing(replace(_with(), excluded=rows), tmp_path)
    # The one that stands twice comes first; then those first in order.
    assert told["S1"]["listed"] == {"r44", *(f"r{number:02d}" for number in range(37)), "other"}
    assert told["S2"]["listed"] == {"r44"}


def test_as_many_reasons_as_there_is_room_for_are_all_told(tmp_path: Path) -> None:
    rows = [{"subscriber_id": "S1", "reason": f"it's {number}", "until": None, "channel": None} for number in range(39)]
    told, _ = _standing(replace(_with(), excluded=rows), tmp_path)
    assert told["S1"]["listed"] == {f"it's {number}" for number in range(39)}


def test_where_no_table_is_stored_nothing_is_known_and_nobody_stopped(tmp_path: Path) -> None:
    told, remarks = _standing(_with(), tmp_path)
    nothing = {what: set[str]() for what in ("stops", "sell_stops", "running", "listed", "shut")}
    assert list(told.values()) == [{**nothing, "customer_quota": 1, "family_quota": None}] * 6
    assert remarks == {}


def test_without_limits_quotas_are_as_many_as_there_are_subscribers(tmp_path: Path) -> None:
    begin, end = PLAYBOOK.index("  limits:"), PLAYBOOK.index("  cool_downs:")
    told, _ = _standing(_with(_contact("S1", FIRST)), tmp_path, playbook=PLAYBOOK[:begin] + PLAYBOOK[end:])
    assert {one["customer_quota"] for one in told.values()} == {6}


def _with(*contacts: Row, customer: str | None = None) -> Operator:
    """Six people, of one customer where one is named, with these contacts."""
    people = [
        {
            "subscriber_id": f"S{n}", "month": MONTH, "status": "active", "join_date": date(2020, 1, 1),
            "customer_id": customer or f"C{n}", "customer_class": "public",
        }
        for n in range(1, 7)
    ]  # fmt: skip
    return Operator(people, contacts=contacts or None)


def _contact(who: str, day: date) -> Row:
    at = datetime(day.year, day.month, day.day, 23, 59, 59)
    return {"contact_id": f"{who}{day}", "subscriber_id": who, "at": at, "channel": "hall", "result": "reached"}
