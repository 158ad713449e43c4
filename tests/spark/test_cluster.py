"""A cluster gives what one process gives: the same members, ranks, counts and rejects, also when a worker is lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from basekeep.app import answering, check, explain_with_decision
from basekeep.engines.duckdb import DuckEngine
from basekeep.kernel.errors import FindingsError
from basekeep.kernel.progress import SilentProgress
from basekeep.run.record import RunRecord
from basekeep.run.views import TABLES_OUT
from oracle.generate import panel
from spark.local_cluster import LocalCluster
from spark.two_engines import Made, on_cluster, source_file, workspace

# One process runs them all, so that there is one cluster.
pytestmark = pytest.mark.xdist_group("spark")

MONTH = date(2025, 12, 1)
# The panel has rows for these; of groups it has what their lines say, of the rest nothing.
FILLED = {
    "profile",
    "membership",
    "rule_summary",
    "segment_summary",
    "waterfall",
    "report",
    "group_profile",
    "group_membership",
}
READ_ALL = "select * from read_parquet('../source/*.parquet')"


def rows_of(made: Made, table: str) -> list[dict[str, Any]]:
    """Every row of a table out, but for the name of the run."""
    with answering(made.workspace, f"SELECT * FROM {table}", None, SilentProgress()) as query:
        found = [row for batch in query.stream(10_000).batches for row in batch.to_pylist()]
    plain = [{name: value for name, value in row.items() if name != "run_id"} for row in found]
    return sorted(plain, key=repr)


def figures_of(record: RunRecord) -> list[tuple[Any, ...]]:
    with DuckEngine(threads=1) as engine, engine.session() as session:
        return session.rows(f"SELECT * FROM read_parquet('{record.folder}/figures/*.parquet') ORDER BY subscriber_id")


@pytest.fixture(scope="module")
def made(cluster: LocalCluster, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Made]:
    """Two workspaces over the same source: panels full of limits, rows that repeat, rows that cannot be."""
    folder = tmp_path_factory.mktemp("engines") / "运营 数据"
    (folder / "source").mkdir(parents=True)
    rows = panel(3, 300, MONTH)
    wrong = [{**rows[0], "arpu": -1}, {**rows[1], "status": "asleep"}, rows[2], {**rows[3], "mou_in": 7}]
    source_file(folder / "source" / "rows.parquet", [*rows, *wrong])
    return {
        "duckdb": workspace(folder / "one", "engine: duckdb\n", READ_ALL),
        "spark": workspace(folder / "many", on_cluster(cluster.master, 5), READ_ALL),
    }


@pytest.fixture(scope="module")
def records(made: Mapping[str, Made]) -> Mapping[str, RunRecord]:
    for one in made.values():
        one.ingest()
    return {name: one.run(MONTH) for name, one in made.items()}


def test_every_table_out_is_the_same_to_the_last_value(
    made: Mapping[str, Made], records: Mapping[str, RunRecord]
) -> None:
    assert figures_of(records["spark"]) == figures_of(records["duckdb"])
    for table in TABLES_OUT:
        expected = rows_of(made["duckdb"], table)
        assert rows_of(made["spark"], table) == expected, table
        assert expected or table not in FILLED, table


def test_the_same_rows_are_rejected_for_the_same_reasons(made: Mapping[str, Made]) -> None:
    accounts = []
    for one in made.values():
        (ledger,) = one.ingest().ledgers
        reasons = sorted((reason.code, reason.column, reason.count) for reason in ledger.reasons)
        months = [(part.month, part.read, part.rejected) for part in ledger.months]
        accounts.append((ledger.read, ledger.stored, ledger.rejected, reasons, months))
    assert accounts[0] == accounts[1]
    assert accounts[0][2] >= 4


def test_a_subscriber_is_explained_in_the_same_words(
    made: Mapping[str, Made], records: Mapping[str, RunRecord]
) -> None:
    who = figures_of(records["duckdb"])[7][0]
    told = [explain_with_decision(one.workspace, who, None)[0] for one in made.values()]
    assert replace(told[0], run_id="") == replace(told[1], run_id="")


def test_a_late_and_a_corrected_month_come_by_the_cluster_too(cluster: LocalCluster, tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    rows = panel(5, 60, MONTH)
    months = sorted({row["month"] for row in rows if isinstance(row["month"], date)})
    settings = [("one", "engine: duckdb\n"), ("many", on_cluster(cluster.master, 3))]
    both = [workspace(tmp_path / name, text, READ_ALL) for name, text in settings]
    early = [row for row in rows if row["month"] not in (months[3], MONTH)]
    for given in (early, [*early, *(row for row in rows if row["month"] == MONTH)], rows):
        source_file(tmp_path / "source" / "rows.parquet", given)
        changes = [sorted((part.partition, part.rows, part.change) for part in one.ingest().stored) for one in both]
        assert changes[0] == changes[1]
    # A month corrected: one subscriber less, one more.
    fewer = [row for row in rows if (row["month"], row["subscriber_id"]) != (MONTH, rows[0]["subscriber_id"])]
    one_more = {**next(row for row in rows if row["month"] == MONTH), "subscriber_id": "newcomer"}
    source_file(tmp_path / "source" / "rows.parquet", [*fewer, one_more])
    reports = [one.ingest(MONTH) for one in both]
    assert [report.newcomers for report in reports] == [1, 1]
    assert figures_of(both[1].run(MONTH)) == figures_of(both[0].run(MONTH))


@pytest.mark.parametrize(
    ("select", "code"),
    [
        ("select * from read_xlsx('../source/x.xlsx')", "cluster_source"),
        ("select * from read_csv('../source/x.csv', skip=2)", "cluster_source"),
        ("drop table subscribers", "select_only"),
        ("select * from no_such_table", "cluster_select"),
        ("select arpu, month from read_parquet('../source/*.parquet')", "column_missing"),
    ],
)
def test_what_a_cluster_cannot_read_is_refused_with_its_place(
    select: str, code: str, cluster: LocalCluster, tmp_path: Path
) -> None:
    (tmp_path / "source").mkdir()
    source_file(tmp_path / "source" / "rows.parquet", panel(1, 5, MONTH))
    one = workspace(tmp_path / "many", on_cluster(cluster.master, 2), select)
    found = [finding for finding in check(one.workspace.root) if finding.severity == "error"]
    assert code in {finding.code for finding in found}
    with pytest.raises(FindingsError) as caught:
        one.ingest()
    assert {finding.code for finding in caught.value.findings} >= {code}
    assert all(finding.place.file == "basekeep.yaml" for finding in caught.value.findings)


# The last test: the cluster is one worker short after it.
def test_a_run_that_loses_a_worker_ends_right(tmp_path: Path, cluster: LocalCluster) -> None:
    (tmp_path / "source").mkdir()
    source_file(tmp_path / "source" / "rows.parquet", panel(8, 400, MONTH))
    alone = workspace(tmp_path / "one", "engine: duckdb\n", READ_ALL)
    alone.ingest()
    many = workspace(tmp_path / "many", on_cluster(cluster.master, 24), READ_ALL)
    many.ingest()
    staging = many.workspace.store_dir / "staging"
    killed: list[int] = []

    def lose_one() -> None:
        while not (done := len(list(staging.glob("*/*/figures/p*.parquet")))):
            time.sleep(0.02)
        cluster.lose_worker()
        killed.append(done)

    watcher = threading.Thread(target=lose_one, daemon=True)
    watcher.start()
    record = many.run(MONTH)
    watcher.join(10)
    assert killed
    assert killed[0] < 24
    assert figures_of(record) == figures_of(alone.run(MONTH))
