"""One measurement in a process of its own, so that its peak memory is its own; printed as JSON on the last line."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import resource
import shutil
import sys
from pathlib import Path

from benchmarks.base import Base, warm
from benchmarks.measures import WAYS, WORK
from benchmarks.peers.needs import NEEDS
from benchmarks.watch import Watch

_UNITS_PER_GIB = 2**30 if sys.platform == "darwin" else 2**20


def answers_of(base: Base, way: str) -> Path:
    """Where a way writes its members."""
    return base.folder / "answers" / way


def main() -> None:
    """`python -m benchmarks.child FOLDER NAME`."""
    base, name, watch = Base(Path(sys.argv[1])), sys.argv[2], Watch()
    _be_the_first_to_go()
    module, _, function = {**WAYS, **WORK}[name].function.partition(":")
    work = getattr(importlib.import_module(module), function)
    if name in WAYS:
        into = answers_of(base, name)
        shutil.rmtree(into, ignore_errors=True)
        into.mkdir(parents=True)
        warm(base.month_file(lag) for lag in NEEDS)
        work(base, into, watch)
    else:
        work(base, watch)
    print()
    print(json.dumps({"seconds": watch.seconds, "cpu_seconds": watch.cpu_seconds, "peak_gib": peak(), **watch.notes}))
    sys.stdout.flush()
    # All is said. The threads of some peers do not survive the end of the interpreter, so it is passed over.
    os._exit(0)


def peak() -> float:
    """Of this process and the greatest of its children: Spark computes in one."""
    units = sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return units / _UNITS_PER_GIB


def _be_the_first_to_go() -> None:
    """Where memory runs out, Linux ends this process and no other."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


if __name__ == "__main__":
    main()
