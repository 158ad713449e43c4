"""Names that metrics and parameters take are free, and those carried as evidence exist."""

from __future__ import annotations

from collections.abc import Iterator

from basekeep.kernel.findings import Finding, near_names
from basekeep.kernel.text import Text
from basekeep.playbook.declarations import Playbook
from basekeep.playbook.functions import BUILT_INS
from basekeep.playbook.grains import GRAINS, SUBSCRIBER, Grain
from basekeep.playbook.loading import Sources
from basekeep.playbook.meaning import Meaning
from basekeep.playbook.parser import RESERVED


def check(meaning: Meaning, sources: Sources) -> Iterator[Finding]:
    """Findings for names that mean something else already, and for carried metrics that do not exist."""
    yield from _taken_names(meaning.playbook, sources)
    for grain in GRAINS.values():
        metrics = getattr(meaning.playbook, grain.metrics)
        for segment_name, segment in getattr(meaning.playbook, grain.segments).items():
            for rule_name, rule in segment.rules.items():
                for index, name in enumerate(rule.carries):
                    if name not in metrics and (grain.metrics, name) not in meaning.broken:
                        path = (grain.segments, segment_name, "rules", rule_name, "carries", index)
                        yield _unknown(sources, path, name, list(metrics))


def _taken_names(playbook: Playbook, sources: Sources) -> Iterator[Finding]:
    """Names of metrics and segments stand once, whatever they are about; parameters are not called as metrics are."""
    seen: dict[tuple[str, str], Text] = {}
    for grain in GRAINS.values():
        for section, kind in ((grain.metrics, Text("指标", "a metric")), (grain.segments, Text("用户群", "a segment"))):
            for name in getattr(playbook, section):
                taken = seen.get((kind.en, name)) or (_taken(grain, name) if section == grain.metrics else None)
                seen[kind.en, name] = kind
                if taken:
                    yield _name_taken(sources, (section, name), name, taken)
    for name in playbook.parameters:
        if taken := _taken(SUBSCRIBER, name) or seen.get(("a metric", name)):
            yield _name_taken(sources, ("parameters", name), name, taken)


def _taken(grain: Grain, name: str) -> Text | None:
    if name in grain.columns and not grain.is_attribute(name):
        return Text("月宽表的列" if grain is SUBSCRIBER else "月表的列", "a column of the monthly table")
    if name in BUILT_INS or name in grain.columns:
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
