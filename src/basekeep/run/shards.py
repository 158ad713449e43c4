"""Runs a query on every shard of the history, several at once; each session sees its shard as `history`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from basekeep.engines.protocol import Engine, Result, Session
from basekeep.engines.sql_text import held, parquet_scan, sql_name
from basekeep.kernel.progress import Progress
from basekeep.kernel.text import Text
from basekeep.playbook import terms as t
from basekeep.playbook.joined import JOINED, joined_by
from basekeep.relations.history import (
    FAMILY_MARKS,
    TABLE,
    UnitParameters,
    history_table,
    in_base,
    parameter_numbers,
)
from basekeep.relations.lowering import Bound, Lowering
from basekeep.relations.needs import Wanted
from basekeep.relations.statistics import Found, statistic_column, statistic_number, statistic_schema
from basekeep.run.family_marks import marks_sql
from basekeep.run.plan import Plan
from basekeep.store.history import history_sql
from basekeep.store.roster import shard_file
from basekeep.store.state import ALL, ROSTER, partition_folder


@dataclass(frozen=True)
class SideTables:
    """Small tables joined to the history: by a column of the month, as `playbook.joined` has them, and statistics.

    `joined` is key → file: a row for each value of the key, under the key's name. `families` is the folder with the
    marks of those in a physical family. `newest` has for some subscribers a later balance and status than the month's.
    """

    joined: Mapping[str, Path]
    statistics: Mapping[int, Path] = field(default_factory=dict)
    families: Path | None = None
    newest: Path | None = None


# Below `side/`: what the run of a day knows better than the month.
NEWEST = "newest.parquet"
_ALIASES = {"branch_id": "u", "device_model_id": "d", "group_id": "g"}
# Who is in no group has no lines beside it.
_FOUND = {"group_lines": "coalesce({0}, 0)"}


def view_sql(plan: Plan, side: SideTables, shard: int, wanted: Iterable[Wanted]) -> str:
    """The history of one shard with its side tables, as a query."""
    wanted = tuple(wanted)
    inner = history_sql(plan.store_dir, plan.state, plan.month, shard, wanted)
    chosen, joins = ["h.*"], []
    if side.newest and (renewed := _renewed(wanted)):
        chosen = [f"h.* REPLACE ({', '.join(renewed)})"]
        joins.append(f"POSITIONAL JOIN ({_beside(plan, side.newest, shard)}) n")
    if side.families and plan.families and plan.families.evaluable:
        chosen += [f"f.{name}" for name in FAMILY_MARKS]
        joins.append(f"POSITIONAL JOIN ({marks_sql(side.families, shard)}) f")
    for key in plan.keys_within(wanted):
        of = _ALIASES[key]
        chosen += [
            f"{_FOUND.get(name, '{0}').format(f'{of}.{sql_name(name)}')} AS {sql_name(name)}" for name in joined_by(key)
        ]
        if key == "branch_id":
            chosen += [f"{of}.{sql_name(f'parameter__{name}')}" for name in plan.unit_parameters.bottoms]
        joins.append(
            f"LEFT JOIN {held(parquet_scan(side.joined[key]))} {of} ON h.{sql_name(f'{key}_m0')} = {of}.{sql_name(key)}"
        )
    for index, path in side.statistics.items():
        by = plan.statistics[index].by or ""
        column = statistic_column(index)
        chosen += [f"s{index}.{part} AS {sql_name(f'{column}_{part}')}" for part in ("top", "bottom")]
        key = f"{_ALIASES[JOINED[by].key]}.{sql_name(by)}" if by in JOINED else f"h.{sql_name(f'{by}_m0')}"
        joins.append(f"LEFT JOIN {held(parquet_scan(path))} s{index} ON {key} = s{index}.grouping")
    return f"SELECT {', '.join(chosen)} FROM ({inner}) h {' '.join(joins)}"


def _beside(plan: Plan, newest: Path, shard: int) -> str:
    """What is newest, row by row with the roster of a shard: an ordinary join would not keep the order of rows."""
    assert plan.state.roster is not None
    roster = partition_folder(plan.store_dir, ROSTER, ALL, plan.state.roster.version) / shard_file(shard)
    places = f"SELECT subscriber_id, file_row_number AS place FROM {parquet_scan(roster, row_numbers=True)}"
    return (
        f"SELECT f.balance, f.status FROM ({places}) r LEFT JOIN {parquet_scan(newest)} f "
        "ON r.subscriber_id = f.subscriber_id ORDER BY r.place"
    )


def _renewed(wanted: Iterable[Wanted]) -> list[str]:
    """What a later day knows better than the month, of those who were in its base; who is in it stays as it was."""
    there = in_base("h.status_m0")
    return [
        f"CASE WHEN {there} THEN coalesce(n.{name}, h.{name}_m0) ELSE h.{name}_m0 END AS {name}_m0"
        for name in ("balance", "status")
        if (name, 0) in wanted and ("status", 0) in wanted
    ]


def lowering(plan: Plan, wanted: Iterable[Wanted], found: Mapping[t.BaseStatistic, Found]) -> Lowering:
    """What terms are lowered against in this run."""
    wanted = tuple(wanted)
    # The history gives places and unit parameters only where some term needs them: the join is wide.
    units = plan.unit_parameters if plan.joins_units else UnitParameters({}, {})
    by_group = [index for index, statistic in enumerate(plan.statistics) if statistic.by and found.get(statistic)]
    extra: dict[str, Any] = {}
    for index in by_group:
        extra.update(statistic_schema(index))
    if plan.families and plan.families.evaluable:
        extra.update(FAMILY_MARKS)
    table = history_table(wanted, plan.keys_within(wanted), units.bottoms, extra)

    def bind(bound: Any) -> Bound:
        statistics = {
            statistic: statistic_number(statistic, found[statistic], bound, statistic_column(index))
            for index, statistic in enumerate(plan.statistics)
            if statistic in found
        }
        return parameter_numbers(bound, plan.compiled.playbook.parameters, units), statistics

    return Lowering(table, plan.month, plan.stored(wanted), bind)


def each_shard(
    plan: Plan,
    engine: Engine,
    side: SideTables,
    wanted: Iterable[Wanted],
    work: Callable[[Session, int], Result],
    progress: Progress,
    label: Text,
) -> list[Result]:
    """Do the work on every shard, as many at once as the engine can; results in the order of shards.

    The work may be carried to another machine: it can be pickled, and to do it twice does no harm.
    """
    pairs = tuple(wanted)
    shards = [(shard, view_sql(plan, side, shard, pairs)) for shard in range(plan.state.shard_count)]
    progress.start(len(shards), label)
    results = engine.spread(partial(_on_shard, work), shards, progress.advance)
    progress.done()
    return results


def _on_shard(work: Callable[[Session, int], Result], engine: Engine, item: tuple[int, str]) -> Result:
    shard, view = item
    with engine.session() as session:
        session.run(f"CREATE OR REPLACE TEMP VIEW {TABLE} AS {view}")
        return work(session, shard)
