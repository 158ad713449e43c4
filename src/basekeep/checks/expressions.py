"""Every expression of the playbook has a meaning of the kind its place wants."""

from __future__ import annotations

from collections.abc import Iterator

from basekeep.kernel.findings import Finding
from basekeep.kernel.text import Text
from basekeep.playbook.loading import Sources
from basekeep.playbook.meaning import Fault, Meaning
from basekeep.playbook.places import Written, expressions

_LONGEST_QUOTE = 160


def check(meaning: Meaning, sources: Sources) -> Iterator[Finding]:
    """One finding for each expression without a meaning; a fault of a metric or segment is told there alone."""
    for written in expressions(meaning.playbook):
        try:
            meaning.written(written)
        except Fault as fault:
            if not fault.via:
                yield finding_of(fault, written, sources)


def finding_of(fault: Fault, written: Written, sources: Sources) -> Finding:
    """A fault of an expression as a finding at the token where it lies."""
    place = sources.place_in(written.path, written.text, fault.start)
    return Finding(fault.code, place, quoted(fault.what, written.text), fault.advice, fault.near)


def quoted(what: Text, expression: str) -> Text:
    """What is wrong, with the expression as it was read."""
    shown = " ".join(expression.split())
    shown = shown if len(shown) <= _LONGEST_QUOTE else f"{shown[:_LONGEST_QUOTE]}…"
    return Text(f"{what.zh}（表达式：{shown}）", f"{what.en} (in: {shown})")
