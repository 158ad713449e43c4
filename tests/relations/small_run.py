"""Runs a playbook made of bare expressions over a small panel, and reads the panel cell by cell for a plain answer."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from basekeep.checks.playbook import sound_playbook
from basekeep.engines.duckdb import DuckEngine
from basekeep.kernel.progress import SilentProgress
from basekeep.run.plan import plan_run
from basekeep.run.run import run
from basekeep.store.state import read_state
from basekeep.store.writing import writing
from runs.stored_panel import store_rows
from runs.test_overlays import store_org

Row = Mapping[str, object]
Truth = bool | None
Number = Fraction | None
_SEGMENT = """segments:
  s:
    name: {zh: 群, en: Group}
    wording: {zh: 群, en: Group}
    maintenance: []
    priority: 1
    lead_time_days: 1
    false_positives: {zh: 无, en: None}
    rules:
"""


@dataclass(frozen=True)
class Person:
    """One subscriber's cells by months back; None where a cell or the whole row is not there."""

    rows: Mapping[int, Row]
    month: date

    def has(self, back: int = 0) -> bool:
        return back in self.rows

    def cell(self, column: str, back: int = 0) -> Any:
        return self.rows.get(back, {}).get(column)

    def n(self, column: str, back: int = 0) -> Number:
        value = self.cell(column, back)
        return None if value is None else Fraction(value)

    def end(self, back: int = 0) -> date:
        first = earlier(self.month, back)
        return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def earlier(month: date, back: int) -> date:
    at = month.year * 12 + month.month - 1 - back
    return date(at // 12, at % 12 + 1, 1)


def people(rows: Sequence[Row], month: date) -> dict[str, Person]:
    """The base of the month: active or suspended in it."""
    found: dict[str, dict[int, Row]] = {}
    for row in rows:
        day = row["month"]
        assert isinstance(day, date)
        back = (month.year - day.year) * 12 + month.month - day.month
        found.setdefault(str(row["subscriber_id"]), {})[back] = row
    base = ("active", "suspended")
    return {who: Person(by, month) for who, by in found.items() if by.get(0, {}).get("status") in base}


def write_playbook(folder: Path, conditions: Sequence[str], values: Sequence[str] = (), more: str = "") -> None:
    """A playbook with a rule for each condition and a profile metric for each value, `v0`, `v1`, ..."""
    lines = ["playbook: {name: {zh: 试, en: trial}, history_months: 15}\n", _SEGMENT]
    for index, text in enumerate(conditions):
        lines.append(f"      r{index}:\n        name: {{zh: 甲, en: A}}\n        when: |-\n          {text}\n")
    lines.append("metrics:\n" if values else "")
    for index, text in enumerate(values):
        lines.append(f"  v{index}:\n    name: {{zh: 甲, en: A}}\n    profile: true\n    value: |-\n      {text}\n")
    folder.mkdir(exist_ok=True)
    (folder / "p.yaml").write_text("".join(lines), encoding="utf-8")
    if more:
        (folder / "more.yaml").write_text(more, encoding="utf-8")


def figures(folder: Path, rows: Sequence[Row], month: date, branches: Sequence[str] = ()) -> dict[str, dict[str, Any]]:
    """The figures of a run of `folder/playbook` over the rows, by subscriber; branches lie in two cities by turns."""
    with DuckEngine(threads=2) as engine:
        store = folder / "store"
        if not store.exists():
            store_rows(rows, store, engine)
            if branches:
                store_org(list(branches), store, engine)
        with writing(store) as work:
            plan = plan_run(sound_playbook(folder / "playbook"), store, read_state(store), month)
            record = run(plan, engine, work, SilentProgress()).record
        with engine.session() as session:
            table = session.arrow(f"SELECT * FROM read_parquet('{record.folder}/figures/*.parquet')")
    return {row["subscriber_id"]: row for row in table.to_pylist()}
