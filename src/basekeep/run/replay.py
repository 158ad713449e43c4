"""A finished run opened again: its plan, side tables and statistics, read from its own record. Computes nothing anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from basekeep.kernel.errors import DamageError
from basekeep.kernel.months import parse_month
from basekeep.kernel.text import Text
from basekeep.playbook import terms as t
from basekeep.relations.lowering import Lowering
from basekeep.relations.statistics import Found
from basekeep.run.families import FAMILIES
from basekeep.run.joining import JOINED_FILES
from basekeep.run.plan import Plan, plan_again
from basekeep.run.record import RunRecord
from basekeep.run.shards import NEWEST, SideTables, lowering
from basekeep.store.state import PartitionRef, State, states_back


@dataclass(frozen=True)
class Replay:
    """What a run was made of."""

    record: RunRecord
    plan: Plan
    side: SideTables
    found: Mapping[t.BaseStatistic, Found]

    def lowering(self) -> Lowering:
        """What terms are lowered against: the frozen history and the frozen statistics."""
        return lowering(self.plan, self.plan.wanted, self.found)


def replay(record: RunRecord, store_dir: Path, state: State) -> Replay:
    """Open a run again over the versions that it was made from.

    Args:
        state: the store's current state; its roster only ever grows, so it serves older versions too.

    Raises:
        DamageError: a version that the run names is no longer in the store.
    """
    plan = plan_again(record.playbook(), store_dir, _frozen(record, store_dir, state), parse_month(record.month))
    record.verify("side/")
    statistics: list[dict[str, Any]] = record.content["base_statistics"]
    found = {
        statistic: {key or None: Fraction(value) for key, value in kept["values"].items()}
        for statistic, kept in zip(plan.statistics, statistics, strict=True)
    }
    joined = {key: path for key in plan.keys if (path := record.folder / "side" / JOINED_FILES[key]).exists()}
    side = {
        index: record.folder / "side" / f"statistic_{index}.parquet"
        for index, statistic in enumerate(plan.statistics)
        if statistic.by and found[statistic]
    }
    families = record.folder / FAMILIES if plan.families else None
    newest = record.folder / "side" / NEWEST
    return Replay(record, plan, SideTables(joined, side, families, newest if newest.exists() else None), found)


def _frozen(record: RunRecord, store_dir: Path, state: State) -> State:
    """The current roster with the partitions as the run read them."""
    snapshot = record.content["snapshot"]
    wanted = {(table, key): version for table, keys in snapshot.items() for key, version in keys.items()}
    partitions: dict[str, dict[str, PartitionRef]] = {}
    for (table, key), version in wanted.items():
        partitions.setdefault(table, {})[key] = _ref(store_dir, state, table, key, version)
    return replace(state, partitions=partitions)


def _ref(store_dir: Path, state: State, table: str, key: str, version: str) -> PartitionRef:
    current = state.partition(table, key)
    if current and current.version == version:
        return current
    for earlier in states_back(store_dir):
        ref = earlier.partition(table, key)
        if ref and ref.version == version:
            return ref
    raise DamageError(
        "run.snapshot_gone",
        Text(f"该运行所用的 {table} {key} 版本 {version} 已不在存储中", f"the version {version} of {table} {key} that the run read is no longer stored"),
        Text("从备份恢复 store/，或重新运行该月。", "Put store/ back from a backup, or run the month again."),
    )  # fmt: skip
