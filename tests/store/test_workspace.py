"""Settings are read whole; what is wrong in them is said at once, with its place."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from basekeep.kernel.errors import CallError, FindingsError
from basekeep.kernel.findings import Place
from basekeep.store.workspace import load_workspace


def written(folder: Path, text: str) -> Path:
    (folder / "basekeep.yaml").write_text(text, encoding="utf-8")
    return folder


def test_settings_are_read_with_their_defaults(tmp_path: Path) -> None:
    text = "engine: duckdb\nlanguage: en\ntables:\n  org_unit: select * from 'a.csv'\n"
    workspace = load_workspace(written(tmp_path, text))
    assert workspace.settings.language == "en"
    assert workspace.settings.reject_limit == Decimal("0.01")
    assert workspace.settings.tables == {"org_unit": "select * from 'a.csv'"}
    assert workspace.select_places == {"org_unit": Place("basekeep.yaml", 4, 13)}
    assert (workspace.store_dir, workspace.playbook_dir) == (tmp_path / "store", tmp_path / "playbook")


def test_every_setting_can_be_given(tmp_path: Path) -> None:
    text = "threads: 3\nmemory_limit: 1.5 GB\nreject_limit: 0.25\nlanguage: zh\ntables:\n"
    settings = load_workspace(written(tmp_path, text)).settings
    assert (settings.threads, settings.memory_limit, settings.reject_limit) == (3, "1.5 GB", Decimal("0.25"))


def test_an_empty_file_is_all_defaults(tmp_path: Path) -> None:
    assert load_workspace(written(tmp_path, "")).settings.tables == {}


def test_a_folder_without_settings_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(CallError) as caught:
        load_workspace(tmp_path)
    assert caught.value.exit_status == 2
    assert "basekeep new" in caught.value.say("zh")


def test_everything_wrong_is_said_at_once_with_its_place(tmp_path: Path) -> None:
    text = (
        "langauge: zh\n"
        "engine: oracle\n"
        "threads: many\n"
        "memory_limit: plenty\n"
        "reject_limit: 2\n"
        "tables:\n"
        "  subscriber_months: select 1\n"
        "  org_unit: ''\n"
    )
    with pytest.raises(FindingsError) as caught:
        load_workspace(written(tmp_path, text))
    findings = {str(finding.place): finding for finding in caught.value.findings}
    assert sorted(findings) == [f"basekeep.yaml:{line}:{1 if line < 7 else 3}" for line in (1, 2, 3, 4, 5, 7, 8)]
    assert findings["basekeep.yaml:1:1"].near == ("language",)
    assert findings["basekeep.yaml:7:3"].near[0] == "subscriber_month"
    assert all(finding.what.zh and finding.do.en for finding in caught.value.findings)


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        (
            "engine: oracle",
            "engine 读到 'oracle'：只能是 duckdb、spark",
            "engine read 'oracle': it must be one of duckdb, spark",
        ),
        ("threads: many", "threads 读到 'many'：应为整数", "threads read 'many': expected a whole number"),
        ("threads: 0", "threads 读到 '0'：不能小于 1", "threads read '0': it must not be below 1"),
        ("threads: 1.5", "threads 读到 '1.5'：应为整数", "threads read '1.5': expected a whole number"),
        (
            "memory_limit: plenty",
            "memory_limit 读到 'plenty'：应为内存大小，如 3GB",
            "memory_limit read 'plenty': expected a size of memory such as 3GB",
        ),
        (
            "reject_limit: few",
            "reject_limit 读到 'few'：应为数，如 0.5",
            "reject_limit read 'few': expected a number such as 0.5",
        ),
        ("reject_limit: 2", "reject_limit 读到 '2'：不能大于 1", "reject_limit read '2': it must not be above 1"),
        ("tables: [a]", "tables 读到列表：应为“名称: 内容”", "tables read a list: expected names with contents"),
        ("tables: {org_unit: [a]}", "org_unit 读到列表：应为文字", "org_unit read a list: expected a text"),
        ("tables: {org_unit: ''}", "org_unit 读到 ''：不能为空", "org_unit read '': it must not be empty"),
        ("words", "读到 'words'：应为“键: 值”", "read 'words': expected keys with values"),
    ],
)
def test_what_is_wrong_with_a_value_is_said_in_both_languages(tmp_path: Path, text: str, zh: str, en: str) -> None:
    with pytest.raises(FindingsError) as caught:
        load_workspace(written(tmp_path, text))
    (finding,) = caught.value.findings
    assert (finding.what.zh, finding.what.en) == (zh, en)


@pytest.mark.parametrize("text", ["tables: [a, b]", "- a", "just words", "tables:\n  org_unit: {a: 1}"])
def test_another_shape_is_refused_with_a_place(tmp_path: Path, text: str) -> None:
    with pytest.raises(FindingsError) as caught:
        load_workspace(written(tmp_path, text))
    assert [finding.place.line > 0 for finding in caught.value.findings] == [True]


@pytest.mark.parametrize("text", ["tables: {", "a: b: c", "language: zh\nlanguage: en\n", "\tx: 1"])
def test_broken_yaml_is_refused_with_a_place(tmp_path: Path, text: str) -> None:
    with pytest.raises(FindingsError) as caught:
        load_workspace(written(tmp_path, text))
    assert caught.value.findings[0].place.file == "basekeep.yaml"


def test_the_engine_spills_to_the_workspace_and_leaves_nothing(tmp_path: Path) -> None:
    workspace = load_workspace(written(tmp_path, "memory_limit: 60MB\nthreads: 1\n"))
    with workspace.open_engine() as engine:
        engine.session().run("CREATE TABLE t AS SELECT n, hash(n) AS h FROM range(6000000) r(n)")
        assert any((workspace.store_dir / "spill").iterdir())
    assert list((workspace.store_dir / "spill").iterdir()) == []


def test_an_engine_opens_where_nothing_may_be_written(tmp_path: Path) -> None:
    workspace = load_workspace(written(tmp_path, ""))
    (tmp_path / "store").write_text("a file where the folder should be")
    with workspace.open_engine() as engine:
        assert engine.session().rows("SELECT 1") == [(1,)]
