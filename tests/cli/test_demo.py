"""The demonstration runs the whole cycle, shows the document's figures beside ours, and removes only its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.typed import typed


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("demo") / "demo"
    said = typed("demo", "--dir", folder, "--subscribers", 500, "--no-serve")
    assert said.status == 0, said.err
    return folder, said.out


def test_it_shows_segments_balances_the_list_and_what_to_try(shown: tuple[Path, str]) -> None:
    folder, out = shown
    for words in (
        "离网预警",
        "41.0%",
        "话术示例",
        str(folder / "playbook"),
        "basekeep explain S",
        "basekeep diff",
        "每人一个决策",
        "任何选法都不会超过",
        "拉动增长 1.12，而文件说接近 1.4",
        "basekeep whatif upgrade",
        "basekeep export",
        "工作清单",
        "basekeep simulate",
    ):
        assert words in out


def test_the_commands_it_names_work(shown: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    lines = [line.split() for line in shown[1].splitlines() if line.startswith("  basekeep ")]
    assert len(lines) == 6
    for words in lines:
        assert typed(*words[1:]).status == 0


def test_it_makes_its_own_folder_anew_and_leaves_what_others_put_there(shown: tuple[Path, str]) -> None:
    folder, _ = shown
    (folder / "my notes.txt").write_text("mine")
    said = typed("demo", "--dir", folder, "--subscribers", 200, "--no-serve", "--lang", "en", "--json")
    assert said.status == 0
    assert said.document["counts"]["base"] < 400
    assert (folder / "my notes.txt").read_text() == "mine"
    assert "language: en" in (folder / "basekeep.yaml").read_text(encoding="utf-8")


def test_it_leaves_a_folder_alone_that_is_not_its_own(tmp_path: Path) -> None:
    (tmp_path / "precious.txt").write_text("mine")
    said = typed("demo", "--dir", tmp_path, "--no-serve")
    assert said.status == 2
    assert [path.name for path in tmp_path.iterdir()] == ["precious.txt"]
