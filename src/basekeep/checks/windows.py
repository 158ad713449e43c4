"""No rule looks further back than the history that the playbook keeps."""

from __future__ import annotations

from collections.abc import Iterator

from basekeep.kernel.findings import Finding
from basekeep.kernel.text import Text
from basekeep.playbook.loading import Sources
from basekeep.playbook.meaning import Fault, Meaning
from basekeep.playbook.places import expressions
from basekeep.playbook.walk import walk


def check(meaning: Meaning, sources: Sources) -> Iterator[Finding]:
    """One finding for each expression that needs more months than `history_months`."""
    kept = meaning.playbook.playbook.history_months
    for written in expressions(meaning.playbook):
        try:
            term = meaning.term(written.text)
        except Fault:
            continue
        needed = 1 + max((getattr(part, "lag", 0) for part in walk(term)), default=0)
        if needed > kept:
            yield Finding(
                "expression.window_too_long",
                sources.place(written.path),
                Text(f"需要 {needed} 个月的历史，策略手册只保留 {kept} 个月", f"needs {needed} months of history; the playbook keeps {kept}"),
                Text("缩短窗口，或在 playbook.yaml 中增大 history_months。", "Shorten the window, or raise history_months in playbook.yaml."),
            )  # fmt: skip
