"""A small operator for the enterprise upgrade, drawn by a seed and full of faults, as plain rows; and the step run on it."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from basekeep.checks.playbook import sound_playbook
from basekeep.engines.duckdb import DuckEngine
from basekeep.engines.sql_text import parquet_scan
from basekeep.playbook.shipping import shipped_folder
from basekeep.playbook.upgrade import Upgrade
from basekeep.run.remarks import Remark
from basekeep.run.upgrade.inputs import Inputs, policy_classes
from basekeep.run.upgrade.step import write_upgrade
from basekeep.run.upgrade.tables import SCHEMAS

MONTH = date(2025, 11, 1)
END = date(2025, 11, 30)
Row = dict[str, Any]
_TEXT, _INT, _DAY, _FLAG = pa.string(), pa.int64(), pa.date32(), pa.bool_()


def _schema(texts: str, **others: pa.DataType) -> pa.Schema:
    return pa.schema([*((name, _TEXT) for name in texts.split()), *others.items()])


COLUMNS = {
    "members": _schema(
        "subscriber_id branch_id group_id group_role device_model_id", device_since=_DAY, device_5g=_FLAG
    ),
    "figures": _schema("subscriber_id policy_class policy_kind", not_on_5g=_FLAG, not_on_5g_before=_FLAG),
    "targets": _schema("group_id", rank=_INT, expected_value=pa.float64()),
    "units": _schema("unit_id parent_id level name name_en"),
    "staff": _schema("staff_id unit_id role name", active=_FLAG),
    "groups": _schema("group_id name unit_id manager_id chief_manager_id"),
    "models": _schema("device_model_id brand name", is_5g=_FLAG, domestic=_FLAG, price=_INT, launched=_DAY),
    "stock": _schema("device_model_id unit_id", available=_INT),
    "orders": _schema("order_id subscriber_id offer_id unit_id staff_id", date=_DAY),
}


@dataclass(frozen=True)
class Operator:
    """All tables as plain rows; prices are stored numbers, whole ten-thousandths."""

    tables: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)

    def rows(self, table: str) -> Sequence[Mapping[str, Any]]:
        return self.tables.get(table, ())

    def with_rows(self, **tables: Iterable[Mapping[str, Any]]) -> Operator:
        return Operator({**self.tables, **{name: list(rows) for name, rows in tables.items()}})

    def shuffled(self, seed: int) -> Operator:
        """The same operator with the rows of every table in another order."""
        draw = random.Random(seed)
        return Operator({name: draw.sample(list(rows), len(rows)) for name, rows in self.tables.items()})


@dataclass(frozen=True)
class Results:
    """What the step made."""

    tables: Mapping[str, list[Row]]
    remarks: Mapping[str, int]
    folder: Path

    def __getitem__(self, table: str) -> list[Row]:
        return self.tables[table]


def declared(**changes: Any) -> Upgrade:
    """The shipped declaration, parts of it changed."""
    upgrade = sound_playbook(shipped_folder()).upgrade
    assert upgrade is not None
    return Upgrade.model_validate({**upgrade.model_dump(mode="json"), **changes})


def run_step(operator: Operator, folder: Path, upgrade: Upgrade | None = None, threads: int = 2) -> Results:
    """Put the rows into files and run the step on them."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "side").mkdir()
    scans = {}
    for name, schema in COLUMNS.items():
        path = folder / f"in_{name}.parquet"
        pq.write_table(pa.Table.from_pylist(list(operator.rows(name)), schema=schema), path)
        scans[name] = parquet_scan(path)
    chosen = upgrade or declared()
    classes = policy_classes(sound_playbook(shipped_folder()), chosen)
    inputs = Inputs(month=MONTH, declared=chosen, classes=classes, has_staff=bool(operator.rows("staff")), **scans)
    with DuckEngine(threads=threads) as engine, engine.session() as session:
        found: list[Remark] = write_upgrade(inputs, session, folder)
    tables = {name: pq.read_table(folder / "upgrade" / f"{name}.parquet") for name in SCHEMAS}
    for name, table in tables.items():
        # Only how a list names its items may differ.
        assert [(f.name, str(f.type).replace("element", "item")) for f in table.schema] == [
            (f.name, str(f.type)) for f in SCHEMAS[name]
        ]
    counts = {one.code: one.count for one in found if one.count}
    return Results({name: table.to_pylist() for name, table in tables.items()}, counts, folder)


BRANDS = ("Huawei", "Xiaomi", "Apple", "ZTE")
OFFERS = ("plan_5g", "pack_5g", "vnet")


