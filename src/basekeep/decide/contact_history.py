"""What the contact log and the orders say of each subscriber on a day: recent contacts, cool-downs, running benefits.

A contact of the day itself counts as one before it; what is later is not known yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from basekeep.contract.tables import BUSINESS_ORDER, CONTACT_LOG
from basekeep.decide.base import need_room
from basekeep.decide.positions import placed, positions
from basekeep.engines.protocol import Session
from basekeep.engines.sql_text import sql_literal
from basekeep.kernel.text import Text
from basekeep.playbook.declarations import Playbook
from basekeep.run.plan import Plan
from basekeep.run.stored import stored_rows

_DAY = 'CAST("at" AS DATE)'
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class ContactHistory:
    """By subscriber, in the order of the figures.

    Attributes:
        within: by limit of the contact policy, how many contacts lie in its `days` days before the day.
        contact, refusal, success, opt_out: whether the cool-down after it still holds on the day.
        benefit_families: the benefit families of the playbook's offers.
        running: bit f: a benefit of the f-th benefit family runs.
    """

    within: Mapping[str, npt.NDArray[np.int64]]
    contact: Flags
    refusal: Flags
    success: Flags
    opt_out: Flags
    benefit_families: tuple[str, ...]
    running: npt.NDArray[np.int64]


def contact_history(
    plan: Plan, session: Session, figures: Sequence[Path], subscribers: int, day: date
) -> ContactHistory:
    """The history on a day, from what is stored; where nothing is, nothing is known.

    Args:
        subscribers: how many rows the figures have.
    """
    families = benefit_families(plan.compiled.playbook)
    need_room(Text("优惠种类", "benefit families"), families)
    contacts = _contacts(plan, session, figures, subscribers, day)
    orders = _orders(plan, session, figures, subscribers, day, families)
    within = {name: contacts[_within(index)] for index, name in enumerate(plan.compiled.playbook.contact_policy.limits)}
    return ContactHistory(
        within, contacts["contact"], contacts["refusal"], contacts["success"] | orders["success"],
        contacts["opt_out"], families, orders["running"],
    )  # fmt: skip


def benefit_families(playbook: Playbook) -> tuple[str, ...]:
    """The benefit families of the offers, in the order they are met."""
    return tuple(dict.fromkeys(o.benefit_family for o in playbook.offers.values() if o.benefit_family))


def _contacts(
    plan: Plan, session: Session, figures: Sequence[Path], subscribers: int, day: date
) -> dict[str, npt.NDArray[Any]]:
    policy = plan.compiled.playbook.contact_policy
    limits, cool = tuple(policy.limits.values()), policy.cool_downs
    # What somebody agreed to is a purchase unless it is known to be care.
    care = _any_of("offer_id", (name for name, offer in plan.compiled.playbook.offers.items() if offer.kind == "care"))
    flags = {
        "contact": (cool.contact_days, "TRUE"),
        "refusal": (cool.refusal_days, "result = 'refused'"),
        "success": (cool.success_days, f"result = 'agreed' AND NOT coalesce({care}, FALSE)"),
        "opt_out": (cool.opt_out_days, "result = 'opted_out'"),
    }
    chosen = [
        f"count(*) FILTER (WHERE {_since(_DAY, day, limit.days)}) AS {_within(n)}" for n, limit in enumerate(limits)
    ]
    chosen += [f"{_ever(_after(_DAY, day, days, when))} AS {name}" for name, (days, when) in flags.items()]
    # Most of a long log is too old to count: it is left out before it is grouped.
    counts = [_since(_DAY, day, max(limit.days for limit in limits))] if limits else []
    counts += [_after(_DAY, day, days, when) for days, when in flags.values()]
    rows = stored_rows(plan, CONTACT_LOG.name, ("subscriber_id", "at", "offer_id", "result"))
    query = _by_position(figures, chosen, rows, f"{_DAY} <= {_date(day)} AND ({' OR '.join(counts)})")
    numbers = {_within(index): np.int64 for index in range(len(limits))}
    return placed(session, query, subscribers, {**numbers, **dict.fromkeys(flags, np.bool_)})


def _orders(
    plan: Plan, session: Session, figures: Sequence[Path], subscribers: int, day: date, families: Sequence[str]
) -> dict[str, npt.NDArray[Any]]:
    offers = plan.compiled.playbook.offers
    sold = _any_of("offer_id", (name for name, offer in offers.items() if offer.kind == "sell"))
    success = _after("date", day, plan.compiled.playbook.contact_policy.cool_downs.success_days, sold)
    marks = " ".join(
        f"WHEN {sql_literal(name)} THEN {1 << families.index(offer.benefit_family)}"
        for name, offer in offers.items()
        if offer.benefit_family
    )
    mark = f"CASE offer_id {marks} ELSE 0 END" if marks else "0"
    runs = f"effective_until >= {_date(day)}"
    chosen = [f"{_ever(success)} AS success", f"bit_or(CASE WHEN {runs} THEN {mark} ELSE 0 END) AS running"]
    rows = stored_rows(plan, BUSINESS_ORDER.name, ("subscriber_id", "date", "offer_id", "effective_until"))
    query = _by_position(figures, chosen, rows, f"date <= {_date(day)} AND ({success} OR {runs})")
    return placed(session, query, subscribers, {"success": np.bool_, "running": np.int64})


def _by_position(figures: Sequence[Path], chosen: Sequence[str], rows: str, where: str) -> str:
    grouped = f"SELECT subscriber_id, {', '.join(chosen)} FROM {rows} WHERE {where} GROUP BY subscriber_id"
    return (
        f"SELECT p.position, g.* EXCLUDE (subscriber_id) FROM ({grouped}) g "
        f"JOIN {positions(figures)} p ON g.subscriber_id = p.subscriber_id"
    )


def _within(index: int) -> str:
    return f"within_{index}"


def _since(column: str, day: date, days: int) -> str:
    return f"{column} >= {_date(day - timedelta(days=days))}"


def _after(column: str, day: date, days: int, when: str) -> str:
    """That something happened and its cool-down still holds; without days there is none."""
    return f"({when} AND {_since(column, day, days)})" if days else "FALSE"


def _ever(when: str) -> str:
    return f"coalesce(bool_or({when}), FALSE)"


def _any_of(column: str, names: Iterable[str]) -> str:
    listed = ", ".join(map(sql_literal, names))
    return f"{column} IN ({listed})" if listed else "FALSE"


def _date(day: date) -> str:
    return f"DATE '{day.isoformat()}'"
