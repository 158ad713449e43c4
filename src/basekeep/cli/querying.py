"""`query` and `export`: read-only SQL over the tables in and out, and whole tables as files."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from basekeep.cli.help import BilingualCommand
from basekeep.cli.options import JsonOption, LangOption, WorkspaceOption, guarded, screen_of
from basekeep.cli.progress import progress_for
from basekeep.cli.screen import Screen, size
from basekeep.kernel.errors import CallError
from basekeep.kernel.text import Text

RunOption = Annotated[
    str | None,
    typer.Option(metavar="ID", help="A run, or the beginning of its id. 哪次运行。", show_default="the latest"),
]
BomOption = Annotated[bool, typer.Option("--bom", help="CSV for Excel: marked as UTF-8, formula signs made harmless. 供 Excel 打开的 CSV。")]  # fmt: skip
SafeOption = Annotated[
    bool,
    typer.Option(
        "--excel-safe",
        help="A ' before CSV texts that begin like a formula (= + - @); --bom does so too. 给形似公式的 CSV 文本前加 '。",
    ),
]
ForceOption = Annotated[bool, typer.Option("--force", help="Replace the file if it is there. 覆盖已有文件。")]


class QueryCommand(BilingualCommand):
    """Takes SQL that begins with a comment, `-- so`, for SQL and not for an option."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the words of the call."""
        options = {name for param in self.get_params(ctx) for name in param.opts}
        sql = [word for word in args if re.match(r"--(\s|.*\n)", word) and re.split(r"[\s=]", word)[0] not in options]
        if sql and "--" not in args:
            args = [*(word for word in args if word not in sql), "--", *sql]
        return list(super().parse_args(ctx, args))


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(cls=QueryCommand)(query)
    app.command(cls=BilingualCommand)(export)


@guarded
def query(
    sql: Annotated[str | None, typer.Argument(help="One SELECT; - reads it from standard input. 一条 SELECT；- 表示从标准输入读。", show_default="lists the tables")] = None,
    form: Annotated[str | None, typer.Option("--format", metavar="FORMAT", help="table, csv, json or parquet; xlsx with --to. 输出格式。", show_default="table, or what --to ends with")] = None,
    run: RunOption = None,
    to: Annotated[Path | None, typer.Option(metavar="FILE", help="Write all rows to this file. 全部写入文件。")] = None,
    bom: BomOption = False, excel_safe: SafeOption = False, force: ForceOption = False,
    workspace: WorkspaceOption = Path(), lang: LangOption = None, as_json: JsonOption = False,
) -> None:  # fmt: skip
    """用只读 SQL 查询各表 · Read-only SQL over the tables in and out.

    Example: basekeep query "select segment, count(*) from membership group by all"
    """
    screen = screen_of(workspace, lang, as_json)
    form = _format(form)
    if sql is None:
        _tables(screen, workspace)
        return
    text = sys.stdin.read() if sql == "-" else sql
    _answer(screen, workspace, text, run, form, to, _layout(screen, bom, excel_safe, "query"), force)


@guarded
def export(
    table: Annotated[str, typer.Argument(help="A table in or out. 表名。")],
    to: Annotated[Path, typer.Option(metavar="FILE", help="The file; it ends with .csv, .parquet, .xlsx or .json. 目标文件。")],
    where: Annotated[str | None, typer.Option(metavar="SQL", help="Only rows for which this SQL condition holds. 只导出满足条件的行。")] = None,
    run: RunOption = None, bom: BomOption = False, excel_safe: SafeOption = False, force: ForceOption = False,
    workspace: WorkspaceOption = Path(), lang: LangOption = None, as_json: JsonOption = False,
) -> None:  # fmt: skip
    """把一张表导出为文件 · A table as a CSV, Parquet, Excel or JSON file.

    Example: basekeep export target --to upgrade_list.xlsx
    """
    from basekeep.run.export import format_of, table_sql

    screen = screen_of(workspace, lang, as_json)
    sql = table_sql(table, where)
    _answer(screen, workspace, sql, run, format_of(to), to, _layout(screen, bom, excel_safe, table), force)


def _format(form: str | None) -> str | None:
    from basekeep.kernel.findings import near_names

    known = ("table", "csv", "json", "parquet", "xlsx")
    if form is None or form in known:
        return form
    near = near_names(form, known) or known
    what = Text(f"不认识的格式 {form!r}", f"unknown format {form!r}")
    raise CallError("call.format", what, Text(f"可选：{'、'.join(near)}", f"There are: {', '.join(near)}"))


