"""Scenarios laid side by side: what a frozen run's decisions would have been with other levers. Nothing of it is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from basekeep.decide.deciding import decide_arrays
from basekeep.decide.frontier import Frontier, Ladder, rung_of
from basekeep.decide.inputs import Inputs, gather_inputs
from basekeep.decide.outcomes import Moves, Outcome, moves, outcome_of, stored_outcome
from basekeep.decide.scenarios import Scenario
from basekeep.engines.protocol import Engine, Stream
from basekeep.kernel.errors import CallError
from basekeep.kernel.progress import Progress
from basekeep.kernel.text import Text
from basekeep.playbook.declarations import Playbook
from basekeep.run.decision_tables import BUCKETS, decision_file
from basekeep.run.reads import tables_read
from basekeep.run.record import RunRecord
from basekeep.run.replay import Replay
from basekeep.store.manifest import verify
from basekeep.store.partition_files import partition_files


@dataclass(frozen=True)
class Simulated:
    """One scenario, and who moves against the run as it is."""

    scenario: Scenario
    outcome: Outcome
    moves: Moves


@dataclass(frozen=True)
class Simulation:
    """A run as it is, the scenarios beside it, and the frontier where one was asked for."""

    run_id: str
    playbook: Playbook
    ids: pa.Array
    as_it_is: Outcome
    scenarios: tuple[Simulated, ...]
    frontier: Frontier | None


def simulate(
    replayed: Replay, engine: Engine, scenarios: Sequence[Scenario], ladder: Ladder | None, progress: Progress
) -> Simulation:
    """Make the decisions of a run again under each scenario, from arrays that are gathered once.

    Raises:
        CallError: the run made no decisions, or is that of a day.
        DamageError: a file of the run, or of what it read, is not what was written.
    """
    record, playbook = replayed.record, replayed.plan.compiled.playbook
    need_decisions(record)
    inputs = frozen_inputs(replayed, engine)
    as_it_is = stored_outcome(record, playbook)
    progress.start(len(scenarios) + (len(ladder.values) if ladder else 0), Text("模拟", "Simulating"))
    found, rungs = [], []
    for scenario in scenarios:
        outcome = outcome_of(decide_arrays(inputs, scenario.levers), playbook)
        found.append(Simulated(scenario, outcome, moves(as_it_is, outcome)))
        progress.advance()
    for at, levers in ladder.rungs if ladder else ():
        assert ladder is not None
        rungs.append(rung_of(ladder, at, decide_arrays(inputs, levers), playbook))
        progress.advance()
    progress.done()
    frontier = Frontier(ladder, tuple(rungs), as_it_is.totals) if ladder else None
    return Simulation(record.run_id, playbook, inputs.base.ids, as_it_is, tuple(found), frontier)


def frozen_inputs(replayed: Replay, engine: Engine) -> Inputs:
    """All that the run's decisions were made from, every file verified first."""
    record, plan = replayed.record, replayed.plan
    for under in ("figures/", "families/"):
        record.verify(under, engine.threads)
    files = [
        file for table, key in tables_read(plan) for file in partition_files(plan.store_dir, plan.state, table, key)
    ]
    verify(files, engine.threads)
    with engine.session() as session:
        return gather_inputs(plan, session, record.files("figures/"), record.folder)


def need_decisions(record: RunRecord) -> None:
    """Refuse a run without decisions of its own month.

    Raises:
        CallError: it made none, or it renewed those of another run.
    """
    if record.folder / decision_file("decision") not in record.files("decisions/"):
        raise CallError(
            "run.no_decisions",
            Text(f"运行 {record.run_id} 没有决策", f"the run {record.run_id} made no decisions"),
            Text("在策略手册中声明 offers 与 decisions 后重新运行该月。", "Declare offers and decisions in the playbook and run the month again."),
        )  # fmt: skip
    if parent := record.parent:
        raise CallError(
            "run.of_a_day",
            Text(f"{record.run_id} 是某一天的运行", f"{record.run_id} is the run of a day"),
            Text(f"改用它的月份运行：--run {parent}", f"Take the run of its month: --run {parent}"),
        )


@dataclass(frozen=True)
class MovesTable:
    """Everybody for whom a scenario decides otherwise, as rows for a file."""

    simulation: Simulation

    def count(self) -> int:
        """How many rows there are."""
        return sum(len(one.moves.rows) for one in self.simulation.scenarios)

    def stream(self, rows: int) -> Stream:
        """The rows, scenario by scenario, subscribers in the order of the run."""
        return Stream(_SCHEMA, self._batches(rows))

    def _batches(self, rows: int) -> Iterator[pa.RecordBatch]:
        for one in self.simulation.scenarios:
            for first in range(0, len(one.moves.rows), rows):
                yield self._batch(one, one.moves.rows[first : first + rows])

    def _batch(self, one: Simulated, who: np.ndarray) -> pa.RecordBatch:
        found = self.simulation
        offers, channels = list(found.playbook.offers), list(found.playbook.channels)
        columns = [
            found.ids.take(pa.array(who)).cast(pa.string()),
            pa.array([one.scenario.name] * len(who), pa.string()),
        ]
        for outcome in (found.as_it_is, one.outcome):
            for places, names in ((outcome.bucket, BUCKETS), (outcome.offer, offers), (outcome.channel, channels)):
                columns.append(pa.array([names[place] if place >= 0 else None for place in places[who]], pa.string()))
        return pa.record_batch(columns, schema=_SCHEMA)


_SCHEMA = pa.schema(
    [(name, pa.string()) for name in (
        "subscriber_id", "scenario", "from_bucket", "from_offer", "from_channel", "to_bucket", "to_offer", "to_channel",
    )]
)  # fmt: skip
