"""An ingest stores all of what it read in one step, or nothing, and says which."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from basekeep.engines.duckdb import DuckEngine
from basekeep.kernel.errors import BusyError, FindingsError
from basekeep.store.history import history_sql
from basekeep.store.ingest import IngestReport
from basekeep.store.state import State, months, read_state
from basekeep.store.verifying import verify_store
from basekeep.store.writing import writing

from .small_operator import Operator

JANUARY, FEBRUARY, MARCH, APRIL = (date(2025, month, 1) for month in (1, 2, 3, 4))


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    return Operator(tmp_path / "workspace")


def arpu(operator: Operator, month: date) -> dict[str, Any]:
    """ARPU in ten-thousandths of those present in a month, as the stored history has it."""
    state = read_state(operator.store_dir)
    found: dict[str, Any] = {}
    with DuckEngine(threads=1) as engine:
        for shard in range(state.shard_count):
            sql = history_sql(operator.store_dir, state, month, shard, [("arpu", 0), ("month", 0)])
            rows = engine.session().rows(f"SELECT subscriber_id, arpu_m0 FROM ({sql}) WHERE month_m0 IS NOT NULL")
            found |= dict(rows)
    return found


def changes(report: IngestReport) -> dict[str, str]:
    return {f"{stored.table} {stored.partition}": stored.change for stored in report.stored}


def everything(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_month_and_table_is_stored_in_one_step(operator: Operator) -> None:
    operator.month(JANUARY, {"a": "88.50", "b": ""})
    operator.month(FEBRUARY, {"b": "7", "c": "0.01"})
    report = operator.ingest()
    assert changes(report) == {
        "subscriber_month 2025-01": "new", "subscriber_month 2025-02": "new", "org_unit all": "new",
    }  # fmt: skip
    assert (report.published, report.newcomers, report.state.sequence) == (True, 3, 1)
    assert arpu(operator, JANUARY) == {"a": 885_000, "b": None}
    assert arpu(operator, FEBRUARY) == {"b": 70_000, "c": 100}
    assert not verify_store(operator.store_dir).damaged


def test_the_same_data_again_is_unchanged(operator: Operator) -> None:
    operator.month(JANUARY, {"a": "1", "b": "2"})
    first = operator.ingest()
    again = operator.ingest()
    assert set(changes(again).values()) == {"unchanged"}
    assert (again.published, again.newcomers, again.state) == (False, 0, first.state)
    assert again.ingest_id != first.ingest_id


def test_the_order_of_lines_is_no_change(operator: Operator) -> None:
    operator.month(JANUARY, {"a": "1", "b": "2", "c": "3"})
    operator.ingest()
    operator.month(JANUARY, {"c": "3", "a": "1", "b": "2"})
    assert not operator.ingest().published


def test_a_corrected_month_replaces_only_itself_and_the_old_version_stays(operator: Operator) -> None:
    operator.month(JANUARY, {"a": "1"})
    operator.month(FEBRUARY, {"a": "2"})
    operator.ingest()
    before = everything(operator.store_dir / "tables")
    operator.month(JANUARY, {"a": "9", "b": "8"})
    report = operator.ingest()
    assert changes(report) == {
        "subscriber_month 2025-01": "replaced", "subscriber_month 2025-02": "unchanged", "org_unit all": "unchanged",
    }  # fmt: skip
    assert before.items() <= everything(operator.store_dir / "tables").items()
    assert arpu(operator, JANUARY) == {"a": 90_000, "b": 80_000}
    assert arpu(operator, FEBRUARY) == {"a": 20_000}


def test_one_month_alone_can_be_read(operator: Operator) -> None:
    operator.month(JANUARY, {"a": "1"})
    operator.month(FEBRUARY, {"a": "2"})
    report = operator.ingest(FEBRUARY)
    assert months(report.state, "subscriber_month") == (FEBRUARY,)
    assert set(report.state.partitions) == {"subscriber_month", "org_unit"}


def test_a_late_month_takes_its_place(operator: Operator) -> None:
    operator.month(MARCH, {"m": "3"})
    operator.ingest()
    operator.month(FEBRUARY, {"z": "2", "a": "2", "m": "2"})
    report = operator.ingest()
    assert report.newcomers == 2
    assert months(report.state, "subscriber_month") == (FEBRUARY, MARCH)
    assert arpu(operator, MARCH) == {"m": 30_000}
    assert arpu(operator, FEBRUARY) == {"z": 20_000, "a": 20_000, "m": 20_000}


def gaps(report: IngestReport) -> list[str]:
    return [note.what.en for note in report.notes if note.code == "ingest.month_gap"]


def test_a_gap_in_the_stored_history_is_a_warning(operator: Operator) -> None:
    operator.month(JANUARY, {"a": "1"})
    operator.ingest()
    operator.month(APRIL, {"a": "4"})
    report = operator.ingest(APRIL)
    assert gaps(report) == ["the stored history lacks 2025-02 … 2025-03"]
    assert all(note.severity == "warning" for note in report.notes)
    operator.month(MARCH, {"a": "3"})
    assert gaps(operator.ingest()) == ["the stored history lacks 2025-02"]
    operator.month(FEBRUARY, {"a": "2"})
    assert gaps(operator.ingest()) == []


def test_a_few_rejects_are_left_out_and_accounted_for(operator: Operator) -> None:
    operator.month(JANUARY, {f"s{n}": "12" for n in range(9)} | {"odd": "twelve"})
    report = operator.ingest()
    ledger = report.ledgers[0]
    assert (ledger.read, ledger.stored, ledger.rejected) == (10, 9, 1)
    kept = json.loads((report.rejects_folder / "ledger.json").read_text(encoding="utf-8"))
    assert kept["stored"]
    assert [table["rejected"] for table in kept["tables"]] == [1, 0]
    assert {(entry["table"], entry["partition"]) for entry in kept["versions"]} == {
        ("subscriber_month", "2025-01"), ("org_unit", "all"),
    }  # fmt: skip
    with DuckEngine(threads=1) as engine:
        rejected = engine.session().arrow(f"SELECT * FROM '{report.rejects_folder}/subscriber_month.parquet'")
    assert "odd" in str(rejected.to_pylist())


def test_too_many_rejects_store_nothing_and_say_what_to_do(operator: Operator) -> None:
    operator.month(JANUARY, {"a": "1"})
    kept = operator.ingest().state
    operator.month(FEBRUARY, {"a": "1", "b": "2", "c": "three"})
    before = everything(operator.store_dir / "tables")
    with pytest.raises(FindingsError) as caught:
        operator.ingest(FEBRUARY)
    said = caught.value.say("en")
    assert "subscriber_month 2025-02: 1 of 3 rows rejected (33.33%), more than the limit of 20%" in said
    assert "--reject-limit 0.334" in said
    assert "basekeep.yaml:5" in said
    assert read_state(operator.store_dir) == kept
    assert everything(operator.store_dir / "tables") == before
    folder = operator.store_dir / "rejects" / "20251215-002"
    assert f"store/rejects/{folder.name}" in said
    assert not json.loads((folder / "ledger.json").read_text(encoding="utf-8"))["stored"]
    assert (folder / "subscriber_month.parquet").is_file()


def test_the_limit_can_be_raised_for_one_call(operator: Operator) -> None:
    operator.month(JANUARY, {"a": "1", "b": "2", "c": "three"})
    assert operator.ingest(reject_limit="0.334").published
    assert arpu(operator, JANUARY) == {"a": 10_000, "b": 20_000}


def test_what_is_wrong_in_several_tables_is_said_at_once(operator: Operator) -> None:
    operator.write("month_2025-01", ["subscriber_id", "month", "join_date"], [["a", "2025-01-01", "2020-01-01"]])
    operator.write("units", ["unit_id", "parent_id", "level"], [["1", "", "province"]])
    with pytest.raises(FindingsError) as caught:
        operator.ingest()
    said = caught.value.say("en")
    assert "status" in said
    assert "name" in said
    assert read_state(operator.store_dir) == State()


def test_a_workspace_without_tables_is_told_so(operator: Operator) -> None:
    (operator.root / "basekeep.yaml").write_text("language: zh\n", encoding="utf-8")
    with pytest.raises(FindingsError, match="nothing was stored") as caught:
        operator.ingest()
    assert caught.value.findings[0].code == "ingest.nothing_mapped"


def test_an_ingest_beside_another_writer_is_refused(operator: Operator) -> None:
    operator.month(JANUARY, {"a": "1"})
    with writing(operator.store_dir), pytest.raises(BusyError):
        operator.ingest()
    assert operator.ingest().published


def test_nothing_of_the_reading_is_left_behind(operator: Operator) -> None:
    operator.month(JANUARY, {"a": "1"})
    operator.ingest()
    assert list((operator.store_dir / "staging").iterdir()) == []


def test_a_month_that_shrank_is_warned_of_with_both_counts(operator: Operator) -> None:
    operator.month(JANUARY, dict.fromkeys("abcdefghij", "1"))
    operator.month(FEBRUARY, dict.fromkeys("abcdef", "1"))
    assert operator.ingest().notes == ()
    operator.month(JANUARY, dict.fromkeys("abcdefgh", "1"))
    operator.month(MARCH, dict.fromkeys("abc", "1"))
    report = operator.ingest()
    assert [(note.code, note.severity) for note in report.notes] == [("month_shrunk", "warning")] * 2
    earlier, before = (note.what.en for note in report.notes)
    assert earlier == "subscriber_month 2025-01 now has 8 rows only; its earlier version has 10"
    assert before == "subscriber_month 2025-03 now has 3 rows only; month 2025-02 has 6"
    assert operator.ingest().notes == ()
