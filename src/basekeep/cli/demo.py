"""`demo`: a synthetic operator, the whole monthly cycle on it, and what was found, in plain words."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from basekeep.cli.decisions_screen import decisions_of, show_decisions
from basekeep.cli.demo_screen import show_found, show_next, show_target_groups, show_what_if, show_work_list
from basekeep.cli.found import found_rows
from basekeep.cli.help import BilingualCommand
from basekeep.cli.options import JsonOption, LangOption, guarded, screen_of
from basekeep.cli.progress import progress_for
from basekeep.cli.running import show_remarks, summaries
from basekeep.cli.screen import Screen
from basekeep.cli.upgrade_screen import show_upgrade, upgrade_found
from basekeep.kernel.errors import CallError
from basekeep.kernel.text import Text

_MARK = "made_by_demo"
_MARK_TEXT = "basekeep demo made this folder and makes it anew. 本文件夹由 basekeep demo 生成，会被重新生成。\n"
_OURS = ("basekeep.yaml", "playbook", "data", "truth", ".making", "store")
_MONTH = date(2025, 12, 1)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(cls=BilingualCommand)(demo)


@guarded
def demo(
    folder: Annotated[Path, typer.Option("--dir", metavar="DIR", help="The workspace to make. 演示工作区。")] = Path("demo"),
    subscribers: Annotated[int, typer.Option(metavar="N", help="Size of the base. 存量用户数。")] = 200_000,
    seed: Annotated[int, typer.Option(metavar="N", help="The same seed gives the same bytes. 随机种子。")] = 1,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Stop before the console. 不启动控制台。")] = False,
    lang: LangOption = None, as_json: JsonOption = False,
) -> None:  # fmt: skip
    """用模拟运营商走一遍全流程 · Try everything on a synthetic operator.

    Example: basekeep demo --no-serve --subscribers 50000 --lang en
    """
    from basekeep.app import ingest_tables, load_workspace, run_month, what_if
    from basekeep.run.whatif.asked import Asked

    screen, start = screen_of(None, lang, as_json), time.perf_counter()
    progress = progress_for(screen.language, as_json)
    _clear(folder)
    with _step(screen, Text(f"① 生成模拟运营商：{subscribers:,} 用户 × 14 个月", f"1. A synthetic operator: {subscribers:,} subscribers × 14 months")):  # fmt: skip
        _make(folder, subscribers, seed, screen, progress)
    opened = load_workspace(folder)
    with _step(screen, Text("② 读入、检查、入库", "2. Reading, checking and storing its tables")):
        report = ingest_tables(opened, date.today(), None, None, progress)
    with _step(screen, Text("③ 运行 2025-12", "3. Running 2025-12")):
        outcome = run_month(opened, _MONTH, progress)
    tables = summaries(outcome.record)
    top, groups = (found_rows(opened, sql, outcome.record.run_id, progress) for sql in (_TOP, _TOP_GROUPS))
    sizes = _family_sizes(opened, outcome.record.run_id, progress)
    show_found(screen, report, outcome.record, tables, top, sizes)
    show_target_groups(screen, groups)
    upgrade = upgrade_found(opened, outcome.record.run_id, progress)
    show_upgrade(screen, upgrade)
    decisions = decisions_of(outcome.record)
    show_decisions(screen, decisions)
    work = found_rows(opened, _WORK, outcome.record.run_id, progress)
    show_work_list(screen, work)
    show_remarks(screen, outcome.record)
    show_what_if(screen, what_if(opened, "upgrade", Asked()))
    show_next(screen, folder, outcome.record, (work or top or [{"subscriber_id": "ID"}])[0]["subscriber_id"], groups)
    seconds = time.perf_counter() - start
    screen.say(Text(f"\n全程 {seconds:.0f} 秒。", f"\nAll of it took {seconds:.0f} seconds."), "dim")
    if not no_serve:
        screen.say(
            Text("控制台还没有做好，演示到此结束。", "The console is not there yet, so the demonstration ends here.")
        )
    screen.document({"workspace": str(folder), "run_id": outcome.record.run_id, "seconds": round(seconds, 1),
                     "counts": dict(outcome.record.counts), "top": top, "work_list": work, "family_sizes": sizes, **tables, **upgrade, **decisions})  # fmt: skip


@contextmanager
def _step(screen: Screen, text: Text) -> Iterator[None]:
    start = time.perf_counter()
    screen.say(Text(f"{text.zh} …", f"{text.en} ..."), "bold cyan")
    yield
    seconds = time.perf_counter() - start
    screen.say(Text(f"   完成，{seconds:.1f} 秒", f"   done in {seconds:.1f} s"), "dim")


def _clear(folder: Path) -> None:
    """Make room: only in an empty folder, or in one that a demonstration made; there it removes what it made itself."""
    from basekeep.store.disk import disk_errors, remove
    from basekeep.store.writing import writing

    with disk_errors():
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            if not (folder / _MARK).is_file():
                raise CallError(
                    "demo.not_ours",
                    Text(f"{folder} 里有别的文件，不会覆盖", f"{folder} holds other files and is left alone"),
                    Text("用 --dir 换一个文件夹。", "Choose another folder with --dir."),
                )
            with writing(folder / "store"):
                pass  # nobody else is at work in it
            for name in _OURS:
                remove(folder / name)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _MARK).write_text(_MARK_TEXT, encoding="utf-8")


def _make(folder: Path, subscribers: int, seed: int, screen: Screen, progress: Any) -> None:
    from basekeep.cli.workspace_files import write_workspace
    from basekeep.synth.operator import Options, make, mapping

    made = make(Options(subscribers=subscribers, seed=seed, last_month=_MONTH), folder, progress)
    write_workspace(folder, screen.language, mapping(made))


_TOP = "SELECT * FROM target WHERE scorecard = 'upgrade_5g' ORDER BY rank LIMIT 10"
_WORK = "SELECT * FROM action ORDER BY contact_on, expected DESC, subscriber_id LIMIT 5"
_TOP_GROUPS = "SELECT * FROM group_target ORDER BY segment, rank LIMIT 5"


def _family_sizes(opened: Any, run_id: str, progress: Any) -> dict[int, int]:
    """How many physical families there are of each size."""
    sql = "SELECT size, count(DISTINCT family_id) AS families FROM family GROUP BY size ORDER BY size"
    return {row["size"]: row["families"] for row in found_rows(opened, sql, run_id, progress)}
