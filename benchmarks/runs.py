"""Runs of Basekeep that are measured: of the shipped playbook, of ten times its rules, of ten rules, of its scorecard alone."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from basekeep.checks.playbook import sound_playbook
from basekeep.kernel.progress import SilentProgress
from basekeep.playbook.declarations import Playbook
from basekeep.playbook.shipping import shipped_folder
from basekeep.run.plan import Plan, plan_run
from basekeep.run.record import runs_folder
from basekeep.run.run import Outcome, run
from basekeep.store.state import read_state
from basekeep.store.workspace import Workspace
from basekeep.store.writing import writing
from benchmarks.base import MONTH, Base, warm
from benchmarks.tenfold import tenfold
from benchmarks.watch import Watch

_TEN_RULES = Path(__file__).parent / "ten_rules"


def run_shipped(base: Base, watch: Watch) -> None:
    """The shipped playbook; notes where the time goes."""
    outcome = made(base.workspace(), shipped, watch)
    watch.notes.update({f"step {step.name}": step.seconds for step in outcome.timing.steps})


def run_tenfold(base: Base, watch: Watch) -> None:
    """The shipped playbook with each of its rules ten times."""
    made(base.workspace(), lambda: tenfold(shipped()), watch)


def run_scorecard(base: Base, watch: Watch) -> None:
    """The scorecard of the shipped playbook and nothing else; notes how many were judged."""
    outcome = made(base.workspace(), scorecard_alone, watch)
    watch.notes["judged"] = outcome.record.counts["base"]


def shipped() -> Playbook:
    """The shipped playbook, read and checked."""
    return sound_playbook(shipped_folder())


def ten_rules() -> Playbook:
    """The ten rules that the peers compute too."""
    return sound_playbook(_TEN_RULES)


def scorecard_alone() -> Playbook:
    """The shipped playbook without its segments, reports, offers and the enterprise upgrade."""
    nothing: dict[str, object] = {
        "segments": {},
        "reports": {},
        "group_segments": {},
        "unit_segments": {},
        "upgrade": None,
        "offers": {},
        "decisions": None,
    }
    return shipped().model_copy(update=nothing)


def plan_of(workspace: Workspace, playbook: Playbook) -> Plan:
    """The plan of the measured month's run."""
    store = workspace.store_dir
    return plan_run(playbook, store, read_state(store), MONTH)


def made(workspace: Workspace, playbook: Callable[[], Playbook], watch: Watch) -> Outcome:
    """Make a run anew, its stored months in memory as far as that goes; reading the playbook counts."""
    store = workspace.store_dir
    # Other runs may be there, and this one too, perhaps with the bytes of an earlier program.
    shutil.rmtree(runs_folder(store), ignore_errors=True)
    warm(store.glob("tables/**/*.parquet"))
    with workspace.open_engine() as engine, writing(store) as work, watch:
        return run(plan_of(workspace, playbook()), engine, work, SilentProgress())
