"""How long work tells how far it is. The shell decides what to show; rooms only report."""

from __future__ import annotations

from typing import Protocol

from basekeep.kernel.text import Text


class Progress(Protocol):
    """Something that can be told how far the work is."""

    def start(self, total: int | None, label: Text) -> None:
        """A new stretch of work begins; `total` steps, or an unknown number."""

    def advance(self, steps: int = 1) -> None:
        """Some steps are done."""

    def done(self) -> None:
        """The stretch is over."""


class SilentProgress:
    """Says nothing: for pipes, programs and tests."""

    def start(self, total: int | None, label: Text) -> None:
        """Nothing is shown."""

    def advance(self, steps: int = 1) -> None:
        """Nothing is shown."""

    def done(self) -> None:
        """Nothing is shown."""
