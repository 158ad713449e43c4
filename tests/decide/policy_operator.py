"""A small operator for the contact policy and the hold-outs, drawn by a seed, with a playbook of its own; and a run of it."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from basekeep.checks.playbook import sound_playbook
from basekeep.contract.tables import BUSINESS_ORDER, CONTACT_LOG, EXCLUSION_LIST, ORG_UNIT
from basekeep.decide.base import Base
from basekeep.decide.gathering import gather_base
from basekeep.engines.duckdb import DuckEngine
from basekeep.engines.protocol import Session
from basekeep.kernel.months import shift_month
from basekeep.kernel.progress import SilentProgress
from basekeep.run.plan import Plan, plan_run
from basekeep.run.run import run
from basekeep.store.state import read_state
from basekeep.store.storing import store_table
from basekeep.store.writing import writing
from runs.stored_panel import store_rows
from store.panel import write_typed

MONTH = date(2025, 11, 1)
Row = dict[str, Any]

PLAYBOOK = """
playbook: {name: {zh: 试, en: trial}, history_months: 14}
metrics:
  own: {name: {zh: 自用, en: Own use}, value: arpu, profile: true}
segments:
  poor:
    name: {zh: 低, en: Low}
    wording: {zh: 低, en: Low}
    maintenance: [{zh: 无, en: none}]
    priority: 1
    lead_time_days: 30
    false_positives: {zh: 无, en: none}
    rules:
      little: {name: {zh: 少, en: Little}, when: arpu < 30}
      short: {name: {zh: 欠, en: Short}, when: balance < 0}
  rich:
    name: {zh: 高, en: High}
    wording: {zh: 高, en: High}
    maintenance: [{zh: 无, en: none}]
    priority: 2
    lead_time_days: 30
    false_positives: {zh: 无, en: none}
    rules:
      much: {name: {zh: 多, en: Much}, when: arpu >= 80}
  grouped:
    name: {zh: 集团, en: Group}
    wording: {zh: 集团, en: Group}
    maintenance: [{zh: 无, en: none}]
    priority: 3
    lead_time_days: 30
    false_positives: {zh: 无, en: none}
    rules:
      member: {name: {zh: 集团, en: Group}, when: group_id is not empty}
scorecards:
  card:
    name: {zh: 卡, en: Card}
    wording: {zh: 卡, en: Card}
    space: {active: {name: {zh: 在用, en: Active}, when: status = 'active'}}
    exclusions: {staff: {name: {zh: 员工, en: Staff}, when: is_staff}}
    attributes:
      spend:
        name: {zh: 消费, en: Spend}
        levels: {high: {when: arpu > 50, points: 10, reason: {zh: 高, en: High}}}
        otherwise: {points: 0, reason: {zh: 低, en: Low}}
    script: {zh: 您好, en: Hello}
channels:
  hall: {name: {zh: 营业厅, en: Hall}, level: branch, cost_yuan: 5}
  telephone_manager: {name: {zh: 电话经理, en: Telephone manager}, level: county, cost_yuan: 2}
  e_channel: {name: {zh: 电子渠道, en: E-channel}, level: province, cost_yuan: 0.05}
campaigns:
  keep:
    name: {zh: 保有, en: Keep}
    control: {from_share: 20%, to_share: 5%, most_share: 20%}
  upgrade:
    name: {zh: 升级, en: Upgrade}
    control: {from_share: 10%, to_share: 30%, most_share: 1/4}
  warm: {name: {zh: 关怀, en: Care}}
offers:
  gift:
    name: {zh: 礼, en: Gift}
    kind: sell
    campaign: keep
    serves: {rich: {hall: 10%}, poor: {hall: 20%, telephone_manager: 15%}}
    eligible: balance >= -5
    applicable: bound_until > month_end
    customer_pays: {yuan: 100, months: 2}
    benefit_family: credit
    value: arpu * 2
    event: {date: bound_until, lead_days: 3}
    script: {zh: 您好, en: Hello}
  pack:
    name: {zh: 包, en: Pack}
    kind: sell
    campaign: upgrade
    serves: {card: {e_channel: 3%}}
    suitable: arpu > 10
    benefit_family: data
    value: arpu * 3
    script: {zh: 您好, en: Hello}
  wish:
    name: {zh: 祝福, en: Wish}
    kind: care
    campaign: warm
    serves: {poor: {e_channel: 50%}}
    benefit_family: credit
    value: arpu * 2
    script: {zh: 您好, en: Hello}
