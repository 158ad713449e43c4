"""A playbook with every rule ten times: under other names and with other limits, so that no rule can stand for another.

What the copies may share is what any two rules of the business share: the windows that they look at.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction

from basekeep.playbook.declarations import Metric, MetricClass, Parameter, Playbook, Rule, Segment

_COPIES = range(1, 10)
_NAME = re.compile(r"[a-z_][a-z0-9_]*")


def tenfold(playbook: Playbook) -> Playbook:
    """The playbook with nine more copies of each rule."""
    moved = _moved_names(playbook)
    parameters, metrics = dict(playbook.parameters), dict(playbook.metrics)
    for copy in _COPIES:
        parameters |= {f"{name}_x{copy}": _other(given, copy) for name, given in playbook.parameters.items()}
        metrics |= {
            f"{name}_x{copy}": _copied(metric, moved, copy)
            for name, metric in playbook.metrics.items()
            if name in moved
        }
    segments = {name: _with_copies(segment, moved) for name, segment in playbook.segments.items()}
    return playbook.model_copy(update={"parameters": parameters, "metrics": metrics, "segments": segments})


def _moved_names(playbook: Playbook) -> set[str]:
    """The parameters, and the metrics that depend on any."""
    moved = set(playbook.parameters)
    while found := {
        name for name, metric in playbook.metrics.items()
        if name not in moved and any(_NAME.fullmatch(word) and word in moved for word in _words(metric))
    }:  # fmt: skip
        moved |= found
    return moved


def _words(metric: Metric) -> list[str]:
    texts = [metric.value or "", metric.when or "", *(part.when for part in (metric.classes or {}).values())]
    return [word for text in texts for word in _NAME.findall(text)]


def _other(given: Parameter, copy: int) -> Parameter:
    step = Fraction(1, 100) if given.unit == "share" else Fraction(1)
    return given.model_copy(update={"value": given.value + copy * step})


def _copied(metric: Metric, moved: set[str], copy: int) -> Metric:
    classes: Mapping[str, MetricClass] = metric.classes or {}
    changed = {
        name: part.model_copy(update={"when": _renamed(part.when, moved, copy)}) for name, part in classes.items()
    }
    return metric.model_copy(
        update={
            "value": metric.value and _renamed(metric.value, moved, copy),
            "when": metric.when and _renamed(metric.when, moved, copy),
            "classes": changed or None,
            "profile": False,
        }
    )


def _with_copies(segment: Segment, moved: set[str]) -> Segment:
    rules = dict(segment.rules)
    for copy in _COPIES:
        rules |= {f"{name}_x{copy}": _other_rule(rule, moved, copy) for name, rule in segment.rules.items()}
    return segment.model_copy(update={"rules": rules})


def _other_rule(rule: Rule, moved: set[str], copy: int) -> Rule:
    """With the copy's limits; a rule that has none gets one."""
    when = _renamed(rule.when, moved, copy)
    if when == rule.when:
        when = f"({when}) and arpu >= {copy}"
    return rule.model_copy(update={"when": when})


def _renamed(text: str, moved: set[str], copy: int) -> str:
    return _NAME.sub(lambda word: f"{word[0]}_x{copy}" if word[0] in moved else word[0], text)
