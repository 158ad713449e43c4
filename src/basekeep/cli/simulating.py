"""`simulate`: scenarios of other budgets, capacities, stock, floors and weights beside a run as it is; the frontier."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from basekeep.cli.help import BilingualCommand
from basekeep.cli.options import JsonOption, LangOption, WorkspaceOption, guarded, screen_of
from basekeep.cli.progress import progress_for
from basekeep.cli.screen import Screen, size
from basekeep.cli.simulation_screen import show_frontier, show_simulation, simulation_data
from basekeep.kernel.errors import CallError
from basekeep.kernel.text import Text


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(cls=BilingualCommand)(simulate)


@guarded
def simulate(
    change: Annotated[list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A lever moved: budget, capacity, stock, floor or weight, alone or with a name; all --set make one scenario. 改一个量。")] = None,
    scenario: Annotated[list[str] | None, typer.Option("--scenario", metavar="'NAME: LEVER=VALUE, …'", help="One more scenario beside it. 再加一个方案。")] = None,
    frontier: Annotated[str | None, typer.Option("--frontier", metavar="NAME=FROM..TO/STEP", help="Value against a lever over a range, with what one more unit is worth. 价值随该量的变化与边际价值。")] = None,
    to: Annotated[Path | None, typer.Option(metavar="FILE", help="Who enters and leaves, as .parquet, .csv, .xlsx or .json; with --frontier alone its table. 进出明细写入文件。")] = None,
    picture: Annotated[Path | None, typer.Option(metavar="FILE", help="The frontier as .svg. 前沿图写成 .svg。")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there. 覆盖已有文件。")] = False,
    run: Annotated[str | None, typer.Option(metavar="ID", help="A run, or the beginning of its id. 哪次运行。", show_default="the latest of a month")] = None,
    workspace: WorkspaceOption = Path(), lang: LangOption = None, as_json: JsonOption = False,
) -> None:  # fmt: skip
    """模拟：换一种预算、产能、下限或权重会怎样 · What other budgets, capacities, floors or weights would change; nothing is kept.

    Example: basekeep simulate --set budget=-20% --frontier budget=50%..150%/10%
    """
    from basekeep.app import load_workspace, simulate_run

    screen = screen_of(workspace, lang, as_json)
    opened = load_workspace(workspace)
    if not change and not scenario and not frontier:
        what = Text("没有要模拟的", "there is nothing to simulate")
        do = Text("给出 --set 名称=值、--scenario 或 --frontier。", "Give --set NAME=VALUE, --scenario or --frontier.")
        raise CallError("call.simulate", what, do)
    _refuse_files(to, picture, frontier, force, opened.store_dir)
    found = simulate_run(opened, change or [], scenario or [], frontier, run, progress_for(screen.language, as_json))
    show_simulation(screen, found)
    if found.frontier is not None:
        show_frontier(screen, found.frontier)
    files = _write(screen, found, to, picture, force, opened.store_dir)
    screen.document({**simulation_data(found), "files": files})


def _refuse_files(to: Path | None, picture: Path | None, frontier: str | None, force: bool, store: Path) -> None:
    """Before anything is worked out."""
    from basekeep.run.export import format_of, refuse_place

    for path in (to, picture):
        if path is not None:
            refuse_place(path, force, store)
    if to is not None:
        format_of(to)
    if picture is not None and (frontier is None or picture.suffix.lower() != ".svg"):
        what = Text("图画的是前沿，写成 .svg", "the picture is that of the frontier, as .svg")
        do = Text("加上 --frontier，文件名以 .svg 结尾。", "Add --frontier, and end the file's name with .svg.")
        raise CallError("simulate.picture", what, do)


def _write(screen: Screen, found: Any, to: Path | None, picture: Path | None, force: bool, store: Path) -> list[str]:
    from basekeep.decide.frontier_picture import picture_of
    from basekeep.decide.simulate import MovesTable
    from basekeep.run.export import Layout, format_of, write_content, write_file
    from basekeep.run.line_chart import svg

    written = []
    if to is not None:
        rows = MovesTable(found) if found.scenarios else found.frontier
        progress = progress_for(screen.language, screen.as_json)
        written.append(write_file(rows, format_of(to), to, Layout(sheet="simulate"), force, store, progress))
    if picture is not None:
        content = svg(picture_of(found.frontier, found.playbook, screen.language))
        written.append(write_content(content, picture, force, store))
    for one in written:
        screen.say(Text(f"已写出 {one.path}（{size(one.bytes)}）", f"Written: {one.path} ({size(one.bytes)})"), "green")
    return [str(one.path) for one in written]
