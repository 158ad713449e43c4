"""A wrong call is exit status 2, said in the language asked for; what fails is 1; no traceback reaches a person."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cli.typed import typed

START = "import sys; from basekeep.cli.main import main; main()"


@pytest.mark.parametrize(
    ("words", "zh", "en"),
    [
        (["nosuch"], "没有命令 nosuch", "there is no command nosuch"),
        (["ingst"], "相近的有 ingest", "near: ingest"),
        (["run"], "缺少 --month", "--month is missing"),
        (["explain"], "要解释谁？", "who is to be explained?"),
        (["run", "--mnth", "2025-12"], "没有选项 --mnth；相近的有 --month", "there is no option --mnth; near: --month"),
        (["run", "--month", "2025-13"], "不是月份：'2025-13'", "not a month: '2025-13'"),
        (["ingest", "--month", "12/2025"], "不是月份", "not a month"),
        (["ingest", "--reject-limit", "lots"], "不是占比：'lots'", "not a share: 'lots'"),
        (["demo", "--subscribers", "many"], "--subscribers 的值不对：many", "--subscribers cannot be many"),
        (["check", "a", "b"], "多余的词：a b", "words too many: a b"),
        (["query", "select 1", "--format", "xml"], "不认识的格式 'xml'", "unknown format 'xml'"),
        (["synth", "there", "--format", "xml"], "不认识的格式 'xml'", "unknown format 'xml'"),
        (["synth", "there", "--subscribers", "3"], "超出可生成的范围", "outside what can be made"),
    ],
)  # fmt: skip
def test_a_wrong_call_is_said_in_both_languages(
    words: list[str], zh: str, en: str, operator: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    where = ["-w", str(operator)] if words[0] in ("run", "ingest", "query") else []
    for language, expected in (("zh", zh), ("en", en)):
        said = typed(*words, *where, "--lang", language)
        assert expected in said.err
        assert (said.status, said.out) == (2, "")
    assert list(tmp_path.iterdir()) == []


def test_a_call_that_breaks_off_is_a_wrong_call() -> None:
    assert "选项 --month 后面要有值" in typed("run", "--month").err
    assert "缺少子命令：list、show、sql" in typed("playbook").err


def test_a_wrong_call_is_one_document_for_programs() -> None:
    said = typed("nosuch", "--json", "--lang", "en")
    assert (said.status, said.err) == (2, "")
    assert said.document["error"] == "call.wrong"


@pytest.mark.parametrize("command", [["check"], ["ingest"], ["run", "--month", "2025-12"], ["runs"], ["verify"], ["query", "select 1"],
                                     ["export", "target", "--to", "x.csv"], ["explain", "S1"], ["diff", "a", "b"], ["playbook", "list"]])  # fmt: skip
def test_a_folder_that_is_no_workspace_is_a_wrong_call(command: list[str], tmp_path: Path) -> None:
    said = typed(*command, "-w", tmp_path)
    assert said.status == 2
    assert "basekeep.yaml" in said.err
    assert typed(*command, "-w", tmp_path, "--json").document["error"] == "settings.no_workspace"


def test_an_unknown_language_is_a_wrong_call(operator: Path) -> None:
    said = typed("runs", "-w", operator, "--lang", "fr")
    assert said.status == 2
    assert "'fr'" in said.err


def test_the_workspace_decides_the_language(own: Path) -> None:
    settings = own / "basekeep.yaml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("language: zh", "language: en"), encoding="utf-8")
    assert "is not stored" in typed("run", "--month", "2030-01", "-w", own).err
    assert "没有入库" in typed("run", "--month", "2030-01", "-w", own, "--lang", "zh").err


def test_an_unexpected_error_is_one_sentence_without_data(operator: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import basekeep.run.record as record

    def broken(_store: Path) -> None:
        raise ZeroDivisionError("of subscriber 13812345678")

    monkeypatch.setattr(record, "all_runs", broken)
    monkeypatch.delenv("BASEKEEP_DEBUG", raising=False)
    said = typed("runs", "-w", operator)
    assert said.status == 1
    assert "Traceback" not in said.err
    assert "13812345678" not in said.err
    assert "BASEKEEP_DEBUG=1" in said.err
    monkeypatch.setenv("BASEKEEP_DEBUG", "1")
    assert "Traceback" in typed("runs", "-w", operator).err


def test_ctrl_c_stops_a_running_query_with_a_sentence(operator: Path) -> None:
    sql = "select count(*) from range(1000000000) a, range(1000000000) b where hash(a.range + b.range) = 1"
    words = [sys.executable, "-c", START, "query", sql, "-w", str(operator), "--lang", "en"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ)
    time.sleep(6)
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "interrupted" in err
    assert "Traceback" not in err


def test_a_reader_that_goes_away_is_no_error(operator: Path) -> None:
    words = [
        sys.executable,
        "-c",
        START,
        "query",
        "select * from range(3000000)",
        "--format",
        "csv",
        "-w",
        str(operator),
    ]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ)
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline() == b"range\n"
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(timeout=30) == 141