def operator(seed: int, lines: int = 300) -> Operator:
    """A whole operator; about one id in twenty is not there, empty or wrong."""
    draw = random.Random(seed)
    units = _units(draw)
    branches = [unit["unit_id"] for unit in units if unit["level"] == "branch"]
    staff = [
        {
            "staff_id": f"E{n:03d}", "unit_id": draw.choice(units)["unit_id"], "name": f"员工{n}",
            "role": draw.choice(["account_manager", "hall"]), "active": draw.choice([True, True, True, None, False]),
        }
        for n in range(30)
    ]  # fmt: skip
    people = [*(one["staff_id"] for one in staff), "E999", None]
    groups = [
        {
            "group_id": f"G{n:02d}", "name": f"集团{n}", "unit_id": draw.choice([*(u["unit_id"] for u in units), None, "U?"]),
            "manager_id": draw.choice(people), "chief_manager_id": draw.choice(people),
        }
        for n in range(12)
    ]  # fmt: skip
    models = _models(draw)
    ids = [model["device_model_id"] for model in models]
    members = [_member(draw, n, branches, groups, ids) for n in range(lines)]
    targets = draw.sample(groups, 5)
    return Operator({
        "units": units, "staff": staff, "groups": groups, "models": models, "members": members,
        "figures": [_figure(draw, member) for member in members],
        "targets": [
            {"group_id": group["group_id"], "rank": rank + 1, "expected_value": float(draw.randint(0, 9000))}
            for rank, group in enumerate(targets)
        ],
        "stock": _stock(draw, units, ids),
        "orders": _orders(draw, members, branches, people),
    })  # fmt: skip


def _units(draw: random.Random) -> list[Row]:
    def unit(unit_id: str, parent: str | None, level: str) -> Row:
        return {"unit_id": unit_id, "parent_id": parent, "level": level, "name": f"机构{unit_id}", "name_en": None}

    units = [unit("U", None, "province")]
    for city in range(3):
        units.append(unit(f"U{city}", "U", "city"))
        for county in range(draw.randint(1, 3)):
            units.append(unit(f"U{city}{county}", f"U{city}", "county"))
            branches = draw.randint(1, 3)
            units += [unit(f"U{city}{county}{b}", f"U{city}{county}", "branch") for b in range(branches)]
    return units


def _models(draw: random.Random) -> list[Row]:
    return [
        {
            "device_model_id": f"D{n:02d}", "brand": draw.choice([*BRANDS, *BRANDS, None]), "name": f"型号 {n}",
            "is_5g": n % 2 == 0, "domestic": draw.choice([True, False, None]),
            "price": draw.choice([None, *(yuan * 10_000 for yuan in (999, 999, 1500, 1501, 2299, 2299, 3500, 3501, 4999))]),
            "launched": date(2021, 1, 1) + timedelta(days=draw.randint(0, 1500)),
        }
        for n in range(24)
    ]  # fmt: skip


def _member(draw: random.Random, n: int, branches: list[str], groups: list[Row], models: list[str]) -> Row:
    return {
        "subscriber_id": f"S{n * 7919 % 10000:04d}",
        "branch_id": draw.choice(branches) if draw.random() < 0.95 else draw.choice([None, "U?"]),
        "group_id": draw.choice([None, "G??", *(g["group_id"] for g in groups), *(g["group_id"] for g in groups)]),
        "group_role": draw.choice([None] * 20 + ["contact", "key_person", "leader", "member"]),
        "device_model_id": draw.choice([*models, "D??", None]),
        "device_since": draw.choice([None, MONTH, END, date(2024, 3, 1), date(2024, 2, 29), date(2024, 2, 1), date(2022, 5, 31)]),
        "device_5g": draw.choice([True, False, False, False, None]),
    }  # fmt: skip


def _figure(draw: random.Random, member: Row) -> Row:
    kind = draw.choice([None, "enterprise_certificate", "campus", "campus"])
    now, before = draw.choice([(True, True), (True, True), (False, True), (False, False), (None, None), (True, None)])
    return {
        "subscriber_id": member["subscriber_id"], "policy_kind": kind, "policy_class": kind if now else None,
        "not_on_5g": now, "not_on_5g_before": before,
    }  # fmt: skip


def _stock(draw: random.Random, units: list[Row], models: list[str]) -> list[Row]:
    cities = [unit["unit_id"] for unit in units if unit["level"] == "city"]
    return [
        {"device_model_id": model, "unit_id": city, "available": draw.choice([0, 1, 2, 3, 5, 20, None])}
        for model in [*models, "D??"]
        for city in [*cities, "U?"]
        if draw.random() < 0.5
    ]


def _orders(draw: random.Random, members: list[Row], branches: list[str], people: list[str | None]) -> list[Row]:
    days = [date(2025, 9, 30), date(2025, 10, 1), date(2025, 10, 31), MONTH, date(2025, 11, 12), END, date(2025, 12, 1)]
    return [
        {
            "order_id": f"O{n:04d}", "subscriber_id": draw.choice([*(m["subscriber_id"] for m in members), "S?"]),
            "date": draw.choice(days), "offer_id": draw.choice([*OFFERS, None]),
            "unit_id": draw.choice([*branches, None, "U?"]), "staff_id": draw.choice(people),
        }
        for n in range(len(members))
    ]  # fmt: skip
