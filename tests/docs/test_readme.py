"""What the README shows works: its commands are there, its mapping reads a file, both languages show the same."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path

import pytest

from basekeep.app import ingest_tables, load_workspace
from basekeep.kernel.progress import SilentProgress
from basekeep.reference.commands import commands

from .pages import ROOT, blocks

READMES = [ROOT / "README.md", ROOT / "README.zh.md"]


def code(page: Path, kind: str) -> str:
    """The page's code of one kind, without comments."""
    text = "\n".join(block for found, block in blocks(page) if found == kind)
    return re.sub(r" *(?<!\S)#.*", "", text)


@pytest.mark.parametrize("page", READMES, ids=lambda page: page.name)
def test_every_command_of_the_readme_is_there(page: Path) -> None:
    shown = re.findall(r"^basekeep (\w+)(.*)$", code(page, "sh"), re.MULTILINE)
    known = {command.name: command for command in commands()}
    assert shown
    for name, rest in shown:
        options = {written for option in known[name].options for written in option.names}
        assert set(re.findall(r"--[a-z-]+", rest)) <= options


@pytest.mark.parametrize("page", READMES, ids=lambda page: page.name)
def test_every_target_of_the_readme_is_in_the_makefile(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^make (\w+)", code(page, "sh"), re.MULTILINE)
    assert targets == ["demo", "test"]
    assert all(f"\n{target}:" in makefile for target in targets)


def test_the_mapping_of_the_readme_reads_a_file(tmp_path: Path) -> None:
    (tmp_path / "basekeep.yaml").write_text(code(READMES[0], "yaml"), encoding="utf-8")
    (tmp_path / "data").mkdir()
    with (tmp_path / "data" / "wide_1.csv").open("w", encoding="gb18030", newline="") as file:
        rows = [["SERV_ID", "ACCT_MONTH", "STATUS", "OPEN_DATE", "arpu", "备注"]]
        rows += [[f"{n}", "202512", "active", "2020-02-29", "70.00", "动感地带"] for n in range(50)]
        csv.writer(file).writerows(rows)
    report = ingest_tables(load_workspace(tmp_path), date(2026, 1, 5), None, None, SilentProgress())
    assert [(one.table, one.partition, one.rows) for one in report.stored] == [("subscriber_month", "2025-12", 50)]


def test_both_languages_show_the_same_code() -> None:
    first, second = ([code(page, kind) for kind in ("sh", "yaml")] for page in READMES)
    assert [part.replace(" --lang en", "").split() for part in first] == [part.split() for part in second]