contact_policy:
  limits:
    month: {name: {zh: 每月, en: A month}, contacts: 2, days: 30}
    week: {name: {zh: 每周, en: A week}, contacts: 1, days: 7}
    home: {name: {zh: 每户, en: A home}, per: family, contacts: 1, days: 7}
  cool_downs: {contact_days: 3, refusal_days: 60, success_days: 20, opt_out_days: 400}
  exclusions:
    staff: {name: {zh: 员工, en: Staff}, when: is_staff}
  reserved:
    groups: {name: {zh: 集团, en: Group}, when: group_id is not empty, channels: [hall]}
  counted_together: customer_class = 'public'
  care_share: {grouped: 10%}
hold_outs:
  key: small
  universal: {from_share: 20%, to_share: 5%, most_share: 20%, term_from: 2025-08, term_months: 6}
decisions: {own_use: own}
"""


@dataclass(frozen=True)
class Operator:
    """All tables as plain rows; a table that is None is not stored."""

    subscribers: Sequence[Row]
    units: Sequence[Row] | None = None
    contacts: Sequence[Row] | None = None
    orders: Sequence[Row] | None = None
    excluded: Sequence[Row] | None = None
    families: Mapping[str, str] = field(default_factory=dict)

    def shuffled(self, seed: int) -> Operator:
        """The same operator with the rows of every table in another order."""
        draw = random.Random(seed)

        def mixed(rows: Sequence[Row] | None) -> Sequence[Row] | None:
            return None if rows is None else draw.sample(list(rows), len(rows))

        return Operator(
            mixed(self.subscribers) or (), mixed(self.units), mixed(self.contacts), mixed(self.orders),
            mixed(self.excluded), dict(draw.sample(list(self.families.items()), len(self.families))),
        )  # fmt: skip

    def of(self, month: date) -> list[Row]:
        """The rows of a month."""
        return [row for row in self.subscribers if row["month"] == month]

    def base(self, month: date = MONTH) -> list[Row]:
        """The rows of those in the base of a month."""
        return [row for row in self.of(month) if row["status"] in ("active", "suspended")]


@dataclass(frozen=True)
class Ran:
    """A run of it with its base as arrays, while its session is open."""

    plan: Plan
    session: Session
    figures: list[Path]
    folder: Path
    base: Base

    @property
    def ids(self) -> list[str]:
        found: list[str] = self.base.ids.to_pylist()
        return found

    def by_id(self, values: Any) -> dict[str, Any]:
        """Values of an array by subscriber."""
        return dict(zip(self.ids, values.tolist(), strict=True))


def store_operator(operator: Operator, folder: Path, engine: DuckEngine) -> None:
    """Store what there is of its tables below `folder / "store"`."""
    store = folder / "store"
    store_rows(operator.subscribers, store, engine)
    for table, rows in (
        (ORG_UNIT, operator.units), (CONTACT_LOG, operator.contacts), (BUSINESS_ORDER, operator.orders),
        (EXCLUSION_LIST, operator.excluded),
    ):  # fmt: skip
        if rows is not None:
            typed = write_typed(folder / f"{table.name}.parquet", table, rows, table.names)
            store_table(store, engine, table, None, typed)


@contextmanager
def ran(operator: Operator, folder: Path, playbook: str = PLAYBOOK, month: date = MONTH) -> Iterator[Ran]:
    """Store everything below the folder and run the month."""
    (folder / "playbook").mkdir(parents=True)
    (folder / "playbook" / "all.yaml").write_text(playbook, encoding="utf-8")
    store = folder / "store"
    with DuckEngine(threads=2) as engine:
        store_operator(operator, folder, engine)
        with writing(store) as work:
            plan = plan_run(sound_playbook(folder / "playbook"), store, read_state(store), month)
            record = run(plan, engine, work, SilentProgress()).record
        _families(record.folder / "families" / "family.parquet", operator.families)
        figures = sorted((record.folder / "figures").glob("*.parquet"))
        with engine.session() as session:
            base = gather_base(plan, session, figures, record.folder)
            yield Ran(plan, session, figures, record.folder, base)


def _families(path: Path, members: Mapping[str, str]) -> None:
    if members:
        path.parent.mkdir()
        rows = {"subscriber_id": list(members), "family_id": list(members.values())}
        pq.write_table(pa.table(rows), path)


def operator(seed: int, lines: int = 150, months: Sequence[date] = (MONTH,)) -> Operator:
    """An operator whose people come, leave and come back, with contacts thick at the limits, and faults in every table."""
    draw = random.Random(seed)
    ids = [f"S{n * 7919 % 10007:05d}" for n in range(lines)]
    subscribers = [
        row for month in months for who in ids if draw.random() < 0.93 for row in [_subscriber(draw, who, month)]
    ]
    units = _units()
    known = [*ids, *ids, *ids, "GONE"]
    first = shift_month(max(months), 1)
    gaps = [0, 1, 2, 3, 4, 6, 7, 8, 20, 21, 29, 30, 31, 60, 61, 200, 400, 401, -1, -5]
    return Operator(
        subscribers,
        units,
        [_contact(draw, n, draw.choice(known), first - timedelta(days=draw.choice(gaps))) for n in range(lines)],
        [_order(draw, n, draw.choice(known), first, gaps) for n in range(lines // 2)],
        _excluded(draw, known, first, lines // 4),
        {who: f"F{number // 3}" for number, who in enumerate(draw.sample(ids, lines // 2))},
    )


def _subscriber(draw: random.Random, who: str, month: date) -> Row:
    number = int(who[1:])
    return {
        "subscriber_id": who, "month": month, "join_date": date(2019, 1, 1),
        "status": draw.choice(["active"] * 12 + ["suspended", "cancelled"]),
        "branch_id": draw.choice([f"B{number % 7}"] * 30 + ["B?", None]),
        "customer_id": draw.choice([f"C{number % 40}"] * 9 + [None]),
        "customer_class": draw.choice(["public", "public", "enterprise", None]),
        "group_id": draw.choice([None, None, f"G{number % 5}"]),
        "arpu": draw.choice([0, 5, 10, 20, 29, 30, 50, 51, 80, 100, 200, None]),
        "balance": draw.choice([-10, -5, -1, 0, 20, 100, None]),
        "bound_until": draw.choice([None, date(2025, 11, 30), date(2025, 12, 1), date(2025, 12, 20), date(2026, 6, 1)]),
        "is_staff": draw.choice([True, False, False, False, None]),
    }  # fmt: skip


def _units() -> list[Row]:
    def unit(unit_id: str, parent: str | None, level: str) -> Row:
        return {"unit_id": unit_id, "parent_id": parent, "level": level, "name": unit_id}

    cities = [unit("P", None, "province"), *(unit(f"T{n}", "P", "city") for n in range(3))]
    return [*cities, *(unit(f"B{n}", f"T{n % 3}", "branch") for n in range(7))]


def _contact(draw: random.Random, number: int, who: str, day: date) -> Row:
    return {
        "contact_id": f"K{number}", "subscriber_id": who,
        "at": datetime(day.year, day.month, day.day, draw.choice([0, 9, 23]), 59),
        "channel": draw.choice(["hall", "e_channel", "sms", None]), "offer_id": draw.choice(["gift", "wish", "old", None]),
        "result": draw.choice(["assigned", "attempted", "reached", "agreed", "refused", "no_answer", "opted_out", None]),
    }  # fmt: skip


def _order(draw: random.Random, number: int, who: str, first: date, gaps: list[int]) -> Row:
    until = draw.choice([None, first, first - timedelta(days=1), first + timedelta(days=90)])
    return {
        "order_id": f"O{number}", "subscriber_id": who, "date": first - timedelta(days=draw.choice(gaps)),
        "offer_id": draw.choice(["gift", "pack", "wish", "old", None]), "channel": "hall", "effective_until": until,
    }  # fmt: skip


def _excluded(draw: random.Random, known: list[str], first: date, many: int) -> list[Row]:
    rows = [
        {
            "subscriber_id": draw.choice(known), "reason": draw.choice(["complaint", "red_list", "opt_out"]),
            "until": draw.choice([None, first, first - timedelta(days=1), first + timedelta(days=9)]),
            "channel": draw.choice([None, "hall", "e_channel", "fax"]),
        }
        for _ in range(many)
    ]  # fmt: skip
    return list({(row["subscriber_id"], row["reason"], row["channel"]): row for row in rows}.values())
