"""A store with one month of subscribers and three months of very many call pairs, as the synthetic operator draws them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from basekeep.contract.columns import NUMBER_SCALE
from basekeep.contract.subscriber_month import SUBSCRIBER_MONTH
from basekeep.contract.tables import CALL_PAIR
from basekeep.engines.duckdb import DuckEngine
from basekeep.engines.sql_text import parquet_scan, sql_literal
from basekeep.store.storing import store_month, store_table
from basekeep.synth import arrow
from basekeep.synth.call_pair import MONTHS, call_pair_batch, make_ties
from basekeep.synth.options import Options
from basekeep.synth.subscriber_month import subscriber_ids
from basekeep.synth.world import World, make_world

MONTH = date(2025, 12, 1)
# As the synthetic operator has them: pairs of a month for each subscriber there ever was.
_PAIRS_EACH = 1.75
_STORED = (
    f"SELECT month, a_id, b_id, CAST(minutes_ab * {NUMBER_SCALE} AS BIGINT) AS minutes_ab, "
    f"CAST(minutes_ba * {NUMBER_SCALE} AS BIGINT) AS minutes_ba, CAST(night_share * {NUMBER_SCALE} AS BIGINT) AS night_share, via_vnet"
)


@dataclass(frozen=True)
class MadePairs:
    """What was made: subscribers, months, and the fewest pairs of a month."""

    subscribers: int
    months: int
    pairs: int


def make_pairs(folder: Path, pairs: int) -> MadePairs:
    """Make and store at least so many pairs a month below a new folder."""
    folder.mkdir(parents=True)
    world = make_world(Options(subscribers=int(pairs / _PAIRS_EACH), months=MONTHS, last_month=MONTH))
    ties, there = make_ties(world.people, 1), np.ones(len(world.people.code), np.bool_)
    counts = []
    with DuckEngine() as engine:
        store_month(folder / "store", engine, MONTH, _subscribers(world, folder / "subscribers.parquet"))
        for frame in world.months:
            drawn, typed = folder / "drawn.parquet", folder / "typed.parquet"
            batch = call_pair_batch(world.people, ties, there, frame, 1)
            pq.write_table(pa.Table.from_batches([batch]), drawn)
            with engine.session() as session:
                session.run(f"COPY ({_STORED} FROM {parquet_scan(drawn)}) TO {sql_literal(typed)} (FORMAT parquet)")
            store_table(folder / "store", engine, CALL_PAIR, frame.first, typed)
            counts.append(batch.num_rows)
    return MadePairs(len(there), len(counts), min(counts))


def _subscribers(world: World, path: Path) -> Path:
    """The month's rows with what families need, in the form in which they are stored."""
    people = world.people
    many = len(people.code)
    columns = {
        "subscriber_id": subscriber_ids(people.code),
        "month": pa.array([MONTH], pa.date32()).take(pa.array(np.zeros(many, np.int8))),
        "status": arrow.label(np.zeros(many, np.int8), ["active"]),
        "join_date": arrow.day(np.maximum(people.join_day, 0)),
        "home_cell_id": arrow.label(people.cell, world.words.cells),
        "address_id": arrow.identifier("A", people.address, 10),
    }
    assert set(columns) <= set(SUBSCRIBER_MONTH.names)
    pq.write_table(pa.table({name: _plain(column) for name, column in columns.items()}), path)
    return path


def _plain(column: pa.Array) -> pa.Array:
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
