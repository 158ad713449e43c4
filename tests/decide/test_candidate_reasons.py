"""Each reason for which an offer is no candidate, alone."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from basekeep.decide.candidates import without_held_out
from basekeep.decide.contacts import HeldOut
from basekeep.decide.levers import Change, Levers
from basekeep.playbook.declarations import Playbook

from .plain_candidates import Row
from .small_base import Person, base_of, offer, period, playbook, standing_of
from .test_candidates import made, reasons_of, rows_of

DUE = {"date": "bound_until", "lead_days": 5}
HALL = {"s0": {"hall": "0.1"}}


def book(**changes: Any) -> Playbook:
    return playbook({"o": offer(**changes)})


def asked(declared: Playbook, person: Person, **more: Any) -> tuple[list[Row], set[str]]:
    """The candidates of a base of one, and the reasons against others."""
    base = base_of(declared, [person])
    found = made(declared, base, standing_of([person]), **more)
    return rows_of(found, declared, base)[0], reasons_of(found, 0)


@pytest.mark.parametrize(
    ("declared", "person", "reasons"),
    [
        (book(), Person(passes={"eligible": 0}), {"not_eligible"}),
        (book(), Person(passes={"applicable": 0}), {"not_applicable"}),
        (book(), Person(passes={"suitable": 0}), {"not_suitable"}),
        (book(), Person(passes={"affordable": 0}), {"costs_more_than_use"}),
        (book(), Person(passes={"eligible": 0, "affordable": 0}), {"not_eligible", "costs_more_than_use"}),
        (book(event=DUE), Person(events={"bound_until": date(2026, 1, 5)}), {"too_late"}),
        (book(valid_until="2025-12-31"), Person(), {"not_valid"}),
        (book(valid_from="2026-01-29"), Person(), {"not_valid"}),
        (book(), Person(value=float("nan")), {"value_unknown"}),
        (book(), Person(value=float("inf")), {"value_unknown"}),
        (book(benefit_family="gift"), Person(running=1), {"benefit_running"}),
        (book(), Person(shut=1), {"channel_shut"}),
        (book(), Person(branch=-1), {"no_unit"}),
        (book(), Person(branch=10), {"no_unit"}),
        (book(device={"models": ["m9"]}), Person(), {"no_stock"}),
        (book(device={}), Person(branch=-1), {"no_unit", "no_stock"}),
        (book(), Person(value=25.0), {"not_worth_it"}),
        (book(), Person(stopped=1), {"cool_down.contact"}),
        (book(), Person(stopped=3, sell_stopped=2), {"cool_down.contact", "limit.month", "cool_down.success"}),
        (book(kind="care"), Person(stopped=2, sell_stopped=3), {"limit.month"}),
        # Whom nothing serves, and who is excluded, is asked nothing.
        (book(), Person(segments=0), set()),
        (book(), Person(excluded=2), set()),
        (book(), Person(listed=2, branch=-1), set()),
    ],
)  # fmt: skip
def test_a_reason_leaves_no_candidate(declared: Playbook, person: Person, reasons: set[str]) -> None:
    assert asked(declared, person) == ([], reasons)


@pytest.mark.parametrize(
    ("declared", "person"),
    [
        (book(), Person()),
        (book(event=DUE), Person(events={"bound_until": date(2026, 1, 6)})),
        (book(event=DUE), Person()),
        (book(valid_from="2026-01-28", valid_until="2026-01-28"), Person()),
        (book(benefit_family="gift"), Person(running=2)),
        (book(), Person(shut=14)),
        (book(kind="care"), Person(sell_stopped=3)),
        (book(), Person(value=25.06)),
    ],
)
def test_what_is_just_not_in_the_way_is_not_told(declared: Playbook, person: Person) -> None:
    rows, reasons = asked(declared, person)
    assert (len(rows), reasons) == (1, set())


def test_offers_beyond_the_first_column_of_marks_are_asked_in_the_next() -> None:
    many = playbook({f"o{n}": offer() for n in range(70)})
    rows, reasons = asked(many, Person(passes={"eligible": 0b10_0000_0010}))
    assert ([row["offer"] for row in rows], reasons) == (["o1", "o9", "o61", "o69"], {"not_eligible"})


def test_a_quota_of_none_stops_all_lines_of_a_customer_and_a_family() -> None:
    people = [Person(customer=0), Person(customer=0), Person(customer=1, family=0), Person(customer=2)]
    base = base_of(book(), people)
    found = made(book(), base, standing_of(people, [0, 1, 1], [0]))
    assert [reasons_of(found, i) for i in range(4)] == [{"contact_limit"}] * 3 + [set()]
    assert found.allowed.tolist() == [False, False, False, True]


def test_who_is_reserved_is_reached_by_these_channels_alone() -> None:
    serves = {"s0": {"hall": "0.5", "account_manager": "0.5", "e_channel": "0.5"}}
    policy = {
        "reserved": {"key": {"name": {"zh": "关键", "en": "key"}, "when": "arpu > 1", "channels": ["account_manager"]}}
    }
    declared = playbook({"o": offer(serves=serves)}, contact_policy=policy)
    rows, reasons = asked(declared, Person(reserved=1))
    assert ([row["channel"] for row in rows], reasons) == (["account_manager"], {"reserved"})


def test_without_a_day_for_contacts_nobody_is_contacted() -> None:
    assert asked(book(), Person(), when=period([])) == ([], {"quiet"})


def test_the_first_segment_written_counts() -> None:
    serves = {"s2": {"hall": "0.3"}, "s0": {"hall": "0.1", "e_channel": "0.2"}}
    declared = playbook({"o": offer(serves=serves)})
    # Bits follow `Base.served`: s2 first, as written.
    for segments, chances in ((1, {"hall": 0.3}), (2, {"hall": 0.1, "e_channel": 0.2}), (3, {"hall": 0.3})):
        rows, _ = asked(declared, Person(segments=segments))
        assert {row["channel"]: row["probability"] for row in rows} == chances


def test_a_group_is_looked_after_where_it_is_managed() -> None:
    declared = book(serves={"s0": {"hall": "0.5", "account_manager": "0.5"}})
    for group, county in ((-1, "C0Q0"), (0, "C1Q1"), (1, "C0Q0"), (2, "C0Q0"), (3, "C0Q0")):
        rows, _ = asked(declared, Person(branch=0, group=group))
        assert {row["channel"]: row["unit"] for row in rows} == {"hall": "C0Q0B0", "account_manager": county}


def test_a_channel_without_limits_needs_no_unit() -> None:
    rows, reasons = asked(book(serves={"s0": {"e_channel": "0.1"}}), Person(branch=-1))
    assert ([row["unit"] for row in rows], reasons) == ([None], set())


def test_contact_by_keeps_the_true_day() -> None:
    rows, _ = asked(book(event=DUE), Person(events={"bound_until": date(2026, 6, 30)}))
    assert rows[0]["contact_by"] == date(2026, 6, 25)


def test_an_offer_that_ends_within_the_period_is_made_before_its_end() -> None:
    ends = book(valid_until="2026-01-20", event=DUE)
    for due, by in ((date(2026, 1, 15), date(2026, 1, 10)), (date(2026, 6, 30), date(2026, 1, 20))):
        assert asked(ends, Person(events={"bound_until": due}))[0][0]["contact_by"] == by
    assert asked(ends, Person())[0][0]["contact_by"] == date(2026, 1, 20)
    assert asked(book(valid_until="2026-01-31"), Person())[0][0]["contact_by"] is None


def test_models_are_spread_as_they_are_available() -> None:
    declared, people = book(device={"models": ["m0", "m1"]}), [Person(customer=n, branch=n % 8) for n in range(1_200)]
    stock = [("m0", "C0", 3), ("m1", "C0Q1B0", 1), ("m1", "C1", 1)]
    base = base_of(declared, people)
    found = made(declared, base, standing_of(people), stock=stock)
    models = [rows[0]["model"] for rows in rows_of(found, declared, base)]
    by_city = [[model for model, one in zip(models, people, strict=True) if one.branch // 4 == city] for city in (0, 1)]
    assert 400 < by_city[0].count("m0") < 500
    assert set(by_city[0]) == {"m0", "m1"}
    assert set(by_city[1]) == {"m1"}


def test_the_stock_lever_can_leave_nothing() -> None:
    half = Levers({"stock": Change(times=Fraction(1, 2))})
    declared = book(device={"models": ["m0"]})
    assert asked(declared, Person(), stock=[("m0", "C0", 1)], levers=half) == ([], {"no_stock"})
    assert len(asked(declared, Person(), stock=[("m0", "C0", 2)], levers=half)[0]) == 1


def test_money_is_rounded_half_up_and_never_through_doubles() -> None:
    # 12.345 yuan are 1,235 fen; a tenth of it 123.5, so 124; 2.50 for the hall and a tenth of 8.05 make 3.31.
    declared = book(benefit_yuan="8.05")
    rows, _ = asked(declared, Person(value=123.455))
    assert (rows[0]["value"], rows[0]["cost"], rows[0]["expected"]) == (12_346, 331, 1_235 - 331)


def test_weights_of_many_digits_stay_exact() -> None:
    long = "0.12345678901234567890123456789"
    rows, _ = asked(book(weight=long), Person(value=1_000_000.0))
    assert rows[0]["expected"] == int(Fraction(long) * 10_000_000 + Fraction(1, 2)) - 250


def test_held_out_from_a_campaign_or_from_everything() -> None:
    control = {"from_share": "0.2", "to_share": "0.1"}
    campaigns = {name: {"name": {"zh": name, "en": name}, "control": control} for name in ("spring", "autumn")}
    declared = playbook({"a": offer(), "b": offer(campaign="autumn")}, campaigns=campaigns)
    people = [Person(customer=n) for n in range(4)]
    base = base_of(declared, people)
    found = made(declared, base, standing_of(people))
    held = HeldOut(np.array([False, False, True, False]), np.array([-1, 1, -1, 0], np.int32))
    left = without_held_out(found, declared, held, block=3)
    assert [[row["offer"] for row in rows] for rows in rows_of(left, declared, base)] == [["a", "b"], ["a"], [], ["b"]]
    assert [reasons_of(left, i) for i in range(4)] == [set(), {"held_out.autumn"}, set(), {"held_out.spring"}]


def test_an_empty_base_has_no_candidates() -> None:
    found = made(book(), base_of(book(), []), standing_of([]))
    assert (found.size, found.start.tolist(), len(found.why_marks)) == (0, [0], 0)
