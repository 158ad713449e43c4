"""The first step of a run: the base's statistics, exactly, from one pass over the columns they need."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from basekeep.engines.protocol import Engine, Session
from basekeep.kernel.progress import Progress
from basekeep.kernel.text import Text
from basekeep.playbook import terms as t
from basekeep.relations.any_base import share_of
from basekeep.relations.history import ALWAYS, TABLE
from basekeep.relations.lowering import Lowering
from basekeep.relations.needs import Wanted, wanted_columns, wanted_joins
from basekeep.relations.sql import sql_of
from basekeep.relations.statistics import Found, bottom_of, fraction, mean_tallies, value_tallies
from basekeep.run.family_plan import asks_families
from basekeep.run.plan import Plan
from basekeep.run.shards import SideTables, each_shard, lowering
from basekeep.store.history import month_sql

Tallies = dict[str | None, tuple[list[Any], list[Any]]]
Parts = dict[t.BaseStatistic, Tallies]
Question = tuple[tuple[t.BaseStatistic, ...], str]


def base_statistics(plan: Plan, engine: Engine, side: SideTables, progress: Progress) -> dict[t.BaseStatistic, Found]:
    """Every statistic of the base that the playbook needs, by group."""
    if not plan.statistics:
        return {}
    parts: dict[t.BaseStatistic, list[Tallies]] = {statistic: [] for statistic in plan.statistics}
    for statistics, of_month in _split(plan):
        wanted = tuple({**dict.fromkeys(ALWAYS), **wanted_columns(statistics, plan.month)})
        low = lowering(plan, wanted, {})
        work = partial(_tallies, tuple(_questions(statistics, low)))
        if of_month:
            found = [_whole_month(plan, engine, wanted, work)]
        else:
            label = Text("计算全体统计", "Statistics of the base")
            found = each_shard(plan, engine, side, wanted, work, progress, label)
        for statistic in statistics:
            parts[statistic] = [tallies[statistic] for tallies in found]
    plain = lowering(plan, plan.wanted, {})
    return {statistic: _of_groups(plan, statistic, plain, parts[statistic]) for statistic in plan.statistics}


def _split(plan: Plan) -> Iterator[tuple[tuple[t.BaseStatistic, ...], bool]]:
    """The statistics of the month alone, which need no history beside them, apart from the others."""
    alone = [
        s
        for s in plan.statistics
        if not (plan.joins_units or wanted_joins([s]) or asks_families([s]))
        and all(lag == 0 for _, lag in wanted_columns([s], plan.month))
    ]
    others = [statistic for statistic in plan.statistics if statistic not in alone]
    for statistics, of_month in ((alone, True), (others, False)):
        if statistics:
            yield tuple(statistics), of_month


def _whole_month(
    plan: Plan, engine: Engine, wanted: tuple[Wanted, ...], work: Callable[[Session, int], Parts]
) -> Parts:
    with engine.session() as session:
        query = month_sql(plan.store_dir, plan.state, plan.month, [column for column, _ in wanted])
        session.run(f"CREATE OR REPLACE TEMP VIEW {TABLE} AS {query}")
        return work(session, 0)


def _questions(statistics: tuple[t.BaseStatistic, ...], low: Lowering) -> Iterator[Question]:
    """As few queries as will do: one for all means taken by the same column, one for each percentile."""
    means: dict[str | None, list[t.BaseStatistic]] = {}
    for statistic in statistics:
        if statistic.statistic == "mean":
            means.setdefault(statistic.by, []).append(statistic)
        else:
            yield (statistic,), sql_of(value_tallies(statistic, low))
    for by, alike in means.items():
        yield tuple(alike), sql_of(mean_tallies(alike, by, low))


def _of_groups(plan: Plan, statistic: t.BaseStatistic, low: Lowering, parts: list[Tallies]) -> Found:
    """The statistic of each group, from what every shard tallied."""
    share, bottom = share_of(statistic, plan.compiled.playbook), bottom_of(statistic, low)
    values = {group: fraction(statistic, bottom, share, *tallied) for group, tallied in _merged(parts).items()}
    # A subscriber whose group is unknown has no group to be compared with.
    return {
        group: value
        for group, value in sorted(values.items(), key=lambda item: item[0] or "")
        if value is not None and (statistic.by is None or group is not None)
    }


def write_statistic(found: Found, path: Path) -> None:
    """Write one statistic by group: `grouping, top, bottom`."""
    wide = pa.decimal128(38, 0)
    columns = {
        "grouping": pa.array(list(found), pa.string()),
        "top": pa.array([Decimal(value.numerator) for value in found.values()], wide),
        "bottom": pa.array([Decimal(value.denominator) for value in found.values()], wide),
    }
    pq.write_table(pa.table(columns), path, compression="zstd")


def _tallies(asked: tuple[Question, ...], session: Session, _shard: int) -> Parts:
    found = {}
    for statistics, query in asked:
        table = session.arrow(query)
        for index, statistic in enumerate(statistics):
            found[statistic] = _grouped(table, f"top_{index}", f"many_{index}")
    return found


def _grouped(table: pa.Table, top: str, many: str) -> Tallies:
    found: Tallies = {}
    groups = table["grouping"].unique().to_pylist()
    for group in groups:
        rows = table if len(groups) == 1 else table.filter(_same(table["grouping"], group))
        wide = pa.types.is_decimal(rows[top].type)
        # The sum of no known value is null, and counts for nothing.
        values = [value or 0 for value in rows[top].to_pylist()] if wide else rows[top].to_numpy()
        found[group] = ([values], [rows[many].to_numpy()])
    return found


def _same(column: pa.ChunkedArray, group: str | None) -> Any:
    import pyarrow.compute as pc

    return pc.is_null(column) if group is None else pc.equal(column, group)


def _merged(parts: Iterable[Tallies]) -> dict[str | None, tuple[Any, Any]]:
    merged: Tallies = {}
    for part in parts:
        for group, (tops, many) in part.items():
            into = merged.setdefault(group, ([], []))
            into[0].extend(tops)
            into[1].extend(many)
    return {group: (_joined(tops), np.concatenate(many)) for group, (tops, many) in merged.items()}


def _joined(parts: list[Any]) -> Any:
    if isinstance(parts[0], list):
        return [value for part in parts for value in part]
    return np.concatenate(parts)
