"""Where the time of a run goes: each step's seconds, of the clock and of all processors, rows and bytes. Kept beside the run, never in it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Step:
    """One step as it went."""

    name: str
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    rows_in: int = 0
    rows_out: int = 0
    bytes_read: int = 0
    bytes_written: int = 0


@dataclass
class Timing:
    """The steps of one run, in order."""

    steps: list[Step] = field(default_factory=list)

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Time a block; it fills in rows and bytes."""
        step = Step(name)
        self.steps.append(step)
        start, cpu = time.perf_counter(), time.process_time()
        try:
            yield step
        finally:
            step.seconds = round(time.perf_counter() - start, 3)
            step.cpu_seconds = round(time.process_time() - cpu, 3)
