"""The reference pages say what the code says."""

from __future__ import annotations

import contextlib
import re

import pytest

from basekeep.checks.playbook import sound_playbook
from basekeep.cli.main import app
from basekeep.playbook.functions import FUNCTIONS
from basekeep.playbook.meaning import Meaning
from basekeep.playbook.parser import RESERVED
from basekeep.playbook.shipping import shipped_folder
from basekeep.reference.commands import Command, commands
from basekeep.reference.language import WRITTEN
from basekeep.reference.pages import pages

from .pages import DOCS


@pytest.mark.parametrize("name", sorted(pages()))
def test_a_page_is_as_the_code_makes_it(name: str) -> None:
    """When this fails: python -m basekeep.reference."""
    assert (DOCS / name).read_text(encoding="utf-8") == pages()[name]


@pytest.mark.parametrize("example", [example for example, _ in WRITTEN])
def test_an_example_of_the_expression_language_has_a_meaning(example: str) -> None:
    assert Meaning(sound_playbook(shipped_folder())).condition(example)


def test_every_word_of_the_language_is_shown() -> None:
    shown = " ".join([*(f"{example} {says.en}" for example, says in WRITTEN), *(f.usage for f in FUNCTIONS.values())])
    assert {word for word in RESERVED if word not in shown.replace("`", " ").replace("=", " ").split()} == set()


@pytest.mark.parametrize("command", commands(), ids=lambda command: command.name)
def test_the_command_reference_names_what_help_names(
    command: Command, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    with contextlib.suppress(SystemExit):
        app([*command.name.split(), "--help"], prog_name="basekeep", standalone_mode=False)
    options = capsys.readouterr().out.split("Options:")[1].split("Example:")[0]
    shown = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", options)) - {"--help"}
    named = {name for option in command.options for name in option.names if name.startswith("-")}
    assert named == shown


@pytest.mark.parametrize("command", commands(), ids=lambda command: command.name)
def test_every_command_has_an_example(command: Command) -> None:
    assert command.example.startswith(f"basekeep {command.name}")
