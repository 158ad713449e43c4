"""Every expression of the playbook has a meaning of the kind its place wants."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from basekeep.kernel.findings import Finding
from basekeep.kernel.text import Text
from basekeep.playbook import terms as t
from basekeep.playbook.loading import Sources
from basekeep.playbook.meaning import Fault, Meaning
from basekeep.playbook.places import Written, expressions, metric_places


def check(meaning: Meaning, sources: Sources) -> Iterator[Finding]:
    """One finding for each expression without a meaning; a metric's fault is told once, at the metric."""
    for name, written in metric_places(meaning.playbook):
        yield from _fault(lambda name=name: meaning.metric(name, 0), written, sources, told_by=f"metric {name}")  # type: ignore[misc]
    for written in expressions(meaning.playbook):
        if written.path[0] != "metrics":
            yield from _fault(lambda written=written: _read(meaning, written), written, sources, told_by="")  # type: ignore[misc]


def _read(meaning: Meaning, written: Written) -> t.Term:
    return meaning.condition(written.text) if written.wants == "truth" else meaning.term(written.text)


def _fault(make: Callable[[], t.Term], written: Written, sources: Sources, told_by: str) -> Iterator[Finding]:
    try:
        make()
    except Fault as fault:
        if fault.via not in ("", told_by) and not fault.via.startswith("segment"):
            return
        place = sources.place_in(written.path, written.text, fault.start)
        yield Finding(fault.code, place, _quoted(fault.what, written.text), fault.do, fault.near)


def _quoted(what: Text, expression: str) -> Text:
    shown = " ".join(expression.split())
    return Text(f"{what.zh}（表达式：{shown}）", f"{what.en} (in: {shown})")
