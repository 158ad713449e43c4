"""Asks conditions of a wide history that is made by hand: no store and no run between the language and the engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from fractions import Fraction
from pathlib import Path

import ibis
import pyarrow as pa
import pyarrow.parquet as pq

from basekeep.contract.columns import NUMBER_SCALE
from basekeep.contract.subscriber_month import SUBSCRIBER_MONTH
from basekeep.engines.duckdb import DuckEngine
from basekeep.engines.protocol import Session
from basekeep.playbook.declarations import Playbook, PlaybookHead
from basekeep.playbook.declared import Bilingual
from basekeep.playbook.meaning import Meaning
from basekeep.relations.history import history_table
from basekeep.relations.lowering import Lowering
from basekeep.relations.needs import wanted_columns

MONTH = date(2025, 12, 1)
EMPTY = Playbook(playbook=PlaybookHead(name=Bilingual(zh="空", en="Empty")))
# A cell by column and months back.
Cells = Mapping[tuple[str, int], Fraction | int | None]


@contextmanager
def history(cells: Sequence[Cells], folder: Path) -> Iterator[Session]:
    """A session that sees these rows as `history`, with their places as ids."""
    columns = {"subscriber_id": pa.array([str(place) for place in range(len(cells))])}
    for column, back in cells[0]:
        scale = NUMBER_SCALE if SUBSCRIBER_MONTH.column(column).type == "number" else 1
        stored = [None if (value := row[column, back]) is None else int(value * scale) for row in cells]
        columns[f"{column}_m{back}"] = pa.array(stored, pa.int64())
    pq.write_table(pa.table(columns), folder / "history.parquet")
    with DuckEngine(threads=1) as engine, engine.session() as session:
        session.run(f"CREATE TABLE history AS SELECT * FROM read_parquet('{folder}/history.parquet')")
        yield session


def ask(session: Session, texts: Sequence[str]) -> list[tuple[bool | None, ...]]:
    """The truth of each condition for each row, in the order of the rows."""
    terms = [Meaning(EMPTY).condition(text) for text in texts]
    wanted = tuple(wanted_columns(terms, MONTH))
    low = Lowering(history_table(wanted, (), (), {}), MONTH, frozenset(wanted), lambda _: ({}, {}))
    columns = {f"c{index}": low.truth(term) for index, term in enumerate(terms)}
    query = str(ibis.to_sql(low.table.select("subscriber_id", **columns), dialect="duckdb"))
    found = {row[0]: tuple(row[1:]) for row in session.rows(query)}
    return [found[str(place)] for place in range(len(found))]
