"""The progress bar of a terminal. In a pipe, and for programs, there is none."""

from __future__ import annotations

import sys
from typing import Any

from basekeep.kernel.progress import Progress, SilentProgress
from basekeep.kernel.text import Language, Text


def progress_for(language: Language, as_json: bool) -> Progress:
    """A bar on a terminal, silence elsewhere."""
    return SilentProgress() if as_json or not sys.stderr.isatty() else BarProgress(language)


class BarProgress:
    """One bar on standard error, gone when its stretch of work is done."""

    def __init__(self, language: Language) -> None:
        self._language: Language = language
        self._bar: Any = None
        self._task: Any = None

    def start(self, total: int | None, label: Text) -> None:
        """Show a bar."""
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        self.done()
        counted = MofNCompleteColumn() if total is not None else TextColumn("{task.completed:,}")
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), counted, TimeElapsedColumn())
        self._bar = Progress(*columns, console=Console(file=sys.stderr), transient=True)
        self._task = self._bar.add_task(label.say(self._language), total=total)
        self._bar.start()

    def advance(self, steps: int = 1) -> None:
        """Move the bar."""
        if self._bar is not None:
            self._bar.advance(self._task, steps)

    def done(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
