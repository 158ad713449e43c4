"""`explain`: why a subscriber is on a list or not."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from basekeep.cli.help import BilingualCommand
from basekeep.cli.options import JsonOption, LangOption, WorkspaceOption, guarded, screen_of
from basekeep.cli.screen import Screen, shown
from basekeep.kernel.text import Text

_MARKS = {True: "✓", False: "✗", None: "?"}
_OPS = {"<=": "≤", ">=": "≥", "!=": "≠"}
_WORD_OPS = {
    "in": Text("属于", "in"), "not in": Text("不属于", "not in"), "is empty": Text("为空", "is empty"),
    "is not empty": Text("不为空", "is not empty"), "is known": Text("已知", "is known"), "is not known": Text("未知", "is unknown"),
}  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(cls=BilingualCommand)(explain)


@guarded
def explain(
    subscriber_id: Annotated[str, typer.Argument(help="The subscriber. 用户标识。")],
    run: Annotated[str | None, typer.Option(metavar="ID", help="The run, or the beginning of its id. 哪次运行。", show_default="the latest")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Also the facts of rules that do not hold. 连同不满足的规则。")] = False,
    workspace: WorkspaceOption = Path(), lang: LangOption = None, as_json: JsonOption = False,
) -> None:  # fmt: skip
    """为什么在、为什么不在 · Why a subscriber is in and out of each segment, with figures.

    Example: basekeep explain S000250 --all
    """
    from basekeep.app import explain_subscriber, load_workspace

    screen = screen_of(workspace, lang, as_json)
    found, _ = explain_subscriber(load_workspace(workspace), subscriber_id, run)
    _head(screen, found)
    for segment in found.segments:
        _segment(screen, segment, everything)
    for score in found.scores:
        _score(screen, score, everything)
    screen.document(asdict(found))


def _head(screen: Screen, found: Any) -> None:
    phone = f"  {found.msisdn}" if found.msisdn else ""
    screen.line(f"{found.subscriber_id}{phone}  {found.month}  {found.run_id}", "bold")
    if not found.in_base:
        status = found.status or Text("当月没有记录", "no row in the month").say(screen.language)
        screen.say(Text(f"不在存量用户内：{status}", f"Not in the base: {status}"), "yellow")
        return
    said = "；".join if screen.language == "zh" else "; ".join
    screen.line(
        said(f"{words.say(screen.language)} {shown(value, screen.language)}" for _, words, value in found.profile),
        "dim",
    )


def _segment(screen: Screen, segment: Any, everything: bool) -> None:
    unknown = not segment.member and any(rule.truth is None for rule in segment.rules)
    state = (
        Text("在", "in") if segment.member else Text("无法判断", "not evaluable") if unknown else Text("不在", "out")
    )
    mark = "●" if segment.member else "◌" if unknown else "○"
    style = "bold green" if segment.member else "yellow" if unknown else ""
    name, said = segment.name.say(screen.language), state.say(screen.language)
    priority = Text(f"优先级 {segment.priority}", f"priority {segment.priority}").say(screen.language)
    screen.line(f"\n{mark} {name} [{segment.segment}] {said} · {priority}", style)
    for rule in segment.rules:
        if rule.truth or rule.truth is None or everything:
            _rule(screen, rule)
        else:
            screen.line(f"   ✗ {rule.name.say(screen.language)}{_nearest(screen, rule)}", "dim")


def _rule(screen: Screen, rule: Any) -> None:
    style = "green" if rule.truth else "yellow" if rule.truth is None else "dim"
    screen.line(
        f"   {_MARKS[rule.truth]} {rule.name.say(screen.language)}{'' if rule.truth else _nearest(screen, rule)}", style
    )
    for fact in rule.facts:
        screen.line(f"       {_MARKS[fact.holds]} {_fact(screen, fact)}")


def _fact(screen: Screen, fact: Any) -> str:
    language = screen.language
    quantity, value = fact.words.say(language), shown(fact.value, language)
    if fact.op in _WORD_OPS and fact.limit is None:
        return f"{quantity} {_WORD_OPS[fact.op].say(language)}" + (
            "" if fact.value is None else f"（{value}）" if language == "zh" else f" ({value})"
        )
    op = _WORD_OPS[fact.op].say(language) if fact.op in _WORD_OPS else _OPS.get(fact.op, fact.op)
    limit = f"{op} {shown(fact.limit, language)}"
    if fact.limit_words.zh:
        limit += f"（{fact.limit_words.zh}）" if language == "zh" else f" ({fact.limit_words.en})"
    return f"{quantity} {value}，要求 {limit}" if language == "zh" else f"{quantity} {value}; required {limit}"


def _nearest(screen: Screen, rule: Any) -> str:
    """What would have to change, in one line."""
    if rule.change is None:
        return Text("（数据变化也不会满足）", " (no change of figures would do)").say(screen.language)
    language = screen.language
    parts = []
    for fact in rule.change:
        op = _WORD_OPS[fact.op].say(language) if fact.op in _WORD_OPS else _OPS.get(fact.op, fact.op)
        limit = "" if fact.limit is None else f" {shown(fact.limit, language)}"
        parts.append(f"{fact.words.say(language)} {shown(fact.value, language)} → {op}{limit}")
    joined = "；".join(parts) if language == "zh" else "; ".join(parts)
    return f"（需要：{joined}）" if language == "zh" else f" (needs: {joined})"


def _score(screen: Screen, score: Any, everything: bool) -> None:
    language = screen.language
    name = score.name.say(language)
    if score.points is None:
        stop = score.stopped_by.say(language) if score.stopped_by else ""
        why = (
            Text(f"不满足：{stop}", f"stopped by: {stop}")
            if score.stop
            else Text(f"被剔除：{stop}", f"excluded: {stop}")
        )
        screen.line(f"\n○ {name} [{score.scorecard}] {why.say(language)}")
        if score.stop:
            _rule(screen, score.stop)
    else:
        said = Text(f"{score.points} 分，第 {score.rank:,} 名", f"{score.points} points, rank {score.rank:,}")
        screen.line(f"\n★ {name} [{score.scorecard}] {said.say(language)}", "bold green")
    for attribute in score.attributes if score.points is not None or everything else ():
        missed = attribute.best - attribute.points
        lost = Text(f"（差 {missed} 分）", f" ({missed} below the best)").say(language) if missed else ""
        colon = "：" if language == "zh" else ": "
        screen.line(
            f"   {attribute.points:>4} / {attribute.best}  {attribute.name.say(language)}{colon}{attribute.reason.say(language)}{lost}"
        )
