"""What a check found, and where: for the person who edits the file. Never holds a subscriber's data."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from basekeep.kernel.text import Language, Text

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in a file; line and column count from 1, 0 where there is none."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        parts = [self.file, *(str(n) for n in (self.line, self.column) if n)]
        return ":".join(parts)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found wrong or doubtful: a stable code, its place, what was read, what to do."""

    code: str
    place: Place
    what: Text
    do: Text
    near: tuple[str, ...] = ()
    severity: Severity = "error"

    def say(self, language: Language) -> str:
        """The finding as one or two lines of text."""
        near = ""
        if self.near:
            names = "、".join(self.near) if language == "zh" else ", ".join(self.near)
            near = f" 相近的名称：{names}。" if language == "zh" else f" Near names: {names}."
        return f"{self.place}: [{self.code}] {self.what.say(language)}{near}\n    → {self.do.say(language)}"


def near_names(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """Up to three known names that look like `name`, nearest first."""
    return tuple(difflib.get_close_matches(name, sorted(set(known)), n=3, cutoff=0.6))
