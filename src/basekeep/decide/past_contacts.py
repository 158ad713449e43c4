"""The days of recent contacts, from which those that follow keep the distance that the policy wants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from basekeep.contract.tables import CONTACT_LOG
from basekeep.decide.base import Int
from basekeep.decide.positions import positions
from basekeep.engines.protocol import Session
from basekeep.engines.sql_text import sql_literal
from basekeep.run.plan import Plan
from basekeep.run.stored import stored_rows

_DAY = 'CAST("at" AS DATE)'


@dataclass(frozen=True)
class PastContacts:
    """Contacts of subscribers of the base, one element each: whose (a place in the base), and its day's number."""

    subscriber: Int
    day: Int


def no_contacts() -> PastContacts:
    """None at all."""
    return PastContacts(np.empty(0, np.int32), np.empty(0, np.int32))


def past_contacts(plan: Plan, session: Session, figures: Sequence[Path], day: date) -> PastContacts:
    """Those before a day that still count for some limit of the contact policy.

    Args:
        figures: the run's files of figures, from which the base was gathered.
    """
    limits = plan.compiled.playbook.contact_policy.limits.values()
    days = max((limit.days for limit in limits), default=0)
    if not days:
        return no_contacts()
    rows = stored_rows(plan, CONTACT_LOG.name, ("subscriber_id", "at"))
    since, before = (f"DATE {sql_literal(one.isoformat())}" for one in (day - timedelta(days=days - 1), day))
    found = session.arrow(
        f"SELECT CAST(p.position AS INTEGER) AS subscriber, CAST({_DAY} - DATE '1970-01-01' AS INTEGER) AS day "
        f"FROM {rows} c JOIN {positions(figures)} p ON c.subscriber_id = p.subscriber_id "
        f"WHERE {_DAY} >= {since} AND {_DAY} < {before} ORDER BY ALL"
    )
    return PastContacts(*(found.column(name).to_numpy() for name in ("subscriber", "day")))
