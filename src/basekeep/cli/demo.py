"""`demo`: a synthetic operator, the whole monthly cycle on it, and what was found, in plain words."""

from __future__ import annotations

import shutil
import time
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from basekeep.cli.options import JsonOption, LangOption, guarded, screen_of
from basekeep.cli.progress import progress_for
from basekeep.cli.running import show_segments, summaries
from basekeep.cli.screen import Screen, percent
from basekeep.kernel.errors import CallError
from basekeep.kernel.text import Text

_MARK = "made_by_demo"
_MONTH = date(2025, 12, 1)
_SHOWN_MONTHS, _SHOWN_YEARS = 12, 8
# The first document's own figures: report, key (None: all), share, what it is.
_DOCUMENT = (
    ("healthy_by_tenure_year", None, 0.32, Text("余额健康占比，全部用户", "Healthy balance, all")),
    ("healthy_by_tenure_year", 1, 0.41, Text("余额健康占比，在网一年", "Healthy balance, one year")),
    ("healthy_by_tenure_year", 2, 0.55, Text("余额健康占比，在网两年", "Healthy balance, two years")),
    ("low_by_tenure_month", 3, 0.57, Text("低余额占比，新增第三个月", "Low balance, third month")),
    ("low_by_tenure_month", None, 0.37, Text("低余额占比，全部用户", "Low balance, all")),
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(demo)


@guarded
def demo(
    folder: Annotated[Path, typer.Option("--dir", help="The workspace to make. 演示工作区。")] = Path("demo"),
    subscribers: Annotated[int, typer.Option(help="Size of the base. 存量用户数。")] = 200_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes. 随机种子。")] = 1,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Stop before the console. 不启动控制台。")] = False,
    lang: LangOption = None, as_json: JsonOption = False,
) -> None:  # fmt: skip
    """用模拟运营商走一遍全流程 · Try everything on a synthetic operator.

    Example: basekeep demo --no-serve --subscribers 50000 --lang en
    """
    from basekeep.app import ingest_tables, load_workspace, run_month

    screen, start = screen_of(None, lang, as_json), time.perf_counter()
    progress = progress_for(screen.language, as_json)
    _clear(folder)
    _say(
        screen,
        Text(
            f"① 生成模拟运营商：{subscribers:,} 用户 × 14 个月 …",
            f"1. A synthetic operator: {subscribers:,} subscribers × 14 months ...",
        ),
    )
    _make(folder, subscribers, seed, screen, progress)
    opened = load_workspace(folder)
    _say(screen, Text("② 读入、检查、入库 …", "2. Reading, checking and storing its tables ..."))
    report = ingest_tables(opened, date.today(), None, None, progress)
    _say(screen, Text("③ 运行 2025-12 …", "3. Running 2025-12 ..."))
    outcome = run_month(opened, _MONTH, progress)
    tables = summaries(outcome.record)
    top = _top(opened, outcome.record.run_id, progress)
    _found(screen, report, outcome.record, tables, top)
    _next(screen, folder, outcome.record, top, time.perf_counter() - start)
    screen.document(
        {
            "workspace": str(folder),
            "run_id": outcome.record.run_id,
            "counts": dict(outcome.record.counts),
            "top": top,
            **tables,
        }
    )
    if not no_serve:
        _say(
            screen, Text("控制台尚未提供；演示到此结束。", "The console is not there yet; the demonstration ends here.")
        )


def _say(screen: Screen, text: Text) -> None:
    screen.say(text, "bold cyan")


def _clear(folder: Path) -> None:
    """Make room: only an empty folder, or one that a demonstration made."""
    from basekeep.store.disk import disk_errors

    with disk_errors():
        if folder.exists() and any(folder.iterdir()):
            if not (folder / _MARK).exists():
                raise CallError(
                    "demo.not_ours",
                    Text(f"{folder} 里有别的文件，不会覆盖", f"{folder} holds other files and is left alone"),
                    Text("用 --dir 换一个文件夹。", "Choose another folder with --dir."),
                )
            shutil.rmtree(folder)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _MARK).touch()


def _make(folder: Path, subscribers: int, seed: int, screen: Screen, progress: Any) -> None:
    from basekeep.cli.workspace_files import write_workspace
    from basekeep.synth.operator import Options, make, mapping

    made = make(Options(subscribers=subscribers, seed=seed, last_month=_MONTH), folder, progress)
    write_workspace(folder, screen.language, mapping(made))


