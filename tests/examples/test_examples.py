"""What holds of every example without its data: a sound and complete playbook, settings, two READMEs that agree."""

from __future__ import annotations

from pathlib import Path

import pytest

from basekeep.checks.playbook import check_playbook
from basekeep.playbook.loading import load
from basekeep.playbook.shipping import shipped_folder
from examples.example import EXAMPLES, copied, readme_tables

NAMES = sorted(path.parent.name for path in EXAMPLES.glob("*/basekeep.yaml"))
ADDED = {
    "beijing_2022": {"scorecard_upgrade_5g_snapshot.yaml"},
    "panel_2014": {"segments_panel.yaml"},
    "panel_2014_high_value": {"segments_panel.yaml"},
}


def test_there_are_the_examples() -> None:
    assert set(NAMES) == set(ADDED)


@pytest.mark.parametrize("name", NAMES)
def test_the_playbook_is_sound(name: str) -> None:
    assert check_playbook(load(EXAMPLES / name / "playbook")) == ()


def _decides(file: str) -> bool:
    """Whether a shipped file is about decisions: the examples have no staff, orders or contacts, and decide nothing."""
    return file.startswith("offer") or file in (
        "campaigns.yaml",
        "channels.yaml",
        "contact_policy.yaml",
        "decisions.yaml",
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_playbook_is_the_shipped_one_and_what_the_readme_names(name: str) -> None:
    shipped = {path.name: path.read_bytes() for path in shipped_folder().glob("*.yaml") if not _decides(path.name)}
    here = {path.name: path.read_bytes() for path in (EXAMPLES / name / "playbook").glob("*.yaml")}
    assert set(here) - set(shipped) == ADDED[name]
    assert {file: text for file, text in here.items() if file in shipped} == shipped
    for language in ("README.md", "README.zh.md"):
        text = (EXAMPLES / name / language).read_text(encoding="utf-8")
        assert all(file in text for file in ADDED[name])


@pytest.mark.parametrize("name", NAMES)
def test_a_copy_of_the_workspace_is_whole(name: str, tmp_path: Path) -> None:
    workspace = copied(name, tmp_path).workspace
    assert not any(path.is_symlink() for path in workspace.playbook_dir.iterdir())
    assert set(workspace.settings.tables) == {"subscriber_month", "org_unit"}


@pytest.mark.parametrize("name", NAMES)
def test_both_readmes_show_the_same_figures(name: str) -> None:
    assert readme_tables(name, "README.md") == readme_tables(name, "README.zh.md") != []
