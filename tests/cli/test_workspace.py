"""A workspace made, checked, filled: what is wrong is said with its place, and nothing is changed then."""

from __future__ import annotations

import os
from pathlib import Path

from basekeep.contract.tables import TABLES
from cli.typed import typed
from rights import needs_rights


def test_a_new_workspace_is_sound_and_shows_how_to_map_every_table(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    assert typed("new", folder).status == 0
    settings = (folder / "basekeep.yaml").read_text(encoding="utf-8")
    assert all(f"# {name}: select" in settings for name in TABLES)
    assert typed("check", "-w", folder).status == 0
    assert typed("playbook", "list", "-w", folder, "--json").document["segments"]


def test_a_new_workspace_takes_no_folder_that_holds_something(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    said = typed("new", tmp_path)
    assert said.status == 2
    assert os.listdir(tmp_path) == ["notes.txt"]


def test_every_fault_is_found_at_once_with_file_line_and_column(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    typed("new", folder)
    (folder / "basekeep.yaml").write_text("engine: duckdb\nlanguag: en\ntables:\n  subscriber_months: select 1\n")
    (folder / "playbook" / "broken.yaml").write_text("segments:\n  mine: [1\n")
    (folder / "playbook" / "strange.yaml").write_text("segmnts: {}\n")
    said = typed("check", "-w", folder, "--lang", "en")
    assert said.status == 1
    for place in (
        "basekeep.yaml:2:1:",
        "basekeep.yaml:4:3:",
        "playbook/broken.yaml:3:1:",
        "playbook/strange.yaml:1:1:",
    ):
        assert place in said.out
    document = typed("check", "-w", folder, "--json").document
    assert document["errors"] == len([one for one in document["findings"] if one["severity"] == "error"]) >= 4
    assert ("segments", "unit_segments", "group_segments") in [tuple(one["near"]) for one in document["findings"]]


def test_a_mapping_to_a_file_that_is_not_there_is_found_by_check(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    typed("new", folder)
    (folder / "basekeep.yaml").write_text("tables:\n  staff: select * from read_csv('data/staff.csv')\n")
    said = typed("check", "-w", folder)
    assert said.status == 1
    assert "basekeep.yaml:2" in said.out
    assert "data/staff.csv" in said.out


def test_the_ledger_adds_up_and_the_same_data_is_unchanged(own: Path) -> None:
    document = typed("ingest", "-w", own, "--json").document
    assert not document["published"]
    assert {one["change"] for one in document["stored"]} == {"unchanged"}
    for ledger in document["ledger"]:
        assert ledger["read"] == ledger["stored"] + ledger["rejected"]
    said = typed("ingest", "-w", own, "--month", "2025-12")
    assert said.status == 0
    assert "未变 2025-12" in said.out


def test_a_month_that_the_source_does_not_have_changes_nothing(own: Path) -> None:
    head = (own / "store" / "HEAD").read_bytes()
    said = typed("ingest", "-w", own, "--month", "2024-01", "--lang", "en")
    assert said.status == 1
    assert "2024-01" in said.err
    assert (own / "store" / "HEAD").read_bytes() == head


def test_rejected_rows_are_counted_by_reason_with_their_first_place(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    typed("new", folder)
    lines = ["工号,机构标识,岗位", *(f"T{n},U1,hall" for n in range(200)), "T900,U1,boss"]
    (folder / "staff.csv").write_bytes("\n".join(lines).encode("gb18030"))
    select = 'select "工号" as staff_id, "机构标识" as unit_id, "岗位" as role from read_csv(\'staff.csv\')'
    (folder / "basekeep.yaml").write_text(f"tables:\n  staff: {select}\n", encoding="utf-8")
    said = typed("ingest", "-w", folder)
    assert said.status == 0
    assert "staff.csv:202" in said.out
    refused = typed("ingest", "-w", folder, "--reject-limit", "0")
    assert refused.status == 1
    assert "--reject-limit" in refused.err


@needs_rights
def test_a_read_only_workspace_answers_questions_and_refuses_work(own: Path) -> None:
    for path in [own, *own.rglob("*")]:
        path.chmod(0o500 if path.is_dir() else 0o400)
    assert typed("query", "select count(*) from org_unit", "-w", own).status == 0
    said = typed("ingest", "-w", own)
    assert said.status == 1
    assert "store" in said.err
    for path in [own, *own.rglob("*")]:
        path.chmod(0o700)


def test_synthetic_csv_in_gb18030_is_stored_as_the_same_rows_as_parquet(tmp_path: Path) -> None:
    stored = []
    for form in ("parquet", "csv-gb18030"):
        folder = tmp_path / form
        assert typed("synth", folder, "--subscribers", 200, "--months", 2, "--format", form).status == 0
        said = typed("ingest", "-w", folder, "--json")
        assert said.status == 0, said.out
        rows = {one["table"]: one["stored"] for one in said.document["ledger"]}
        answers = [
            typed("query", f"select * from {table} order by all", "--format", "csv", "-w", folder).out
            for table in sorted(rows)
        ]
        stored.append((rows, answers))
    assert (tmp_path / "csv-gb18030" / "data" / "staff.csv").read_bytes().decode("gb18030").startswith("工号,")
    assert set(stored[0][0]) == set(TABLES)
    assert stored[0] == stored[1]
