"""`verify`: every stored file against what was written down of it."""

from __future__ import annotations

from pathlib import Path

import typer

from basekeep.cli.help import BilingualCommand
from basekeep.cli.options import JsonOption, LangOption, WorkspaceOption, guarded, screen_of
from basekeep.cli.progress import progress_for
from basekeep.cli.screen import error_data, size
from basekeep.kernel.text import Text


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(cls=BilingualCommand)(verify)


@guarded
def verify(workspace: WorkspaceOption = Path(), lang: LangOption = None, as_json: JsonOption = False) -> None:
    """核对全部存储文件是否完好 · Check every stored file, of snapshots and of runs, against its SHA-256.

    Example: basekeep verify
    """
    from basekeep.app import load_workspace, verify_workspace

    screen = screen_of(workspace, lang, as_json)
    found = verify_workspace(load_workspace(workspace), progress_for(screen.language, as_json))
    for error in found.damaged:
        screen.say(Text(f"[{error.code}] {error.what.zh}", f"[{error.code}] {error.what.en}"), "red")
    for do in dict.fromkeys(error.do for error in found.damaged if error.do):
        screen.say(Text(f"    → {do.zh}", f"    → {do.en}"))
    screen.document(
        {
            "files": found.files,
            "bytes": found.bytes,
            "damaged": [error_data(one, screen.language) for one in found.damaged],
        }
    )
    read = f"{found.files:,}", size(found.bytes)
    said = Text(f"核对了 {read[0]} 个文件（{read[1]}）", f"Files verified: {read[0]} ({read[1]})")
    if found.damaged:
        many = f"{len(found.damaged):,}"
        screen.say(Text(f"{said.zh}，{many} 个已损坏。", f"{said.en}; damaged: {many}."), "bold red")
        raise typer.Exit(1)
    screen.say(Text(f"{said.zh}，全部完好。", f"{said.en}; all are as they were stored."), "green")
