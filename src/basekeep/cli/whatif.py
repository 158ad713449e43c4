"""`whatif`: what would come out of some assumptions, line by line, over ranges, as a table and as a picture."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any

import typer

from basekeep.cli.help import BilingualCommand
from basekeep.cli.options import JsonOption, LangOption, WorkspaceOption, guarded, screen_of, values_of
from basekeep.cli.progress import progress_for
from basekeep.cli.screen import Screen, size
from basekeep.cli.whatif_screen import show_answer
from basekeep.kernel.errors import CallError
from basekeep.kernel.text import Text


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(cls=BilingualCommand)(whatif)


@guarded
def whatif(
    name: Annotated[str | None, typer.Argument(help="A what-if of the playbook. 推算的名称。", show_default="lists them")] = None,
    change: Annotated[list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="Another value for an input. 改一个输入。")] = None,
    over: Annotated[list[str] | None, typer.Option("--range", metavar="NAME=FROM..TO/STEP", help="A range of the table; a second one gives the lines. 表的区间，第二个分线。", show_default="those of the playbook")] = None,
    show: Annotated[str | None, typer.Option(metavar="NAME", help="The result to look at. 看哪个结果。", show_default="that of the playbook")] = None,
    to: Annotated[Path | None, typer.Option(metavar="FILE", help="The whole table as .xlsx, with its chart, or .csv, .parquet, .json. 全表写入文件，xlsx 带图。")] = None,
    picture: Annotated[Path | None, typer.Option(metavar="FILE", help="The picture as .svg. 图写成 .svg。")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there. 覆盖已有文件。")] = False,
    run: Annotated[str | None, typer.Option(metavar="ID", help="A run, or the beginning of its id. 哪次运行。", show_default="the latest, if there is one")] = None,
    workspace: WorkspaceOption = Path(), lang: LangOption = None, as_json: JsonOption = False,
) -> None:  # fmt: skip
    """推算：若干假设会带来什么 · What would come out of some assumptions: every number with its formula.

    Example: basekeep whatif upgrade --set pack_share=60% --to upgrade.xlsx
    """
    from basekeep.app import load_workspace, what_if
    from basekeep.run.whatif.asked import Asked

    screen = screen_of(workspace, lang, as_json)
    opened = load_workspace(workspace)
    if name is None:
        _list(screen, opened)
        return
    _refuse_files(to, picture, force, opened.store_dir)
    ranges = [(of, text) for one in over or [] for of, text in values_of([one], "--range").items()]
    answer = what_if(opened, name, Asked(values_of(change or []), ranges, show), run)
    show_answer(screen, answer)
    files = _write(screen, answer, to, picture, force, opened.store_dir)
    screen.document({**_document(answer), "files": files})


def _list(screen: Screen, opened: Any) -> None:
    from basekeep.checks.playbook import sound_playbook

    declared = sound_playbook(opened.playbook_dir).whatif
    heads = [Text("推算", "What-if"), Text("名称", "Name"), Text("业务口径", "Wording")]
    screen.table(None, heads, [(name, one.name.text, one.wording.text) for name, one in declared.items()])
    screen.document([{"whatif": name, **one.name.model_dump()} for name, one in declared.items()])


def _refuse_files(to: Path | None, picture: Path | None, force: bool, store: Path) -> None:
    """Before anything is worked out, since nothing is then written half."""
    from basekeep.run.export import format_of, refuse_place

    for path in (to, picture):
        if path is not None:
            refuse_place(path, force, store)
    if to is not None:
        format_of(to)
    if picture is not None and picture.suffix.lower() != ".svg":
        what = Text(f"图只写成 .svg：{picture.name}", f"a picture is written as .svg: {picture.name}")
        do = Text("SVG 可直接用浏览器打开、插入 Word 和 PowerPoint；要 Excel 图表请用 --to 文件.xlsx。",
                  "Browsers open it, Word and PowerPoint take it in; for a chart in Excel use --to FILE.xlsx.")  # fmt: skip
        raise CallError("whatif.picture", what, do)


def _write(screen: Screen, answer: Any, to: Path | None, picture: Path | None, force: bool, store: Path) -> list[str]:
    from basekeep.run.export import Layout, format_of, write_content, write_file
    from basekeep.run.line_chart import svg
    from basekeep.run.whatif.picture import chart_of, picture_of

    content = svg(picture_of(answer, screen.language)) if picture else b""
    written = []
    if to is not None:
        layout = Layout(sheet=answer.name, chart=chart_of(answer, screen.language))
        progress = progress_for(screen.language, screen.as_json)
        written.append(write_file(answer.table, format_of(to), to, layout, force, store, progress))
    if picture is not None:
        written.append(write_content(content, picture, force, store))
    for one in written:
        screen.say(Text(f"已写出 {one.path}（{size(one.bytes)}）", f"Written: {one.path} ({size(one.bytes)})"), "green")
    return [str(one.path) for one in written]


def _document(answer: Any) -> dict[str, Any]:
    held = answer.held
    return {
        "whatif": answer.name, "run_id": answer.run_id,
        "inputs": [_line(line) for line in answer.inputs], "results": [_line(line) for line in answer.results],
        "claim": held and {
            "of": held.claim.of, "claimed": _numbers(held.claim.value), "formula": held.filled, "arithmetic": _numbers(held.value),
            "through": held.claim.through, "needed": _numbers(held.needed),
            "now": _numbers(held.now), "needed_now": _numbers(held.needed_now),
        },
        "table": {
            "along": answer.table.along, "lines": answer.table.lines, "shows": answer.table.shows,
            "rows": [{name: _numbers(row[name])["value"] for name in answer.table.units} for row in answer.table.rows],
        },
    }  # fmt: skip


def _line(line: Any) -> dict[str, Any]:
    return {
        "name": line.name, "name_zh": line.words.zh, "name_en": line.words.en, "unit": line.unit, **_numbers(line.value),
        "source": line.origin, "formula": line.formula or None, "with_numbers": line.filled or None,
    }  # fmt: skip


def _numbers(value: Fraction | None) -> dict[str, Any]:
    """A number for programs: as near as a double comes, and exactly."""
    return {"value": None if value is None else float(value), "exact": None if value is None else str(value)}
