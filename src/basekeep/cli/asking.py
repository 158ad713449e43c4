"""`explain`: why a subscriber is on a list or not."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from basekeep.cli.decision_screen import show_decision
from basekeep.cli.facts_screen import nearest, show_rule
from basekeep.cli.families import show_family, show_family_of
from basekeep.cli.help import BilingualCommand
from basekeep.cli.options import JsonOption, LangOption, WorkspaceOption, guarded, screen_of
from basekeep.cli.screen import Screen, shown
from basekeep.kernel.errors import CallError
from basekeep.kernel.text import Text

# As `playbook.families` has it, which the command line does not wait for.
_IN_FAMILY = "in_physical_family"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(cls=BilingualCommand)(explain)


@guarded
def explain(
    subscriber_id: Annotated[str | None, typer.Argument(help="The subscriber. 用户标识。", show_default=False)] = None,
    group: Annotated[str | None, typer.Option(metavar="ID", help="A group account instead. 改为解释一个集团。")] = None,
    family: Annotated[str | None, typer.Option(metavar="ID", help="A physical family instead. 改为解释一个物理家庭。")] = None,
    offer: Annotated[str | None, typer.Option(metavar="ID", help="Why this offer, or why not. 只问一个营销案。")] = None,
    run: Annotated[str | None, typer.Option(metavar="ID", help="The run, or the beginning of its id. 哪次运行。", show_default="the latest")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Also the facts of rules that do not hold. 连同不满足的规则。")] = False,
    workspace: WorkspaceOption = Path(), lang: LangOption = None, as_json: JsonOption = False,
) -> None:  # fmt: skip
    """为什么在、为什么不在、为什么这样决策 · Why a subscriber, or a group account, is in and out of each segment, and what was decided for it and why.

    Example: basekeep explain S000250 --offer plan_5g
    """
    screen = screen_of(workspace, lang, as_json)
    given = [
        name for name, one in (("subscriber", subscriber_id), ("group", group), ("family", family)) if one is not None
    ]
    if given == ["group"]:
        _explain_group(screen, workspace, str(group), run, everything)
    elif given == ["family"]:
        _explain_family(screen, workspace, str(family), run)
    elif given == ["subscriber"]:
        _explain_subscriber(screen, workspace, str(subscriber_id), run, everything, offer)
    else:
        raise CallError(
            "call.explain",
            Text("要解释谁？", "who is to be explained?"),
            Text(
                "给出一个用户标识，或 --group 集团标识，或 --family 家庭标识。",
                "Give a subscriber's id, or --group with that of a group account, or --family with that of a family.",
            ),
        )


def _explain_family(screen: Screen, workspace: Path, family_id: str, run: str | None) -> None:
    from basekeep.app import explain_family_of, load_workspace

    found = explain_family_of(load_workspace(workspace), family_id, run)
    show_family(screen, found)
    screen.document(asdict(found))


def _explain_group(screen: Screen, workspace: Path, group_id: str, run: str | None, everything: bool) -> None:
    from basekeep.app import explain_group_account, load_workspace

    found = explain_group_account(load_workspace(workspace), group_id, run)
    screen.line(f"{found.group_id}  {found.name or ''}  {found.month}  {found.run_id}", "bold")
    said = "；".join if screen.language == "zh" else "; ".join
    features = [f"{words.say(screen.language)} {shown(value, screen.language)}" for _, words, value in found.profile]
    screen.say(Text(*2 * (said(features),)), "dim")
    for segment in sorted(found.segments, key=lambda one: (_state(one), one.priority)):
        _segment(screen, segment, everything)
        if segment.member and segment.severity_name:
            screen.item(f"   ! {segment.severity_name.say(screen.language)}", "yellow")
        if segment.message:
            screen.item(f"   » {segment.message.say(screen.language)}")
    screen.document(asdict(found))


def _explain_subscriber(
    screen: Screen, workspace: Path, subscriber_id: str, run: str | None, everything: bool, offer: str | None
) -> None:
    from basekeep.app import explain_with_decision, load_workspace

    found, decision, playbook = explain_with_decision(load_workspace(workspace), subscriber_id, run, offer)
    _head(screen, found, playbook)
    if offer is None:
        _segments_and_scores(screen, found, everything)
    if decision is None and offer is not None:
        screen.say(Text("该运行没有这位用户的决策", "The run has no decision for this subscriber"), "yellow")
    if decision is not None:
        show_decision(screen, decision, everything, offer)
    screen.document({**asdict(found), "decision": asdict(decision) if decision else None})


def _segments_and_scores(screen: Screen, found: Any, everything: bool) -> None:
    # What the subscriber is in comes first, then what cannot be said, then the rest; each by priority.
    for segment in sorted(found.segments, key=lambda one: (_state(one), one.priority)):
        _segment(screen, segment, everything, found)
    for score in found.scores:
        _score(screen, score, everything)


def _head(screen: Screen, found: Any, playbook: Any) -> None:
    phone = f"  {found.msisdn}" if found.msisdn else ""
    screen.line(f"{found.subscriber_id}{phone}  {found.month}  {found.run_id}", "bold")
    if not found.in_base:
        status = found.status or Text("当月没有记录", "no row in the month").say(screen.language)
        screen.say(Text(f"不在存量用户内：{status}", f"Not in the base: {status}"), "yellow")
        return
    said = "；".join if screen.language == "zh" else "; ".join
    screen.say(Text(*2 * (said(_feature(screen, feature, playbook) for feature in found.profile),)), "dim")


def _feature(screen: Screen, feature: Any, playbook: Any) -> str:
    """One quantity of the profile; a class by its name."""
    name, words, value = feature
    classes = (playbook.metrics[name].classes or {}) if name in playbook.metrics else {}
    said = classes[value].name.text if value in classes else value
    return f"{words.say(screen.language)} {shown(said, screen.language)}"


def _state(segment: Any) -> int:
    """In, not evaluable, out."""
    return 0 if segment.member else 1 if any(rule.truth is None for rule in segment.rules) else 2


_STATES = (
    ("●", Text("在", "in"), "bold green"), ("◌", Text("无法判断", "not evaluable"), "yellow"), ("○", Text("不在", "out"), ""),
)  # fmt: skip


def _segment(screen: Screen, segment: Any, everything: bool, found: Any = None) -> None:
    mark, state, style = _STATES[_state(segment)]
    name, said = segment.name.say(screen.language), state.say(screen.language)
    priority = Text(f"优先级 {segment.priority}", f"priority {segment.priority}").say(screen.language)
    screen.line("")
    screen.line(f"{mark} {name} [{segment.segment}] {said} · {priority}", style)
    for rule in sorted(segment.rules, key=lambda one: (True, None, False).index(one.truth)):
        if rule.truth or rule.truth is None or everything:
            show_rule(screen, rule)
            if found and found.family and any(fact.quantity == _IN_FAMILY for fact in rule.facts):
                show_family_of(screen, found.family, found.subscriber_id)
        else:
            screen.item(f"   ✗ {rule.name.say(screen.language)}{nearest(screen, rule)}", "dim")


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
        screen.line("")
        screen.line(f"○ {name} [{score.scorecard}] {why.say(language)}")
        if score.stop:
            show_rule(screen, score.stop)
    else:
        said = Text(f"{score.points} 分，第 {score.rank:,} 名", f"{score.points} points, rank {score.rank:,}")
        screen.line("")
        screen.line(f"★ {name} [{score.scorecard}] {said.say(language)}", "bold green")
    for attribute in score.attributes if score.points is not None or everything else ():
        missed = attribute.best - attribute.points
        lost = Text(f"（差 {missed} 分）", f" ({missed} below the best)").say(language) if missed else ""
        colon = "：" if language == "zh" else ": "
        screen.item(
            f"   {attribute.points:>4} / {attribute.best}  {attribute.name.say(language)}{colon}{attribute.reason.say(language)}{lost}"
        )
