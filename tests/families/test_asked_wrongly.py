"""A playbook that asks for families in a way that cannot be is told where and why; a warehouse query says what it cannot."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from basekeep.checks.playbook import check_playbook, sound_playbook
from basekeep.playbook.loading import load
from basekeep.playbook.shipping import shipped_folder
from basekeep.relations.compiled import compile_playbook
from basekeep.relations.warehouse import DIALECTS, segment_sql

PARAMETERS = "parameters.yaml"
RULES = "segments_attribute.yaml"


def findings(folder: Path, file: str, old: str, new: str) -> dict[str, str]:
    """What is found where the shipped playbook is changed in one place: code → file."""
    playbook = folder / "playbook"
    shutil.copytree(shipped_folder(), playbook)
    text = (playbook / file).read_text(encoding="utf-8") if (playbook / file).exists() else ""
    assert old in text
    (playbook / file).parent.mkdir(exist_ok=True)
    (playbook / file).write_text(text.replace(old, new, 1) if old else new, encoding="utf-8")
    return {one.code: Path(one.place.file).name for one in check_playbook(load(playbook))}


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "where"),
    [
        (RULES, "when: in_physical_family", "when: ago(in_physical_family, 1)", "expression.family_month", RULES),
        (PARAMETERS, "  family_largest:", "  family_greatest:", "expression.family_parameter", RULES),
        (PARAMETERS, "value: 8, min: 2, max: 50", "value: 2.5, min: 2, max: 50", "expression.family_parameter", RULES),
        (PARAMETERS, "value: 3, unit: months, min: 1, max: 12", "value: 13, unit: months, min: 1, max: 60", "expression.family_parameter", RULES),
        ("overlays/C001.yaml", "", "parameters: {family_largest: 5}\n", "overlay.family_parameter", "C001.yaml"),
    ],
)  # fmt: skip
def test_it_is_told_where_it_stands(file: str, old: str, new: str, code: str, where: str, tmp_path: Path) -> None:
    assert findings(tmp_path, file, old, new).get(code) == where


def test_where_nothing_asks_for_families_their_parameters_are_unused(tmp_path: Path) -> None:
    playbook = tmp_path / "playbook"
    shutil.copytree(shipped_folder(), playbook)
    for path in playbook.glob("*.yaml"):
        path.write_text(path.read_text(encoding="utf-8").replace("in_physical_family", "broadband"), encoding="utf-8")
    found = {one.code: Path(one.place.file).name for one in check_playbook(load(playbook))}
    assert found.get("parameter.unused") == PARAMETERS


def test_the_shipped_playbook_is_sound() -> None:
    assert check_playbook(load(shipped_folder())) == ()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_warehouse_query_says_that_it_cannot_find_families(dialect: str) -> None:
    compiled = compile_playbook(sound_playbook(shipped_folder()))
    month = date(2025, 12, 1)
    said = segment_sql(compiled, "family", month, dialect)
    assert "-- in_physical_family cannot be written as a query" in said
    assert "-- in_physical_family 不能写成查询" in said
    assert "in_physical_family" not in segment_sql(compiled, "campus", month, dialect)
