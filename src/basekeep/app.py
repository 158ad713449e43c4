"""The composition root: opens a workspace and puts rooms together for one piece of work. Shells call it; it prints nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from basekeep.kernel.errors import FindingsError
from basekeep.kernel.findings import Finding
from basekeep.kernel.progress import Progress
from basekeep.store.workspace import Workspace, load_workspace

# Each function imports the rooms that it joins, so that a command waits only for what it needs.
if TYPE_CHECKING:
    from basekeep.decide.explained import DecisionExplained
    from basekeep.decide.simulate import Simulation
    from basekeep.engines.protocol import Engine
    from basekeep.playbook.declarations import Playbook
    from basekeep.run.diff import SegmentMove
    from basekeep.run.explain import Explanation
    from basekeep.run.explain_family import FamilyExplained
    from basekeep.run.explain_group import GroupExplanation
    from basekeep.run.plan import Plan
    from basekeep.run.query import Query
    from basekeep.run.record import RunRecord
    from basekeep.run.run import Decided, Outcome
    from basekeep.run.whatif.answer import Answer
    from basekeep.run.whatif.asked import Asked
    from basekeep.store.ingest import IngestReport
    from basekeep.store.verifying import Verified

__all__ = ["Workspace", "load_workspace"]


def check(folder: Path) -> tuple[Finding, ...]:
    """All findings of a workspace's settings, playbook and mapping.

    Raises:
        CallError: the folder is no workspace.
    """
    from basekeep.checks.playbook import check_playbook
    from basekeep.contract.tables import TABLES
    from basekeep.engines.spark import SparkEngine
    from basekeep.playbook.loading import load
    from basekeep.run.exactness import check_exactness
    from basekeep.store.cluster import check_cluster_mapping
    from basekeep.store.sources.reading import check_mapping

    loaded = load(folder / "playbook")
    found = [*check_playbook(loaded), *check_exactness(loaded)]
    try:
        workspace = load_workspace(folder)
    except FindingsError as error:
        return (*error.findings, *found)
    with workspace.open_work_engine() as engine, engine.session() as session:
        for name, select in workspace.settings.tables.items():
            if isinstance(engine, SparkEngine):
                found += check_cluster_mapping(workspace, engine, TABLES[name])
            else:
                found += check_mapping(session, TABLES[name], select, workspace.root, workspace.select_places[name])
    return tuple(found)


def ingest_tables(
    workspace: Workspace, today: date, month: date | None, reject_limit: Decimal | None, progress: Progress
) -> IngestReport:
    """Read every mapped table and store it."""
    from basekeep.store.ingest import ingest

    with workspace.open_work_engine() as engine:
        return ingest(workspace, engine, today, month, progress, reject_limit)


def verify_workspace(workspace: Workspace, progress: Progress) -> Verified:
    """Check every stored file, of snapshots and of runs, against what was written down of it."""
    from basekeep.run.verifying import verify_runs
    from basekeep.store.verifying import Verified, verify_store

    threads = workspace.settings.threads or os.cpu_count() or 1
    store = verify_store(workspace.store_dir, threads, progress)
    runs = verify_runs(workspace.store_dir, threads, progress)
    return Verified(store.files + runs.files, store.bytes + runs.bytes, (*store.damaged, *runs.damaged))


def run_month(workspace: Workspace, month: date, progress: Progress, again: bool = False, dry: bool = False) -> Outcome:
    """Run the workspace's playbook on a month; a dry run has the same tables and is never dispatched."""
    from basekeep.checks.playbook import sound_playbook
    from basekeep.run.plan import plan_run
    from basekeep.run.run import run
    from basekeep.store.writing import writing

    playbook = sound_playbook(workspace.playbook_dir)
    # The work may be done by other processes, which stand in folders of their own.
    store = workspace.store_dir.absolute()
    with workspace.open_work_engine() as engine, writing(store) as work:
        return run(plan_run(playbook, store, work.state, month), engine, work, progress, again, _decide, dry)


def _decide(plan: Plan, engine: Engine, figures: Sequence[Path], folder: Path) -> Decided:
    """The decisions of a run; the room is opened, which takes a while, only where a run has some to make."""
    from basekeep.decide.step import decide

    return decide(plan, engine, figures, folder)


def renew_decisions(
    workspace: Workspace, day: date, run_id: str | None, progress: Progress, again: bool = False
) -> Outcome:
    """Renew the decisions of a month's run on a day, for those whom something concerns that came in since."""
    from basekeep.decide.daily import renew_day
    from basekeep.run.record import find_month_run
    from basekeep.run.replay import replay
    from basekeep.store.writing import writing

    store = workspace.store_dir.absolute()
    with workspace.open_work_engine() as engine, writing(store) as work:
        replayed = replay(find_month_run(store, run_id), store, work.state)
        return renew_day(replayed, day, engine, work, progress, again)


def explain_with_decision(
    workspace: Workspace, subscriber_id: str, run_id: str | None, offer: str | None = None
) -> tuple[Explanation, DecisionExplained | None, Playbook]:
    """Why a subscriber is in and out of each segment, what was decided and why, from a frozen run.

    Args:
        offer: of the other offers, explain this one only.
    """
    from basekeep.decide.explain import explain_decision
    from basekeep.run.explain import explain
    from basekeep.run.record import find_run
    from basekeep.run.replay import replay
    from basekeep.store.state import read_state

    store = workspace.store_dir
    with workspace.open_engine() as engine:
        replayed = replay(find_run(store, run_id), store, read_state(store))
        found = explain(replayed, engine, subscriber_id)
        return found, explain_decision(replayed, engine, found, offer), replayed.plan.compiled.playbook


