"""What is said of a decision is what the run kept: its factors, its limits, and for each other offer what stopped it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import floor

import pytest

from basekeep.decide.explain import explain_decision
from basekeep.decide.explained import DecisionExplained, Worth
from basekeep.decide.reason_words import words_of_reason
from basekeep.kernel.errors import CallError
from basekeep.run.explain import explain
from decide.decided import Bench, bench, decisions, lightly, rows_of
from decide.policy_operator import MONTH, operator

# Codes that say why one offer was not the one, which a decision's own reasons do not repeat.
OF_ONE_OFFER = {"not_served", "out_ranked.chosen"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with bench(lightly(operator(3, 400)), tmp_path_factory.mktemp("explain")) as found:
        yield found


@pytest.fixture(scope="module")
def told(made: Bench) -> dict[str, DecisionExplained]:
    """Some of every bucket."""
    few: dict[str, list[str]] = {}
    for who, row in decisions(made.record).items():
        few.setdefault(row["bucket"], []).append(who)
    return {who: asked(made, who) for ids in few.values() for who in ids[:5]}


def asked(made: Bench, who: str, offer: str | None = None) -> DecisionExplained:
    replayed = made.replayed()
    found = explain_decision(replayed, made.engine, explain(replayed, made.engine, who), offer)
    assert found is not None
    return found


def test_bucket_and_choice_are_those_of_the_run(made: Bench, told: dict[str, DecisionExplained]) -> None:
    stored = decisions(made.record)
    for who, found in told.items():
        row = stored[who]
        assert (found.bucket, [one.code for one in found.reasons]) == (row["bucket"], row["reasons"])
        assert (found.chosen.offer if found.chosen else None) == row["offer"]
        if found.chosen:
            assert (found.chosen.contact_on, found.chosen.staff_id) == (row["contact_on"], row["staff_id"])
            assert found.chosen.script.zh == "您好"


def test_every_other_offer_is_answered_with_a_reason_that_the_ledger_has(told: dict[str, DecisionExplained]) -> None:
    for found in told.values():
        codes = {one.code for one in found.reasons}
        for other in found.others:
            assert other.code in codes | OF_ONE_OFFER, (found.subscriber_id, other.offer, other.code)
        assert {one.offer for one in found.others} | ({found.chosen.offer} if found.chosen else set()) == {
            "gift",
            "pack",
            "wish",
        }


def test_an_offer_has_a_worth_where_it_was_a_candidate_and_nowhere_else(
    made: Bench, told: dict[str, DecisionExplained]
) -> None:
    pairs = {(row["subscriber_id"], row["offer"]) for row in rows_of(made.record, "candidate")}
    for who, found in told.items():
        for other in found.others:
            assert (other.worth is not None) == ((who, other.offer) in pairs)


def test_expected_value_is_made_of_its_factors(told: dict[str, DecisionExplained]) -> None:
    worths = [one.chosen.worth for one in told.values() if one.chosen]
    worths += [other.worth for one in told.values() for other in one.others if other.worth]
    assert len(worths) > 10
    for worth in worths:
        assert round(worth.expected * 100) == expected(worth)
        assert worth.left == pytest.approx(worth.expected - sum(one.amount * one.price for one in worth.taken))


def expected(worth: Worth) -> int:
    value = Fraction(round(worth.value * 100))
    factors = Fraction(str(worth.probability)) * Fraction(str(worth.weight))
    return floor(value * factors + Fraction(1, 2)) - round(worth.cost * 100)


def test_a_candidate_draws_on_what_the_allocation_says(made: Bench, told: dict[str, DecisionExplained]) -> None:
    for found in told.values():
        if found.chosen:
            kinds = [(one.kind, one.name) for one in found.chosen.worth.taken]
            assert ("capacity", found.chosen.worth.channel) in kinds
            assert ("budget", "all") in kinds
            assert (("budget", "keep") in kinds) == (found.chosen.campaign == "keep")


def test_a_condition_that_does_not_hold_is_told_with_its_figures(
    made: Bench, told: dict[str, DecisionExplained]
) -> None:
    arpu = {row["subscriber_id"]: row["arpu"] for row in made.operator.of(MONTH)}
    others = [(who, other) for who, one in told.items() for other in one.others if other.code == "not_suitable"]
    assert others
    for who, other in others:
        assert other.stage is not None
        assert [fact.value for fact in other.stage.facts] == [arpu[who]]
        assert not other.stage.truth


def test_only_one_offer_is_answered_where_one_is_asked_about(made: Bench, told: dict[str, DecisionExplained]) -> None:
    who, whole = next((who, one) for who, one in told.items() if one.chosen and one.chosen.offer == "wish")
    assert asked(made, who, "gift").others == tuple(one for one in whole.others if one.offer == "gift")
    with pytest.raises(CallError, match="gifft"):
        asked(made, who, "gifft")


def test_every_reason_has_words_of_its_own_in_both_languages(made: Bench) -> None:
    playbook = made.record.playbook()
    codes = {code for row in rows_of(made.record, "decision") for code in row["reasons"]}
    for code in codes:
        words = words_of_reason(code, playbook)
        assert words.zh != code
        assert words.en
