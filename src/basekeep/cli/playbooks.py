"""`playbook list`, `show` and `sql`: what the playbook holds, and a part of it for the operator's own warehouse."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from basekeep.cli.cards import show_parameters
from basekeep.cli.help import BilingualCommand, BilingualGroup
from basekeep.cli.options import JsonOption, LangOption, WorkspaceOption, guarded, month_of, screen_of
from basekeep.kernel.errors import CallError
from basekeep.kernel.text import Text

app = typer.Typer(help="策略手册的内容 · What the playbook holds.", cls=BilingualGroup, rich_markup_mode=None)


def _playbook(workspace: Path) -> Any:
    from basekeep.checks.playbook import sound_playbook
    from basekeep.store.workspace import load_workspace

    return sound_playbook(load_workspace(workspace).playbook_dir)


@app.command("list", cls=BilingualCommand)
@guarded
def list_names(workspace: WorkspaceOption = Path(), lang: LangOption = None, as_json: JsonOption = False) -> None:
    """列出用户群、评分卡、参数与推算 · List segments, scorecards, parameters and what-ifs.

    Example: basekeep playbook list
    """
    screen = screen_of(workspace, lang, as_json)
    playbook = _playbook(workspace)
    heads = [Text("用户群", "Segment"), Text("名称", "Name"), Text("优先级", "Priority"), Text("规则", "Rules")]
    cells = [(n, s.name.text, s.priority, ", ".join(s.rules)) for n, s in playbook.segments.items()]
    screen.table(Text("用户群", "Segments"), heads, cells, numbers=(2,))
    show_parameters(screen, playbook.parameters)
    cards = [
        (n, c.name.text, len(c.space), len(c.exclusions), len(c.attributes)) for n, c in playbook.scorecards.items()
    ]
    heads = [
        Text("评分卡", "Scorecard"),
        Text("名称", "Name"),
        Text("空间条件", "Space"),
        Text("剔除", "Exclusions"),
        Text("属性", "Attributes"),
    ]
    screen.table(Text("评分卡", "Scorecards"), heads, cards, numbers=(2, 3, 4))
    whatifs = [(n, w.name.text, ", ".join(w.inputs), ", ".join(w.results)) for n, w in playbook.whatif.items()]
    heads = [Text("推算", "What-if"), Text("名称", "Name"), Text("输入", "Inputs"), Text("结果", "Results")]
    screen.table(Text("推算", "What-ifs"), heads, whatifs)
    screen.document(playbook.model_dump(mode="json", include={"segments", "scorecards", "parameters", "whatif"}))


@app.command(cls=BilingualCommand)
@guarded
def show(
    name: Annotated[str, typer.Argument(help="A segment, scorecard, metric, parameter or what-if. 用户群、评分卡、指标、参数或推算。")],
    workspace: WorkspaceOption = Path(), lang: LangOption = None, as_json: JsonOption = False,
) -> None:  # fmt: skip
    """一项声明的卡片 · One declaration as a card: wording, rules as written, parameters, maintenance.

    Example: basekeep playbook show churn_warning
    """
    from basekeep.cli import cards

    screen = screen_of(workspace, lang, as_json)
    playbook = _playbook(workspace)
    if name in playbook.segments:
        cards.show_segment(screen, playbook.segments[name], playbook)
    elif name in playbook.scorecards:
        cards.show_scorecard(screen, playbook.scorecards[name], playbook)
    elif name in playbook.metrics:
        cards.show_metric(screen, name, playbook.metrics[name], playbook)
    elif name in playbook.parameters:
        cards.show_parameters(screen, {name: playbook.parameters[name]})
    elif name in playbook.whatif:
        cards.show_what_if(screen, playbook.whatif[name])
    parts = (playbook.segments, playbook.scorecards, playbook.metrics, playbook.parameters, playbook.whatif)
    found = next((part[name] for part in parts if name in part), None)
    if found is None:
        raise _unknown(name, [known for part in parts for known in part])
    screen.document(found.model_dump(mode="json"))


@app.command(cls=BilingualCommand)
@guarded
def sql(
    name: Annotated[str, typer.Argument(help="A segment or a scorecard. 用户群或评分卡。")],
    month: Annotated[
        str | None, typer.Option(metavar="YYYY-MM", help="The month, YYYY-MM. 月份。", show_default="the latest stored month 最近入库的月份")
    ] = None,
    dialect: Annotated[str, typer.Option(metavar="NAME", help="spark, hive, postgres, clickhouse, oracle, duckdb … 方言。")] = "duckdb",
    workspace: WorkspaceOption = Path(), lang: LangOption = None, as_json: JsonOption = False,
) -> None:  # fmt: skip
    """打印成数仓可执行的 SQL · A segment or a scorecard as SQL for the operator's own warehouse.

    Example: basekeep playbook sql downgrade_warning --month 2025-12 --dialect spark
    """
    from basekeep.relations.compiled import compile_playbook
    from basekeep.relations.warehouse import DIALECTS, scorecard_sql, segment_sql

    screen = screen_of(workspace, lang, as_json)
    playbook = _playbook(workspace)
    if dialect not in DIALECTS:
        what = Text(f"不认识的方言 {dialect!r}", f"unknown dialect {dialect!r}")
        raise CallError("call.dialect", what, Text(f"可用：{'、'.join(DIALECTS)}", f"There are: {', '.join(DIALECTS)}"))
    compiled = compile_playbook(playbook)
    at = month_of(month) or _latest_month(workspace)
    cards = {card.name: card for card in compiled.scorecards}
    if name in playbook.segments:
        text = segment_sql(compiled, name, at, dialect)
    elif name in cards:
        text = scorecard_sql(compiled, cards[name], at, dialect)
    else:
        raise _unknown(name, [*playbook.segments, *playbook.scorecards])
    if as_json:
        screen.document({"name": name, "dialect": dialect, "sql": text})
    else:
        typer.echo(text, nl=False)


def _latest_month(workspace: Path) -> date:
    from basekeep.contract.subscriber_month import SUBSCRIBER_MONTH
    from basekeep.store.state import months, read_state
    from basekeep.store.workspace import load_workspace

    held = months(read_state(load_workspace(workspace).store_dir), SUBSCRIBER_MONTH.name)
    if not held:
        what = Text("还没有入库任何月份", "no month is stored yet")
        raise CallError("call.month", what, Text("用 --month 写明月份。", "Name the month with --month."))
    return held[-1]


def _unknown(name: str, known: list[str]) -> CallError:
    from basekeep.kernel.findings import near_names

    near = near_names(name, known) or tuple(known[:12])
    what = Text(f"策略手册里没有 {name!r}", f"the playbook has no {name!r}")
    return CallError("call.unknown_name", what, Text(f"可选：{'、'.join(near)}", f"There are: {', '.join(near)}"))
