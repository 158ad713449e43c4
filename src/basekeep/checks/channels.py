"""A channel closes after it opens."""

from __future__ import annotations

from collections.abc import Iterator

from basekeep.kernel.findings import Finding
from basekeep.kernel.text import Text
from basekeep.playbook.loading import Sources
from basekeep.playbook.meaning import Meaning


def check(meaning: Meaning, sources: Sources) -> Iterator[Finding]:
    """A finding for each channel that is never open."""
    for name, channel in meaning.playbook.channels.items():
        # Both are written HH:MM, so letters order them as times do.
        if channel.closes <= channel.opens:
            yield Finding(
                "channel.never_open",
                sources.value_place(("channels", name, "closes")),
                Text(
                    f"{channel.opens} 起、{channel.closes} 止，没有可以接触的时间",
                    f"open from {channel.opens} until {channel.closes}: that is never",
                ),
                Text("closes 要晚于 opens，都在同一天。", "closes must be later than opens, on the same day."),
            )