def _layout(screen: Screen, bom: bool, excel_safe: bool, sheet: str) -> Any:
    from basekeep.run.export import Layout

    separator = "；" if screen.language == "zh" else "; "
    return Layout(separator, bom, bom or excel_safe, sheet)


def _answer(
    screen: Screen, workspace: Path, sql: str, run: str | None, form: str | None, to: Path | None, layout: Any, force: bool
) -> None:  # fmt: skip
    from basekeep.app import answering, load_workspace
    from basekeep.run.export import format_of, write_file, write_stream

    opened = load_workspace(workspace)
    progress = progress_for(screen.language, screen.as_json)
    target: Any = form
    if to is not None and form in (None, "table"):
        target = format_of(to)
    with answering(opened, sql, run, progress) as query:
        if to is not None:
            _say_written(screen, query, write_file(query, target, to, layout, force, opened.store_dir, progress))
        elif target in (None, "table") and screen.as_json:
            _document(query, progress)
        elif target in (None, "table"):
            _show(screen, query, layout.separator, progress)
        else:
            _refuse_terminal(target)
            write_stream(query, target, sys.stdout.buffer, layout, progress)
            sys.stdout.buffer.flush()


def _show(screen: Screen, query: Any, separator: str, progress: Any) -> None:
    from basekeep.cli.results import first_rows, show_result

    progress.start(None, Text("查询", "Querying"))
    shown = first_rows(query, separator)
    progress.done()
    show_result(screen, shown)


def _refuse_terminal(form: str) -> None:
    if form == "parquet" and sys.stdout.isatty():
        what = Text("Parquet 不能显示在终端上", "Parquet cannot be shown on a terminal")
        raise CallError("call.format", what, Text("加上 --to 文件.parquet。", "Add --to FILE.parquet."))


def _say_written(screen: Screen, query: Any, written: Any) -> None:
    screen.say(Text(f"已写出 {written.rows:,} 行：{written.path}（{size(written.bytes)}）",
                    f"Rows written: {written.rows:,} to {written.path} ({size(written.bytes)})"), "green")  # fmt: skip
    screen.document({"file": str(written.path), "rows": written.rows, "bytes": written.bytes, "run_id": query.run_id})


def _document(query: Any, progress: Any) -> None:
    """The whole answer as one document, written as it is computed."""
    from basekeep.run.json_result import json_rows

    stream = query.stream(65_536)
    columns = [{"name": field.name, "type": str(field.type)} for field in stream.schema]
    out = sys.stdout
    out.write(
        f'{{"run_id": {json.dumps(query.run_id)}, "columns": {json.dumps(columns, ensure_ascii=False)}, "rows": ['
    )
    count = 0
    for row in json_rows(stream, progress):
        out.write((",\n" if count else "\n") + row)
        count += 1
    out.write(f'\n], "row_count": {count}}}\n')


def _tables(screen: Screen, workspace: Path) -> None:
    """The tables that can be asked: those stored, and those of the latest run."""
    from basekeep.app import load_workspace
    from basekeep.contract.tables import TABLES
    from basekeep.run.record import all_runs, find_run
    from basekeep.run.views import TABLES_OUT
    from basekeep.store.state import ALL, read_state

    store = load_workspace(workspace).store_dir
    held = read_state(store).partitions
    cells: list[tuple[object, ...]] = []
    for name in (name for name in TABLES if name in held):
        months = sorted(key for key in held[name] if key != ALL)
        rows = sum(ref.rows for ref in held[name].values())
        cells.append((name, TABLES[name].label, rows, f"{months[0]} … {months[-1]}" if months else ""))
    last = [find_run(store, None)] if any(all_runs(store)) else []
    cells += [(name, Text("运行结果", "made by a run"), "", run.run_id) for run in last for name in TABLES_OUT]
    heads = [Text("表", "Table"), Text("含义", "What it is"), Text("行数", "Rows"), Text("月份或运行", "Months or run")]
    screen.table(None, heads, cells, numbers=(2,))
    screen.say(Text('一张表的列：basekeep query "describe 表名"', 'The columns of a table: basekeep query "describe TABLE"'), "dim")  # fmt: skip
    screen.document([{"table": cell[0], "rows": cell[2] or None, "of": cell[3]} for cell in cells])
