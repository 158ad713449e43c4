"""What rules of groups cost beside those of subscribers, where every line is in a group of ten.

python -m benchmarks.groups FOLDER SUBSCRIBERS: makes the base where it is absent, runs the shipped playbook on it, then
judges its groups again with the lines dealt out to groups of ten; prints both times and their ratio.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from basekeep.engines.sql_text import parquet_scans
from basekeep.playbook.grains import GROUP
from basekeep.run.grains import folder_of, judge
from basekeep.run.shards import SideTables, lowering
from benchmarks.base import Base
from benchmarks.runs import made, plan_of, shipped
from benchmarks.watch import Watch

_LINES_OF_A_GROUP = 10
# What a run does for subscribers alone.
_OF_SUBSCRIBERS = ("exactness", "units", "statistics", "compile", "figures", "verify")


def main() -> None:
    """Measure once and print."""
    base = Base(Path(sys.argv[1]))
    subprocess.run([sys.executable, "-m", "benchmarks.base", str(base.folder), sys.argv[2]], check=True)
    workspace = base.workspace()
    outcome = made(workspace, shipped, Watch())
    steps = {step.name: step.seconds for step in outcome.timing.steps}
    subscribers = sum(steps[name] for name in _OF_SUBSCRIBERS)
    plan, record = plan_of(workspace, shipped()), outcome.record
    compiled = next(one for one in plan.compiled.grains if one.grain is GROUP)
    dealt = f"'G' || (hash(subscriber_id) % {max(1, record.counts['base'] // _LINES_OF_A_GROUP)})"
    figures = f"(SELECT * REPLACE ({dealt} AS member_group_id) FROM {parquet_scans(record.files('figures/'))})"
    # Only the sizes of what is summed are taken from it, and no statistic changes these.
    low = lowering(plan, plan.wanted, {})
    into = base.folder / "groups"
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir()
    watch = Watch()
    with workspace.open_engine() as engine, engine.session() as session, watch:
        judged = judge(plan, session, compiled, low, SideTables({}), figures, into)
    print(f"subscribers: {record.counts['base']:,} judged by their rules in {subscribers:.1f} s")
    print(
        f"groups: {judged.rows:,} of {_LINES_OF_A_GROUP} lines judged in {watch.seconds:.1f} s ({folder_of(compiled)})"
    )
    print(f"both against subscribers alone: {(subscribers + watch.seconds) / subscribers:.2f}×")


if __name__ == "__main__":
    main()
