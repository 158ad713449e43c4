"""Every parameter is used: one that is not changes nothing, and somebody believes it does."""

from __future__ import annotations

from collections.abc import Iterator

from basekeep.kernel.findings import Finding
from basekeep.kernel.text import Text
from basekeep.playbook.families import FAMILY_PARAMETERS, IN_FAMILY
from basekeep.playbook.loading import Sources
from basekeep.playbook.meaning import Meaning
from basekeep.playbook.places import expressions
from basekeep.playbook.tokens import SyntaxFault, tokens_of


def check(meaning: Meaning, sources: Sources) -> Iterator[Finding]:
    """A warning for each parameter that no expression names; none while a declaration cannot be read."""
    if meaning.broken:
        return
    named: set[str] = set()
    for written in expressions(meaning.playbook):
        try:
            named.update(token.text for token in tokens_of(written.text))
        except SyntaxFault:
            continue
    if IN_FAMILY in named:
        named.update(FAMILY_PARAMETERS)
    for name in meaning.playbook.parameters:
        if name not in named:
            yield Finding(
                "parameter.unused",
                sources.place(("parameters", name)),
                Text(f"参数 {name!r} 没有被任何表达式使用", f"no expression uses the parameter {name!r}"),
                Text("删去它，或在规则中引用它。", "Remove it, or use it in a rule."),
                severity="warning",
            )
