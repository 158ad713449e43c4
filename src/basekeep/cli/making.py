"""`new`, `check`, `ingest`, `synth`: a workspace made, looked at and filled."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from basekeep.cli.help import BilingualCommand
from basekeep.cli.options import JsonOption, LangOption, WorkspaceOption, guarded, month_of, screen_of
from basekeep.cli.progress import progress_for
from basekeep.cli.screen import Screen, as_data
from basekeep.kernel.errors import CallError
from basekeep.kernel.text import Text


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (new, check, ingest, synth):
        app.command(cls=BilingualCommand)(command)


@guarded
def new(folder: Annotated[Path, typer.Argument(help="The folder to make. 新建的文件夹。")], lang: LangOption = None,
        as_json: JsonOption = False) -> None:  # fmt: skip
    """新建工作区，带自带策略手册 · Make an empty workspace with the shipped playbook.

    Example: basekeep new my_operator
    """
    from basekeep.cli.workspace_files import make_workspace

    screen = screen_of(None, lang, as_json)
    make_workspace(folder, screen.language)
    screen.say(Text(f"已建立工作区 {folder}", f"Made the workspace {folder}"), "green")
    screen.say(Text(
        f"下一步：在 {folder}/basekeep.yaml 的 tables 下写出您的表，然后执行 basekeep check -w {folder}",
        f"Next: name your tables under `tables` in {folder}/basekeep.yaml, then run basekeep check -w {folder}",
    ))  # fmt: skip
    screen.document({"workspace": str(folder)})


@guarded
def check(workspace: WorkspaceOption = Path(), lang: LangOption = None, as_json: JsonOption = False) -> None:
    """检查策略手册与取数映射 · Check the playbook and the mapping; all findings at once.

    Example: basekeep check --workspace my_operator
    """
    from basekeep.app import check as check_all

    screen = screen_of(workspace, lang, as_json)
    findings = check_all(workspace)
    errors = [finding for finding in findings if finding.severity == "error"]
    for finding in findings:
        screen.finding(finding)
    screen.document({"errors": len(errors), "findings": [as_data(finding, screen.language) for finding in findings]})
    warnings = len(findings) - len(errors)
    if errors:
        screen.say(
            Text(f"{len(errors)} 处错误，{warnings} 处提醒。", f"Errors: {len(errors)}; warnings: {warnings}."),
            "bold red",
        )
        raise typer.Exit(1)
    screen.say(Text(f"没有错误，{warnings} 处提醒。", f"No errors; warnings: {warnings}."), "green")


@guarded
def ingest(
    month: Annotated[str | None, typer.Option(metavar="YYYY-MM", help="Only this month, YYYY-MM. 只入库这个月。")] = None,
    reject_limit: Annotated[
        str | None, typer.Option(metavar="SHARE", help="Share of the rows of each month that may be rejected, such as 0.02 or 2%. 每月允许拒收的行占比。", show_default="that of basekeep.yaml")
    ] = None,
    workspace: WorkspaceOption = Path(), lang: LangOption = None, as_json: JsonOption = False,
) -> None:  # fmt: skip
    """读入、检查并入库 · Read the mapped tables, check them, store them.

    Example: basekeep ingest --month 2025-12
    """
    from basekeep.app import ingest_tables, load_workspace

    screen = screen_of(workspace, lang, as_json)
    opened = load_workspace(workspace)
    progress = progress_for(screen.language, as_json)
    report = ingest_tables(opened, date.today(), month_of(month), _limit(reject_limit), progress)
    show_ingest(screen, report)
    screen.document(_ingest_data(report, screen))


def _limit(text: str | None) -> Any:
    from decimal import Decimal, InvalidOperation

    if text is None:
        return None
    try:
        limit = Decimal(text.rstrip("%")) / (100 if text.endswith("%") else 1)
    except InvalidOperation:
        limit = Decimal(-1)
    if not 0 <= limit <= 1:
        what = Text(f"不是占比：{text!r}", f"not a share: {text!r}")
        raise CallError("call.reject_limit", what, Text("写成 0.02 或 2%。", "Write it as 0.02 or 2%."))
    return limit


def _first(reason: Any) -> str:
    return f"{reason.first_file}:{reason.first_line}" if reason.first_line else str(reason.first_file)


def show_ingest(screen: Screen, report: Any) -> None:
    """The ledger of every table, then what was stored."""
    from basekeep.store.sources.ledger import allowed

    heads = [
        Text("表", "Table"), Text("读入", "Read"), Text("入库", "Stored"), Text("拒收", "Rejected"), Text("结果", "Outcome"),
    ]  # fmt: skip
    rows = [
        (ledger.table, ledger.read, ledger.stored, ledger.rejected, _outcome(report, ledger.table))
        for ledger in report.ledgers
    ]
    screen.table(
        Text("入库台账（读入 = 入库 + 拒收）", "Ledger (read = stored + rejected)"), heads, rows, numbers=(1, 2, 3)
    )
    reasons = [(ledger.table, reason) for ledger in report.ledgers for reason in ledger.reasons]
    if reasons:
        heads = [
            Text("表", "Table"),
            Text("原因", "Reason"),
            Text("列", "Column"),
            Text("行数", "Rows"),
            Text("首例", "First at"),
            Text("读到", "Read"),
            Text("可取", "Allowed"),
        ]
        cells = [
            (table, r.code, r.column, r.count, _first(r), r.example_masked[:40], allowed(table, r))
            for table, r in reasons
        ]
        screen.table(Text("拒收原因", "Rejected, by reason"), heads, cells, numbers=(3,))
        screen.say(
            Text(f"拒收的行在 {report.rejects_folder}", f"The rejected rows are in {report.rejects_folder}"), "yellow"
        )
    for note in report.notes:
        screen.finding(note)
    screen.say(Text(f"新用户 {report.newcomers:,}。", f"New subscribers: {report.newcomers:,}."), "green")


def _outcome(report: Any, table: str) -> Text:
    """What became of the table's months, or of the whole table: new, replaced or unchanged."""
    names = {"new": Text("新增", "new"), "replaced": Text("替换", "replaced"), "unchanged": Text("未变", "unchanged")}
    said = []
    for change, name in names.items():
        months = sorted(one.partition for one in report.stored if (one.table, one.change) == (table, change))
        if months == ["all"]:
            return name
        if months:
            span = months[0] if len(months) == 1 else f"{months[0]} … {months[-1]} ({len(months)})"
            said.append(Text(f"{name.zh} {span}", f"{name.en} {span}"))
    return Text("；".join(one.zh for one in said), "; ".join(one.en for one in said))


