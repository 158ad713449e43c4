"""The options that every command has, and how a command begins and ends."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from basekeep.cli.screen import Screen
from basekeep.kernel.errors import BasekeepError, CallError
from basekeep.kernel.text import Language, Text

WorkspaceOption = Annotated[
    Path,
    typer.Option(
        "--workspace",
        "-w",
        metavar="DIR",
        help="Folder of the workspace. 工作区文件夹。",
        show_default="the current folder",
    ),
]
LangOption = Annotated[
    str | None,
    typer.Option(
        "--lang",
        metavar="zh|en",
        help="Language of the screen, zh or en. 界面语言。",
        show_default="that of the workspace",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document for programs. 输出一个 JSON 文档。")]

Command = TypeVar("Command", bound=Callable[..., Any])
INTERRUPTED = 130
READER_GONE = 141


def guarded(command: Command) -> Command:
    """Turn every error of a command into a sentence and an exit status; no traceback reaches a person."""

    @wraps(command)
    def safely(*args: Any, **kwargs: Any) -> Any:
        screen = Screen(language_of(kwargs.get("lang"), kwargs.get("workspace")), bool(kwargs.get("as_json")))
        try:
            return command(*args, **kwargs)
        except BasekeepError as error:
            screen.error(error)
            raise typer.Exit(error.exit_status) from None
        except KeyboardInterrupt:
            screen.error(_INTERRUPTED)
            raise typer.Exit(INTERRUPTED) from None
        except BrokenPipeError:
            # Whoever read the output has gone; nothing more is said to it, not even at the end of the process.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(READER_GONE) from None
        except typer.Exit:
            raise
        except Exception as error:
            if os.environ.get("BASEKEEP_DEBUG"):
                traceback.print_exc()
            screen.error(_unexpected(error))
            raise typer.Exit(1) from None

    return safely  # type: ignore[return-value]


_INTERRUPTED = BasekeepError(
    "interrupted",
    Text("已中断", "interrupted"),
    Text(
        "已入库的数据没有变化，没做完的不算数。", "What is stored is as it was; what was not finished does not count."
    ),
)


def _unexpected(error: Exception) -> BasekeepError:
    # Its message may hold a subscriber's data, so only its kind is shown.
    kind = type(error).__name__
    return BasekeepError(
        "unexpected",
        Text(f"程序出错（{kind}），没有改动数据", f"the program failed ({kind}); nothing stored was changed"),
        Text("请报告此问题；加上环境变量 BASEKEEP_DEBUG=1 再执行可看到详情。", "Please report it; with BASEKEEP_DEBUG=1 in the environment the same call shows more."),
    )  # fmt: skip


def language_of(lang: str | None, workspace: Path | None) -> Language:
    """The language asked for, else the workspace's, else Chinese."""
    if lang in ("zh", "en"):
        return lang  # type: ignore[return-value]
    settings = (workspace or Path()) / "basekeep.yaml"
    try:
        for line in settings.read_text(encoding="utf-8").splitlines():
            key, _, value = line.partition(":")
            if key.strip() == "language" and value.split("#")[0].strip().strip("'\"") == "en":
                return "en"
    except (OSError, UnicodeDecodeError):
        pass
    return "zh"


def screen_of(workspace: Path | None, lang: str | None, as_json: bool) -> Screen:
    """The screen of a command.

    Raises:
        CallError: a language that is not spoken.
    """
    if lang not in (None, "zh", "en"):
        raise CallError(
            "call.language",
            Text(f"不认识的语言 {lang!r}", f"unknown language {lang!r}"),
            Text("用 zh 或 en。", "Use zh or en."),
        )
    return Screen(language_of(lang, workspace), as_json)


def month_of(text: str | None) -> Any:
    """A month typed by a person.

    Raises:
        CallError: it is not YYYY-MM.
    """
    from basekeep.kernel.months import parse_month

    if text is None:
        return None
    try:
        return parse_month(text)
    except ValueError:
        what = Text(f"不是月份：{text!r}", f"not a month: {text!r}")
        raise CallError("call.month", what, Text("写成 2025-12。", "Write it as 2025-12.")) from None


def values_of(typed: list[str], option: str = "--set") -> dict[str, str]:
    """`NAME=VALUE` as typed, each by its name.

    Raises:
        CallError: one is not written so.
    """
    found = {}
    for one in typed:
        name, sign, value = one.partition("=")
        if not sign:
            what = Text(f"看不懂 {option} {one!r}", f"cannot read {option} {one!r}")
            raise CallError("call.set", what, Text("写成 名称=值。", "Write it as NAME=VALUE."))
        found[name.strip()] = value.strip()
    return found
