"""Budgets, floors and weights speak of what is there; one's own use is a number of the profile."""

from __future__ import annotations

from collections.abc import Iterator

from basekeep.checks.named import CAMPAIGN, CHANNEL, OFFER, SERVED, Names
from basekeep.checks.serving import not_served
from basekeep.kernel.findings import Finding, near_names
from basekeep.kernel.text import Text
from basekeep.playbook import terms as t
from basekeep.playbook.decisions import Decisions
from basekeep.playbook.loading import Sources
from basekeep.playbook.meaning import Fault, Meaning


def check(meaning: Meaning, sources: Sources) -> Iterator[Finding]:
    """Findings of these sections."""
    names, playbook = Names(meaning, sources), meaning.playbook
    for name, budget in playbook.budgets.items():
        for key, kind in (("campaigns", CAMPAIGN), ("offers", OFFER), ("channels", CHANNEL)):
            yield from names.items(kind, ("budgets", name, key), getattr(budget, key))
    for name, floor in playbook.floors.items():
        path = ("floors", name, "segment")
        yield from names.value(SERVED, path, floor.segment)
        yield from not_served(names, floor.segment, sources.value_place(path))
    if playbook.decisions is not None:
        yield from _weights(playbook.decisions, names)
        yield from _own_use(playbook.decisions, meaning, sources)


def _weights(decisions: Decisions, names: Names) -> Iterator[Finding]:
    path = ("decisions", "segment_weights")
    yield from names.keys(SERVED, path, decisions.segment_weights)
    for segment in decisions.segment_weights:
        yield from not_served(names, segment, names.sources.place((*path, segment)))


def _own_use(decisions: Decisions, meaning: Meaning, sources: Sources) -> Iterator[Finding]:
    name, metrics = decisions.own_use, meaning.playbook.metrics
    place = sources.value_place(("decisions", "own_use"))
    if ("metrics", name) in meaning.broken:
        return
    if name not in metrics:
        what = Text(f"没有指标 {name!r}", f"there is no metric {name!r}")
        do = Text("写一个已声明的指标，如月均消费。", "Name a metric that is declared, the mean ARPU say.")
        yield Finding("playbook.unknown_metric", place, what, do, near_names(name, metrics))
    elif not metrics[name].profile or not _is_number(name, meaning):
        what = Text(f"指标 {name!r} 不能用在这里", f"the metric {name!r} cannot serve here")
        do = Text("这里要数值的、profile: true 的指标。", "It takes a metric that is a number, with profile: true.")
        yield Finding("decisions.unsuitable_metric", place, what, do)


def _is_number(name: str, meaning: Meaning) -> bool:
    """A metric whose own fault is told where it stands counts as one."""
    try:
        return isinstance(meaning.metric(name), t.NumberTerm)
    except Fault:
        return True
