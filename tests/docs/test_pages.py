"""The documents hold together: links lead somewhere, figures are the code's, nothing tells of a machine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from basekeep.store.settings import Settings
from basekeep.store.state import SHARD_ROWS

from .pages import DOCS, ROOT

PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    targets = [target.partition("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", text)]
    inside = [target for target in targets if target and "://" not in target]
    assert [target for target in inside if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_no_page_names_a_folder_of_somebodys_machine(page: Path) -> None:
    assert re.findall(r"(?<![\w.])/(?:home|root|tmp|work|Users|opt|mnt)/", page.read_text(encoding="utf-8")) == []


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = [int(path.name[:4]) for path in sorted((DOCS / "decisions").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_decisions_name_the_codes_own_figures() -> None:
    shards = (DOCS / "decisions" / "0001-aligned-shards.md").read_text(encoding="utf-8")
    rejects = (DOCS / "decisions" / "0004-rejects-fail-the-ingest.md").read_text(encoding="utf-8")
    assert f"{SHARD_ROWS:,}" in shards
    assert f"({Settings.model_fields['reject_limit'].default:.0%} by default)" in rejects


def test_the_licence_is_the_one_that_the_project_names() -> None:
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert 'license = "Apache-2.0"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert "Apache License" in licence.splitlines()[1]
    assert licence.rstrip().endswith("limitations under the License.")
