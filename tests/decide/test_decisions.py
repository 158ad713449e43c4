"""Decisions over generated operators: nobody contacted who may not be, everybody accounted for, nothing broken."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np
import pytest

from basekeep.decide.capacity import capacities
from basekeep.decide.levers import Change, Levers
from basekeep.run.decision_tables import BUCKETS

from .plain_candidates import above
from .small_decisions import DAYS, MANAGERS, STAFF, Decided, Row, day_of, decided, drawn_inputs, mixed, without_places

SEEDS = range(20)


@cache
def case(seed: int) -> Decided:
    return decided(drawn_inputs(seed), Path(mkdtemp()))


@pytest.fixture(params=SEEDS)
def one(request: pytest.FixtureRequest) -> Decided:
    return case(int(request.param))


def test_there_is_exactly_one_row_for_each_subscriber_in_the_order_of_the_base(one: Decided) -> None:
    assert [row["subscriber_id"] for row in one.tables["decision"]] == one.inputs.base.ids.to_pylist()
    assert {row["bucket"] for row in one.tables["decision"]} <= set(BUCKETS)


def test_nobody_excluded_is_contacted(one: Decided) -> None:
    base, standing = one.inputs.base, one.inputs.standing
    for at, row in enumerate(one.tables["decision"]):
        assert (row["bucket"] == "excluded") == bool(base.excluded[at] or standing.listed_marks[at])
        assert row["bucket"] != "excluded" or row["offer"] is None


def test_nobody_held_out_is_offered(one: Decided) -> None:
    campaigns, held = list(one.book.campaigns), one.made.held_out
    for at, row in one.actions:
        assert not held.universal[at]
        assert held.campaign[at] < 0 or row["campaign"] != campaigns[held.campaign[at]]


def test_every_action_is_one_of_the_subscribers_candidates(one: Decided) -> None:
    same = ("subscriber_id", "offer", "channel", "segment", "unit_id", "contact_by", "value_fen", "cost_fen", "expected_fen")  # fmt: skip
    there = Counter(tuple(row[name] for name in same) for row in one.tables["candidate"])
    assert all(there[tuple(row[name] for name in same)] == 1 for _, row in one.actions)


def test_no_customer_and_no_family_is_contacted_more_often_than_allowed(one: Decided) -> None:
    base, standing = one.inputs.base, one.inputs.standing
    of_customer = Counter(int(base.customer[at]) for at, _ in one.actions)
    of_family = Counter(int(base.family[at]) for at, _ in one.actions if base.family[at] >= 0)
    assert all(many <= standing.customer_quota[customer] for customer, many in of_customer.items())
    assert all(many <= standing.family_quota[family] for family, many in of_family.items())


def test_contacts_of_one_customer_and_of_one_family_lie_as_far_apart_as_the_limits_want(one: Decided) -> None:
    base, past = one.inputs.base, one.inputs.past
    for limit in one.book.contact_policy.limits.values():
        group = {"customer": base.customer, "family": base.family}[limit.per]
        days: dict[int, list[tuple[Any, bool]]] = {}
        for at, row in one.actions:
            days.setdefault(int(group[at]), []).append((row["contact_on"], True))
        for who, day in zip(past.subscriber, past.day, strict=True):
            days.setdefault(int(group[who]), []).append((day_of(day), False))
        for key, its in days.items():
            for begin, _ in its if key >= 0 else ():
                window = [new for day, new in its if 0 <= (day - begin).days < limit.days]
                assert len(window) <= limit.contacts or not any(window)


def test_no_unit_does_more_than_it_holds_on_any_day(one: Decided) -> None:
    holds = capacities(one.book, one.inputs.places, STAFF, one.inputs.period, Levers())
    units = one.inputs.places.units
    per_day = {
        (channel, units[unit]): (int(many), int(contacts))
        for channel, held in zip(one.book.channels, holds.channels, strict=True) if held
        for unit, many, contacts in zip(held.units, held.per_day, held.contacts, strict=True)
    }  # fmt: skip
    unlimited = {channel for channel, held in zip(one.book.channels, holds.channels, strict=True) if held is None}
    limited = [row for _, row in one.actions if row["channel"] not in unlimited]
    of_day = Counter((row["channel"], row["unit_id"], row["contact_on"]) for row in limited)
    assert all(many <= per_day[channel, unit][0] for (channel, unit, _), many in of_day.items())
    of_period = Counter((row["channel"], row["unit_id"]) for row in limited)
    assert all(many <= per_day[key][1] for key, many in of_period.items())


def test_nobody_of_the_staff_does_more_than_a_day_holds_and_key_persons_meet_their_manager(one: Decided) -> None:
    per_day = {person.staff_id: person.per_day or 0 for person in STAFF if person.active}
    of_person = Counter((row["staff_id"], row["contact_on"]) for _, row in one.actions if row["staff_id"])
    assert all(many <= per_day[who] for (who, _), many in of_person.items())
    base = one.inputs.base
    for at, row in one.actions:
        manager = MANAGERS.get(base.groups[base.group[at]]) if base.group[at] >= 0 else None
        reserved = base.reserved[at] and row["channel"] == "account_manager"
        if reserved and any(
            person.staff_id == manager and person.active and above(person.unit_id, "county") == row["unit_id"]
            for person in STAFF
        ):
            assert row["staff_id"] == manager


def test_every_contact_comes_on_a_day_that_is_allowed_and_before_its_event(one: Decided) -> None:
    for _, row in one.actions:
        assert row["contact_on"].day in DAYS
        assert row["contact_by"] is None or row["contact_on"] <= row["contact_by"]


def test_no_budget_is_overspent_and_no_device_is_given_twice(one: Decided) -> None:
    spent: Counter[str] = Counter()
    for _, row in one.actions:
        for name, budget in one.book.budgets.items():
            covered = (
                (not budget.campaigns or row["campaign"] in budget.campaigns)
                and (not budget.offers or row["offer"] in budget.offers)
                and (not budget.channels or row["channel"] in budget.channels)
            )
            if covered:
                unit = above(row["branch_id"], budget.level) if budget.level else None
                spent[f"{name}/{unit}"] += row["cost_fen"]
    for name, budget in one.book.budgets.items():
        for key, fen in spent.items():
            if key.split("/")[0] == name:
                assert fen <= 100 * budget.units.get(key.split("/")[1], budget.yuan)
    given = Counter((row["device_model_id"], row["city_id"]) for _, row in one.actions if row["device_model_id"])
    from .test_candidates import STOCK

    there: Counter[tuple[str, str | None]] = Counter()
    for model, unit, many in STOCK:
        there[model, above(unit, "city")] += many
    assert all(many <= there[key] for key, many in given.items())


def test_the_waterfall_adds_up_at_every_level(one: Decided) -> None:
    decisions, rows = one.tables["decision"], one.tables["decision_waterfall"]
    for level in ("base", "city", "county", "branch"):
        wanted = Counter(
            (row[f"{level}_id"] if level != "base" else None, row["bucket"]) for row in decisions
        )  # fmt: skip
        of_level = [row for row in rows if row["level"] == level]
        found = {(row["unit_id"], row["step"]): row["left"] for row in of_level if row["left"]}
        assert found == dict(wanted)
        assert sum(row["entered"] for row in of_level if row["step"] == "base") == len(decisions)
        for unit in dict.fromkeys(row["unit_id"] for row in of_level):
            steps = [row for row in of_level if row["unit_id"] == unit]
            assert [row["step"] for row in steps] == ["base", *BUCKETS]
            assert steps[-1]["remaining"] == 0
            assert all(row["entered"] - row["left"] == row["remaining"] for row in steps)
            assert all(before["remaining"] == after["entered"] for before, after in pairwise(steps))


def test_places_are_those_that_the_branch_lies_in(one: Decided) -> None:
    for row in one.tables["decision"]:
        assert (row["county_id"], row["city_id"]) == tuple(above(row["branch_id"], at) for at in ("county", "city"))


# Of each bucket codes of which one at least is among the reasons; how a code may begin.
WHY = {
    "excluded": ("excluded.",), "held_out": ("held_out.",), "no_segment": ("no_segment",),
    "not_eligible": ("not_eligible", "not_applicable", "too_late", "not_valid", "not_suitable", "costs_more_than_use"),
    "contact_limit": (
        "cool_down.", "limit.", "benefit_running", "channel_shut", "reserved", "contact_limit", "month", "week", "home",
    ),
    "out_ranked": ("out_ranked.", "floor.", "not_worth_it", "value_unknown"),
    "capacity": ("capacity.", "no_day_left", "no_unit"), "budget": ("budget.",), "stock": ("stock", "no_stock"),
    "care": ("chosen",), "offered": ("chosen",),
}  # fmt: skip


def test_every_bucket_comes_with_a_reason_of_its_own(one: Decided) -> None:
    for row in one.tables["decision"]:
        assert any(code.startswith(WHY[row["bucket"]]) for code in row["reasons"]), row
        assert len(set(row["reasons"])) == len(row["reasons"])
        assert ("chosen" in row["reasons"]) == (row["offer"] is not None)
        if row["offer"] is not None:
            kind = one.book.offers[row["offer"]].kind
            assert row["bucket"] == {"sell": "offered", "care": "care"}[kind]


def test_the_figures_of_the_allocation_are_those_of_its_rows(one: Decided) -> None:
    (row,) = one.tables["allocation"]
    actions = [action for _, action in one.actions]
    assert row["contacts"] == len(actions)
    assert row["value_fen"] == sum(action["expected_fen"] for action in actions)
    assert row["cost_fen"] == sum(action["cost_fen"] for action in actions)
    assert row["candidates"] == len(one.tables["candidate"])
    assert row["subscribers"] == len({candidate["subscriber_id"] for candidate in one.tables["candidate"]})


def test_what_is_used_of_each_capacity_is_what_was_made_of_it(one: Decided) -> None:
    of_unit = Counter((row["channel"], row["unit_id"]) for _, row in one.actions)
    for limit in one.tables["constraint"]:
        if limit["kind"] == "capacity":
            assert limit["used"] == of_unit[limit["channel"], limit["unit_id"]]


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "decisions").iterdir()}


@pytest.mark.parametrize("seed", range(3))
def test_the_same_input_gives_the_same_bytes(seed: int, tmp_path: Path) -> None:
    for name in ("one", "two"):
        decided(drawn_inputs(seed), tmp_path / name)
    assert files(tmp_path / "one") == files(tmp_path / "two")


@pytest.mark.parametrize("seed", range(6))
def test_the_order_of_rows_does_not_matter(seed: int, tmp_path: Path) -> None:
    again = decided(mixed(case(seed).inputs, seed + 100), tmp_path)
    assert again.rows == case(seed).rows


@pytest.mark.parametrize("seed", range(6))
def test_more_budget_is_never_worth_less_beyond_the_gap(seed: int, tmp_path: Path) -> None:
    inputs = case(seed).inputs
    more = Levers({f"budget.{name}": Change(times=Fraction(3, 2)) for name in inputs.playbook.budgets})
    before, after = (found.tables["allocation"][0] for found in (case(seed), decided(inputs, tmp_path, more)))
    # Floors may force choices that are worth nothing; beside them more money opens choices and closes none.
    if not any(row["short"] for row in case(seed).tables["constraint"]):
        assert after["bound_fen"] >= before["value_fen"]


def everybody_accounted_for(found: Decided) -> Counter[str]:
    steps: list[Row] = [row for row in found.tables["decision_waterfall"] if row["level"] == "base"]
    assert steps[0]["entered"] == len(found.tables["decision"]) == found.inputs.base.size
    assert steps[-1]["remaining"] == 0
    return Counter(row["bucket"] for row in found.tables["decision"])


def test_nobody_at_all_is_a_run_too(tmp_path: Path) -> None:
    assert not everybody_accounted_for(decided(drawn_inputs(1, many=0), tmp_path))


def test_without_a_candidate_everybody_is_accounted_for(tmp_path: Path) -> None:
    inputs = drawn_inputs(2)
    nothing = {name: tuple(marks * 0 for marks in columns) for name, columns in inputs.base.stages.items()}
    found = decided(replace(inputs, base=replace(inputs.base, stages=nothing)), tmp_path)
    assert set(everybody_accounted_for(found)) == {"excluded", "held_out", "no_segment", "not_eligible"}
    assert found.tables["candidate"] == []


def test_without_any_capacity_only_the_unlimited_channel_is_used(tmp_path: Path) -> None:
    none = Levers({f"capacity.{name}": Change(to=Fraction(0)) for name in ("hall", "account_manager", "hotline")})
    found = decided(drawn_inputs(13), tmp_path, none)
    assert everybody_accounted_for(found)["capacity"] > 0
    assert {row["channel"] for _, row in found.actions} == {"e_channel"}


def test_without_any_budget_nothing_that_costs_is_done(tmp_path: Path) -> None:
    none = Levers({f"budget.{name}": Change(to=Fraction(0)) for name in drawn_inputs(4).playbook.budgets})
    found = decided(drawn_inputs(4), tmp_path, none)
    assert everybody_accounted_for(found)["budget"] > 0
    assert all(row["cost_fen"] == 0 for _, row in found.actions)


def test_without_staff_halls_and_managers_do_nothing(tmp_path: Path) -> None:
    found = decided(replace(drawn_inputs(5), staff=()), tmp_path)
    assert everybody_accounted_for(found)
    assert not {row["channel"] for _, row in found.actions} & {"hall", "account_manager"}
    assert all(row["staff_id"] is None for _, row in found.actions)


def test_without_an_organisation_everybody_is_accounted_for_without_a_city(tmp_path: Path) -> None:
    found = decided(replace(drawn_inputs(6), places=without_places()), tmp_path)
    everybody_accounted_for(found)
    assert {row["city_id"] for row in found.tables["decision"]} == {None}
    by_city = [row for row in found.tables["decision_waterfall"] if row["level"] == "city"]
    assert {row["unit_id"] for row in by_city} == {None}


def test_without_a_day_nobody_is_contacted(tmp_path: Path) -> None:
    inputs = drawn_inputs(7)
    found = decided(replace(inputs, period=replace(inputs.period, days=())), tmp_path)
    everybody_accounted_for(found)
    assert not found.actions


def test_the_cases_have_every_bucket_and_what_is_taken_back() -> None:
    buckets = Counter(row["bucket"] for seed in SEEDS for row in case(seed).tables["decision"])
    assert set(buckets) == set(BUCKETS)
    assert sum(case(seed).made.taken_back for seed in SEEDS) > 0
    assert any(np.any(case(seed).made.held_out.campaign >= 0) for seed in SEEDS)
