"""Where the time of a run goes: each step's seconds, of the clock and of all processors, rows and bytes. Kept beside the run, never in it.

Bytes are those that this process read and wrote, as the system counts them (Linux; 0 elsewhere): columns that are not
read do not count. What a cluster's workers read and wrote is not among them.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self

_COUNTERS = Path("/proc/self/io")


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
    """The steps of one run, in order. `hashed`: bytes read beside them all to verify files, told by who hashes."""

    steps: list[Step] = field(default_factory=list)
    hashed: int = 0

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Time a block; it fills in rows."""
        step = Step(name)
        self.steps.append(step)
        start, cpu, (read, written), hashed = time.perf_counter(), time.process_time(), _io(), self.hashed
        try:
            yield step
        finally:
            step.seconds = round(time.perf_counter() - start, 3)
            step.cpu_seconds = round(time.process_time() - cpu, 3)
            read_now, written_now = _io()
            step.bytes_read += max(0, read_now - read - (self.hashed - hashed))
            step.bytes_written += written_now - written

    def encode(self, run_id: str) -> bytes:
        """As it is kept."""
        text = json.dumps({"run_id": run_id, "steps": [asdict(step) for step in self.steps]}, indent=1)
        return f"{text}\n".encode()

    @classmethod
    def decode(cls, content: bytes) -> Self:
        """As it was kept."""
        return cls([Step(**step) for step in json.loads(content)["steps"]])


def _io() -> tuple[int, int]:
    try:
        text = _COUNTERS.read_text(encoding="ascii")
    except OSError:
        return 0, 0
    counted = dict(line.split(": ") for line in text.splitlines())
    # To look is to read: the system counts it from now on, and it is nobody's step.
    return int(counted["rchar"]) + len(text), int(counted["wchar"])
