"""Where expressions stand in a playbook, and what each must give."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from basekeep.playbook.declarations import Metric, Playbook


@dataclass(frozen=True, slots=True)
class Written:
    """One expression: its path in the playbook, its text, and what it must give."""

    path: tuple[str | int, ...]
    text: str
    wants: Literal["truth", "any"]


def expressions(playbook: Playbook) -> Iterator[Written]:
    """Every expression, in the playbook's order."""
    for name, metric in playbook.metrics.items():
        yield from _metric(name, metric)
    for name, segment in playbook.segments.items():
        for rule_name, rule in segment.rules.items():
            yield Written(("segments", name, "rules", rule_name, "when"), rule.when, "truth")
        if segment.raise_priority:
            yield Written(("segments", name, "raise_priority", "when"), segment.raise_priority.when, "truth")
    for name, card in playbook.scorecards.items():
        for part in ("space", "exclusions", "recommendations"):
            for key, step in getattr(card, part).items():
                yield Written(("scorecards", name, part, key, "when"), step.when, "truth")
        for key, attribute in card.attributes.items():
            for level_name, level in attribute.levels.items():
                path = ("scorecards", name, "attributes", key, "levels", level_name, "when")
                yield Written(path, level.when, "truth")
    for name, report in playbook.reports.items():
        yield Written(("reports", name, "share"), report.share, "truth")
        yield Written(("reports", name, "by"), report.by, "any")


def metric_places(playbook: Playbook) -> Iterator[tuple[str, Written]]:
    """Each expression of each metric, with the metric's name."""
    for name, metric in playbook.metrics.items():
        for written in _metric(name, metric):
            yield name, written


def _metric(name: str, metric: Metric) -> Iterator[Written]:
    if metric.value is not None:
        yield Written(("metrics", name, "value"), metric.value, "any")
    if metric.when is not None:
        yield Written(("metrics", name, "when"), metric.when, "truth")
    for key, item in (metric.classes or {}).items():
        yield Written(("metrics", name, "classes", key, "when"), item.when, "truth")
