"""All decisions of a small base drawn by a seed: hand-made arrays, and what was made of them as plain rows."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from basekeep.decide.base import NO_DAY, Base
from basekeep.decide.capacity import Member
from basekeep.decide.deciding import decide_arrays
from basekeep.decide.hold_outs import ControlGroup, Lots
from basekeep.decide.inputs import Inputs
from basekeep.decide.levers import Levers
from basekeep.decide.made import Made
from basekeep.decide.past_contacts import PastContacts
from basekeep.decide.places import Places
from basekeep.decide.sample_size import Effect
from basekeep.decide.step import write_made
from basekeep.decide.stock import StoredStock
from basekeep.decide.strata import Strata
from basekeep.playbook.decisions import HoldOuts
from basekeep.playbook.declarations import Playbook
from basekeep.relations.compiled import compile_playbook
from basekeep.run.decision_tables import SCHEMAS, decision_file

from .small_base import (
    FIRST,
    GROUP_UNITS,
    MODELS,
    Person,
    base_of,
    drawn_people,
    drawn_playbook,
    period,
    places,
    standing_of,
    text,
)  # fmt: skip
from .test_candidates import STOCK
from .test_limits import SECTIONS

Row = dict[str, Any]
DAYS = (2, 3, 5, 6, 7, 8, 9, 12, 13, 14, 15, 19, 20, 26)
STAFF = (
    Member("A", "C0Q0B0", "hall", 2), Member("B", "C0Q0B0", "hall", 1), Member("C", "C0Q1B0", "hall", 1),
    Member("D", "C1Q0B1", "hall", 1), Member("G", "C1Q1B0", "hall", 3, False), Member("H", "C1Q1B1", "hall", None),
    Member("E", "C0Q0", "account_manager", 1), Member("F", "C1Q1B0", "account_manager", 1),
    Member("I", "C1Q1", "account_manager", 1),
)  # fmt: skip
MANAGERS = {"g0": "F", "g1": "E", "g2": "E", "g3": "gone"}
POLICY: Mapping[str, Any] = {
    "limits": {
        "month": {"name": text("month"), "contacts": 2, "days": 30},
        "week": {"name": text("week"), "contacts": 1, "days": 5},
        "home": {"name": text("home"), "per": "family", "contacts": 1, "days": 7},
    },
    "exclusions": {"staff": {"name": text("staff"), "when": "is_staff"}},
    "reserved": {
        "key_person": {"name": text("key"), "when": "arpu > 1", "channels": ["account_manager"]},
        "two": {"name": text("two"), "when": "arpu > 2", "channels": ["account_manager", "e_channel", "hall"]},
    },
    "care_share": {"s1": "0.2"},
}


def drawn_inputs(seed: int, many: int = 240) -> Inputs:
    """An operator: its playbook, its people, where they stand, and who is held out."""
    draw = random.Random(seed)
    book = _lasting(drawn_playbook(draw, **SECTIONS, contact_policy=POLICY, hold_outs={"key": "small"}), draw)
    people = [_living(draw, at, one) for at, one in enumerate(drawn_people(draw, many))]
    base = base_of(book, people)
    quotas = [[draw.choice([0, 1, 1, 1, 2, 2]) for _ in range(n)] for n in (base.customers, base.families)]
    past = [(draw.randrange(many), draw.randint(1, 6)) for _ in range(draw.randrange(9))] if many else []
    first = (FIRST - date(1970, 1, 1)).days
    return Inputs(
        compiled=compile_playbook(book), base=base, period=period(DAYS), standing=standing_of(people, *quotas),
        places=places(), staff=STAFF, group_units=GROUP_UNITS, managers=MANAGERS,
        stock=StoredStock(tuple(STOCK), MODELS),
        past=PastContacts(
            np.array([who for who, _ in past], np.int32), np.array([first - ago for _, ago in past], np.int32)
        ),
        **_held(draw, base, people), remarks=(),
    )  # fmt: skip


def _lasting(book: Playbook, draw: random.Random) -> Playbook:
    """The playbook with offers that are there all the time, worth something, and tight budgets."""
    tree = book.model_dump(mode="json")
    for offer in tree["offers"].values():
        offer |= {"valid_from": None, "valid_until": None, "benefit_yuan": draw.choice(["0", "10"])}
    tree["budgets"]["all"]["yuan"] = draw.choice([40, 150, 900])
    tree["budgets"]["e"] |= {"yuan": 12, "units": {"C0Q1": 30}}
    return Playbook.model_validate(tree)


def _living(draw: random.Random, at: int, person: Person) -> Person:
    """Families of up to four, some of one customer; most people are worth something and nobody's exception."""
    family = at // 4 if draw.random() < 0.5 else -1
    customer = at - at % 2 if draw.random() < 0.3 else at
    value = round(draw.uniform(5, 900), 2) if draw.random() < 0.8 else person.value
    soon = {column: FIRST + timedelta(days=draw.randint(4, 16)) for column in ("bound_until", "vas_until")}
    found = replace(person, family=family, customer=customer, value=value, events=soon)
    if draw.random() < 0.7:
        found = replace(found, excluded=0, listed=0, stopped=0, sell_stopped=0, running=0)
    return found


