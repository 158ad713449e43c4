"""Judges the families of a run by the synthetic operator's true households, pair by pair and household by household."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from basekeep.app import ingest_tables, run_month
from basekeep.cli.workspace_files import write_workspace
from basekeep.engines.duckdb import DuckEngine
from basekeep.engines.protocol import Session
from basekeep.engines.sql_text import parquet_scan, parquet_scans
from basekeep.kernel.months import shift_month
from basekeep.kernel.progress import SilentProgress
from basekeep.store.workspace import load_workspace
from basekeep.synth.operator import Options, make, mapping

MONTH = date(2025, 12, 1)
_IN_BASE = "status IN ('active', 'suspended')"
# Who has neither minutes nor data cannot be seen, and who is new cannot have called for three months.
AMONG: Mapping[str, str] = {
    "all of the base": "TRUE",
    "those there and not silent": "NOT silent",
    "those there for three months, not silent": "NOT silent AND months = 3",
}


@dataclass(frozen=True)
class Judged:
    """True and found pairs, those that are both, and households that were found exactly as they are."""

    true_pairs: int
    found_pairs: int
    hits: int
    households: int
    families: int
    exact: int

    @property
    def precision(self) -> float:
        """Of the pairs that were put into one family, the share that lives together."""
        return self.hits / self.found_pairs if self.found_pairs else 1.0

    @property
    def recall(self) -> float:
        """Of the pairs that live together, the share that was put into one family."""
        return self.hits / self.true_pairs if self.true_pairs else 1.0


def judge(folder: Path, subscribers: int, seed: int = 1, months: int = 14) -> dict[str, Judged]:
    """Make an operator in a new folder, run its last month, and judge the families among several parts of the base."""
    quiet = SilentProgress()
    made = make(Options(subscribers=subscribers, seed=seed, last_month=MONTH, months=months), folder, quiet)
    write_workspace(folder, "en", mapping(made))
    workspace = load_workspace(folder)
    ingest_tables(workspace, date(2026, 1, 5), None, None, quiet)
    record = run_month(workspace, MONTH, quiet).record
    with DuckEngine() as engine, engine.session() as session:
        _take(session, folder, record.folder / "families" / "family.parquet")
        return {name: _judged(session, condition) for name, condition in AMONG.items()}


def _take(session: Session, folder: Path, family: Path) -> None:
    """Everybody of the base with the true household and the family found."""
    data = parquet_scans(sorted((folder / "data" / "subscriber_month").glob("*.parquet")))
    truth = parquet_scan(folder / "truth" / "subscriber_truth.parquet")
    first = shift_month(MONTH, -2)
    session.run(
        "CREATE TEMP TABLE person AS SELECT m.subscriber_id AS id, t.household_id AS household, f.family_id AS family, "
        "coalesce(m.mou_out + m.mou_in = 0 AND m.data_mb = 0, FALSE) AS silent, c.months "
        f"FROM {data} m JOIN {truth} t USING (subscriber_id) LEFT JOIN {parquet_scan(family)} f USING (subscriber_id) "
        f"JOIN (SELECT subscriber_id, count(*) AS months FROM {data} WHERE month >= DATE '{first}' AND {_IN_BASE} "
        f"GROUP BY ALL) c USING (subscriber_id) WHERE m.month = DATE '{MONTH}' AND {_IN_BASE}"
    )


def _judged(session: Session, condition: str) -> Judged:
    session.run(f"CREATE OR REPLACE TEMP TABLE among AS SELECT * FROM person WHERE {condition}")
    pairs = "SELECT a.id AS one, b.id AS other FROM among a JOIN among b ON a.{0} = b.{0} AND a.id < b.id"
    groups = "SELECT list(id ORDER BY id) AS members FROM among WHERE {0} IS NOT NULL GROUP BY {0} HAVING count(*) > 1"
    true, found = pairs.format("household"), pairs.format("family")
    asked = [
        f"SELECT count(*) FROM ({true})",
        f"SELECT count(*) FROM ({found})",
        f"SELECT count(*) FROM (({true}) INTERSECT ({found}))",
        f"SELECT count(*) FROM ({groups.format('household')})",
        f"SELECT count(*) FROM ({groups.format('family')})",
        f"SELECT count(*) FROM (({groups.format('household')}) INTERSECT ({groups.format('family')}))",
    ]
    return Judged(*(int(session.rows(sql)[0][0]) for sql in asked))
