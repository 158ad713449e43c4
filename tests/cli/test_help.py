"""Help comes at once, in both languages, with an example of every command."""

from __future__ import annotations

import os
import resource
import subprocess
import sys

import pytest

from basekeep.cli.main import app
from basekeep.reference.commands import commands
from cli.typed import typed

NAMES = [command.name for command in commands()]
START = "import sys; from basekeep.cli.main import main; main()"


@pytest.mark.parametrize("name", NAMES)
def test_the_help_of_a_command_has_both_languages_and_an_example(name: str) -> None:
    said = typed(*name.split(), "--help")
    assert said.status == 0
    page, _, example = said.out.partition("示例 Example:")
    assert example.strip().startswith(f"basekeep {name}")
    assert any("\u4e00" <= sign <= "\u9fff" for sign in page)
    assert "--json" in page
    assert "--lang" in page


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("new", "synth", "demo")])
def test_a_command_on_a_workspace_says_where(name: str) -> None:
    assert "--workspace DIR" in typed(*name.split(), "--help").out


def test_the_overview_names_every_command() -> None:
    overview = typed().out
    assert typed("--help").out == overview
    assert all(f"\n  {name.split()[0]} " in overview for name in NAMES)


def test_help_lines_fit_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    from basekeep.cli.widths import width

    monkeypatch.setenv("COLUMNS", "80")
    for name in NAMES:
        assert all(width(line) <= 80 for line in typed(*name.split(), "--help").out.splitlines()[1:])


def test_help_takes_under_two_fifths_of_a_second_of_work() -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    for _ in range(3):
        subprocess.run([sys.executable, "-c", START, "--help"], env=os.environ, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / 3 < 0.4


def test_help_imports_no_engine() -> None:
    loaded = "import sys, basekeep.cli.main; print(*sorted(sys.modules))"
    names = subprocess.run([sys.executable, "-c", loaded], check=True, capture_output=True, text=True).stdout.split()
    assert not {"duckdb", "ibis", "pyarrow", "pydantic", "rich", "numpy", "sqlglot"} & set(names)


def test_every_option_is_explained_in_both_languages() -> None:
    assert app.registered_commands
    for command in commands():
        for option in command.options:
            assert any("\u4e00" <= sign <= "\u9fff" for sign in option.help), (command.name, option.names)
            assert option.help[0].isascii(), (command.name, option.names)
