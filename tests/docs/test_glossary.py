"""The glossary is the authority on terms: nothing that people write or read is missing from it."""

from __future__ import annotations

import re

import pytest

from basekeep.checks.playbook import sound_playbook
from basekeep.contract.tables import TABLES
from basekeep.playbook.grains import GRAINS
from basekeep.playbook.shipping import shipped_folder
from basekeep.reference.keys import all_keys
from basekeep.reference.tables_out import columns_out
from basekeep.store.settings import Settings

from .pages import DOCS, glossary_names

_CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("key", sorted(all_keys()))
def test_every_key_of_the_playbook_has_its_term(key: str) -> None:
    assert key in glossary_names()


def test_every_setting_has_its_term() -> None:
    assert set(Settings.model_fields) <= glossary_names()


def test_every_table_has_its_term() -> None:
    playbook = sound_playbook(shipped_folder())
    assert {*TABLES, *columns_out(playbook)} <= glossary_names()


def test_every_column_out_has_its_term() -> None:
    # Metrics are the playbook's own words and carry their names with them.
    playbook = sound_playbook(shipped_folder())
    metrics = {name for grain in GRAINS.values() for name in getattr(playbook, grain.metrics)}
    columns = {column for columns in columns_out(playbook).values() for column in columns} - metrics
    assert {column.removesuffix("_zh").removesuffix("_en") for column in columns} <= glossary_names()


def test_every_term_is_said_in_both_languages() -> None:
    for line in (DOCS / "glossary.md").read_text(encoding="utf-8").splitlines():
        cells = [part.strip() for part in line.strip("|").split("|")]
        if line.startswith("| ") and not line.startswith("| ---") and "中文" not in cells[0]:
            chinese, english = (cells[0], cells[-2]), (cells[1], cells[-1])
            assert all(chinese), line
            assert all(english), line
            assert _CHINESE.search(cells[-2]), line
            assert not _CHINESE.search(cells[-1]), line
