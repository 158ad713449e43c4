"""A small base drawn by a seed, with a playbook of a few offers: hand-made arrays, no store and no run."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa

from basekeep.decide.base import NO_DAY, Base
from basekeep.decide.contacts import Standing
from basekeep.decide.period import Period
from basekeep.decide.places import Places, places_of
from basekeep.decide.stock import Model
from basekeep.playbook.declarations import Playbook
from basekeep.relations.compiled import compile_playbook
from basekeep.relations.offers import MARKS, STAGES
from basekeep.run.organisation import Organisation, Unit

FIRST = date(2026, 1, 1)
Tree = Mapping[str, Any]
CHANNELS = ("hall", "account_manager", "e_channel", "hotline")


def text(name: str) -> dict[str, str]:
    return {"zh": f"名{name}", "en": name}


def channels(**changes: Tree) -> dict[str, Any]:
    """Four channels: two worked by staff, one without a limit, one with so many a day."""
    found: dict[str, Any] = {
        "hall": {"level": "branch", "roles": ["hall"], "cost_yuan": "2.5"},
        "account_manager": {"level": "county", "roles": ["account_manager"], "cost_yuan": "20"},
        "e_channel": {"level": "city", "cost_yuan": "0.05"},
        "hotline": {"level": "city", "per_day": 2, "cost_yuan": "1"},
    }
    return {name: {"name": text(name), **one, **changes.get(name, {})} for name, one in found.items()}


def segment(name: str) -> dict[str, Any]:
    return {
        "name": text(name), "wording": text(name), "maintenance": [], "priority": 3, "lead_time_days": 5,
        "false_positives": text(name), "rules": {"r": {"name": text("r"), "when": "arpu > 0"}},
    }  # fmt: skip


def offer(**changes: Any) -> dict[str, Any]:
    """A plain offer of campaign `spring` for segment `s0` through the hall."""
    return {
        "name": text("offer"), "kind": "sell", "campaign": "spring", "serves": {"s0": {"hall": "0.1"}}, "value": "arpu",
        "script": text("script"), **changes,
    }  # fmt: skip


def playbook(offers: Mapping[str, Tree], **sections: Any) -> Playbook:
    """A playbook of four segments, two campaigns and these offers."""
    tree: dict[str, Any] = {
        "playbook": {"name": text("small")},
        "metrics": {"own": {"name": text("own"), "value": "arpu", "source": "our_default"}},
        "segments": {f"s{n}": segment(f"s{n}") for n in range(4)},
        "channels": channels(),
        "campaigns": {"spring": {"name": text("spring")}, "autumn": {"name": text("autumn"), "weight": "1.25"}},
        "offers": offers,
        "decisions": {"own_use": "own"},
    }
    return Playbook.model_validate({**tree, **sections})


UNITS = (
    Unit("P", None, "province", "省", "Province"),
    *(Unit(f"C{c}", "P", "city", f"市{c}", f"City {c}") for c in range(2)),
    *(Unit(f"C{c}Q{q}", f"C{c}", "county", f"县{c}{q}", f"County {c}{q}") for c in range(2) for q in range(2)),
    *(
        Unit(f"C{c}Q{q}B{b}", f"C{c}Q{q}", "branch", f"支{c}{q}{b}", f"Branch {c}{q}{b}")
        for c in range(2) for q in range(2) for b in range(2)
    ),
    # A branch right below its city, and one below nothing that is there.
    Unit("C0B9", "C0", "branch", "直", "Direct"),
    Unit("X", "gone", "branch", "孤", "Lonely"),
)  # fmt: skip
BRANCHES = (*(unit.unit_id for unit in UNITS if unit.level == "branch"), "no_such_branch")
GROUPS = ("g0", "g1", "g2", "g3")
GROUP_UNITS = {"g0": "C1Q1B0", "g1": "C0Q0", "g2": "C1"}
MODELS = {
    "m0": Model(True, 1_500_0000), "m1": Model(False, 800_0000), "m2": Model(None, None), "m3": Model(True, 4_000_0000)
}  # fmt: skip


def places() -> Places:
    return places_of(Organisation(UNITS))


def period(days: Sequence[int] = tuple(range(1, 29))) -> Period:
    """January 2026; `days` are those on which contacts are allowed."""
    return Period(FIRST, date(2026, 1, 31), tuple(date(2026, 1, day) for day in days))


@dataclass(frozen=True)
class Person:
    """One subscriber of a case, as plain values; every part may be changed by a test.

    The bits of `segments` are of those that offers serve, in the order of the offers, then of the others.
    """

    branch: int = 0
    customer: int = 0
    family: int = -1
    group: int = -1
    segments: int = 1
    passes: Mapping[str, int] | None = None
    value: float = 100.0
    events: Mapping[str, date] | None = None
    excluded: int = 0
    reserved: int = 0
    listed: int = 0
    shut: int = 0
    stopped: int = 0
    sell_stopped: int = 0
    running: int = 0


def base_of(book: Playbook, people: Sequence[Person]) -> Base:
    """The base of these subscribers; every distinct expression has the person's one value, times its place + 1."""
    compiled = compile_playbook(book).decisions
    served = tuple(dict.fromkeys(name for one in book.offers.values() for name in one.serves))
    events = compiled.events if compiled else ()
    return Base(
        ids=pa.array([f"S{n}" for n in range(len(people))]),
        tie=np.array([(n * 7919 + 13) % 10_007 for n in range(len(people))], np.uint64),
        branches=BRANCHES,
        branch=_ints(one.branch for one in people),
        customer=_ints(one.customer for one in people),
        customers=max((one.customer for one in people), default=-1) + 1,
        family=_ints(one.family for one in people),
        families=max((one.family for one in people), default=-1) + 1,
        groups=GROUPS,
        group=_ints(one.group for one in people),
        served=served,
        segments=_marks(one.segments & ((1 << len(served)) - 1) for one in people),
        others=tuple(name for name in book.segments if name not in served),
        other_marks=_marks(one.segments >> len(served) for one in people),
        stages={
            stage: tuple(
                _marks((one.passes or {}).get(stage, -1) for one in people) for _ in range(0, len(book.offers), MARKS)
            )
            for stage in STAGES
        },
        values=tuple(
            np.array([one.value * (at + 1) for one in people], np.float64)
            for at in range(len(compiled.values) if compiled else 0)
        ),
        events={column: _ints(_day((one.events or {}).get(column)) for one in people) for column in events},
        excluded=_marks(one.excluded for one in people),
        reserved=_marks(one.reserved for one in people),
        in_term=np.ones(len(people), bool),
    )


