"""What came of each limit, in numbers and in words: its use, its price in yuan, and floors that could not be met."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from basekeep.decide.allocation.allocate import allocate
from basekeep.decide.allocation.problem import Allocation
from basekeep.decide.base import Base
from basekeep.decide.capacity import Capacities, Member, capacities
from basekeep.decide.constraints import constraints_of, unmet_floors
from basekeep.decide.levers import Levers
from basekeep.decide.limits import Limited, limits_of
from basekeep.decide.stock import stock_of
from basekeep.playbook.declarations import Playbook
from basekeep.run.decision_tables import SCHEMAS
from basekeep.run.remarks import Remark

from .plain_limits import is_in
from .small_base import MODELS, Person, base_of, offer, period, places, playbook, standing_of, text
from .test_candidates import made, rows_of

Row = Mapping[str, Any]
STAFF = [Member("A", "C0Q0B0", "hall", 2), Member("B", "C0Q0B0", "hall", 1)]


class Case:
    """Subscribers with a playbook, and what an allocation of theirs comes to."""

    def __init__(
        self, book: Playbook, people: Sequence[Person], staff: Sequence[Member] = STAFF, levers: Levers | None = None
    ) -> None:
        self.book, self.people, self.places, levers = book, people, places(), levers or Levers()
        stock = [("m0", "C0", 1), ("m1", "C1", 5)]
        self.base: Base = base_of(book, people)
        standing = standing_of(people)
        self.found = made(book, self.base, standing, stock=stock, levers=levers)
        self.capacities: Capacities = capacities(book, self.places, staff, period(range(1, 6)), levers)
        held = stock_of(stock, MODELS, self.places, levers)
        self.limited: Limited = limits_of(
            book, self.base, self.places, standing, self.found, self.capacities, held, levers
        )

    def rows(self, allocation: Allocation) -> Sequence[Row]:
        return constraints_of(self.limited, allocation, self.places, self.book, self.capacities)

    def unmet(self, allocation: Allocation) -> list[Remark]:
        return unmet_floors(self.limited, allocation, self.places, self.book, self.capacities)

    def chosen(self, options: Sequence[int], **prices: float) -> Allocation:
        """The allocation of these options, one for each subscriber, -1 for none; prices in fen by the name of the limit."""
        problem = self.limited.problem
        used = np.zeros(len(problem.limit), np.int64)
        for option in options:
            for limit, much in zip(
                problem.draws_on[problem.pattern[option]], problem.amounts[problem.pattern[option]], strict=True
            ):
                if option >= 0 and limit >= 0:
                    used[limit] += much * (problem.cost[option] if problem.by_cost[limit] else 1)
        price = np.array([prices.get(limit.name, 0.0) for limit in self.limited.limits])
        short = np.maximum(used - problem.limit, 0)
        return Allocation(
            np.array(options, np.int64), value=0, bound=0, price=price, used=used, short=short,
            shortfall=float(short.sum()), least_shortfall=0.0, passes=1,
        )  # fmt: skip


def row(rows: Sequence[Row], name: str, unit: str | None = None) -> Row:
    (found,) = (one for one in rows if one["name"] == name and one["unit_id"] == unit)
    return found


def three(book: Playbook, **more: Any) -> Case:
    """Three subscribers of one branch with one candidate each."""
    return Case(book, [Person(customer=n) for n in range(3)], **more)


def test_the_rows_are_those_of_the_table() -> None:
    case = three(playbook({"o": offer()}))
    rows = case.rows(case.chosen([0, 1, -1]))
    assert all(list(one) == SCHEMAS["constraint"].names for one in rows)
    assert len(rows) == len(case.limited.limits)


def test_one_more_person_is_worth_so_much_a_day() -> None:
    case = three(
        playbook({"o": offer()}), staff=[Member("A", "C0Q0B0", "hall", 3), Member("B", "C0Q0B0", "hall", None)]
    )
    full = case.chosen([0, 1, 2], hall=250.0)
    full.used[
        case.limited.limits.index(next(one for one in case.limited.limits if one.unit == case.places.of("C0Q0B0")))
    ] = 15
    found = row(case.rows(full), "hall", "C0Q0B0")
    assert (found["limit"], found["used"], found["shadow_price"], found["binds"]) == (15, 15, 2.5, True)
    assert found["says_zh"] == "县00支000多一名营业员（名hall），每天值 7.50 元；多一次接触值 2.50 元。"
    assert (
        found["says_en"]
        == "One more hall assistant (hall) in Branch 000 (County 00) is worth 7.50 yuan a day; one more contact 2.50 yuan."
    )


def test_a_unit_without_anybody_takes_the_mean_of_the_channels_staff() -> None:
    case = Case(playbook({"o": offer()}), [Person(branch=1)])
    found = row(case.rows(case.chosen([-1], hall=1000.0)), "hall", "C0Q0B1")
    assert (found["limit"], found["binds"]) == (0, True)
    assert "15.00 yuan a day" in found["says_en"]


def test_a_limit_with_room_does_not_bind() -> None:
    case = three(playbook({"o": offer(serves={"s0": {"hotline": "0.5"}})}))
    found = row(case.rows(case.chosen([0, 1, -1])), "hotline", "C0")
    assert (found["limit"], found["used"], found["binds"]) == (10, 2, False)
    assert found["says_zh"] == "市0的产能“名hotline”不构成限制（已用 2/10 次接触）。"
    assert found["says_en"] == "The capacity “hotline” in City 0 does not bind (2 of 10 contacts used)."


def test_a_channel_worked_by_nobody_is_told_by_contacts() -> None:
    book = playbook({"o": offer(serves={"s0": {"hotline": "0.5"}})})
    case = Case(book, [Person(customer=n) for n in range(10)])
    found = row(case.rows(case.chosen(range(10), hotline=40.0)), "hotline", "C0")
    assert found["says_en"] == "One more contact of hotline in City 0 is worth 0.40 yuan."


@pytest.mark.parametrize(
    ("options", "price", "binds", "says"),
    [
        ([0, 1], 0.355, True, "One more yuan of the budget “b” is worth 0.35 yuan."),
        ([0, 1], 0.005, True, "One more yuan of the budget “b” is worth 0.0050 yuan."),
        ([0, 1], 0.0, False, "The budget “b” is used up (5 of 5 yuan), and more of it would add no value."),
        ([0, -1], 0.0, False, "The budget “b” does not bind (2.50 of 5 yuan used)."),
        # Half of it is left: whatever the steps of the prices say, more would not be used.
        ([0, -1], 0.355, False, "The budget “b” does not bind (2.50 of 5 yuan used)."),
    ],
)
def test_one_more_yuan_is_worth_so_much(options: list[int], price: float, binds: bool, says: str) -> None:
    book = playbook({"o": offer()}, budgets={"b": {"name": text("b"), "yuan": 5, "campaigns": ["spring"]}})
    case = three(book)
    found = row(case.rows(case.chosen([*options, -1], b=price)), "b")
    assert (found["limit"], found["campaign"], found["binds"], found["says_en"]) == (5.0, "spring", binds, says)
    assert found["shadow_price"] == price


def test_a_budget_without_a_unit_is_told_where_it_keeps_something_back() -> None:
    budgets = {"b": {"name": text("b"), "yuan": 5, "level": "county"}}
    case = Case(playbook({"o": offer(serves={"s0": {"e_channel": "0.5"}})}, budgets=budgets), [Person(branch=8)])
    assert len([one for one in case.rows(case.chosen([-1])) if one["kind"] == "budget"]) == 4
    assert len([one for one in case.rows(case.chosen([-1], b=1.0)) if one["kind"] == "budget"]) == 5


def test_one_more_device_is_worth_so_much() -> None:
    case = three(playbook({"o": offer(device={"models": ["m0"]})}))
    found = row(case.rows(case.chosen([0, -1, -1], m0=1234.0)), "m0", "C0")
    assert (found["limit"], found["device_model_id"], found["scope"]) == (1, "m0", "m0/C0")
    assert found["says_en"] == "One more m0 in City 0 is worth 12.34 yuan."


def floor(least: int, **more: Any) -> Playbook:
    floors = {"f": {"name": text("f"), "segment": "s1", "level": "county", "least": least}}
    return playbook({"o": offer(), "p": offer(serves={"s1": {"hall": "0.05"}})}, floors=floors, **more)


@pytest.mark.parametrize(
    ("least", "options", "price", "says"),
    [
        (2, [0, 1, -1], 300.0, "The floor “f” in County 00 (2) has a cost: asking for one less would bring 3.00 yuan."),
        (2, [0, 1, 2], 0.0, "The floor “f” in County 00 (2) costs nothing: 3 are done."),
        (2, [0, -1, -1], 9.0, "The floor “f” in County 00 wants 2 and no more than 1 could be done, 1 short; lowered to 1 it would be met."),
        (9, [0, 1, 2], 0.0, "The floor “f” in County 00 (3, 9 asked for and only 3 can be contacted) costs nothing: 3 are done."),
    ],
)  # fmt: skip
def test_a_floor_has_a_cost_or_none_or_is_not_met(least: int, options: list[int], price: float, says: str) -> None:
    case = Case(floor(least), [Person(customer=n, segments=2) for n in range(3)])
    found = row(case.rows(case.chosen(options, f=price)), "f", "C0Q0")
    assert found["says_en"] == says
    assert found["short"] == max(found["limit"] - found["used"], 0)


def test_floors_that_cannot_be_met_are_named_with_what_is_possible() -> None:
    people = [Person(customer=n, segments=2, branch=n % 2) for n in range(10)]
    # Two halls of one county, of which one has room for five over the period.
    case = Case(floor(8), people, staff=[Member("A", "C0Q0B0", "hall", 1)])
    allocation = allocate(case.limited.problem)
    found = row(case.rows(allocation), "f", "C0Q0")
    assert (found["limit"], found["used"], found["short"]) == (8, 5, 3)
    (remark,) = case.unmet(allocation)
    assert (remark.code, remark.table, remark.count) == ("floor.not_met", "floors.f", 3)
    assert remark.what.zh == "下限不能同时满足（C0Q0 要 8，最多 5），共差"
    assert remark.what.en == "a floor that cannot be met with all others (C0Q0: 8 wanted, 5 possible); short in all"
    assert "floors.f" in remark.do.en


def test_a_floor_that_was_only_missed_is_not_called_impossible() -> None:
    case = Case(floor(2), [Person(customer=n, segments=2) for n in range(3)])
    (remark,) = case.unmet(case.chosen([0, -1, -1]))
    assert remark.what.en == "a floor that was not met (C0Q0: 2 wanted, 1 reached); short in all"


def test_floors_that_are_met_are_not_remarked() -> None:
    case = Case(floor(2), [Person(customer=n, segments=2) for n in range(3)])
    assert case.unmet(allocate(case.limited.problem)) == []


@pytest.mark.parametrize("share", [Fraction(1, 3), Fraction(1, 2), Fraction(7, 10), Fraction(1)])
@pytest.mark.parametrize("cares", range(5))
def test_a_care_share_is_told_in_contacts(share: Fraction, cares: int) -> None:
    offers = {"o": offer(), "c": offer(kind="care")}
    book = playbook(offers, contact_policy={"care_share": {"s0": str(share)}})
    case = Case(book, [Person(customer=n) for n in range(5)])
    options = [2 * n + (n < cares) for n in range(4)] + [-1]
    found = row(case.rows(case.chosen(options)), "care_share.s0")
    needed = next(many for many in range(5) if many >= share * 4)
    assert (found["limit"], found["used"], found["short"]) == (needed, cares, max(needed - cares, 0))
    assert ("short" in found["says_en"]) == (cares < needed)


def test_the_allocation_keeps_care_shares() -> None:
    offers = {"o": offer(value="arpu * 2"), "c": offer(kind="care", serves={"s0": {"e_channel": "0.1"}})}
    book = playbook(offers, contact_policy={"care_share": {"s0": "0.4"}})
    case = Case(book, [Person(customer=n) for n in range(10)])
    allocation = allocate(case.limited.problem)
    rows = rows_of(case.found, book, case.base)
    chosen = [
        rows[i][option - int(case.found.start[i])]["offer"] for i, option in enumerate(allocation.chosen.tolist())
        if option >= 0 and is_in(case.people[i], book, "s0")
    ]  # fmt: skip
    assert chosen.count("c") >= Fraction("0.4") * len(chosen) > 0
    found = row(case.rows(allocation), "care_share.s0")
    assert (found["used"], found["short"]) == (chosen.count("c"), 0)
