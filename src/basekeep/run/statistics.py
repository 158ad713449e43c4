"""The first step of a run: the base's statistics, exactly, from one pass over the columns they need."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from basekeep.engines.protocol import Engine, Session
from basekeep.kernel.progress import Progress
from basekeep.kernel.text import Text
from basekeep.playbook import terms as t
from basekeep.relations.history import ALWAYS
from basekeep.relations.needs import wanted_columns
from basekeep.relations.statistics import Found, bottom_of, fraction, tally
from basekeep.run.plan import Plan
from basekeep.run.shards import SideTables, each_shard, lowering

Tallies = dict[str | None, tuple[list[Any], list[Any]]]


def base_statistics(plan: Plan, engine: Engine, side: SideTables, progress: Progress) -> dict[t.BaseStatistic, Found]:
    """Every statistic of the base that the playbook needs, by group."""
    if not plan.statistics:
        return {}
    wanted = tuple({**dict.fromkeys(ALWAYS), **wanted_columns(plan.statistics, plan.month)})
    low = lowering(plan, wanted, {})
    queries = [str(ibis.to_sql(tally(statistic, low), dialect="duckdb")) for statistic in plan.statistics]
    label = Text("计算全体统计", "Statistics of the base")
    parts = each_shard(plan, engine, side, wanted, partial(_tallies, queries), progress, label)
    found: dict[t.BaseStatistic, Found] = {}
    for index, statistic in enumerate(plan.statistics):
        share = share_of(plan, statistic)
        merged = _merged(part[index] for part in parts)
        bottom = bottom_of(statistic, low)
        values = {key: fraction(statistic, bottom, share, *tallied) for key, tallied in merged.items()}
        # A subscriber whose group is unknown has no group to be compared with.
        found[statistic] = {
            key: value
            for key, value in sorted(values.items(), key=lambda item: item[0] or "")
            if value is not None and (statistic.by is None or key is not None)
        }
    return found


def share_of(plan: Plan, statistic: t.BaseStatistic) -> Fraction | None:
    """A percentile's share: a number of the playbook, or a parameter's value for the whole base."""
    if isinstance(statistic.share, t.ParameterValue):
        return plan.compiled.playbook.parameters[statistic.share.name].value
    return statistic.share.value if isinstance(statistic.share, t.Constant) else None


def write_statistic(found: Found, path: Path) -> None:
    """Write one statistic by group: `grouping, top, bottom`."""
    wide = pa.decimal128(38, 0)
    columns = {
        "grouping": pa.array(list(found), pa.string()),
        "top": pa.array([Decimal(value.numerator) for value in found.values()], wide),
        "bottom": pa.array([Decimal(value.denominator) for value in found.values()], wide),
    }
    pq.write_table(pa.table(columns), path, compression="zstd")


def _tallies(queries: list[str], session: Session, _shard: int) -> list[Tallies]:
    return [_grouped(session.arrow(query)) for query in queries]


def _grouped(table: pa.Table) -> Tallies:
    found: Tallies = {}
    groups = table["grouping"].unique().to_pylist()
    for group in groups:
        rows = table if len(groups) == 1 else table.filter(_same(table["grouping"], group))
        top = rows["top"]
        values = top.to_pylist() if pa.types.is_decimal(top.type) else top.to_numpy()
        found[group] = ([values], [rows["many"].to_numpy()])
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
