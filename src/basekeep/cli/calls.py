"""One call of the command line from beginning to end: what was typed, its exit status, and faults of the call in words."""

from __future__ import annotations

import re
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Any

import typer

from basekeep.cli.options import INTERRUPTED, language_of
from basekeep.cli.screen import Screen
from basekeep.kernel.errors import CallError
from basekeep.kernel.findings import near_names
from basekeep.kernel.text import Text


def call(app: typer.Typer, words: Sequence[str]) -> int:
    """Run what was typed; gives the exit status. Without words it shows the help.

    No traceback reaches a person: commands turn their own errors into sentences, and faults of the call are said here.
    """
    signal.signal(signal.SIGINT, _interrupted)
    command = typer.main.get_command(app)
    try:
        ended = command.main(list(words) or ["--help"], prog_name="basekeep", standalone_mode=False)
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        if not hasattr(error, "format_message"):
            raise
        fault = _fault(error, words)
        _screen(words).error(fault)
        return fault.exit_status
    return ended if isinstance(ended, int) else 0


def _interrupted(_signal: int, _frame: FrameType | None) -> None:
    """Ctrl-C: what the engine is doing in other threads stops too, since nothing ends before they do."""
    engines = sys.modules.get("basekeep.engines.duckdb")
    if engines is not None:
        engines.interrupt_engines()
    raise KeyboardInterrupt


def _screen(words: Sequence[str]) -> Screen:
    """How to answer a call that was not understood: as far as its words tell."""
    return Screen(
        language_of(_after(words, "--lang"), Path(_after(words, "--workspace", "-w") or ".")), "--json" in words
    )


def _after(words: Sequence[str], *names: str) -> str | None:
    for word, following in zip(words, [*words[1:], ""], strict=True):
        name, _, value = word.partition("=")
        if name in names:
            return value or following
    return None


def _fault(error: Any, words: Sequence[str]) -> CallError:
    """A fault that typer found, in both languages; which kind it is shows in what it carries."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "basekeep"
    do = Text(f"{path} --help 列出写法。", f"{path} --help shows how it is written.")
    return CallError("call.wrong", _what(error, context, words), do)


def _what(error: Any, context: Any, words: Sequence[str]) -> Text:
    said = error.format_message()
    kind = type(error).__name__
    param = getattr(error, "param", None)
    name = _name(param)
    if kind == "NoSuchOption":
        near = near_names(error.option_name, [option for p in context.command.get_params(context) for option in p.opts])
        return _with_near(Text(f"没有选项 {error.option_name}", f"there is no option {error.option_name}"), near)
    if kind == "MissingParameter" and name:
        return Text(f"缺少 {name}", f"{name} is missing")
    if named := re.search(r"No such command '([^']*)'", said):
        near = near_names(named[1], context.command.list_commands(context))
        return _with_near(Text(f"没有命令 {named[1]}", f"there is no command {named[1]}"), near)
    if re.search(r"requires an argument|requires \d+ arguments", said):
        return Text(f"选项 {error.option_name} 后面要有值", f"the option {error.option_name} needs a value")
    if kind == "BadParameter" and param is not None:
        read = _after(words, *param.opts)
        return Text(f"{name} 的值不对：{read}", f"{name} cannot be {read}")
    if "Missing command" in said:
        near = context.command.list_commands(context)
        return Text(f"缺少子命令：{'、'.join(near)}", f"a command is missing: {', '.join(near)}")
    if "unexpected extra argument" in said:
        extra = re.sub(r".*\((.*)\)", r"\1", said)
        return Text(f"多余的词：{extra}", f"words too many: {extra}")
    return Text(said, said)


def _name(param: Any) -> str:
    if param is None:
        return ""
    return str(max(param.opts, key=len)) if param.param_type_name == "option" else str(param.name).upper()


def _with_near(what: Text, near: Sequence[str]) -> Text:
    if not near:
        return what
    return Text(f"{what.zh}；相近的有 {'、'.join(near)}", f"{what.en}; near: {', '.join(near)}")
