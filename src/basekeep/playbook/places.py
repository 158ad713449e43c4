"""Where expressions stand in a playbook, and what each must give."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from basekeep.playbook import terms as t
from basekeep.playbook.declarations import Metric, Playbook


@dataclass(frozen=True, slots=True)
class Written:
    """One expression: its path in the playbook, its text, and what it must give."""

    path: tuple[str | int, ...]
    text: str
    wants: Literal["truth", "number", "value"]

    @property
    def owner(self) -> str:
        """The metric or segment that it belongs to; to refer back to that is a circle."""
        kind = {"metrics": "metric", "segments": "segment"}.get(str(self.path[0]))
        # A segment may raise its priority by its own membership.
        return f"{kind} {self.path[1]}" if kind and "raise_priority" not in self.path else ""

    def suits(self, term: t.Term) -> bool:
        """Whether a term is of the kind that is wanted; `value` is anything but a condition."""
        if self.wants == "value":
            return not isinstance(term, t.TruthTerm)
        return isinstance(term, t.TruthTerm if self.wants == "truth" else t.NumberTerm)


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
        yield Written(("reports", name, "by"), report.by, "number")


def _metric(name: str, metric: Metric) -> Iterator[Written]:
    if metric.value is not None:
        yield Written(("metrics", name, "value"), metric.value, "value")
    if metric.when is not None:
        yield Written(("metrics", name, "when"), metric.when, "truth")
    for key, item in (metric.classes or {}).items():
        yield Written(("metrics", name, "classes", key, "when"), item.when, "truth")
