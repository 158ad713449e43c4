"""Each line's policy class, through a whole run: the first that fits, with both limits exactly hit."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from basekeep.checks.playbook import sound_playbook
from basekeep.engines.duckdb import DuckEngine
from basekeep.kernel.progress import SilentProgress
from basekeep.playbook.shipping import shipped_folder
from basekeep.run.plan import plan_run
from basekeep.run.run import run
from basekeep.store.state import read_state
from basekeep.store.writing import writing
from runs.stored_panel import store_rows

MONTH = date(2025, 12, 1)
BEFORE = date(2025, 11, 1)
Row = dict[str, Any]


def with_groups(rows: Sequence[Mapping[str, Any]]) -> list[Row]:
    """The rows, and beside each that has `contacts` so many lines of its group, itself counted, as make them up."""
    found: list[Row] = []
    for row in rows:
        many, who = row["contacts"] or 0, row["subscriber_id"]
        found.append({**row, "group_id": f"G-{who}" if many else None})
        found += [{**line(f"{who}-{n}"), "plan_generation": 5, "group_id": f"G-{who}"} for n in range(1, many)]
    return found


def classes_of(rows: Sequence[Mapping[str, Any]], folder: Path) -> dict[str, str]:
    """The class of each line that one serves, from a run over the rows."""
    playbook = sound_playbook(shipped_folder())
    with DuckEngine(threads=2) as engine:
        store = folder / "store"
        store_rows(with_groups(rows), store, engine)
        with writing(store) as work:
            record = run(plan_run(playbook, store, read_state(store), MONTH), engine, work, SilentProgress()).record
    found = pq.read_table(record.folder / "upgrade" / "policy_line.parquet").to_pylist()
    return {row["subscriber_id"]: row["policy_class"] for row in found}


def line(who: str, **cells: Any) -> Row:
    usual = {
        "subscriber_id": who, "month": MONTH, "status": "active", "join_date": date(2020, 1, 1), "plan_generation": 4,
        "upgrade_pack": False, "id_type": "personal", "customer_class": "public", "birth_date": date(1990, 1, 1),
        "group_id": None, "contacts": None,
    }  # fmt: skip
    return {**usual, **cells}


def test_both_limits_are_exact(tmp_path: Path) -> None:
    campus = {"customer_class": "campus"}
    rows = [
        line("lines_49", group_id="G", contacts=49),
        line("lines_50", group_id="G", contacts=50),
        line("turns_27_on_the_last_day", birth_date=date(1998, 12, 31), **campus),
        line("a_day_before_27", birth_date=date(1999, 1, 1), **campus),
        line("turns_26_on_the_last_day", birth_date=date(1999, 12, 31), **campus),
        line("born_on_29_february", birth_date=date(2000, 2, 29), **campus),
        line("age_unknown", birth_date=None, **campus),
    ]
    assert classes_of(rows, tmp_path) == {
        "lines_50": "group_network", "a_day_before_27": "campus", "turns_26_on_the_last_day": "campus",
        "born_on_29_february": "campus",
    }  # fmt: skip


def test_who_fits_several_is_served_by_the_first(tmp_path: Path) -> None:
    young = {"customer_class": "campus", "birth_date": date(2005, 1, 1)}
    rows = [
        line("all_three", id_type="enterprise", contacts=900, **young),
        line("last_two", contacts=50, **young),
        line("certificate_unknown", id_type=None, contacts=50, **young),
        line("group_unknown", contacts=None, **young),
        line("on_a_5g_plan", id_type="enterprise", plan_generation=5),
        line("on_a_pack", id_type="enterprise", upgrade_pack=True),
        line("pack_unknown", id_type="enterprise", upgrade_pack=None),
        line("suspended", id_type="enterprise", status="suspended"),
        line("cancelled", id_type="enterprise", status="cancelled"),
    ]
    assert classes_of(rows, tmp_path) == {
        "all_three": "enterprise_certificate", "last_two": "group_network", "certificate_unknown": "group_network",
        "group_unknown": "campus", "suspended": "enterprise_certificate",
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_classes_are_those_of_plain_python(seed: int, tmp_path: Path) -> None:
    draw = random.Random(seed)
    days = [None, date(1998, 12, 31), date(1999, 1, 1), date(2004, 2, 29), date(1980, 5, 5)]
    rows = [
        line(
            f"S{n}", id_type=draw.choice([None, "personal", "enterprise", "student"]), contacts=draw.choice([None, 0, 49, 50, 51]),
            customer_class=draw.choice([None, "public", "campus", "campus"]), birth_date=draw.choice(days),
            plan_generation=draw.choice([None, 4, 4, 4, 5]), upgrade_pack=draw.choice([None, False, False, False, True]),
            status=draw.choice(["active", "active", "suspended", "cancelled"]),
        )
        for n in range(400)
    ]  # fmt: skip
    expected = {row["subscriber_id"]: found for row in rows if (found := plain_class(row))}
    assert len(set(expected.values())) == 3
    assert classes_of(rows, tmp_path) == expected


def plain_class(row: Row) -> str | None:
    if row["status"] == "cancelled" or row["plan_generation"] is None or row["plan_generation"] >= 5:
        return None
    if row["upgrade_pack"] is not False:
        return None
    if row["id_type"] == "enterprise":
        return "enterprise_certificate"
    if row["contacts"] is not None and row["contacts"] >= 50:
        return "group_network"
    born = row["birth_date"]
    young = born is not None and (born.year + 27, born.month, born.day) > (2025, 12, 31)
    return "campus" if row["customer_class"] == "campus" and young else None


def test_what_a_line_was_a_month_before_is_known_to_the_run(tmp_path: Path) -> None:
    rows = [
        line("upgraded", id_type="enterprise", plan_generation=5),
        line("upgraded", id_type="enterprise", month=BEFORE),
        line("newcomer", id_type="enterprise", plan_generation=5),
    ]
    classes_of(rows, tmp_path)
    figures = next((tmp_path / "store" / "runs").glob("*/figures/*.parquet"))
    found = {row["subscriber_id"]: row for row in pq.read_table(figures).to_pylist()}
    assert {who: row["not_on_5g_before"] for who, row in found.items()} == {"upgraded": True, "newcomer": None}
    assert {who: row["policy_kind"] for who, row in found.items()} == dict.fromkeys(found, "enterprise_certificate")
