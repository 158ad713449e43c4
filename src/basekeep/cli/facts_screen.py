"""Shows a condition with its facts: each quantity with its value and its limit, and what would have to change."""

from __future__ import annotations

from typing import Any

from basekeep.cli.screen import Screen, shown
from basekeep.kernel.text import Language, Text

_MARKS = {True: "✓", False: "✗", None: "?"}
_OPS = {"<=": "≤", ">=": "≥", "!=": "≠"}
_WORD_OPS = {
    "in": Text("属于", "in"), "not in": Text("不属于", "not in"), "is empty": Text("为空", "is empty"),
    "is not empty": Text("不为空", "is not empty"), "is known": Text("已知", "is known"), "is not known": Text("未知", "is unknown"),
}  # fmt: skip


def show_rule(screen: Screen, rule: Any) -> None:
    """A rule or another condition, with its facts."""
    style = "green" if rule.truth else "yellow" if rule.truth is None else "dim"
    screen.item(
        f"   {_MARKS[rule.truth]} {rule.name.say(screen.language)}{'' if rule.truth else nearest(screen, rule)}", style
    )
    for fact in rule.facts:
        screen.item(f"       {_MARKS[fact.holds]} {_fact(screen, fact)}")


def _fact(screen: Screen, fact: Any) -> str:
    language = screen.language
    quantity, value = fact.words.say(language), shown(fact.value_words or fact.value, language)
    if fact.op in _WORD_OPS and fact.limit is None:
        return f"{quantity} {_WORD_OPS[fact.op].say(language)}" + (
            "" if fact.value is None else f"（{value}）" if language == "zh" else f" ({value})"
        )
    op = _WORD_OPS[fact.op].say(language) if fact.op in _WORD_OPS else _OPS.get(fact.op, fact.op)
    limit = f"{op} {_limit(fact, language)}"
    if fact.limit_words.zh:
        limit += f"（{fact.limit_words.zh}）" if language == "zh" else f" ({fact.limit_words.en})"
    return f"{quantity} {value}，要求 {limit}" if language == "zh" else f"{quantity} {value}; required {limit}"


def _limit(fact: Any, language: Language) -> str:
    """The limit; members of a list stand as one reads them."""
    if fact.limit is None:
        return ""
    said = shown(fact.limit_classes or fact.limit, language)
    return said.replace(" | ", "、" if language == "zh" else ", ") if fact.op in ("in", "not in") else said


def nearest(screen: Screen, rule: Any) -> str:
    """What would have to change for a condition to hold, in one line."""
    if rule.change is None:
        return Text("（数据变化也不会满足）", " (no change of figures would do)").say(screen.language)
    language = screen.language
    parts = []
    for fact in rule.change:
        op = _WORD_OPS[fact.op].say(language) if fact.op in _WORD_OPS else _OPS.get(fact.op, fact.op)
        wanted = " ".join(part for part in ("" if op == "=" else op, _limit(fact, language)) if part)
        parts.append(f"{fact.words.say(language)} {shown(fact.value_words or fact.value, language)} → {wanted}")
    joined = "；".join(parts) if language == "zh" else "; ".join(parts)
    return f"（需要：{joined}）" if language == "zh" else f" (needs: {joined})"
