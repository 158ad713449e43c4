"""What `--help` prints: both languages, one line each, wrapped by how wide characters are on a terminal."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from basekeep.cli.widths import width, wrapped

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_WIDEST = 100
_LEFT = 26


class Help:
    """Writes a help page; mixed into the classes of commands and of groups of them."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The usage, what the command does, its arguments and options, an example."""
        said, _, example = (ctx.command.help or "").partition("Example:")
        lines = [f"{_head('用法 Usage:')} {ctx.command_path}{_usage(ctx)}", ""]
        room = min(shutil.get_terminal_size().columns, _WIDEST) - 2
        for part in " ".join(said.split()).split(" · "):
            lines += [f"  {line}" for line in wrapped(part.strip(), room)]
        rows = list(_rows(ctx))
        for title, is_option in (("参数 Arguments:", False), ("选项 Options:", True)):
            shown = [(left, right) for option, left, right in rows if option is is_option]
            lines += ["", _head(title), *_two_columns(shown)] if shown else []
        if hasattr(ctx.command, "list_commands"):
            lines += ["", _head("命令 Commands:"), *_two_columns(_commands(ctx))]
        if example:
            lines += ["", _head("示例 Example:"), f"  {' '.join(example.split())}"]
        formatter.write("\n".join(lines) + "\n")


class BilingualCommand(Help, TyperCommand):
    """A command with such a help page."""


class BilingualGroup(Help, TyperGroup):
    """A group of commands with such a help page."""


def _usage(ctx: Any) -> str:
    """The arguments in their order; those that may be left out in brackets."""
    arguments = [param for param in ctx.command.get_params(ctx) if param.param_type_name == "argument"]
    said = [f" {param.name.upper()}" if param.required else f" [{param.name.upper()}]" for param in arguments]
    return "".join([" COMMAND" if hasattr(ctx.command, "list_commands") else "", *said, " [OPTIONS]"])


def _rows(ctx: Any) -> Iterator[tuple[bool, str, str]]:
    """Each argument or option: whether it is an option, how it is typed, what it means and what holds without it."""
    for param in ctx.command.get_params(ctx):
        option = param.param_type_name == "option"
        takes = "" if not option or param.is_flag else f" {param.metavar or 'TEXT'}"
        names = ", ".join(sorted([*param.opts, *param.secondary_opts], key=len)) if option else param.name.upper()
        said = "Show this page. 显示本页。" if param.name == "help" else str(getattr(param, "help", "") or "")
        yield option, f"{names}{takes}", _two_lines(said, "  [required]" if param.required else _default(param))


def _two_lines(said: str, more: str) -> str:
    """`English. 中文。` on a line each, Chinese first."""
    chinese = _CHINESE.search(said)
    if not chinese:
        return f"{said}{more}"
    return f"{said[chinese.start() :]}\n{said[: chinese.start()].strip()}{more}"


def _default(param: Any) -> str:
    said = getattr(param, "show_default", None)
    default = said if isinstance(said, str) else param.default
    if default in (None, False, ()) or callable(default) or param.name == "help":
        return ""
    return f"  [default: {default}]"


def _commands(ctx: Any) -> Iterator[tuple[str, str]]:
    for name in ctx.command.list_commands(ctx):
        command = ctx.command.get_command(ctx, name)
        said = (command.help or "").partition("Example:")[0]
        yield name, "\n".join(part.strip() for part in " ".join(said.split()).split(" · "))


def _two_columns(rows: Any) -> Iterator[str]:
    rows = list(rows)
    left = min(max(width(name) for name, _ in rows), _LEFT) + 2
    room = max(min(shutil.get_terminal_size().columns, _WIDEST) - left - 2, 24)
    for name, meaning in rows:
        texts = [line for part in meaning.split("\n") for line in wrapped(part, room)] or [""]
        if width(name) > left - 2:
            yield f"  {name}"
        else:
            yield f"  {name}{' ' * (left - width(name))}{texts.pop(0)}"
        yield from (f"  {' ' * left}{text}" for text in texts)


def _head(text: str) -> str:
    return typer.style(text, bold=True)
