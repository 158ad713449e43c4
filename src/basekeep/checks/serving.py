"""A warning where something is asked for a segment that no offer serves: it will change nothing, and somebody believes it does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from basekeep.checks.named import SERVED, Names
from basekeep.kernel.findings import Finding, Place
from basekeep.kernel.text import Text

_WORDS = {"care": Text("关怀", "care"), "sell": Text("营销", "offer that sells"), None: Text("营销案", "offer")}


def not_served(
    names: Names, segment: str, place: Place, kind: Literal["sell", "care"] | None = None
) -> Iterator[Finding]:
    """The warning; none for a segment that is not there, or while an offer cannot be read."""
    offers = names.meaning.playbook.offers.values()
    unread = any(section == "offers" for section, _ in names.meaning.broken)
    served = any(segment in offer.serves for offer in offers if kind in (None, offer.kind))
    if served or unread or segment not in names.declared(SERVED):
        return
    word = _WORDS[kind]
    yield Finding(
        "playbook.not_served",
        place,
        Text(f"没有{word.zh}服务于 {segment!r}", f"no {word.en} serves {segment!r}"),
        Text("在某个营销案的 serves 里写上它，或删去这一条。", "Name it under serves of an offer, or remove this."),
        severity="warning",
    )
