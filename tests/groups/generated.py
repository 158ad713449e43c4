"""Generated groups with their lines, months, devices and contacts, thick with values at the limits of the rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq

from basekeep.contract.columns import Table
from basekeep.contract.tables import CONTACT_LOG, DEVICE_MODEL, GROUP_ACCOUNT, GROUP_MONTH, ORG_UNIT
from basekeep.engines.protocol import Engine
from basekeep.kernel.months import shift_month
from basekeep.store.storing import store_table
from runs.stored_panel import physical, store_rows

MONTH = date(2025, 12, 1)
MONTH_END = date(2025, 12, 31)
Row = dict[str, object]
_ARROW = {"string": pa.string(), "date": pa.date32(), "bool": pa.bool_(), "int": pa.int64(), "number": pa.int64(),
          "timestamp": pa.timestamp("us")}  # fmt: skip
CADENCE = {"A": 30, "B": 60, "C": 90, "D": 180}


@dataclass
class Generated:
    """All tables as plain rows."""

    subscribers: list[Row] = field(default_factory=list)
    accounts: list[Row] = field(default_factory=list)
    months: list[Row] = field(default_factory=list)
    contacts: list[Row] = field(default_factory=list)
    models: list[Row] = field(default_factory=list)
    units: list[Row] = field(default_factory=list)

    def store(self, folder: Path, engine: Engine) -> None:
        """Put them into a store."""
        store_rows(self.subscribers, folder, engine)
        for table, rows in (
            (GROUP_ACCOUNT, self.accounts), (CONTACT_LOG, self.contacts), (DEVICE_MODEL, self.models), (ORG_UNIT, self.units),
        ):  # fmt: skip
            _store(folder, engine, table, None, rows)
        for month in sorted({row["month"] for row in self.months if isinstance(row["month"], date)}):
            _store(folder, engine, GROUP_MONTH, month, [row for row in self.months if row["month"] == month])


def _store(folder: Path, engine: Engine, table: Table, month: date | None, rows: list[Row]) -> None:
    named = {name for row in rows for name in row}
    columns = [column for column in table.columns if column.name in named]
    arrays = {c.name: pa.array([physical(row.get(c.name), c.type) for row in rows], _ARROW[c.type]) for c in columns}
    typed = folder.parent / f"typed-{table.name}-{month}.parquet"
    pq.write_table(pa.table(arrays), typed)
    store_table(folder, engine, table, month, typed)


def generate(seed: int, groups: int = 150) -> Generated:
    """Some groups of every size around fifty lines, some without lines, and subscribers without a group."""
    made, draw = Generated(), Random(seed)
    made.models = [
        {"device_model_id": f"D{n}", "brand": brand, "domestic": domestic, "price": Decimal(str(price)), "is_5g": n % 2 == 0}
        for n, (brand, domestic, price) in enumerate([
            ("huawei", True, 3000), ("huawei", True, "2999.99"), ("apple", False, 6000), ("oppo", True, 3500), ("vivo", None, 3200),
        ])
    ]  # fmt: skip
    made.units = [{"unit_id": "P", "parent_id": None, "level": "province", "name": "省"}]
    made.units += [{"unit_id": f"C{n}", "parent_id": "P", "level": "city", "name": f"市{n}"} for n in range(2)]
    made.units += [
        {"unit_id": f"B{n}", "parent_id": f"C{n % 2}", "level": "branch", "name": f"支局{n}"} for n in range(9)
    ]
    for number in range(groups):
        _group(made, draw, f"G{number:03d}")
    for number in range(200):
        made.subscribers.append(_line(draw, f"N{number:04d}", None, None))
    made.subscribers.append({**_line(draw, "X1", "G_UNKNOWN", "member")})
    draw.shuffle(made.subscribers)
    return made


def _group(made: Generated, draw: Random, group_id: str) -> None:
    rank = draw.choice("ABCD")
    made.accounts.append({
        "group_id": group_id, "name": f"集团{group_id}", "class": draw.choice([rank, rank, rank, None]),
        "unit_id": draw.choice(["C0", "C1", None]), "chief_manager_id": draw.choice([None, "E1"]),
    })  # fmt: skip
    _months(made, draw, group_id, CADENCE[rank])
    brand, since = (
        f"D{draw.randrange(5)}",
        draw.choice([_months_ago(21), _months_ago(27), _months_ago(24), _months_ago(20)]),
    )
    for number in range(draw.choice([0, 1, 4, 49, 50, 51, 51, 55, 60])):
        line = _line(
            draw,
            f"{group_id}-{number:03d}",
            group_id,
            draw.choice(["member"] * 9 + ["contact", "key_person", "leader"]),
        )
        if draw.random() < 0.9:
            line["plan_generation"] = 4
        if number % 10 < 6 or draw.random() < 0.1:
            line |= {"device_model_id": brand, "device_since": since}
        made.subscribers.append(line)
        if line["group_role"] != "member" and draw.random() < 0.7:
            _contact(made, draw, str(line["subscriber_id"]), CADENCE[rank])


def _months(made: Generated, draw: Random, group_id: str, cadence: int) -> None:
    usual = Decimal(draw.choice(["0", "100", "300", "33.33"]))
    for lag in range(5):
        if draw.random() < 0.04:
            continue
        vnet = usual * Decimal(draw.choice(["0.8", "1", "1", "0.79", "1.2"])) if lag == 0 else usual
        visit = MONTH_END - timedelta(days=draw.choice([cadence - 1, cadence, cadence + 1, 300]))
        made.months.append({
            "group_id": group_id, "month": shift_month(MONTH, -lag), "vnet_revenue": vnet.quantize(Decimal("0.01")),
            "leased_line_revenue": Decimal(draw.choice([0, 0, 30])), "unified_payment": None if draw.random() < 0.03 else Decimal(0),
            "balance": draw.choice([usual * 3, usual * 2, usual * 3 - Decimal("0.01"), usual * 9, Decimal(-5)]).quantize(Decimal("0.01")),
            "last_visit_date": draw.choice([visit, visit, None]),
        })  # fmt: skip


def _contact(made: Generated, draw: Random, subscriber_id: str, cadence: int) -> None:
    day = MONTH_END - timedelta(days=draw.choice([cadence, cadence + 1, 2, -3]))
    result = draw.choice(["reached", "agreed", "refused", "no_answer", "attempted"])
    at = datetime(day.year, day.month, day.day, 23, 59)
    made.contacts.append(
        {"contact_id": f"K{len(made.contacts)}", "subscriber_id": subscriber_id, "at": at, "result": result}
    )


def _line(draw: Random, subscriber_id: str, group_id: str | None, role: str | None) -> Row:
    return {
        "subscriber_id": subscriber_id, "month": MONTH, "status": draw.choice(["active"] * 9 + ["suspended", "cancelled"]),
        "join_date": date(2020, 1, 1), "branch_id": draw.choice([f"B{n}" for n in range(8)] + [None]),
        "group_id": group_id, "group_role": role, "plan_generation": draw.choice([3, 4, 5, None]),
        "device_model_id": draw.choice(["D0", "D1", "D2", "D3", "D4", "D_UNKNOWN", None]),
        "device_since": draw.choice([_months_ago(n) for n in (3, 21, 24, 27, 40)] + [None]),
        "arpu": draw.choice([Decimal(30), Decimal(100), Decimal(250), None]), "vnet_member": draw.choice([True, False, False, None]),
        "competitor_hotline_calls": draw.choice([0] * 40 + [1, None]), "competitor_staff_calls": draw.choice([0] * 40 + [2]),
        "forwarded_offnet": draw.choice([False] * 40 + [True, None]),
    }  # fmt: skip


def _months_ago(months: int) -> date:
    return shift_month(MONTH, -months).replace(day=17)


def by_id(rows: list[Row], key: str) -> Mapping[str, Row]:
    """Rows by their key."""
    return {str(row[key]): row for row in rows}
