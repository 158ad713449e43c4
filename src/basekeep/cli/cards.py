"""Shows one declaration of the playbook as a card: what it means in business words, as written, with its numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from basekeep.cli.screen import Screen, number
from basekeep.kernel.text import Text

_SOURCES = {"document": Text("文件原文", "the document"), "our_default": Text("我们的默认值", "our default")}

_UNITS = {
    "yuan": Text("元", "yuan"), "minutes": Text("分钟", "minutes"), "MB": Text("MB", "MB"), "days": Text("天", "days"),
    "years": Text("年", "years"), "months": Text("月", "months"), "times": Text("次", "times"), "points": Text("分", "points"),
    "subscribers": Text("户", "subscribers"),
}  # fmt: skip


def show_segment(screen: Screen, segment: Any, playbook: Any) -> None:
    """A segment: wording, maintenance, false positives, each rule as written, the parameters they use."""
    screen.say(segment.name.text, "bold")
    screen.say(Text(f"业务口径：{segment.wording.zh}", f"Wording: {segment.wording.en}"))
    screen.say(Text(f"优先级 {segment.priority}，提前 {segment.lead_time_days} 天",
                    f"Priority {segment.priority}, lead time {segment.lead_time_days} days"))  # fmt: skip
    for item in segment.maintenance:
        screen.say(Text(f"维护：{item.zh}", f"Maintenance: {item.en}"))
    screen.say(Text(f"常见误判：{segment.false_positives.zh}", f"Known false positives: {segment.false_positives.en}"))
    for key, rule in segment.rules.items():
        _written(screen, key, rule.name.text, rule.when)
    _uses(screen, (rule.when for rule in segment.rules.values()), playbook)


def show_scorecard(screen: Screen, card: Any, playbook: Any) -> None:
    """A scorecard: its space, its exclusions, the points of each attribute's levels, the parameters they use."""
    screen.say(card.name.text, "bold")
    screen.say(Text(f"业务口径：{card.wording.zh}", f"Wording: {card.wording.en}"))
    screen.say(Text("\n活动空间", "\nActivity space"), "bold cyan")
    for key, step in card.space.items():
        _written(screen, key, step.name.text, step.when)
    screen.say(Text("\n剔除", "\nExclusions"), "bold cyan")
    for key, step in card.exclusions.items():
        screen.item(f"  {key}  {step.name.text.say(screen.language)}")
    screen.say(Text("\n评分", "\nPoints"), "bold cyan")
    for attribute in card.attributes.values():
        screen.line(f"  {attribute.name.text.say(screen.language)}", "green")
        for level in (*attribute.levels.values(), attribute.otherwise):
            when = f"  {_flat(level.when)}" if hasattr(level, "when") else ""
            screen.item(f"    {level.points:>4}  {level.reason.text.say(screen.language)}{when}")
    steps = [*card.space.values(), *card.exclusions.values()]
    levels = [level for attribute in card.attributes.values() for level in attribute.levels.values()]
    _uses(screen, (one.when for one in (*steps, *levels)), playbook)


def show_metric(screen: Screen, name: str, metric: Any, playbook: Any) -> None:
    """A metric as written."""
    for key, text in _expressions(metric):
        said = metric.classes[key].name.text if key else metric.name.text
        _written(screen, key or name, said, text)
    _uses(screen, (text for _, text in _expressions(metric)), playbook)


def show_what_if(screen: Screen, what_if: Any) -> None:
    """A what-if: its wording, its inputs, the formula of each result."""
    screen.say(what_if.name.text, "bold")
    screen.say(what_if.wording.text)
    show_parameters(screen, what_if.inputs)
    screen.say(Text("\n结果", "\nResults"), "bold cyan")
    for key, result in what_if.results.items():
        _written(screen, key, result.name.text, result.value)


def show_parameters(screen: Screen, parameters: Any) -> None:
    """Parameters with their values, bounds and where each number comes from."""
    heads = [Text("参数", "Parameter"), Text("名称", "Name"), Text("值", "Value"), Text("范围", "Bounds"),
             Text("单位", "Unit"), Text("来源", "Source")]  # fmt: skip
    rows = [
        (name, one.name.text, _value(one.value, one.unit), f"{_value(one.min, one.unit)} … {_value(one.max, one.unit)}",
         _UNITS.get(one.unit, ""), _SOURCES[one.source])
        for name, one in parameters.items()
    ]  # fmt: skip
    screen.table(Text("参数", "Parameters"), heads, rows, numbers=(2,))


def _value(value: Any, unit: str) -> str:
    return f"{number(float(value * 100))}%" if unit == "share" else number(float(value))


def _written(screen: Screen, key: str, name: Text, when: str) -> None:
    screen.item(f"  {key}  {name.say(screen.language)}", "green")
    screen.item(f"      {_flat(when)}", "dim")


def _flat(when: str) -> str:
    return " ".join(when.split())


def _uses(screen: Screen, texts: Iterable[str], playbook: Any) -> None:
    """The parameters that expressions name, also through metrics."""
    waiting, seen = list(texts), set[str]()
    while waiting:
        for name in re.findall(r"[a-z_][a-z0-9_]*", waiting.pop()):
            if name in playbook.metrics and name not in seen:
                waiting += [text for _, text in _expressions(playbook.metrics[name])]
            seen.add(name)
    used = {name: one for name, one in playbook.parameters.items() if name in seen}
    if used:
        show_parameters(screen, used)


def _expressions(metric: Any) -> list[tuple[str, str]]:
    """What a metric is made of: its one expression, or that of each class."""
    if metric.classes:
        return [(key, one.when) for key, one in metric.classes.items()]
    return [("", metric.value or metric.when)]
