"""The shipped what-if, asked from a test."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache

from basekeep.checks.playbook import sound_playbook
from basekeep.playbook.declarations import WhatIf
from basekeep.playbook.shipping import shipped_folder
from basekeep.run.whatif.answer import Answer, Line, work_out
from basekeep.run.whatif.asked import Asked


@cache
def declared() -> Mapping[str, WhatIf]:
    """The what-ifs of the shipped playbook."""
    return sound_playbook(shipped_folder()).whatif


def ask(
    values: Mapping[str, str | Fraction] | None = None, *ranges: tuple[str, str], shows: str | None = None
) -> Answer:
    """The upgrade, worked out without a run."""
    typed = {name: str(value) for name, value in (values or {}).items()}
    return work_out("upgrade", declared(), Asked(typed, ranges, shows), {}, None)


def values(lines: tuple[Line, ...]) -> dict[str, Fraction | None]:
    """Numbers by name."""
    return {line.name: line.value for line in lines}
