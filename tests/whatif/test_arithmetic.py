"""The arithmetic is exact and equals one by hand; the document's claim stands beside it."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from basekeep.kernel.errors import CallError
from basekeep.playbook.declarations import WhatIf
from basekeep.run.whatif.answer import work_out
from basekeep.run.whatif.asked import Asked
from whatif.by_hand import DOCUMENT, inputs, shares, upgrade
from whatif.shipped import ask, declared, values


def test_the_shipped_inputs_are_the_documents_and_ours() -> None:
    assert values(ask().inputs) == DOCUMENT
    assert {line.name for line in ask().inputs if line.origin == "document"} == {
        "pack_share", "free_cards", "card_fill", "pack_price", "line_reward",
    }  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(inputs())
def test_every_result_equals_the_one_by_hand(numbers: dict[str, Fraction]) -> None:
    assert values(ask(numbers).results) == upgrade(numbers)


@settings(max_examples=20, deadline=None)
@given(inputs(), st.integers(0, 10**9))
def test_new_users_may_be_given_instead(numbers: dict[str, Fraction], users: int) -> None:
    after = {name: value for name, value in numbers.items() if name not in ("targets", "take_up")}
    answer = ask({**after, "new_users": Fraction(users)})
    assert values(answer.results) == upgrade({**numbers, "new_users": Fraction(users)})
    assert set(values(answer.inputs)) == set(after)


def test_the_document_says_1_4_and_the_arithmetic_1_12() -> None:
    held = ask().held
    assert held is not None
    assert (held.claim.value, held.value) == (Fraction("1.4"), Fraction("1.12"))
    assert (held.claim.through, held.needed) == ("card_fill", Fraction(1))
    assert held.filled == "70% × 80% × 2"
    assert values(ask({"card_fill": "100%"}).results)["growth"] == Fraction("1.4")


def test_the_claim_is_held_against_the_documents_numbers_whatever_is_set() -> None:
    held = ask({"pack_share": "60%", "card_fill": "50%", "free_cards": "1"}).held
    assert held is not None
    assert (held.value, held.needed) == (Fraction("1.12"), Fraction(1))
    assert (held.now, held.needed_now) == (Fraction("0.3"), Fraction(14, 6))


def test_where_nothing_reaches_the_claim_none_is_told() -> None:
    held = ask({"pack_share": "0%"}).held
    assert held is not None
    assert held.needed_now is None


@settings(max_examples=60, deadline=None)
@given(inputs())
def test_what_is_needed_gives_the_claim_exactly(numbers: dict[str, Fraction]) -> None:
    held = ask(numbers).held
    assert held is not None
    assume(held.needed_now is not None)
    assert upgrade({**numbers, "card_fill": held.needed_now or Fraction(0)})["growth"] == held.claim.value


@settings(max_examples=60, deadline=None)
@given(inputs(), shares(), shares())
def test_a_higher_fill_never_gives_less(numbers: dict[str, Fraction], one: Fraction, two: Fraction) -> None:
    less, more = (values(ask({**numbers, "card_fill": fill}).results) for fill in sorted((one, two)))
    for name in ("new_lines", "growth", "users_5g", "revenue", "cost"):
        assert (less[name] or 0) <= (more[name] or 0)


def test_every_row_of_the_table_equals_the_one_by_hand() -> None:
    table = ask({"pack_price": "25"}, ("card_fill", "0%..100%/25%"), ("new_users", "0..900/300")).table
    fills = [Fraction(n, 4) for n in range(5)]
    users = [Fraction(n * 300) for n in range(4)]
    assert [(row["new_users"], row["card_fill"]) for row in table.rows] == list(product(users, fills))
    for row in table.rows:
        fixed = {**DOCUMENT, "pack_price": Fraction(25), "new_users": row["new_users"], "card_fill": row["card_fill"]}
        assert row == {**row, **upgrade({name: value or Fraction(0) for name, value in fixed.items()})}
        assert row["growth_claimed"] == Fraction("1.4")


def test_without_asking_the_declared_ranges_are_taken() -> None:
    table = ask().table
    assert (table.along, table.lines, table.count()) == ("card_fill", "pack_share", 30)


def test_a_formula_is_told_in_names_and_in_numbers() -> None:
    lines = {line.name: line for line in ask({"card_reward": "1/3"}).results}
    assert lines["cost"].formula == "pack_users × line_reward + new_lines × card_reward"
    assert lines["cost"].filled == "700 × 20 + 1,120 × ≈0.3333"
    assert lines["cost"].value == 14_000 + Fraction(1120, 3)


def test_without_revenue_the_time_to_pay_back_is_unknown() -> None:
    assert values(ask({"pack_price": "0"}).results)["payback"] is None


def test_a_run_gives_the_targets_unless_they_are_set() -> None:
    answer = work_out("upgrade", declared(), Asked(), {"upgrade_5g": 1234}, "2025-12-abc")
    assert (values(answer.inputs)["targets"], answer.run_id) == (Fraction(1234), "2025-12-abc")
    assert values(answer.results)["new_users"] == Fraction("123.4")
    answer = work_out("upgrade", declared(), Asked({"targets": "50"}), {"upgrade_5g": 1234}, "2025-12-abc")
    assert (values(answer.inputs)["targets"], answer.run_id) == (Fraction(50), None)


def test_numbers_that_grow_without_end_are_refused() -> None:
    squares = {f"r{n}": {"name": {"zh": "甲", "en": "A"}, "value": f"{'a' if not n else f'r{n - 1}'} * {'a' if not n else f'r{n - 1}'}"} for n in range(40)}  # fmt: skip
    given = {"name": {"zh": "甲", "en": "A"}, "value": 1, "min": 0, "max": 1000, "source": "our_default"}
    words = {"zh": "甲", "en": "A"}
    what_if = WhatIf.model_validate({"name": words, "wording": words, "inputs": {"a": given}, "results": squares, "shows": "r0"})  # fmt: skip
    with pytest.raises(CallError) as raised:
        work_out("w", {"w": what_if}, Asked({"a": "1000"}), {}, None)
    assert raised.value.code == "whatif.too_large"
