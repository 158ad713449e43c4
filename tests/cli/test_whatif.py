"""What people type to ask a what-if, and what they see."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from cli.typed import typed


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace without data."""
    folder = tmp_path_factory.mktemp("fresh") / "工作区"
    assert typed("new", folder).status == 0
    return folder


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ["growth = pack_share × card_fill × free_cards = 70% × 80% × 2 = 1.12", "接近1.4倍", "要到 1.4，副卡加满率（card_fill）须为 100%", "文件原文", "我们的默认值"]),
        ("en", ["growth = pack_share × card_fill × free_cards = 70% × 80% × 2 = 1.12", "nearly 1.4 times", "1.4 is reached where card_fill is 100%", "the document", "our default"]),
    ],
)  # fmt: skip
def test_every_number_has_its_formula_and_the_claim_stands_beside(language: str, words: list[str], fresh: Path) -> None:
    said = typed("whatif", "upgrade", "-w", fresh, "--lang", language)
    assert said.status == 0, said.err
    assert [word for word in words if word not in said.out] == []


def test_what_cannot_be_reached_is_told_as_such(fresh: Path) -> None:
    said = typed("whatif", "upgrade", "--set", "pack_share=60%", "-w", fresh, "--lang", "en")
    assert "With these numbers, 1.4 would need card_fill to be ≈116.67%, which cannot be." in said.out
    said = typed("whatif", "upgrade", "--set", "free_cards=0", "-w", fresh, "--lang", "en")
    assert "With these numbers, no value of card_fill gives 1.4." in said.out


def test_a_run_gives_its_targets(operator: Path) -> None:
    run = typed("runs", "-w", operator, "--json").document[0]
    document = typed("whatif", "upgrade", "-w", operator, "--json").document
    inputs = {one["name"]: one for one in document["inputs"]}
    assert (inputs["targets"]["value"], inputs["targets"]["source"]) == (run["counts"]["target__upgrade_5g"], "run")
    assert document["run_id"] == run["run_id"]
    assert run["run_id"] in typed("whatif", "upgrade", "-w", operator, "--run", run["run_id"][:9]).out


def test_one_document_for_programs(fresh: Path) -> None:
    document = typed("whatif", "upgrade", "--set", "new_users=300", "--range", "card_fill=80%..100%/20%", "-w", fresh, "--json").document  # fmt: skip
    assert document["claim"]["claimed"] == {"value": 1.4, "exact": "7/5"}
    assert document["claim"]["arithmetic"] == {"value": 1.12, "exact": "28/25"}
    assert document["claim"]["needed"]["exact"] == "1"
    results = {one["name"]: one for one in document["results"]}
    assert Fraction(results["payback"]["exact"]) == Fraction(2, 3)
    assert (results["new_users"]["source"], results["new_users"]["formula"]) == ("set", None)
    assert [row["growth"] for row in document["table"]["rows"]] == [1.12, 1.4]


def test_files_are_written_whole_and_replace_none_unasked(fresh: Path, tmp_path: Path) -> None:
    words = ["whatif", "upgrade", "-w", fresh, "--to", tmp_path / "t.xlsx", "--picture", tmp_path / "p.svg"]
    said = typed(*words)
    assert said.status == 0, said.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["p.svg", "t.xlsx"]
    assert "副卡加满率" in (tmp_path / "p.svg").read_text(encoding="utf-8")
    again = typed(*words)
    assert (again.status, "--force" in again.err) == (2, True)
    assert typed(*words, "--force").status == 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--set", "pack_share=140%"], "140% lies outside of 0% to 100%"),
        (["--set", "pack_price=-1"], "-1 lies outside of 0 to 10000"),
        (["--set", "pack_share"], "Write it as NAME=VALUE"),
        (["--range", "card_fill"], "Write it as NAME=VALUE"),
        (["--range", "card_fill=0%..100%/0.01%"], "10,001 values"),
        (["--set", "card_fil=1"], "Near names: card_fill."),
        (["--picture", "p.png"], "--to FILE.xlsx"),
        (["--to", "t.txt"], "unknown kind of file"),
        (["--to", "no/t.csv"], "there is no folder"),
        (["--run", "2020"], "there is no run yet"),
    ],
)
def test_a_wrong_call_is_told_and_writes_nothing(words: list[str], says: str, fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    said = typed("whatif", "upgrade", *words, "-w", fresh, "--lang", "en")
    assert said.status == 2
    assert says in said.err
    assert list(tmp_path.iterdir()) == []


def test_without_a_name_they_are_listed_and_an_unknown_one_is_a_wrong_call(fresh: Path) -> None:
    assert "4升5推算" in typed("whatif", "-w", fresh).out
    assert typed("whatif", "-w", fresh, "--json").document[0]["whatif"] == "upgrade"
    said = typed("whatif", "upgrde", "-w", fresh)
    assert (said.status, "upgrade" in said.err) == (2, True)


def test_other_assumptions_make_no_other_run(own: Path) -> None:
    before = typed("run", "--month", "2025-12", "-w", own, "--json").document["run_id"]
    path = own / "playbook" / "whatif_upgrade.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("value: 70%", "value: 60%"), encoding="utf-8")
    assert "60% × 80% × 2" in typed("whatif", "upgrade", "-w", own).out
    after = typed("run", "--month", "2025-12", "-w", own, "--json").document
    assert (after["run_id"], after["made"]) == (before, False)


def test_a_broken_what_if_is_found_before_it_is_asked(own: Path) -> None:
    path = own / "playbook" / "whatif_upgrade.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("new_users * pack_share", "new_users * pack_shre"), encoding="utf-8"
    )
    said = typed("whatif", "upgrade", "-w", own, "--lang", "en")
    assert said.status == 1
    assert "pack_share" in said.err.split("Near names:")[1]


def test_its_card_shows_inputs_and_formulas(fresh: Path) -> None:
    said = typed("playbook", "show", "upgrade", "-w", fresh)
    assert said.status == 0
    assert "pack_share * card_fill * free_cards" in said.out
    assert "upgrade" in typed("playbook", "list", "-w", fresh).out