def _held(draw: random.Random, base: Base, people: Sequence[Person]) -> dict[str, Any]:
    hold_outs = HoldOuts.model_validate({"key": "small"})
    size = len(people)
    city = np.array([draw.randint(-1, 1) for _ in range(size)], np.int32)
    strata = Strata(("C0", "C1"), 3, city, np.array([draw.randint(0, 3) for _ in range(size)], np.int8))
    hashes = np.array(draw.sample(range(2**40), size), np.uint64)
    effect = Effect(Fraction(1, 10), Fraction(1, 20), Fraction(9, 10), Fraction(1, 20))
    held = np.array([draw.random() < 0.1 for _ in range(size)], np.bool_)
    group = ControlGroup(None, effect, np.arange(size, dtype=np.int32), strata, held)
    return {"lots": Lots(hold_outs, date(2025, 12, 1), strata, hashes), "universal": group}


def mixed(inputs: Inputs, seed: int) -> Inputs:
    """The same operator with its subscribers in another order."""
    order = np.random.default_rng(seed).permutation(inputs.base.size)
    back = np.argsort(order).astype(np.int32)
    size = len(order)

    def other(one: Any, fields: Sequence[str]) -> Any:
        return replace(one, **{name: getattr(one, name)[order] for name in fields})

    base = other(inputs.base, ("tie", "branch", "customer", "family", "group", "segments", "other_marks", "excluded", "reserved", "in_term"))  # fmt: skip
    base = replace(
        base,
        ids=inputs.base.ids.take(pa.array(order)),
        stages={name: tuple(marks[order] for marks in columns) for name, columns in base.stages.items()},
        values=tuple(value[order] for value in base.values),
        events={name: days[order] for name, days in base.events.items()},
    )
    lots, universal = inputs.lots, inputs.universal
    assert lots is not None
    assert universal is not None
    return replace(
        inputs,
        base=base,
        standing=other(inputs.standing, ("listed_marks", "shut", "stopped", "sell_stopped", "running")),
        past=replace(inputs.past, subscriber=back[inputs.past.subscriber]) if size else inputs.past,
        lots=replace(lots, strata=lots.strata.of(order), hashes=lots.hashes[order]),
        universal=replace(universal, strata=universal.strata.of(order), held=universal.held[order]),
    )


@dataclass(frozen=True)
class Decided:
    """Decisions as plain rows by subscriber, with what they were made from."""

    inputs: Inputs
    made: Made
    tables: Mapping[str, list[Row]]

    @property
    def book(self) -> Playbook:
        return self.inputs.playbook

    @property
    def rows(self) -> dict[str, Row]:
        return {row["subscriber_id"]: row for row in self.tables["decision"]}

    @property
    def actions(self) -> list[tuple[int, Row]]:
        """Those who are contacted: their places in the base, and their rows."""
        return [(at, row) for at, row in enumerate(self.tables["decision"]) if row["offer"] is not None]


def decided(inputs: Inputs, folder: Path, levers: Levers | None = None) -> Decided:
    """Decide, write the tables and read them back."""
    made = decide_arrays(inputs, levers or Levers())
    folder.mkdir(parents=True, exist_ok=True)
    write_made(folder, made, inputs.playbook)
    tables = {}
    for name in SCHEMAS:
        found = pq.read_table(folder / decision_file(name))
        assert [field.name for field in found.schema] == SCHEMAS[name].names
        tables[name] = found.to_pylist()
    return Decided(inputs, made, tables)


def without_places() -> Places:
    """An operator that has stored no organisation."""
    from basekeep.decide.places import places_of
    from basekeep.run.organisation import Organisation

    return places_of(Organisation(()))


def day_of(number: int) -> date | None:
    return None if number == NO_DAY else date(1970, 1, 1) + timedelta(days=int(number))