STOPS = ("cool_down.contact", "limit.month")
SELL_STOPS = ("cool_down.refusal", "cool_down.success")
FAMILIES = ("gift", "fee")


def standing_of(
    people: Sequence[Person], customer_quota: Sequence[int] = (), family_quota: Sequence[int] = ()
) -> Standing:
    """Where they stand; quotas that are not given are 9."""
    customers = max((one.customer for one in people), default=-1) + 1
    families = max((one.family for one in people), default=-1) + 1
    return Standing(
        listed=("complaint", "opt_out"),
        listed_marks=_marks(one.listed for one in people),
        shut=_marks(one.shut for one in people),
        stops=STOPS,
        stopped=_marks(one.stopped for one in people),
        sell_stops=SELL_STOPS,
        sell_stopped=_marks(one.sell_stopped for one in people),
        benefit_families=FAMILIES,
        running=_marks(one.running for one in people),
        customer_quota=_ints(customer_quota or [9] * customers),
        family_quota=_ints(family_quota or [9] * families),
    )


def _ints(values: Any) -> Any:
    return np.array(list(values), np.int32)


def _marks(values: Any) -> Any:
    return np.array(list(values), np.int64)


def _day(day: date | None) -> int:
    return NO_DAY if day is None else (day - date(1970, 1, 1)).days


