"""Names that metrics and parameters take are free, and those carried as evidence exist."""

from __future__ import annotations

from collections.abc import Iterator

from basekeep.contract.subscriber_month import SUBSCRIBER_MONTH
from basekeep.kernel.findings import Finding, near_names
from basekeep.kernel.text import Text
from basekeep.playbook.functions import BUILT_INS, ORG_COLUMNS
from basekeep.playbook.loading import Sources
from basekeep.playbook.meaning import Meaning
from basekeep.playbook.parser import RESERVED


def check(meaning: Meaning, sources: Sources) -> Iterator[Finding]:
    """Findings for names that mean something else already, and for carried metrics that do not exist."""
    playbook = meaning.playbook
    for section, names in (("metrics", playbook.metrics), ("parameters", playbook.parameters)):
        for name in names:
            taken = _taken(name)
            if taken is None and section == "parameters" and name in playbook.metrics:
                taken = Text("指标", "a metric")
            if taken:
                yield _name_taken(sources, (section, name), name, taken)
    for segment_name, segment in playbook.segments.items():
        for rule_name, rule in segment.rules.items():
            for index, name in enumerate(rule.carries):
                if name not in playbook.metrics and ("metrics", name) not in meaning.broken:
                    path = ("segments", segment_name, "rules", rule_name, "carries", index)
                    yield _unknown(sources, path, name, list(playbook.metrics))


def _taken(name: str) -> Text | None:
    if name in SUBSCRIBER_MONTH.names:
        return Text("月宽表的列", "a column of the monthly table")
    if name in BUILT_INS or name in ORG_COLUMNS:
        return Text("内置的量", "a built-in quantity")
    return Text("表达式的保留词", "a word of the expression language") if name in RESERVED else None


def _name_taken(sources: Sources, path: tuple[str, ...], name: str, taken: Text) -> Finding:
    return Finding(
        "playbook.name_taken",
        sources.place(path),
        Text(f"{name!r} 已是{taken.zh}", f"{name!r} is {taken.en} already"),
        Text("换一个名称。", "Choose another name."),
    )


def _unknown(sources: Sources, path: tuple[str | int, ...], name: str, known: list[str]) -> Finding:
    return Finding(
        "playbook.unknown_metric",
        sources.value_place(path),
        Text(f"没有指标 {name!r}", f"there is no metric {name!r}"),
        Text("carries 里写指标的名称。", "carries holds names of metrics."),
        near_names(name, known),
    )
