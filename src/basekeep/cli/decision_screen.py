"""Shows one subscriber's decision: what was decided, why this offer, and why not the others."""

from __future__ import annotations

from collections import Counter
from typing import Any

from basekeep.cli.facts_screen import show_rule
from basekeep.cli.screen import Screen, number
from basekeep.kernel.text import Text

# Of the other offers so many are shown in full unless all are asked for.
_NEXT_BEST = 3


def show_decision(screen: Screen, found: Any, everything: bool, only: str | None = None) -> None:
    """The decision; where one offer was asked about, that one alone."""
    if only is not None and (found.chosen is None or found.chosen.offer != only):
        for other in found.others:
            _other(screen, other, found.chosen)
        return
    _bucket(screen, found)
    if found.chosen is not None:
        _chosen(screen, found.chosen)
    if only is not None:
        return
    shown = found.others if everything else [one for one in found.others if one.worth is not None][:_NEXT_BEST]
    if shown:
        screen.line("")
        screen.say(Text("为什么不是别的", "Why not another"), "bold")
    for other in shown:
        _other(screen, other, found.chosen)
    _rest(screen, found.others[:0] if everything else [one for one in found.others if one not in shown])


def _bucket(screen: Screen, found: Any) -> None:
    screen.line("")
    said = found.bucket_words.say(screen.language)
    screen.line(f"◆ {Text('决策', 'Decision').say(screen.language)} [{found.bucket}] {said}", "bold cyan")
    if found.chosen is not None and len(found.reasons) > 1:
        # They are of other offers: beside what was chosen they would read as its own.
        screen.item(f"   {Text('别的营销案有：', 'Of other offers:').say(screen.language)}", "dim")
    for reason in found.reasons:
        if reason.code != "chosen":
            screen.item(f"   · {reason.words.say(screen.language)} [{reason.code}]", "dim")
    for fact in found.past:
        screen.item(f"     {_fact(screen, fact)}", "dim")


def _chosen(screen: Screen, chosen: Any) -> None:
    language, worth = screen.language, chosen.worth
    kind = {"sell": Text("营销", "sell"), "care": Text("关怀", "care")}[chosen.kind]
    head = f"★ {chosen.name.say(language)} [{chosen.offer}] {kind.say(language)} · {chosen.campaign_name.say(language)}"
    screen.item(f"   {head}", "bold green")
    unit = worth.unit_name.say(language) if worth.unit_name else worth.unit_id or ""
    by = f"{worth.channel_name.say(language)} {unit} {chosen.staff_id or ''}".strip()
    day = str(chosen.contact_on) if chosen.contact_on else Text("未排定", "no day").say(language)
    hours = f"{chosen.opens}–{chosen.closes}"
    last = (
        Text(f"，最迟 {worth.contact_by}", f", by {worth.contact_by} at the latest").say(language)
        if worth.contact_by
        else ""
    )
    screen.item(f"     {day} {hours}{last} · {by}")
    if worth.device_model_id:
        screen.item(f"     {Text('终端', 'Device').say(language)} {worth.device_model_id}")
    _worth(screen, worth)
    if chosen.script.say(language):
        screen.item(f"     » {chosen.script.say(language)}")


def _worth(screen: Screen, worth: Any) -> None:
    language = screen.language
    through = Text(f"经“{worth.segment_name.zh}”", f"through “{worth.segment_name.en}”").say(language)
    terms = f"{worth.probability * 100:g}% × {number(worth.value)} × {number(worth.weight)} − {number(worth.cost)}"
    names = Text("概率×价值×权重−成本", "probability × value × weight − cost").say(language)
    head = Text("期望价值", "Expected value").say(language)
    screen.item(f"     {head} {number(worth.expected)} = {terms}（{names}；{through}）" if language == "zh"
                else f"     {head} {number(worth.expected)} = {terms} ({names}; {through})")  # fmt: skip
    for title, factors, sign in (
        (Text("权重", "weight"), worth.weights, " × "),
        (Text("成本", "cost"), worth.costs, " + "),
    ):
        parts = sign.join(f"{one.words.say(language)} {number(one.number)}" for one in factors)
        screen.item(f"       {title.say(language)}: {parts}", "dim")
    # A limit without a price takes nothing and says nothing of this choice.
    for one in worth.taken:
        if one.yuan:
            took = Text(f"占去 {number(one.yuan)} 元", f"It takes {number(one.yuan)} yuan.").say(language)
            screen.item(
                f"       − {took}：{one.words.zh}" if language == "zh" else f"       − {one.words.en} {took}", "dim"
            )
    if any(one.yuan for one in worth.taken):
        left = Text(
            f"扣除占用后余 {number(worth.left)} 元", f"{number(worth.left)} yuan are left after what its limits take"
        )
        screen.item(f"       = {left.say(language)}", "dim")


def _other(screen: Screen, other: Any, chosen: Any) -> None:
    language = screen.language
    colon = "：" if language == "zh" else ": "
    screen.item(f"   ✗ {other.name.say(language)} [{other.offer}]{colon}{other.words.say(language)} [{other.code}]")
    if other.stage is not None:
        show_rule(screen, other.stage)
    for fact in other.past:
        screen.item(f"     {_fact(screen, fact)}", "dim")
    if other.worth is not None:
        _worth(screen, other.worth)
    if other.worth is not None and chosen is not None:
        mine, its = number(chosen.worth.left), number(other.worth.left)
        screen.item(Text(f"     选中的余 {mine} 元，此项余 {its} 元", f"     what was chosen leaves {mine} yuan, this one {its}").say(language), "dim")  # fmt: skip


def _rest(screen: Screen, rest: Any) -> None:
    counts = Counter((one.code, one.words) for one in rest)
    if counts:
        screen.line("")
        screen.say(Text("其余营销案（--all 全部列出，--offer 标识 只问一个）", "The other offers (--all lists them, --offer ID asks about one)"), "bold")  # fmt: skip
    for (code, words), count in counts.most_common():
        screen.item(f"   {count:>3}  {words.say(screen.language)} [{code}]")


def _fact(screen: Screen, fact: Any) -> str:
    on = f"{fact.on} " if fact.on else ""
    until = Text(f"，到 {fact.until}", f", until {fact.until}").say(screen.language) if fact.until else ""
    return f"{on}{fact.words.say(screen.language)}{until}"