def drawn_playbook(draw: random.Random, **sections: Any) -> Playbook:
    """A playbook of up to six offers with whatever offers may have."""
    offers = {f"o{n}": _drawn_offer(draw) for n in range(draw.randint(1, 6))}
    policy = {
        "reserved": {
            "key_person": {"name": text("key"), "when": "arpu > 1", "channels": ["account_manager"]},
            "two": {"name": text("two"), "when": "arpu > 2", "channels": ["account_manager", "e_channel", "hall"]},
        }
    }
    campaigns = {
        name: {
            "name": text(name), "weight": draw.choice(["1", "1.25", "1/3", "0"]),
            "control": draw.choice([None, {"from_share": "0.1", "to_share": "0.05"}]),
        }
        for name in ("spring", "autumn")
    }  # fmt: skip
    decisions = {"own_use": "own", "segment_weights": {"s1": "1.5", "s2": "0.333"}}
    return playbook(offers, **{"contact_policy": policy, "campaigns": campaigns, "decisions": decisions, **sections})


def _drawn_offer(draw: random.Random) -> dict[str, Any]:
    def some(value: Any) -> Any:
        return value if draw.random() < 0.5 else None

    serves = {
        f"s{n}": {
            channel: str(Fraction(draw.randint(0, 1000), 1000)) for channel in draw.sample(CHANNELS, draw.randint(1, 4))
        }
        for n in draw.sample(range(4), draw.randint(1, 3))
    }
    device = draw.choice([None, None, {"is_5g": True}, {"models": ["m1", "m2", "m9"]}, {"most_yuan": 1500}, {}])
    event = {"date": draw.choice(["bound_until", "vas_until"]), "lead_days": draw.randint(0, 9)}
    window = [str(FIRST + timedelta(days=draw.randint(-40, 40))) for _ in range(2)]
    return offer(
        kind=draw.choice(["sell", "care"]), campaign=draw.choice(["spring", "autumn"]), serves=serves,
        value=draw.choice(["arpu", "balance", "arpu * 2"]), benefit_family=draw.choice([None, *FAMILIES, "other"]),
        benefit_yuan=draw.choice(["0", "10", "33.33"]), cost_yuan=draw.choice(["0", "1.11"]), weight=draw.choice(["1", "2", "0.7"]),
        event=some(event), device=device, valid_from=some(window[0]), valid_until=some(window[1]),
    )  # fmt: skip


def drawn_people(draw: random.Random, many: int) -> list[Person]:
    """Subscribers of every sort: in none, one or several segments, shut out, reserved, without a branch."""

    def rarely(*values: int) -> int:
        return draw.choice(values) if draw.random() < 0.15 else 0

    return [
        Person(
            branch=draw.randint(-1, len(BRANCHES) - 1), customer=n if draw.random() < 0.6 else draw.randint(0, n),
            family=draw.randint(-1, 5), group=draw.choice([-1, -1, 0, 1, 2, 3]), segments=draw.randint(0, 15),
            passes={stage: draw.getrandbits(6) | draw.getrandbits(6) | draw.getrandbits(6) | draw.getrandbits(6) for stage in STAGES},
            value=draw.choice([float("nan"), -3.5, 12.34, 100.005, *(round(draw.uniform(0, 900), 4) for _ in range(6))]),
            events={
                column: FIRST + timedelta(days=draw.randint(-10, 60))
                for column in ("bound_until", "vas_until") if draw.random() < 0.7
            },
            excluded=rarely(1), reserved=rarely(1, 2, 3), listed=rarely(1, 2), shut=rarely(1, 4, 15), stopped=rarely(1, 2, 3),
            sell_stopped=rarely(1, 2), running=rarely(1, 2, 3),
        )
        for n in range(many)
    ]  # fmt: skip