def _ingest_data(report: Any, screen: Screen) -> dict[str, Any]:
    return {
        "ingest_id": report.ingest_id, "published": report.published, "newcomers": report.newcomers,
        "ledger": [
            {
                "table": ledger.table, "read": ledger.read, "stored": ledger.stored, "rejected": ledger.rejected,
                "reasons": [{name: getattr(r, name) for name in r.__slots__} for r in ledger.reasons],
            }
            for ledger in report.ledgers
        ],
        "stored": [{name: getattr(one, name) for name in one.__slots__} for one in report.stored],
        "warnings": [as_data(note, screen.language) for note in report.notes],
    }  # fmt: skip


@guarded
def synth(
    folder: Annotated[Path, typer.Argument(help="The folder to fill. 存放数据的文件夹。")],
    subscribers: Annotated[int, typer.Option(metavar="N", help="Size of the base. 存量用户数。")] = 200_000,
    months: Annotated[int, typer.Option(metavar="N", help="Months of history. 历史月数。")] = 14,
    seed: Annotated[int, typer.Option(metavar="N", help="The same seed gives the same bytes. 随机种子。")] = 1,
    form: Annotated[str, typer.Option("--format", metavar="FORMAT", help="parquet, or csv-gb18030 with Chinese headings. 文件格式。")] = "parquet",
    lang: LangOption = None, as_json: JsonOption = False,
) -> None:  # fmt: skip
    """生成模拟运营商数据 · Make a synthetic operator: all tables mapped in a workspace, and the truth apart.

    Example: basekeep synth practice --subscribers 50000 --format csv-gb18030
    """
    from basekeep.cli.workspace_files import write_workspace
    from basekeep.store.workspace import SETTINGS_FILE
    from basekeep.synth.csv_copies import as_csv, csv_mapping
    from basekeep.synth.operator import Options, make, mapping

    screen = screen_of(None, lang, as_json)
    if form not in ("parquet", "csv-gb18030"):
        what = Text(f"不认识的格式 {form!r}", f"unknown format {form!r}")
        raise CallError("call.format", what, Text("可选：parquet、csv-gb18030", "There are: parquet, csv-gb18030"))
    progress = progress_for(screen.language, as_json)
    made = make(Options(subscribers=subscribers, months=months, seed=seed), folder, progress)
    if form == "csv-gb18030":
        made = as_csv(made, progress)
    if not (folder / SETTINGS_FILE).exists():
        write_workspace(folder, screen.language, csv_mapping(made) if form == "csv-gb18030" else mapping(made))
    rows = list(made.rows.items())
    screen.table(None, [Text("表", "Table"), Text("行数", "Rows")], rows, numbers=(1,))
    screen.say(Text(f"下一步：basekeep ingest -w {folder}", f"Next: basekeep ingest -w {folder}"), "green")
    screen.document({"folder": str(folder), "rows": dict(rows)})
