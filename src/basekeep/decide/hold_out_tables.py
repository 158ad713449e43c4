"""The tables of hold-outs: who is held out from what, and whether each control group is large enough to prove anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from basekeep.decide.base import Base
from basekeep.decide.hold_outs import ControlGroup
from basekeep.decide.sample_size import Effect, control_needed, least_change
from basekeep.engines.protocol import ROW_GROUP_ROWS
from basekeep.kernel.text import Text
from basekeep.run.decision_tables import FOLDER, SCHEMAS

HOLD_OUT, SUMMARY = "hold_out", "hold_out_summary"


def write_hold_outs(folder: Path, base: Base, groups: Sequence[ControlGroup]) -> int:
    """Write both tables below a run's folder; gives how many are held out."""
    (folder / FOLDER).mkdir(exist_ok=True)
    tables = {HOLD_OUT: hold_out_table(base, groups), SUMMARY: summary_table(groups)}
    for name, table in tables.items():
        path = folder / FOLDER / f"{name}.parquet"
        pq.write_table(table, path, row_group_size=ROW_GROUP_ROWS, compression="zstd")
    return int(tables[HOLD_OUT].num_rows)


def hold_out_table(base: Base, groups: Iterable[ControlGroup]) -> pa.Table:
    """A row for each subscriber of the base who is held out: group by group, in the order of the base."""
    schema = SCHEMAS[HOLD_OUT]
    return pa.concat_tables([schema.empty_table(), *(_members(base, group, schema) for group in groups)])


def summary_table(groups: Iterable[ControlGroup]) -> pa.Table:
    """For each group and for each of its strata what it was drawn from, how many it has and what that can tell.

    Whoever has left since it was drawn counts: leaving is what it is to tell of.
    """
    return pa.Table.from_pylist([row for group in groups for row in _summary(group)], SCHEMAS[SUMMARY])


def _scope(group: ControlGroup) -> str:
    return "universal" if group.campaign is None else "campaign"


def _members(base: Base, group: ControlGroup, schema: pa.Schema) -> pa.Table:
    at = np.flatnonzero(group.held & (group.position >= 0))
    at = at[np.argsort(group.position[at], kind="stable")]
    strata = group.strata.of(at)
    # A city of -1 is the last.
    cities = pa.array([*strata.cities, None], pa.string())
    columns = {
        "subscriber_id": base.ids.take(pa.array(group.position[at])),
        "scope": pa.repeat(_scope(group), len(at)),
        "campaign": pa.repeat(pa.scalar(group.campaign, pa.string()), len(at)),
        "city_id": cities.take(pa.array(np.where(strata.city < 0, len(strata.cities), strata.city))),
        "value_band": pa.array(strata.band, pa.int64()),
    }
    return pa.table([columns[field.name].cast(field.type) for field in schema], schema)


def _summary(group: ControlGroup) -> Iterator[dict[str, Any]]:
    number, many = group.strata.number, group.strata.many
    population = np.bincount(number, minlength=many).tolist()
    held = np.bincount(number[group.held], minlength=many).tolist()
    yield _row(group, None, None, sum(population), sum(held))
    for stratum in range(many):
        if population[stratum]:
            yield _row(group, *group.strata.named(stratum), population[stratum], held[stratum])


def _row(group: ControlGroup, city: str | None, band: int | None, population: int, held: int) -> dict[str, Any]:
    needed = control_needed(group.effect, population)
    change = least_change(group.effect, held, population - held)
    enough = needed is not None and held >= needed
    says = _says(group.effect, needed, held, change, enough)
    return {
        "scope": _scope(group), "campaign": group.campaign, "city_id": city, "value_band": band,
        "population": population, "held_out": held, "needed": needed, "detectable_share": change, "enough": enough,
        "says_zh": says.zh, "says_en": says.en,
    }  # fmt: skip


def _says(effect: Effect, needed: int | None, held: int, change: float | None, enough: bool) -> Text:
    if needed is None:
        return Text(
            "from_share 与 to_share 相同，没有变化可以检出",
            "from_share and to_share are the same: there is no change to be told",
        )
    has = Text(f"需留出 {needed:,} 人，实有 {held:,} 人", f"needs {needed:,} held out, has {held:,}")
    if change is None:
        return Text(f"{has.zh}：任何变化都无法与偶然区分", f"{has.en}: no change at all can be told from chance")
    points = _points(change)
    if enough:
        return Text(
            f"{has.zh}：变化达到 {points} 个百分点即可与偶然区分",
            f"{has.en}: a change of {points} points or more can be told from chance",
        )
    return Text(
        f"{has.zh}：变化小于 {points} 个百分点时，无法与偶然区分",
        f"{has.en}: a change of less than {points} points cannot be told from chance",
    )


def _points(change: float) -> str:
    points = change * 100
    return f"{points:.1f}" if points >= 0.1 else f"{points:.2g}"
