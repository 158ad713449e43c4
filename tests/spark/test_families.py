"""A cluster finds the families that one process finds, with the same evidence, and marks the same members."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from basekeep.contract.tables import CALL_PAIR
from families.stored_pairs import families_in
from oracle.family_pairs import Pairs, pairs_of, settle
from oracle.generate import panel
from spark.local_cluster import LocalCluster
from spark.test_cluster import figures_of, rows_of
from spark.two_engines import Made, on_cluster, source_file, workspace

# One process runs them all, so that there is one cluster.
pytestmark = pytest.mark.xdist_group("spark")

MONTH = date(2025, 12, 1)
_ROWS = "select * from read_parquet('../source/rows.parquet')"
_PAIRS = "select * from read_parquet('../source/pairs.parquet')"
_ARROW = {"string": pa.string(), "date": pa.date32(), "bool": pa.bool_(), "number": pa.decimal128(18, 4)}


def pairs_file(path: Path, pairs: Pairs) -> None:
    arrays: dict[str, Any] = {
        column.name: pa.array([row.get(column.name) for row in pairs], _ARROW[column.type])
        for column in CALL_PAIR.columns
    }
    pq.write_table(pa.table(arrays), path)


@pytest.fixture(scope="module")
def made(cluster: LocalCluster, tmp_path_factory: pytest.TempPathFactory) -> Sequence[Made]:
    folder = tmp_path_factory.mktemp("families") / "运营 数据"
    (folder / "source").mkdir(parents=True)
    rows = panel(4, 220, MONTH, months=2)
    settle(rows, MONTH, 4)
    source_file(folder / "source" / "rows.parquet", rows)
    pairs_file(folder / "source" / "pairs.parquet", pairs_of(rows, MONTH, 4))
    select = f"{_ROWS}\n  call_pair: {_PAIRS}"
    settings = {"one": "engine: duckdb\n", "many": on_cluster(cluster.master, 3)}
    return [workspace(folder / name, text, select) for name, text in settings.items()]


def test_families_and_members_are_the_same(made: Sequence[Made]) -> None:
    for one in made:
        one.ingest(limit=str(Decimal(1)))
    records = [one.run(MONTH) for one in made]
    found = [families_in(record) for record in records]
    assert found[0] == found[1]
    assert len(found[0]) > 10
    assert rows_of(made[0], "family") == rows_of(made[1], "family")
    assert figures_of(records[0]) == figures_of(records[1])
    assert records[0].content["remarks"] == records[1].content["remarks"]
    assert not list(records[1].folder.rglob("*making*"))
