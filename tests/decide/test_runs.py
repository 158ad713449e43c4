"""Whole runs with decisions: made again the same; valid with little stored; and what people can query of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from basekeep.checks.playbook import sound_playbook
from basekeep.decide.step import decide
from basekeep.engines.duckdb import DuckEngine
from basekeep.kernel.progress import SilentProgress
from basekeep.playbook.declarations import Playbook
from basekeep.playbook.shipping import shipped_folder
from basekeep.run.decision_tables import BUCKETS
from basekeep.run.plan import plan_run
from basekeep.run.query import open_query
from basekeep.run.run import Outcome, run
from basekeep.store.state import read_state
from basekeep.store.writing import writing
from oracle.generate import panel
from runs.stored_panel import store_rows
from runs.test_overlays import store_org

MONTH = date(2025, 12, 1)
Row = dict[str, Any]


@dataclass
class Bench:
    """A stored panel and an engine to run it on."""

    store: Path
    engine: DuckEngine

    def run(self, playbook: Playbook | None = None, again: bool = False, dry: bool = False) -> Outcome:
        plan = plan_run(playbook or sound_playbook(shipped_folder()), self.store, read_state(self.store), MONTH)
        with writing(self.store) as work:
            return run(plan, self.engine, work, SilentProgress(), again, decide, dry)

    def ask(self, sql: str) -> list[Row]:
        # A query locks its engine to what it may read.
        with DuckEngine(threads=2) as engine, engine.session() as session:
            query = open_query(engine, session, self.store, read_state(self.store), sql, None, SilentProgress())
            batches = query.stream(1000).batches
            return [row for batch in batches for row in batch.to_pylist()]


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Nothing but the months of subscribers: no organisation, no staff, no contacts, no stock."""
    store = tmp_path_factory.mktemp("bare") / "store"
    with DuckEngine(threads=2) as engine:
        store_rows(panel(3, 300, MONTH), store, engine)
        made = Bench(store, engine)
        made.run()
        yield made


def test_with_months_alone_everybody_is_accounted_for(bench: Bench) -> None:
    counts = bench.run().record.counts
    assert sum(counts[f"decision__{bucket}"] for bucket in BUCKETS) == counts["base"]
    assert counts["decision__excluded"] > 0
    found = bench.ask("SELECT bucket, count(*) AS many FROM decision GROUP BY ALL")
    assert {row["bucket"]: row["many"] for row in found} == {
        bucket: counts[f"decision__{bucket}"] for bucket in BUCKETS if counts[f"decision__{bucket}"]
    }


def test_a_run_with_decisions_made_again_is_the_same_byte_for_byte(bench: Bench) -> None:
    assert bench.run(again=True).made


def test_a_dry_run_decides_the_same(bench: Bench) -> None:
    first, dry = bench.run().record, bench.run(dry=True).record
    names = [name for name in first.content["files"] if name.startswith("decisions/")]
    assert len(names) == 7
    assert all(first.content["files"][name] == dry.content["files"][name] for name in names)


def test_the_waterfall_has_scorecards_and_decisions_and_adds_up(bench: Bench) -> None:
    rows = bench.ask("SELECT * FROM waterfall ORDER BY scorecard, level, unit_id, position")
    assert {row["kind"] for row in rows if row["scorecard"] is None} == {"base", "bucket"}
    assert {(row["level"], row["unit_id"]) for row in rows if row["scorecard"]} == {("base", None)}
    assert all(row["entered"] - row["left"] == row["remaining"] for row in rows)
    base = bench.run().record.counts["base"]
    whole = [row for row in rows if row["scorecard"] is None and row["level"] == "base"]
    assert (whole[0]["entered"], whole[-1]["remaining"]) == (base, 0)
    for level in ("city", "county", "branch"):
        of_level = [row for row in rows if row["level"] == level]
        assert sum(row["entered"] for row in of_level if row["step"] == "base") == base
        left = Counter[str]()
        for row in of_level:
            left[row["step"]] += row["left"]
        assert {row["step"]: row["left"] for row in whole} == dict(left)


def test_without_an_organisation_no_city_is_known(bench: Bench) -> None:
    assert bench.ask("SELECT DISTINCT city_id, county_id FROM decision") == [{"city_id": None, "county_id": None}]


def test_a_playbook_without_offers_decides_nothing(bench: Bench, tmp_path: Path) -> None:
    declared = sound_playbook(shipped_folder()).model_dump(mode="json")
    bare: Row = {"offers": {}, "campaigns": {}, "budgets": {}, "floors": {}, "hold_outs": None, "decisions": None, "contact_policy": {}}  # fmt: skip
    store = tmp_path / "store"
    store_rows(panel(3, 30, MONTH), store, bench.engine)
    without = Bench(store, bench.engine)
    record = without.run(Playbook.model_validate({**declared, **bare})).record
    assert not [name for name in record.content["files"] if name.startswith("decisions/")]
    assert without.ask("FROM decision") == []
    assert {row["scorecard"] for row in without.ask("FROM waterfall")} == {"upgrade_5g"}


@pytest.fixture(scope="module")
def placed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """The months with an organisation whose branches lie in two cities."""
    store = tmp_path_factory.mktemp("placed") / "store"
    rows = panel(5, 300, MONTH)
    with DuckEngine(threads=2) as engine:
        store_rows(rows, store, engine)
        store_org(sorted({str(row["branch_id"]) for row in rows if row.get("branch_id")}), store, engine)
        made = Bench(store, engine)
        made.run()
        yield made


def test_the_work_list_is_what_was_chosen_with_its_own_words(placed: Bench) -> None:
    actions = {row["subscriber_id"]: row for row in placed.ask("FROM action")}
    chosen = placed.ask("FROM decision WHERE offer IS NOT NULL")
    assert actions
    assert set(actions) == {row["subscriber_id"] for row in chosen}
    offers = sound_playbook(shipped_folder()).offers
    for row in chosen:
        action = actions[row["subscriber_id"]]
        same = ("offer", "channel", "unit_id", "staff_id", "contact_on", "contact_by", "value", "cost", "expected")
        assert [action[name] for name in same] == [row[name] for name in same]
        offer = offers[row["offer"]]
        assert (action["offer_zh"], action["kind"]) == (offer.name.zh, offer.kind)
        script = offer.scripts.get(row["channel"], offer.script)
        for said, written in ((action["script_zh"], script.zh), (action["script_en"], script.en)):
            assert "{" not in said
            assert said.startswith(written.partition("{")[0])


def test_money_is_shown_in_yuan(placed: Bench) -> None:
    (row,) = placed.ask(
        "SELECT sum(expected) = (SELECT max(value) FROM allocation) AS same, "
        "max(abs(value * probability * weight - cost - expected)) AS off FROM decision"
    )
    assert row["same"]
    assert row["off"] < 0.02


def test_who_is_contacted_is_contacted_in_the_month_after(placed: Bench) -> None:
    (row,) = placed.ask("SELECT min(contact_on) AS first, max(contact_on) AS last FROM action")
    assert date(2026, 1, 1) < row["first"] <= row["last"] <= date(2026, 1, 31)
