"""Where expressions stand in a playbook, and what each must give."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from basekeep.playbook import terms as t
from basekeep.playbook.declarations import GroupSegment, Metric, Playbook, Segment
from basekeep.playbook.grains import GRAINS, Grain, grain_of


@dataclass(frozen=True, slots=True)
class Written:
    """One expression: its path in the playbook, its text, and what it must give."""

    path: tuple[str | int, ...]
    text: str
    wants: Literal["truth", "number", "value"]

    @property
    def owner(self) -> str:
        """The metric or segment that it belongs to; to refer back to that is a circle."""
        kind = next((word for word in ("metric", "segment") if str(self.path[0]).endswith(f"{word}s")), None)
        # A segment may raise its priority by its own membership.
        return f"{kind} {self.path[1]}" if kind and "raise_priority" not in self.path else ""

    @property
    def grain(self) -> Grain:
        """What it is about."""
        return grain_of(str(self.path[0]))

    def suits(self, term: t.Term) -> bool:
        """Whether a term is of the kind that is wanted; `value` is anything but a condition."""
        if self.wants == "value":
            return not isinstance(term, t.TruthTerm)
        return isinstance(term, t.TruthTerm if self.wants == "truth" else t.NumberTerm)


def expressions(playbook: Playbook) -> Iterator[Written]:
    """Every expression, in the playbook's order."""
    for grain in GRAINS.values():
        for name, metric in getattr(playbook, grain.metrics).items():
            yield from _metric((grain.metrics, name), metric)
        for name, segment in getattr(playbook, grain.segments).items():
            yield from _segment((grain.segments, name), segment)
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
    yield from _decisions(playbook)


def _decisions(playbook: Playbook) -> Iterator[Written]:
    for name, offer in playbook.offers.items():
        for part in ("eligible", "applicable", "suitable"):
            if (text := getattr(offer, part)) is not None:
                yield Written(("offers", name, part), text, "truth")
        yield Written(("offers", name, "value"), offer.value, "number")
    policy = playbook.contact_policy
    for part in ("exclusions", "reserved"):
        for name, item in getattr(policy, part).items():
            yield Written(("contact_policy", part, name, "when"), item.when, "truth")
    if policy.counted_together is not None:
        yield Written(("contact_policy", "counted_together"), policy.counted_together, "truth")


def _metric(path: tuple[str, str], metric: Metric) -> Iterator[Written]:
    if metric.value is not None:
        yield Written((*path, "value"), metric.value, "value")
    if metric.when is not None:
        yield Written((*path, "when"), metric.when, "truth")
    for key, item in (metric.classes or {}).items():
        yield Written((*path, "classes", key, "when"), item.when, "truth")


def _segment(path: tuple[str, str], segment: Segment | GroupSegment) -> Iterator[Written]:
    for name, rule in segment.rules.items():
        yield Written((*path, "rules", name, "when"), rule.when, "truth")
    if isinstance(segment, GroupSegment):
        for name, level in segment.severity.items():
            yield Written((*path, "severity", name, "when"), level.when, "truth")
        if segment.ranked_by is not None:
            yield Written((*path, "ranked_by"), segment.ranked_by, "number")
    elif segment.raise_priority:
        yield Written((*path, "raise_priority", "when"), segment.raise_priority.when, "truth")
