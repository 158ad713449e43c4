"""The contact policy speaks of channels and segments that are there, and that some offer serves."""

from __future__ import annotations

from collections.abc import Iterator

from basekeep.checks.named import CHANNEL, SERVED, Names
from basekeep.checks.serving import not_served
from basekeep.kernel.findings import Finding
from basekeep.playbook.loading import Sources
from basekeep.playbook.meaning import Meaning


def check(meaning: Meaning, sources: Sources) -> Iterator[Finding]:
    """Findings of reservations and of shares of care."""
    names, policy = Names(meaning, sources), meaning.playbook.contact_policy
    for name, reserved in policy.reserved.items():
        yield from names.items(CHANNEL, ("contact_policy", "reserved", name, "channels"), reserved.channels)
    path = ("contact_policy", "care_share")
    yield from names.keys(SERVED, path, policy.care_share)
    for segment, share in policy.care_share.items():
        if share:
            yield from not_served(names, segment, sources.place((*path, segment)), "care")
