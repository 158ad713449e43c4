"""The small operator of the contact policy with money, capacity and floors that are short, run with its decisions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from basekeep.checks.playbook import sound_playbook
from basekeep.contract.columns import Table
from basekeep.contract.tables import BALANCE_DAY, BUSINESS_ORDER, CONTACT_LOG, EXCLUSION_LIST
from basekeep.decide.daily import renew_day
from basekeep.decide.step import decide
from basekeep.engines.duckdb import DuckEngine
from basekeep.kernel.progress import SilentProgress
from basekeep.run.plan import plan_run
from basekeep.run.record import RunRecord
from basekeep.run.replay import Replay, replay
from basekeep.run.run import Outcome, run
from basekeep.store.state import read_state
from basekeep.store.storing import store_table
from basekeep.store.writing import writing
from decide.policy_operator import MONTH, PLAYBOOK, Operator, Row, store_operator
from store.panel import write_typed

_CHANGES = {
    "    applicable: bound_until > month_end\n    customer_pays: {yuan: 100, months: 2}\n": "    benefit_yuan: 30\n    runs_months: 3\n",
    "serves: {rich: {hall: 10%}, poor: {hall: 20%, telephone_manager: 15%}}":
        "serves: {rich: {hall: 40%}, poor: {hall: 40%, telephone_manager: 30%}}",
    "serves: {card: {e_channel: 3%}}": "serves: {card: {e_channel: 20%, telephone_manager: 30%}}",
    "serves: {poor: {e_channel: 50%}}": "serves: {poor: {e_channel: 20%, hall: 35%}, rich: {e_channel: 5%}}",
    "level: branch, cost_yuan: 5}": "level: branch, per_day: 1, cost_yuan: 5}",
    "level: county, cost_yuan: 2}": "level: city, per_day: 1, cost_yuan: 2}",
    "level: province, cost_yuan: 0.05}": "level: province, per_day: 5, cost_yuan: 0.05}",
    "  care_share: {grouped: 10%}\n": "  care_share: {grouped: 10%}\n"
        "  quiet: {weekdays: [monday, tuesday, thursday, friday, saturday, sunday], spring_festival: false}\n",
}  # fmt: skip


def _short() -> str:
    text = PLAYBOOK
    for before, after in _CHANGES.items():
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return (
        text
        + """
budgets:
  all: {name: {zh: 总, en: All}, yuan: 300}
  keep: {name: {zh: 保有, en: Keep}, yuan: 80, campaigns: [keep]}
floors:
  poor: {name: {zh: 低, en: Poor}, segment: poor, level: city, least: 2}
"""
    )


# Contacts are made on Wednesdays alone, five of them in the period: capacity and money are short.
SHORT = _short()


@dataclass
class Bench:
    """A store with a run of the month, and an engine to go on with."""

    store: Path
    engine: DuckEngine
    operator: Operator
    record: RunRecord

    def replayed(self) -> Replay:
        return replay(self.record, self.store, read_state(self.store))

    def add(self, table: Table, rows: Sequence[Row]) -> None:
        """Ingest a later version of a table: the rows that were there, and these."""
        kept = {CONTACT_LOG.name: self.operator.contacts, BUSINESS_ORDER.name: self.operator.orders,
                EXCLUSION_LIST.name: self.operator.excluded}.get(table.name) or ()  # fmt: skip
        typed = write_typed(self.store.parent / f"later_{table.name}.parquet", table, [*kept, *rows], table.names)
        store_table(self.store, self.engine, table, None, typed)

    def daily(self, day: date, again: bool = False) -> Outcome:
        with writing(self.store) as work:
            replayed = replay(self.record, self.store, work.state)
            return renew_day(replayed, day, self.engine, work, SilentProgress(), again)


def decisions(record: RunRecord) -> dict[str, Row]:
    """The decisions of a run by subscriber."""
    return {row["subscriber_id"]: row for row in rows_of(record, "decision")}


def rows_of(record: RunRecord, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(record.folder / "decisions" / f"{table}.parquet").to_pylist()
    return found


@contextmanager
def bench(operator: Operator, folder: Path, playbook: str = SHORT) -> Iterator[Bench]:
    """Store everything below the folder and run the month with its decisions."""
    (folder / "playbook").mkdir(parents=True)
    (folder / "playbook" / "all.yaml").write_text(playbook, encoding="utf-8")
    store = folder / "store"
    with DuckEngine(threads=2) as engine:
        store_operator(operator, folder, engine)
        with writing(store) as work:
            plan = plan_run(sound_playbook(folder / "playbook"), store, read_state(store), MONTH)
            record = run(plan, engine, work, SilentProgress(), decide=decide).record
        yield Bench(store, engine, operator, record)


def lightly(operator: Operator) -> Operator:
    """The same operator with few past contacts, so that the policy leaves much to decide."""
    return replace(operator, contacts=list(operator.contacts or ())[::5], orders=list(operator.orders or ())[::5])


__all__ = ["BALANCE_DAY", "SHORT", "Bench", "bench", "decisions", "lightly", "rows_of"]
