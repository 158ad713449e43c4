"""`run`, `runs`, `diff`: a month run, the runs there are, and two of them held against each other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from basekeep.cli.decisions_screen import decisions_of, show_decisions
from basekeep.cli.help import BilingualCommand
from basekeep.cli.options import JsonOption, LangOption, WorkspaceOption, guarded, month_of, screen_of, values_of
from basekeep.cli.progress import progress_for
from basekeep.cli.screen import Screen, percent
from basekeep.kernel.errors import CallError
from basekeep.kernel.text import Text


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (run, runs, diff):
        app.command(cls=BilingualCommand)(command)


@guarded
def run(
    month: Annotated[str, typer.Option(metavar="YYYY-MM", help="The month to run, YYYY-MM. 运行的月份。")],
    again: Annotated[bool, typer.Option("--again", help="Make it again and compare byte by byte. 重做并逐字节比对。")] = False,
    dry: Annotated[bool, typer.Option("--dry", help="The same tables under a run that cannot be dispatched. 试运行：结果相同，不能派单。")] = False,
    timing: Annotated[bool, typer.Option("--timing", help="Show where the time went. 显示各步耗时。")] = False,
    workspace: WorkspaceOption = Path(), lang: LangOption = None, as_json: JsonOption = False,
) -> None:  # fmt: skip
    """运行一个月：用户群、评分、漏斗 · Run the playbook on a month: segments, scores, waterfalls.

    Example: basekeep run --month 2025-12
    """
    from basekeep.app import load_workspace, run_month

    screen = screen_of(workspace, lang, as_json)
    opened = load_workspace(workspace)
    outcome = run_month(opened, month_of(month), progress_for(screen.language, as_json), again, dry)
    tables, decisions = summaries(outcome.record), decisions_of(outcome.record)
    show_run(screen, outcome, tables)
    show_decisions(screen, decisions)
    show_next(screen, outcome, bool(decisions))
    show_remarks(screen, outcome.record)
    if timing:
        _show_timing(screen, outcome)
    screen.document({"run_id": outcome.record.run_id, "made": outcome.made, "month": outcome.record.month, "dry": outcome.record.dry,
                     "folder": str(outcome.record.folder), "counts": dict(outcome.record.counts),
                     "missing_months": outcome.record.content["missing_months"],
                     "remarks": outcome.record.content.get("remarks", []), **tables, **decisions})  # fmt: skip


def summaries(record: Any) -> dict[str, list[dict[str, Any]]]:
    """The small tables of a run as rows, verified."""
    import pyarrow.parquet as pq

    from basekeep.run.views import SUMMARIES

    found = {}
    for name in SUMMARIES:
        record.verify(f"{name}.parquet")
        found[name] = pq.read_table(record.folder / f"{name}.parquet").to_pylist()
    return found


def show_run(screen: Screen, outcome: Any, tables: dict[str, list[dict[str, Any]]]) -> None:
    """The base, the segments, what could not be evaluated, the targets."""
    record = outcome.record
    screen.say(Text(
        f"{record.month}：存量用户 {record.counts['base']:,}（当月记录 {record.counts['month_rows']:,}）",
        f"{record.month}: base of {record.counts['base']:,} (rows in the month: {record.counts['month_rows']:,})",
    ), "bold")  # fmt: skip
    show_segments(screen, tables["segment_summary"])
    _show_gaps(screen, tables["rule_summary"])
    if "families" in record.counts:
        _show_families(screen, record)
    for name in dict.fromkeys(row["scorecard"] for row in tables["waterfall"]):
        targets = record.counts[f"target__{name}"]
        screen.say(Text(f"评分卡 {name}：目标用户 {targets:,}", f"Scorecard {name}: {targets:,} targets"))


def show_next(screen: Screen, outcome: Any, decided: bool) -> None:
    """Which run it is, where it lies, and what can be done with it."""
    record = outcome.record
    made = Text("运行", "Run") if outcome.made else Text("已有的运行（核对无误）", "Run found as it was, verified")
    screen.line(f"{made.say(screen.language)} {record.run_id}  {record.folder}", "green")
    if record.dry:
        screen.say(
            Text(
                "试运行：结果与正式运行相同，但不能派单。", "A dry run: the tables of the run itself, never dispatched."
            ),
            "yellow",
        )
    table = "action" if decided else "target"
    screen.say(Text(
        f"下一步：basekeep export {table} --to 名单.xlsx 导出名单；basekeep explain 用户标识 看原因；basekeep query 查询各表。",
        f"Next: basekeep export {table} --to list.xlsx for the list; basekeep explain ID for the reasons; basekeep query for all tables.",
    ), "dim")  # fmt: skip


def show_remarks(screen: Screen, record: Any) -> None:
    """What bad input the run found: a warning for each kind, with its count."""
    from basekeep.run.remarks import finding, remarks_of

    for remark in remarks_of(record.content):
        screen.finding(finding(remark))


_SEGMENT = Text("分群", "Segment")
_GRAINS = {
    "subscriber": (Text("用户群", "Segments"), Text("人数", "Members")),
    "group": (Text("集团预警与分群", "Group accounts"), Text("集团数", "Groups")),
    "unit": (Text("机构分群", "Org units"), Text("机构数", "Units")),
}


def show_segments(screen: Screen, rows: list[dict[str, Any]]) -> None:
    """Sizes of all segments by priority, a table for each grain."""
    for grain, (title, members) in _GRAINS.items():
        heads = [_SEGMENT, Text("标识", "Id"), Text("优先级", "Priority"), members, Text("占比", "Share")]
        of = sorted((r for r in rows if r["grain"] == grain), key=lambda row: (row["priority"], -row["members"]))
        cells = [
            (Text(r["name_zh"], r["name_en"]), r["segment"], r["priority"], r["members"], percent(r["share"]))
            for r in of
        ]
        if cells:
            screen.table(title, heads, cells, numbers=(2, 3, 4))


def _show_gaps(screen: Screen, rows: list[dict[str, Any]]) -> None:
    """Rules that lack a column or a month."""
    lacking = [row for row in rows if row["missing_columns"] or row["missing_months"]]
    if not lacking:
        return
    heads = [
        Text("规则", "Rule"),
        Text("无法判断", "Not evaluable"),
        Text("缺少的列", "Needs columns"),
        Text("缺少的月份", "Needs months"),
    ]
    cells = [
        (
            f"{r['segment']}.{r['rule']}",
            r["not_evaluable"],
            ", ".join(r["missing_columns"]),
            _months(r["missing_months"]),
        )
        for r in lacking
    ]
    screen.table(Text("因缺数而无法判断", "Not evaluable for want of data"), heads, cells, numbers=(1,))


def _show_families(screen: Screen, record: Any) -> None:
    many, members = record.counts["families"], record.counts["family_members"]
    screen.say(Text(f"物理家庭 {many:,} 个，{members:,} 人", f"Physical families: {many:,}, with {members:,} members"))


def _months(months: list[str]) -> str:
    return ", ".join(months) if len(months) <= 3 else f"{months[0]} … {months[-1]} ({len(months)})"


def _show_timing(screen: Screen, outcome: Any) -> None:
    heads = [Text("步骤", "Step"), Text("秒", "Seconds"), Text("行入", "Rows in"), Text("行出", "Rows out"),
             Text("读字节", "Bytes read"), Text("写字节", "Bytes written")]  # fmt: skip
    cells = [(s.name, s.seconds, s.rows_in, s.rows_out, s.bytes_read, s.bytes_written) for s in outcome.timing.steps]
    screen.table(Text("各步耗时", "Where the time went"), heads, cells, numbers=(1, 2, 3, 4, 5))


@guarded
def runs(workspace: WorkspaceOption = Path(), lang: LangOption = None, as_json: JsonOption = False) -> None:
    """列出各次运行 · List the runs.

    Example: basekeep runs
    """
    from basekeep.app import load_workspace
    from basekeep.run.record import all_runs

    screen = screen_of(workspace, lang, as_json)
    found = list(all_runs(load_workspace(workspace).store_dir))
    heads = [
        Text("运行", "Run"), Text("月份", "Month"), Text("存量用户", "Base"), Text("归群人次", "Memberships"), Text("种类", "Kind"),
    ]  # fmt: skip
    rows = [(r.run_id, r.month, r.counts["base"], r.counts["memberships"], _kind(r)) for r in found]
    screen.table(None, heads, rows, numbers=(2, 3))
    screen.document(
        [
            {"run_id": r.run_id, "month": r.month, "dry": r.dry, "parent": r.parent, "counts": dict(r.counts)}
            for r in found
        ]
    )


def _kind(record: Any) -> Text:
    if record.dry:
        return Text("试运行，不能派单", "dry, cannot be dispatched")
    if record.parent:
        return Text(f"按日更新 {record.content['day']}", f"renewed on {record.content['day']}")
    return Text("正式", "real")


@guarded
def diff(
    first: Annotated[str | None, typer.Argument(help="A run, or the beginning of its id. 运行标识。", show_default="the latest run")] = None,
    second: Annotated[str | None, typer.Argument(help="Another run. 另一次运行。")] = None,
    playbook: Annotated[Path | None, typer.Option(metavar="DIR", help="Instead of a second run: another playbook folder. 换一套策略手册试算。")] = None,
    change: Annotated[list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A parameter tried with another value, NAME=VALUE. 试改一个参数。")] = None,
    to: Annotated[Path | None, typer.Option(metavar="FILE", help="Write who moved, as Parquet. 把进出明细写成 Parquet。")] = None,
    workspace: WorkspaceOption = Path(), lang: LangOption = None, as_json: JsonOption = False,
) -> None:  # fmt: skip
    """两次运行之间各群进出及原因 · Who entered and left each segment between two runs, and by which rule.

    Example: basekeep diff --set usage_low_share=45%
    """
    from basekeep.app import diff_runs, load_workspace, try_change

    screen = screen_of(workspace, lang, as_json)
    opened = load_workspace(workspace)
    if second is not None and first is not None:
        found = diff_runs(opened, first, second, to)
    elif playbook or change:
        found = try_change(opened, first, playbook, values_of(change or []), to, progress_for(screen.language, as_json))
    else:
        what = Text("缺少比较的对象", "nothing to compare with")
        raise CallError(
            "call.diff",
            what,
            Text(
                "给出两次运行，或 --set 名称=值，或 --playbook 文件夹。",
                "Give two runs, or --set NAME=VALUE, or --playbook DIR.",
            ),
        )
    _show_diff(screen, found)
    screen.document(
        json.loads(
            json.dumps(
                found, default=lambda one: getattr(one, "__dict__", None) or {n: getattr(one, n) for n in one.__slots__}
            )
        )
    )


def _show_diff(screen: Screen, found: Any) -> None:
    kept = Text("", "") if found.kept else Text("（试算，未保存）", " (tried, not kept)")
    screen.line(f"{found.first} → {found.second}{kept.say(screen.language)}", "bold")
    heads = [
        Text("用户群 / 规则", "Segment / rule"),
        Text("之前", "Before"),
        Text("进入", "Entered"),
        Text("离开", "Left"),
        Text("之后", "After"),
    ]
    cells: list[tuple[object, ...]] = []
    for move in found.segments:
        cells.append((move.name, move.before, move.entered, move.left, move.after))
        for rule in move.rules:
            if rule.entered or rule.left or rule.before != rule.after:
                said = Text(f"  {rule.name.zh}", f"  {rule.name.en}")
                cells.append((said, rule.before, rule.entered, rule.left, rule.after))
    screen.table(None, heads, cells, numbers=(1, 2, 3, 4))
    screen.say(
        Text(
            "规则行的进入、离开指该规则变为成立、不再成立的人数。",
            "In a rule's row, entered and left count those for whom it became true and no longer is.",
        ),
        "dim",
    )
