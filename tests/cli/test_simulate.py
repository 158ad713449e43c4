"""Simulations, the frontier and the run of a day from the command line."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from cli.typed import typed


@pytest.mark.parametrize(("language", "words"), [("zh", "方案并列"), ("en", "Side by side")])
def test_scenarios_stand_beside_the_run_as_it_is(language: str, words: str, operator: Path) -> None:
    said = typed(
        "simulate", "--set", "budget=-90%", "--scenario", "None: capacity=0", "-w", operator, "--lang", language
    )
    assert said.status == 0
    assert words in said.out
    assert "None" in said.out


def test_the_document_has_every_scenario_and_the_frontier_and_the_files(operator: Path, tmp_path: Path) -> None:
    moves, picture = tmp_path / "moves.parquet", tmp_path / "frontier.svg"
    said = typed("simulate", "--scenario", "None: capacity=0", "--frontier", "budget=0%..100%/50%", "--to", moves,
                 "--picture", picture, "-w", operator, "--json")  # fmt: skip
    document = said.document
    none = document["scenarios"][0]
    assert none["contacts"] < document["as_it_is"]["contacts"]
    assert none["contacts"] == document["as_it_is"]["contacts"] + none["entered"] - none["left"]
    assert sum(none["buckets"].values()) == sum(document["as_it_is"]["buckets"].values())
    assert [rung["at"] for rung in document["frontier"]] == [0, 0.5, 1]
    assert document["frontier"][2]["value"] == document["as_it_is"]["value"]
    assert document["files"] == [str(moves), str(picture)]
    rows = pq.read_table(moves).to_pylist()
    assert sum(1 for row in rows if row["from_offer"] and not row["to_offer"]) == none["left"]
    assert picture.read_bytes().startswith(b"<?xml")


def test_a_lever_that_is_not_there_is_a_wrong_call_with_near_names(operator: Path) -> None:
    said = typed("simulate", "--set", "budget.retension=5", "-w", operator, "--lang", "en")
    assert said.status == 2
    assert "budget.retention" in said.err


def test_a_call_without_anything_to_simulate_says_what_to_give(operator: Path) -> None:
    said = typed("simulate", "-w", operator, "--lang", "en")
    assert said.status == 2
    assert "--frontier" in said.err


@pytest.mark.parametrize(("language", "words"), [("zh", "余下的产能"), ("en", "Capacity left")])
def test_a_day_is_renewed_listed_and_explained(language: str, words: str, own: Path) -> None:
    said = typed("daily", "--date", "2026-01-12", "-w", own, "--lang", language)
    assert said.status == 0
    assert words in said.out
    document = typed("daily", "--date", "2026-01-12", "-w", own, "--json").document
    assert not document["made"]
    kinds = {run["run_id"]: run["parent"] for run in typed("runs", "-w", own, "--json").document}
    assert kinds[document["run_id"]] == document["parent"]
    who = typed("query", "select subscriber_id from decision limit 1", "--run", document["run_id"], "-w", own, "--json")
    subscriber = who.document["rows"][0]["subscriber_id"]
    explained = typed("explain", subscriber, "--run", document["run_id"], "-w", own, "--json").document
    assert explained["decision"]["run_id"] == document["run_id"]


def test_a_dry_run_is_no_beginning_for_a_day(own: Path) -> None:
    dry = typed("run", "--month", "2025-12", "--dry", "-w", own, "--json").document["run_id"]
    said = typed("daily", "--date", "2026-01-12", "--run", dry, "-w", own, "--lang", "en")
    assert said.status == 2
    assert "dry run" in said.err


@pytest.mark.parametrize("text", ["12.1.2026", "2026-03-01"])
def test_a_day_that_makes_no_sense_is_a_wrong_call(text: str, operator: Path) -> None:
    assert typed("daily", "--date", text, "-w", operator).status == 2


@pytest.mark.parametrize(("language", "words"), [("zh", "为什么不是别的"), ("en", "Why not another")])
def test_a_decision_is_explained_with_what_was_not_chosen(language: str, words: str, operator: Path) -> None:
    found = typed(
        "query",
        "select subscriber_id from decision where bucket = 'offered' limit 1",
        "--format",
        "csv",
        "-w",
        operator,
    )
    subscriber = found.out.split()[1]
    assert words in typed("explain", subscriber, "-w", operator, "--lang", language).out
    one = typed("explain", subscriber, "--offer", "plan_5g", "-w", operator, "--lang", language).out
    assert "plan_5g" in one
    decision = typed("explain", subscriber, "-w", operator, "--json").document["decision"]
    assert decision["bucket"] == "offered"
    assert decision["chosen"]["worth"]["expected"] > 0


def test_an_offer_that_is_not_there_is_a_wrong_call(operator: Path) -> None:
    found = typed("query", "select subscriber_id from decision limit 1", "--format", "csv", "-w", operator)
    said = typed("explain", found.out.split()[1], "--offer", "plan_6g", "-w", operator, "--lang", "en")
    assert said.status == 2
    assert "plan_5g" in said.err
