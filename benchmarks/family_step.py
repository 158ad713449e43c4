"""The step of a run that finds families, by itself, on a store that is there; one line of JSON."""

from __future__ import annotations

import json
import resource
import shutil
import sys
from pathlib import Path

from basekeep.checks.playbook import sound_playbook
from basekeep.engines.duckdb import DuckEngine
from basekeep.playbook.shipping import shipped_folder
from basekeep.run.families import write_families
from basekeep.run.plan import plan_run
from basekeep.run.timing import Step
from basekeep.store.state import read_state
from benchmarks.family_pairs import MONTH
from benchmarks.watch import Watch

_KIB_PER_GIB = 2**20


def main() -> None:
    """`python -m benchmarks.family_step FOLDER`."""
    folder = Path(sys.argv[1]).absolute()
    plan = plan_run(sound_playbook(shipped_folder()), folder / "store", read_state(folder / "store"), MONTH)
    into, step, watch = folder / "run", Step("families"), Watch()
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir()
    with DuckEngine() as engine, watch:
        found = write_families(plan, engine, into, step)
    assert found is not None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KIB_PER_GIB
    print(json.dumps({"seconds": watch.seconds, "cpu_seconds": watch.cpu_seconds, "peak_gib": peak, "rows": step.rows_in,
                      "families": found.families, "members": found.members}))  # fmt: skip


if __name__ == "__main__":
    main()
