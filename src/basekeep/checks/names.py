"""Names written outside expressions exist: carried metrics and the blanks of talk scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from basekeep.kernel.findings import Finding, near_names
from basekeep.kernel.text import Text
from basekeep.playbook.loading import Sources
from basekeep.playbook.meaning import Meaning

BLANK = re.compile(r"\{([^{}:]*)(?::([^{}]*))?\}")
FORMATS = ("", "percent")


def check(meaning: Meaning, sources: Sources) -> Iterator[Finding]:
    """Findings for unknown carried metrics, and for blanks that no profile metric fills."""
    playbook = meaning.playbook
    for segment_name, segment in playbook.segments.items():
        for rule_name, rule in segment.rules.items():
            for index, name in enumerate(rule.carries):
                if name not in playbook.metrics:
                    path = ("segments", segment_name, "rules", rule_name, "carries", index)
                    yield _unknown(sources, path, name, list(playbook.metrics))
    filled = [name for name, metric in playbook.metrics.items() if metric.profile]
    for card_name, card in playbook.scorecards.items():
        for language in ("zh", "en"):
            for name, form in BLANK.findall(getattr(card.script, language)):
                if name not in filled or form not in FORMATS:
                    yield _unknown(sources, ("scorecards", card_name, "script", language), name, filled)


def _unknown(sources: Sources, path: tuple[str | int, ...], name: str, known: list[str]) -> Finding:
    return Finding(
        "playbook.unknown_metric",
        sources.place(path),
        Text(f"没有可用的指标 {name!r}", f"there is no metric {name!r} to use here"),
        Text("话术中只能用 profile: true 的指标，格式可为 :percent。", "A script takes metrics with profile: true, and the format :percent."),
        near_names(name, known),
    )  # fmt: skip
