"""Membership with evidence: the view that is used when somebody asks for it, over the run's frozen history."""

from __future__ import annotations

from basekeep.relations.evidence import membership_with_evidence
from basekeep.relations.history import TABLE
from basekeep.relations.sql import sql_of
from basekeep.run.replay import Replay
from basekeep.run.shards import view_sql
from basekeep.store.history import history_files
from basekeep.store.manifest import ExpectedFile


def evidence_view(replayed: Replay) -> str:
    """`membership` with its column `evidence`, as one query over all shards."""
    relation = membership_with_evidence(replayed.plan.compiled, replayed.lowering())
    query = sql_of(relation)
    plan = replayed.plan
    parts = [
        f"(WITH {TABLE} AS ({view_sql(plan, replayed.side, shard, plan.wanted)}) {query})"
        for shard in range(plan.state.shard_count)
    ]
    return " UNION ALL ".join(parts)


def evidence_files(replayed: Replay) -> tuple[ExpectedFile, ...]:
    """The stored files that the view reads: verify them first."""
    plan = replayed.plan
    return history_files(plan.state, plan.store_dir, plan.month, plan.lags)
