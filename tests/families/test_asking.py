"""Families are asked for as everything else: run, explain, query, export, diff; in both languages."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from cli.typed import typed
from families.households import MONTHS, write_operator


@pytest.fixture(scope="module")
def operator(tmp_path_factory: pytest.TempPathFactory) -> Path:
    strange = [
        ("2025-12", "S06", "S06", 1, 1, "0.1", "false"),
        ("2025-11", "S02", "S01", 1, 1, "0.1", "false"),
        ("2025-12", "S07", "S06", 1, 1, "0.1", "false"),
        ("2025-10", "S07", "nobody", 1, 1, "0.1", "false"),
    ]
    folder = write_operator(tmp_path_factory.mktemp("families") / "家 庭", strange)
    assert typed("ingest", "-w", folder).status == 0
    assert typed("run", "--month", "2025-12", "-w", folder).status == 0
    return folder


@pytest.fixture
def own(operator: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(operator, tmp_path / "own"))


def family_of(folder: Path, who: str) -> str:
    said = typed("query", f"select family_id from family where subscriber_id = '{who}'", "-w", folder, "--json")
    return str(said.document["rows"][0]["family_id"])


def test_a_run_says_how_many_there_are_and_what_it_noted(operator: Path) -> None:
    said = typed("run", "--month", "2025-12", "-w", operator, "--json").document
    assert (said["counts"]["families"], said["counts"]["family_members"]) == (2, 5)
    assert {one["code"]: one["count"] for one in said["remarks"] if one["table"] == "call_pair"} == {
        "call_pair.self_pairs": 1, "call_pair.turned_pairs": 2, "call_pair.double_pairs": 1, "call_pair.outside_pairs": 1,
    }  # fmt: skip
    shown = typed("run", "--month", "2025-12", "-w", operator)
    assert "pairs of a subscriber with itself; they are not used: 1" in shown.out
    assert "用户与自己的通话对，未采用：1" in typed("run", "--month", "2025-12", "-w", operator, "--lang", "zh").out
    assert "Physical families: 2, with 5 members" in shown.out
    assert typed("run", "--month", "2025-12", "-w", operator, "--again").status == 0


def test_the_rule_is_true_for_members_false_for_others_and_unknown_without_a_home(operator: Path) -> None:
    said = typed(
        "query", "select subscriber_id from membership where rule = 'physical' order by 1", "-w", operator, "--json"
    )
    assert [row["subscriber_id"] for row in said.document["rows"]] == ["S01", "S02", "S03", "S04", "S05"]
    said = typed("query", "select * from rule_summary where rule = 'physical'", "-w", operator, "--json")
    row = said.document["rows"][0]
    assert (row["members"], row["non_members"], row["not_evaluable"]) == (5, 2, 1)
    assert (row["missing_columns"], row["missing_months"]) == ([], [])


def test_a_family_is_explained_with_its_ties_and_masked_numbers(operator: Path) -> None:
    family = family_of(operator, "S02")
    said = typed("explain", "--family", family, "-w", operator)
    assert said.status == 0, said.err
    assert "3 people, confidence 100%: 3 of 3 pairs" in said.out.replace("100.0%", "100%")
    assert "● S02  139******99" in said.out
    assert "with S03: 36.75 minutes in 3 months, at least 40.0% at night each month, same address" in said.out
    assert "1390000" not in said.out
    assert "3 人，可信度" in typed("explain", "--family", family, "-w", operator, "--lang", "zh").out
    told = typed("explain", "--family", family, "-w", operator, "--json").document
    assert (told["family_id"], told["size"], told["confidence"], told["months"]) == (family, 3, 1.0, 3)
    assert told["members"][0] == {
        "subscriber_id": "S01", "msisdn": "139******99",
        "ties": [
            {"to": "S02", "minutes": 36.75, "least_night_share": 0.4, "same": "address"},
            {"to": "S03", "minutes": 36.75, "least_night_share": 0.4, "same": "address"},
        ],
    }  # fmt: skip


def test_a_subscriber_is_explained_with_its_family(operator: Path) -> None:
    said = typed("explain", "S04", "-w", operator)
    assert "belongs to a physical family yes" in said.out
    assert family_of(operator, "S04") in said.out
    assert "with S05: 36.75 minutes" in said.out
    alone = typed("explain", "S06", "-w", operator)
    assert "needs: Family account" in alone.out
    assert "belongs to a physical family no → yes" in typed("explain", "S06", "-w", operator).out
    assert typed("explain", "S08", "-w", operator, "--json").document["family"] is None


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--family", "F-0000000000000000"], "explain.unknown_family"),
        (["S01", "--family", "F-1"], "call.explain"),
        ([], "call.explain"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(words: list[str], code: str, operator: Path) -> None:
    said = typed("explain", *words, "-w", operator)
    assert said.status == 2
    assert code in said.err


def test_evidence_names_the_family(operator: Path) -> None:
    sql = "select evidence from membership where rule = 'physical' and subscriber_id = 'S05'"
    said = typed("query", sql, "-w", operator, "--json").document["rows"][0]["evidence"]
    told = json.loads(said) if isinstance(said, str) else said
    assert told["in_physical_family"] == {"value": True, "op": "=", "limit": True}
    assert told["family_id"] == {"value": family_of(operator, "S05")}
    assert told["family_size"] == {"value": 2}


def test_families_are_exported(operator: Path, tmp_path: Path) -> None:
    for name in ("family.csv", "family.xlsx", "family.parquet"):
        assert typed("export", "family", "--to", tmp_path / name, "-w", operator).status == 0
    with (tmp_path / "family.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["subscriber_id"] for row in rows] == ["S01", "S02", "S03", "S04", "S05"]
    assert {row["confidence"] for row in rows} == {"1"}


def test_a_change_is_tried_on_families(operator: Path) -> None:
    said = typed("diff", "--set", "family_largest=2", "-w", operator, "--json").document
    (move,) = [move for move in said["segments"] if move["segment"] == "family"]
    assert (move["before"], move["left"], move["after"]) == (5, 1, 4)


def test_a_number_that_families_cannot_have_is_refused(operator: Path) -> None:
    said = typed("diff", "--set", "family_months=2.5", "-w", operator)
    assert said.status == 1
    assert "family_months" in said.err
    assert "whole number" in said.err


def test_an_old_run_answers_as_it_did_when_newcomers_and_other_calls_have_come(own: Path) -> None:
    before = typed("explain", "S02", "-w", own, "--json").document
    month = own / "data" / "month.csv"
    lines = month.read_text(encoding="utf-8").splitlines()
    lines += [f"N{number},2025-12-01,active,2025-12-01,,C1,A1" for number in range(5)]
    month.write_text("\n".join(lines) + "\n", encoding="utf-8")
    pairs = own / "data" / "pairs.csv"
    pairs.write_text("\n".join(pairs.read_text(encoding="utf-8").splitlines()[:5]) + "\n", encoding="utf-8")
    assert typed("ingest", "-w", own).status == 0
    assert typed("explain", "S02", "-w", own, "--run", before["run_id"], "--json").document == before
    later = typed("run", "--month", "2025-12", "-w", own, "--json").document
    assert later["run_id"] != before["run_id"]


def test_a_damaged_mark_is_noticed(own: Path) -> None:
    (path,) = (own / "store" / "runs").glob("*/families/shards/p00000.parquet")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))
    assert typed("verify", "-w", own).status == 1
    assert typed("explain", "S02", "-w", own).status == 1
    assert typed("run", "--month", "2025-12", "-w", own, "--again").status == 0
    assert typed("explain", "S02", "-w", own).status == 0


@pytest.mark.parametrize("missing", ["call_pair", "month", "night_share", "homes"])
def test_where_something_is_not_stored_the_rule_cannot_be_judged_and_the_rest_goes_on(
    missing: str, tmp_path: Path
) -> None:
    folder = write_operator(tmp_path / "operator", months=MONTHS[1:] if missing == "month" else MONTHS)
    settings = folder / "basekeep.yaml"
    text = settings.read_text(encoding="utf-8")
    changed = {
        "call_pair": "".join(line for line in text.splitlines(True) if "call_pair" not in line),
        "month": text,
        "night_share": text.replace("select * from read_csv('data/pairs.csv')", "select * exclude (night_share) from read_csv('data/pairs.csv')"),
        "homes": text.replace("select * from read_csv('data/month.csv')", "select * exclude (home_cell_id, address_id) from read_csv('data/month.csv')"),
    }[missing]  # fmt: skip
    settings.write_text(changed, encoding="utf-8")
    assert typed("ingest", "-w", folder).status == 0
    run = typed("run", "--month", "2025-12", "-w", folder, "--json").document
    (row,) = [row for row in run["rule_summary"] if row["rule"] == "physical"]
    assert (row["members"], row["non_members"], row["not_evaluable"]) == (0, 0, 8)
    expected = {
        "call_pair": (["call_pair"], list(MONTHS)), "month": ([], ["2025-10"]), "night_share": (["call_pair.night_share"], []),
        "homes": (["address_id", "home_cell_id"], []),
    }[missing]  # fmt: skip
    assert (row["missing_columns"], row["missing_months"]) == expected
    assert run["counts"]["families"] == 0
    assert typed("query", "select count(*) n from family", "-w", folder, "--json").document["rows"] == [{"n": 0}]
    assert "? " in typed("explain", "S01", "-w", folder).out