def explain_family_of(workspace: Workspace, family_id: str, run_id: str | None) -> FamilyExplained:
    """Why some subscribers are a physical family, from a frozen run."""
    from basekeep.run.explain_family import explain_family
    from basekeep.run.record import find_run
    from basekeep.run.replay import replay
    from basekeep.store.state import read_state

    store = workspace.store_dir
    with workspace.open_engine() as engine:
        return explain_family(replay(find_run(store, run_id), store, read_state(store)), engine, family_id)


def explain_group_account(workspace: Workspace, group_id: str, run_id: str | None) -> GroupExplanation:
    """Why a group account is in and out of each segment of groups, from a frozen run."""
    from basekeep.run.explain_group import explain_group
    from basekeep.run.record import find_run
    from basekeep.run.replay import replay
    from basekeep.store.state import read_state

    store = workspace.store_dir
    with workspace.open_engine() as engine:
        return explain_group(replay(find_run(store, run_id), store, read_state(store)), engine, group_id)


@contextmanager
def answering(workspace: Workspace, sql: str, run_id: str | None, progress: Progress) -> Iterator[Query]:
    """A person's SQL made ready on an engine of its own, which is locked to the tables it names."""
    from basekeep.run.query import open_query
    from basekeep.store.state import read_state

    store = workspace.store_dir
    with workspace.open_engine() as engine, engine.session() as session:
        yield open_query(engine, session, store, read_state(store), sql, run_id, progress)


@dataclass(frozen=True)
class Difference:
    """Two runs held against each other; `second` is not kept where it was made only to try a change."""

    first: str
    second: str
    kept: bool
    segments: tuple[SegmentMove, ...]


def diff_runs(workspace: Workspace, first: str, second: str, into: Path | None) -> Difference:
    """Hold two runs against each other; the moves go to `into` as Parquet when given."""
    from basekeep.run.record import find_run

    store = workspace.store_dir
    one, two = find_run(store, first), find_run(store, second)
    with workspace.open_engine() as engine:
        return Difference(one.run_id, two.run_id, True, _moves(engine, one, two, into))


def try_change(
    workspace: Workspace,
    against: str | None,
    playbook_dir: Path | None,
    values: Mapping[str, str],
    into: Path | None,
    progress: Progress,
) -> Difference:
    """What a run would have been with another playbook or other parameters; nothing of it is kept."""
    from basekeep.checks.playbook import sound_playbook
    from basekeep.kernel.months import parse_month
    from basekeep.playbook.changing import with_parameters
    from basekeep.run.plan import plan_run
    from basekeep.run.record import find_run
    from basekeep.run.run import draft
    from basekeep.store.writing import writing

    store = workspace.store_dir.absolute()
    with workspace.open_work_engine() as engine, writing(store) as work:
        before = find_run(store, against)
        playbook = sound_playbook(playbook_dir) if playbook_dir else before.playbook()
        changed = with_parameters(playbook, values)
        plan = plan_run(changed, store, work.state, parse_month(before.month))
        after = draft(plan, engine, work.new_folder(), progress)
        return Difference(before.run_id, after.run_id, False, _moves(engine, before, after, into))


def simulate_run(
    workspace: Workspace,
    settings: Sequence[str],
    scenarios: Sequence[str],
    frontier: str | None,
    run_id: str | None,
    progress: Progress,
) -> Simulation:
    """What a run's decisions would have been under other levers, as typed; nothing of it is kept."""
    from basekeep.decide.frontier import ladder_of
    from basekeep.decide.scenarios import scenarios_of
    from basekeep.decide.simulate import simulate
    from basekeep.run.record import find_month_run
    from basekeep.run.replay import replay
    from basekeep.store.state import read_state

    store = workspace.store_dir
    with workspace.open_engine() as engine:
        replayed = replay(find_month_run(store, run_id), store, read_state(store))
        playbook = replayed.plan.compiled.playbook
        asked = scenarios_of(settings, scenarios, playbook)
        ladder = ladder_of(frontier, playbook) if frontier is not None else None
        return simulate(replayed, engine, asked, ladder, progress)


def what_if(workspace: Workspace, name: str, asked: Asked, run_id: str | None = None) -> Answer:
    """A what-if of the workspace's playbook worked out; what it takes from a run comes from the latest, or the one named.

    Raises:
        CallError: there is no such what-if or run, or what was asked makes no sense.
    """
    from basekeep.checks.playbook import sound_playbook
    from basekeep.run.record import all_runs, find_run
    from basekeep.run.whatif.answer import work_out

    declared = sound_playbook(workspace.playbook_dir).whatif
    store = workspace.store_dir
    record = find_run(store, run_id) if run_id or any(all_runs(store)) else None
    targets = {
        key.removeprefix("target__"): count
        for key, count in (record.counts.items() if record else ())
        if key.startswith("target__")
    }
    return work_out(name, declared, asked, targets, record.run_id if record else None)


def _moves(engine: Engine, before: RunRecord, after: RunRecord, into: Path | None) -> tuple[SegmentMove, ...]:
    from basekeep.run.diff import diff, moves_sql

    with engine.session() as session:
        found = diff(before, after, session)
        if into is not None:
            session.copy(f"SELECT * FROM ({moves_sql(before, after)}) ORDER BY ALL", into)
    return found