def _top(opened: Any, run_id: str, progress: Any) -> list[dict[str, Any]]:
    """The first ten of the ranked list."""
    from basekeep.run.query import open_query
    from basekeep.store.state import read_state

    with opened.open_engine() as engine, engine.session() as session:
        sql = "SELECT * FROM target WHERE scorecard = 'upgrade_5g' ORDER BY rank LIMIT 10"
        stream = open_query(
            engine, session, opened.store_dir, read_state(opened.store_dir), sql, run_id, progress
        ).stream(10)
        return [row for batch in stream.batches for row in batch.to_pylist()]


def _found(screen: Screen, report: Any, record: Any, tables: dict[str, Any], top: list[dict[str, Any]]) -> None:
    read, rejected = (sum(getattr(ledger, part) for ledger in report.ledgers) for part in ("read", "rejected"))
    counts = record.counts
    screen.say(Text(
        f"\n读入 {read:,} 行，拒收 {rejected:,} 行。2025-12 存量用户 {counts['base']:,}，归群 {counts['memberships']:,} 人次，4升5目标 {counts['target__upgrade_5g']:,} 人。",
        f"\nRead {read:,} rows, rejected {rejected:,}. Base in 2025-12: {counts['base']:,}; memberships: {counts['memberships']:,}; 4G to 5G targets: {counts['target__upgrade_5g']:,}.",
    ), "bold")  # fmt: skip
    show_segments(screen, tables["segment_summary"])
    _balance(screen, tables["report"])
    _show_top(screen, top)


def _balance(screen: Screen, rows: list[dict[str, Any]]) -> None:
    by = {(row["report"], row["key"]): row for row in rows}
    for report, most in (("healthy_by_tenure_year", _SHOWN_YEARS), ("low_by_tenure_month", _SHOWN_MONTHS)):
        of = [row for row in rows if row["report"] == report and row["key"] is not None and 0 <= row["key"] <= most]
        heads = [Text("在网年" if "year" in report else "在网月", "Years" if "year" in report else "Month"), Text("占比", "Share"),
                 Text("人数", "Subscribers"), Text("", "")]  # fmt: skip
        cells = [
            (int(r["key"]), percent(r["share"]), r["denominator"], "█" * round((r["share"] or 0) * 30)) for r in of
        ]
        screen.table(Text(of[0]["name_zh"], of[0]["name_en"]), heads, cells, numbers=(0, 1, 2))
    heads = [Text("文件原文的五个数", "The document's five figures"), Text("原文", "Document"), Text("本次", "Here")]
    cells2 = [(said, percent(share), percent(by[report, key]["share"])) for report, key, share, said in _DOCUMENT]
    screen.table(None, heads, cells2, numbers=(1, 2))


def _show_top(screen: Screen, top: list[dict[str, Any]]) -> None:
    heads = [
        Text("名次", "Rank"),
        Text("用户", "Subscriber"),
        Text("分值", "Points"),
        Text("主推", "Lead with"),
        Text("理由", "Reasons"),
    ]
    joined = "；".join if screen.language == "zh" else "; ".join
    cells = [
        (
            r["rank"],
            r["subscriber_id"],
            r["points"],
            r[f"lead_{screen.language}"],
            joined(r[f"reasons_{screen.language}"]),
        )
        for r in top
    ]
    screen.table(
        Text("4升5 名单前十（+ 得分项，- 失分项）", "Top of the 4G to 5G list (+ earned, - missed)"),
        heads,
        cells,
        numbers=(0, 2),
    )
    if top:
        screen.say(Text(f"话术示例：{top[0]['script_zh']}", f"Its talk script: {top[0]['script_en']}"), "italic")


def _next(screen: Screen, folder: Path, record: Any, top: list[dict[str, Any]], seconds: float) -> None:
    who = top[0]["subscriber_id"] if top else "ID"
    lang = "" if screen.language == "zh" else " --lang en"
    screen.say(Text(f"\n文件：{folder}/（数据 data/，策略手册 playbook/，存储 store/，本次运行 {record.folder}）",
                    f"\nFiles: {folder}/ (data/, playbook/, store/; this run: {record.folder})"))  # fmt: skip
    screen.say(Text("接下来可以试：", "Three commands to try next:"), "bold")
    command = "basekeep" if shutil.which("basekeep") else ".venv/bin/basekeep"
    for line in (
        f"{command} explain {who} -w {folder}{lang}",
        f"{command} diff --set usage_low_share=45% -w {folder}{lang}",
        f'{command} query "select segment, count(*) n from membership group by all order by n desc" -w {folder}{lang}',
    ):
        screen.line(f"  {line}", "green")
    screen.say(Text(f"用时 {seconds:.0f} 秒。", f"Done in {seconds:.0f} seconds."), "dim")
