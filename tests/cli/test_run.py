"""A month run, listed, compared and explained from the command line."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

from cli.typed import typed


def test_a_run_is_the_same_when_made_again_and_is_listed(own: Path) -> None:
    first = typed("run", "--month", "2025-12", "-w", own, "--json").document
    again = typed("run", "--month", "2025-12", "-w", own, "--again", "--json").document
    assert not first["made"]
    assert again["made"]
    assert first["run_id"] == again["run_id"]
    assert [run["run_id"] for run in typed("runs", "-w", own, "--json").document] == [first["run_id"]]


def test_a_dry_run_is_listed_as_one_and_answers_when_it_is_named(own: Path) -> None:
    dry = typed("run", "--month", "2025-12", "--dry", "-w", own, "--json").document
    assert dry["dry"]
    assert {run["run_id"]: run["dry"] for run in typed("runs", "-w", own, "--json").document}[dry["run_id"]]
    assert "dry, cannot be dispatched" in typed("runs", "-w", own, "--lang", "en").out
    who = typed("query", "from target", "--run", dry["run_id"], "-w", own, "--json").document
    assert who["run_id"] == dry["run_id"]
    assert not typed("query", "from target", "-w", own, "--json").document["run_id"].endswith("-dry")
    said = typed("explain", who["rows"][0]["subscriber_id"], "--run", dry["run_id"], "-w", own, "--json").document
    assert said["run_id"] == dry["run_id"]


@pytest.mark.parametrize(("language", "words"), [("zh", "用户群"), ("en", "Segments")])
def test_a_run_says_what_was_found_and_what_to_do_next(language: str, words: str, operator: Path) -> None:
    said = typed("run", "--month", "2025-12", "-w", operator, "--lang", language)
    assert said.status == 0
    assert words in said.out
    assert "basekeep export action" in said.out


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", ("每人一个决策", "安排营销", "任何选法都不会超过", "限制", "对照组")),
     ("en", ("One decision for each", "Offered something", "No choice at all is worth more than", "Limits", "Held out"))],
)  # fmt: skip
def test_a_run_says_what_was_decided(language: str, words: tuple[str, ...], operator: Path) -> None:
    said = typed("run", "--month", "2025-12", "-w", operator, "--lang", language)
    assert all(word in said.out for word in words)


def test_a_programs_run_has_the_decisions_in_its_document(operator: Path) -> None:
    document = typed("run", "--month", "2025-12", "-w", operator, "--json").document
    steps = [row for row in document["decision_waterfall"] if row["level"] == "base"]
    assert steps[0]["entered"] == document["counts"]["base"]
    assert {row["step"]: row["left"] for row in steps[1:]} == {
        name.removeprefix("decision__"): many for name, many in document["counts"].items() if "decision__" in name
    }
    (allocation,) = document["allocation"]
    assert allocation["contacts"] == document["counts"]["contacts"]


def test_a_month_that_is_not_stored_is_named_with_those_that_are(operator: Path) -> None:
    said = typed("run", "--month", "2024-10", "-w", operator, "--lang", "en")
    assert said.status == 1
    assert "2024-10 is not stored; stored: 2024-11 … 2025-12" in said.err


def test_a_run_of_an_early_month_says_which_rules_lack_which_months(own: Path) -> None:
    said = typed("run", "--month", "2024-12", "-w", own)
    assert said.status == 0
    assert "downgrade_warning.dual_sim" in said.out
    assert "2023-11" in said.out


def test_a_broken_playbook_runs_nothing(own: Path) -> None:
    line = "  mine: {name: {zh: 我的, en: Mine}, value: aprpu * 2}"
    (own / "playbook" / "mine.yaml").write_text(f"metrics:\n{line}\n", encoding="utf-8")
    said = typed("run", "--month", "2025-12", "-w", own, "--lang", "en")
    assert said.status == 1
    assert f"playbook/mine.yaml:2:{line.index('aprpu') + 1}:" in said.err
    assert "arpu" in said.err.split("Near names:")[1]


def test_an_unknown_subscriber_is_a_wrong_call(operator: Path) -> None:
    said = typed("explain", "nobody", "-w", operator, "--lang", "en")
    assert said.status == 2
    assert "'nobody'" in said.err


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_subscriber_of_the_list_is_explained_with_the_phone_masked(language: str, operator: Path) -> None:
    who = typed("query", "select subscriber_id from target order by rank limit 1", "--format", "csv", "-w", operator)
    subscriber = who.out.split()[1]
    said = typed("explain", subscriber, "-w", operator, "--lang", language)
    assert said.status == 0
    assert "upgrade_5g" in said.out
    assert re.search(r"\d{3}\*{6}\d{2}", said.out)
    assert not re.search(r"\d{11}", said.out.replace(subscriber, ""))
    assert typed("explain", subscriber, "-w", operator, "--json").document["subscriber_id"] == subscriber


def test_a_changed_limit_shows_its_effect_before_it_is_used(operator: Path) -> None:
    said = typed("diff", "--set", "usage_low_share=90%", "-w", operator)
    assert said.status == 0
    moved = typed("diff", "--set", "usage_low_share=90%", "-w", operator, "--json").document
    low = next(one for one in moved["segments"] if one["segment"] == "low_usage")
    assert low["entered"] > 0
    assert low["after"] == low["before"] + low["entered"] - low["left"]
    assert len(typed("runs", "-w", operator, "--json").document) == 1


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("churn_warning", "balance_floor_yuan"),
        ("upgrade_5g", "saturated_share"),
        ("balance_state", "balance_low_share"),
        ("vas_fall", "1 … 50"),
    ],
)
def test_a_card_shows_what_is_declared_with_its_numbers(name: str, words: str, operator: Path) -> None:
    said = typed("playbook", "show", name, "-w", operator)
    assert said.status == 0
    assert words in said.out


def test_a_name_that_the_playbook_lacks_is_a_wrong_call(operator: Path) -> None:
    said = typed("playbook", "show", "churn_warnin", "-w", operator)
    assert said.status == 2
    assert "churn_warning" in said.err


def test_a_run_of_another_version_says_to_run_the_month_again(own: Path) -> None:
    record = next(own.glob("store/runs/*/run.json"))
    content = json.loads(record.read_bytes())
    (record.parent / "playbook.json").write_bytes(b'{"from": "the future"}')
    content["files"]["playbook.json"] = hashlib.sha256(b'{"from": "the future"}').hexdigest()
    record.write_text(json.dumps(content))
    said = typed("query", "from profile", "-w", own, "--lang", "en")
    assert said.status == 1
    assert "basekeep run --month 2025-12" in said.err
