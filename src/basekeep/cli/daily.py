"""`daily`: a month's decisions renewed on a day, for those whom new balances, orders, contacts or exclusions concern."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from basekeep.cli.help import BilingualCommand
from basekeep.cli.options import JsonOption, LangOption, WorkspaceOption, guarded, screen_of
from basekeep.cli.progress import progress_for
from basekeep.cli.screen import Screen
from basekeep.kernel.errors import CallError
from basekeep.kernel.text import Text


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(cls=BilingualCommand)(daily)


@guarded
def daily(
    on: Annotated[str, typer.Option("--date", metavar="YYYY-MM-DD", help="The day, in the month after that of the run. 哪一天，在运行月份的次月。")],
    run: Annotated[str | None, typer.Option(metavar="ID", help="The month's run, or the beginning of its id. 哪次月度运行。", show_default="the latest of a month")] = None,
    again: Annotated[bool, typer.Option("--again", help="Make it again and compare byte by byte. 重做并逐字节比对。")] = False,
    workspace: WorkspaceOption = Path(), lang: LangOption = None, as_json: JsonOption = False,
) -> None:  # fmt: skip
    """按日更新决策：余额、订单、接触、排除有变化的用户 · Renew a month's decisions on a day, for those whom something concerns that was ingested since.

    Example: basekeep daily --date 2026-01-12
    """
    from basekeep.app import load_workspace, renew_decisions

    screen = screen_of(workspace, lang, as_json)
    opened = load_workspace(workspace)
    outcome = renew_decisions(opened, _day(on), run, progress_for(screen.language, as_json), again)
    record = outcome.record
    left = capacity_left(record)
    _show(screen, outcome, left)
    screen.document({
        "run_id": record.run_id, "parent": record.parent, "day": record.content["day"], "made": outcome.made,
        "folder": str(record.folder), "counts": dict(record.counts), "remarks": record.content.get("remarks", []),
        "capacity_left": left,
    })  # fmt: skip


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        what = Text(f"不是日期：{text!r}", f"not a date: {text!r}")
        raise CallError("call.date", what, Text("写成 2026-01-12。", "Write it as 2026-01-12.")) from None


def capacity_left(record: Any) -> list[dict[str, Any]]:
    """By channel, how many contacts the days that are left hold, are planned, and could still be made."""
    import pyarrow.parquet as pq

    from basekeep.run.decision_tables import decision_file

    record.verify(decision_file("constraint"))
    found: dict[str, dict[str, Any]] = {}
    for row in pq.read_table(record.folder / decision_file("constraint")).to_pylist():
        if row["kind"] == "capacity":
            of = found.setdefault(row["name"], {"channel": row["name"], "holds": 0, "planned": 0, "left": 0})
            of["holds"] += int(row["limit"])
            of["planned"] += int(row["used"])
            of["left"] += int(max(row["limit"] - row["used"], 0))
    return list(found.values())


_COUNTS = {
    "renewed": Text("重新决策", "Renewed"),
    "as_before": Text("  结果不变", "  as before"),
    "changed": Text("  换了营销案或渠道", "  another offer or channel"),
    "new": Text("  新安排", "  new"),
    "withdrawn": Text("  撤回", "  withdrawn"),
    "sent": Text("已派出或已到期，不动", "Sent already, left alone"),
    "unchanged": Text("未受影响，不变", "Not renewed, as they were"),
}


def _show(screen: Screen, outcome: Any, left: list[dict[str, Any]]) -> None:
    from basekeep.decide.waterfall import NAMES

    record = outcome.record
    counts = record.counts
    screen.line(f"{record.parent} → {record.content['day']}", "bold")
    rows: list[tuple[object, ...]] = []
    for name, said in _COUNTS.items():
        rows.append((said, counts[name]))
        if name == "withdrawn":
            why = ((key, count) for key, count in counts.items() if key.startswith("withdrawn__"))
            rows += [(Text(*(f"    {text}" for text in _two(NAMES[key[11:]]))), count) for key, count in why]
    screen.table(None, [Text("决策", "Decisions"), Text("人数", "Subscribers")], rows, numbers=(1,))
    heads = [
        Text("渠道", "Channel"),
        Text("余下各日可做", "Days left hold"),
        Text("已排", "Planned"),
        Text("还可做", "Left"),
    ]
    playbook = record.playbook()
    cells = [(playbook.channels[one["channel"]].name.text, one["holds"], one["planned"], one["left"]) for one in left]
    screen.table(Text("余下的产能", "Capacity left"), heads, cells, numbers=(1, 2, 3))
    made = Text("运行", "Run") if outcome.made else Text("已有的运行（核对无误）", "Run found as it was, verified")
    screen.line(f"{made.say(screen.language)} {record.run_id}  {record.folder}", "green")


def _two(text: Text) -> tuple[str, str]:
    return text.zh, text.en
