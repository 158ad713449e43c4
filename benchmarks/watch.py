"""The stopwatch of one measurement: what lies in its `with` block counts, of the clock and of this process's processors."""

from __future__ import annotations

import time
from types import TracebackType


class Watch:
    """Adds up the blocks it times; `notes` are further numbers of the measurement."""

    def __init__(self) -> None:
        self.seconds = self.cpu_seconds = 0.0
        self.notes: dict[str, float] = {}

    def __enter__(self) -> None:
        self._start, self._cpu_start = time.perf_counter(), time.process_time()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.seconds += time.perf_counter() - self._start
        self.cpu_seconds += time.process_time() - self._cpu_start
