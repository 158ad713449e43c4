"""A run made again is the same, byte for byte; a run of what changed is another run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from basekeep.checks.playbook import sound_playbook
from basekeep.engines.duckdb import DuckEngine
from basekeep.kernel.errors import CallError, DamageError, WorkError
from basekeep.kernel.progress import SilentProgress
from basekeep.playbook.changing import with_parameters
from basekeep.playbook.shipping import shipped_folder
from basekeep.run.plan import plan_run
from basekeep.run.record import find_run
from basekeep.run.run import Outcome, run
from basekeep.store.state import read_state
from basekeep.store.writing import writing
from oracle.generate import panel
from runs.stored_panel import store_rows

MONTH = date(2025, 12, 1)


@dataclass
class Bench:
    """A stored panel and an engine to run it on."""

    store: Path
    engine: DuckEngine

    def run(self, month: date = MONTH, again: bool = False, dry: bool = False, **values: str) -> Outcome:
        playbook = with_parameters(sound_playbook(shipped_folder()), values)
        with writing(self.store) as work:
            return run(
                plan_run(playbook, self.store, read_state(self.store), month),
                self.engine,
                work,
                SilentProgress(),
                again,
                dry=dry,
            )


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    engine = DuckEngine(threads=2)
    store_rows(panel(3, 300, MONTH), tmp_path / "store", engine)
    return Bench(tmp_path / "store", engine)


def content(folder: Path) -> Mapping[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_run_made_again_is_the_same_byte_for_byte(bench: Bench) -> None:
    first = bench.run()
    before = content(first.record.folder)
    again = bench.run(again=True)
    assert again.record.run_id == first.record.run_id
    assert content(again.record.folder) == before


def test_a_run_that_is_there_is_found_and_not_made(bench: Bench) -> None:
    assert bench.run().made
    assert not bench.run().made


def test_another_parameter_makes_another_run(bench: Bench) -> None:
    one, two = bench.run(), bench.run(usage_low_share="45%")
    assert one.record.run_id != two.record.run_id
    assert find_run(bench.store, one.record.run_id).counts == one.record.counts


def test_a_damaged_run_is_found_before_it_is_used(bench: Bench) -> None:
    record = bench.run().record
    path = record.files("figures/")[0]
    damaged = bytearray(path.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    path.write_bytes(damaged)
    with pytest.raises(DamageError, match=path.name) as caught:
        bench.run()
    assert caught.value.do is not None
    assert "--again" in caught.value.do.en


@pytest.mark.parametrize("name", ["figures/p00000.parquet", "report.parquet", "run.json"])
def test_a_damaged_run_made_again_is_as_it_was(name: str, bench: Bench) -> None:
    record = bench.run().record
    before = content(record.folder)
    (record.folder / name).write_bytes(before[name][:100])
    bench.run(again=True)
    assert content(record.folder) == before


def test_a_month_that_is_not_stored_is_said(bench: Bench) -> None:
    with pytest.raises(WorkError, match="2026-01 is not stored; stored: 2024-11 … 2025-12"):
        bench.run(date(2026, 1, 1))


def test_a_short_history_runs_and_says_what_is_missing(bench: Bench) -> None:
    record = bench.run(date(2024, 12, 1)).record
    assert record.content["missing_months"][0] == "2023-11"
    assert record.counts["base"] > 0


def test_an_empty_store_is_said(tmp_path: Path) -> None:
    with pytest.raises(CallError, match="no month is stored"):
        plan_run(sound_playbook(shipped_folder()), tmp_path, read_state(tmp_path), MONTH)


def test_the_waterfall_adds_up_without_remainder(bench: Bench) -> None:
    record = bench.run().record
    with bench.engine.session() as session:
        rows = session.rows(
            f"SELECT entered, \"left\", remaining FROM read_parquet('{record.folder}/waterfall.parquet') ORDER BY position"
        )
    assert rows[0][2] == record.counts["base"]
    assert rows[-1][2] == record.counts["target__upgrade_5g"]
    assert all(entered - left == remaining for entered, left, remaining in rows)
    assert all(after[0] == before[2] for before, after in pairwise(rows))


def test_every_rule_counts_all_that_it_is_about(bench: Bench) -> None:
    record = bench.run().record
    with bench.engine.session() as session:
        rows = session.rows(
            "SELECT DISTINCT grain, members + non_members + not_evaluable "
            f"FROM read_parquet('{record.folder}/rule_summary.parquet') ORDER BY 1"
        )
    counts = record.counts
    assert rows == [("group", counts["groups"]), ("subscriber", counts["base"]), ("unit", counts["units"])]
