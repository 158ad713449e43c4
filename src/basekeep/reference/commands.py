"""The commands, from the very declarations that make `--help`."""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from basekeep.cli.main import app
from basekeep.reference.markdown import cell, code, table

_KINDS = {Path: "path", int: "whole number", str: "text", bool: ""}


@dataclass(frozen=True)
class Option:
    """One argument or option of a command: how it is written, what it takes, what holds without it."""

    names: tuple[str, ...]
    takes: str
    help: str
    default: str


@dataclass(frozen=True)
class Command:
    """One command as it is typed, with its help."""

    name: str
    help: str
    example: str
    options: tuple[Option, ...]


def commands() -> tuple[Command, ...]:
    """Every command, in the order of `basekeep --help`."""
    return tuple(_commands(app, ""))


def commands_section() -> str:
    """One paragraph per command."""
    return "\n\n".join(_section(command) for command in commands())


def _commands(group: Any, before: str) -> Iterator[Command]:
    for declared in group.registered_commands:
        yield _command(before + (declared.name or declared.callback.__name__), declared.callback)
    for inner in group.registered_groups:
        yield from _commands(inner.typer_instance, f"{before}{inner.name} ")


def _command(name: str, callback: Callable[..., Any]) -> Command:
    said, _, example = inspect.cleandoc(callback.__doc__ or "").partition("Example:")
    hints = get_type_hints(callback, include_extras=True)
    given = inspect.signature(callback).parameters
    return Command(
        name, cell(said), cell(example), tuple(_option(given[key], hints[key]) for key in given if key in hints)
    )


def _option(given: inspect.Parameter, hint: Any) -> Option:
    kind, *more = get_args(hint) if get_origin(hint) is Annotated else (hint,)
    info = next(one for one in more if hasattr(one, "param_decls"))
    takes = code(info.metavar) if info.metavar else _takes(kind)
    return Option(_names(given.name, info), takes, cell(info.help or ""), _default(given, info))


def _names(parameter: str, info: Any) -> tuple[str, ...]:
    """How it is typed. Beside a type, the first of an option's names stands where its default would."""
    if type(info).__name__ == "ArgumentInfo":
        return (parameter.upper(),)
    first = (info.default,) if isinstance(info.default, str) else ()
    written = (*first, *(info.param_decls or ())) or (f"--{parameter.replace('_', '-')}",)
    return tuple(name for names in written for name in names.split("/"))


def _takes(kind: Any) -> str:
    if get_origin(kind) in (Union, types.UnionType):
        return _takes(next(arg for arg in get_args(kind) if arg is not type(None)))
    if get_origin(kind) is list:
        return f"{_takes(get_args(kind)[0])}, may be repeated"
    return _KINDS[kind]


def _default(given: inspect.Parameter, info: Any) -> str:
    if isinstance(info.show_default, str):
        return cell(info.show_default)
    if given.default is inspect.Parameter.empty:
        return "required"
    return "" if given.default in (None, False) else code(given.default)


def _section(command: Command) -> str:
    rows = [(" ".join(map(code, o.names)), o.takes, o.help, o.default) for o in command.options]
    heads = ("写法 written", "取值 takes", "说明 meaning", "缺省 default")
    return f"## `basekeep {command.name}`\n\n{command.help}\n\n```sh\n{command.example}\n```\n\n{table(heads, rows)}"
