"""What came in since a month's run: newest balances, contacts, orders, exclusions; and whom it concerns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from basekeep.contract.tables import BALANCE_DAY, BUSINESS_ORDER, CONTACT_LOG, EXCLUSION_LIST
from basekeep.decide.asking import number_of
from basekeep.decide.base import NO_DAY, Base
from basekeep.decide.inputs import Inputs
from basekeep.decide.month_made import MonthMade
from basekeep.decide.past_contacts import PastContacts
from basekeep.decide.positions import positions
from basekeep.decide.renewing import Concerned, Flags
from basekeep.engines.protocol import Session
from basekeep.engines.sql_text import parquet_scan, parquet_scans, sql_literal
from basekeep.playbook.declarations import Playbook
from basekeep.relations.history import BASE_STATUSES
from basekeep.run.plan import Plan
from basekeep.run.stored import stored_rows
from basekeep.store.state import ALL, State

# The tables whose later versions a day takes in; balances come apart, since a month never reads them.
TAKEN_IN = (CONTACT_LOG.name, BUSINESS_ORDER.name, EXCLUSION_LIST.name)
CANCELLED = "cancelled"


@dataclass(frozen=True)
class Came:
    """What came in between the first day of the period and the day, as places in the base.

    Attributes:
        contact, contact_day, contact_offer: by contact its subscriber, its day's number, its offer (-1 where unknown).
        concerned: whether anything at all came in for the subscriber.
        cancelled: whether the subscriber has cancelled since.
    """

    contact: npt.NDArray[np.int32]
    contact_day: npt.NDArray[np.int32]
    contact_offer: npt.NDArray[np.int16]
    concerned: Flags
    cancelled: Flags


def state_of_day(frozen: State, current: State) -> State:
    """What a month's run read, with the versions of today where a day takes them in."""
    partitions = {table: refs for table, refs in frozen.partitions.items() if table not in TAKEN_IN}
    for table in TAKEN_IN:
        if ref := current.partition(table, ALL):
            partitions[table] = {ALL: ref}
    return replace(frozen, partitions=partitions)


def newest_balances(plan: Plan, current: State, session: Session, first: date, day: date) -> pa.Table:
    """The latest row of each subscriber between both days, as `run.run.Day` wants it, and who has cancelled since."""
    rows = stored_rows(replace(plan, state=current), BALANCE_DAY.name)
    known = ", ".join(map(sql_literal, BASE_STATUSES))
    return session.arrow(
        "SELECT subscriber_id, balance, CASE WHEN status IN "
        f"({known}) THEN status END AS status, coalesce(status = '{CANCELLED}', FALSE) AS cancelled "
        f"FROM (SELECT *, row_number() OVER (PARTITION BY subscriber_id ORDER BY date DESC) AS latest FROM {rows} "
        f"WHERE date BETWEEN DATE '{first.isoformat()}' AND DATE '{day.isoformat()}') WHERE latest = 1 ORDER BY subscriber_id"
    )


def what_came(
    plan: Plan, before: Plan, session: Session, figures: Sequence[Path], month_figures: Sequence[Path], newest: Path,
    base: Base, first: date, day: date,
) -> Came:  # fmt: skip
    """What came in.

    Args:
        before: the plan of the month's run, with the versions that it read.
        figures, month_figures: the files of the day's figures and of the month's.
        newest: the file of the newest balances.
    """
    session.run(f"CREATE OR REPLACE TEMP VIEW day__there AS SELECT * FROM {positions(figures)}")
    between = f"BETWEEN DATE '{first.isoformat()}' AND DATE '{day.isoformat()}'"
    offers = list(plan.compiled.playbook.offers)
    marks = " ".join(f"WHEN {sql_literal(name)} THEN {place}" for place, name in enumerate(offers))
    offer = f"CASE offer_id {marks} ELSE -1 END" if marks else "-1"
    contacts = session.arrow(
        f"SELECT CAST(p.position AS INTEGER) AS who, CAST(CAST(c.\"at\" AS DATE) - DATE '1970-01-01' AS INTEGER) AS on_day, "
        f"CAST({offer} AS SMALLINT) AS offer FROM {stored_rows(plan, CONTACT_LOG.name)} c "
        f'JOIN day__there p ON c.subscriber_id = p.subscriber_id WHERE CAST(c."at" AS DATE) {between} ORDER BY ALL'
    )
    now, then = (stored_rows(one, EXCLUSION_LIST.name) for one in (plan, before))
    few = f"WHERE subscriber_id IN (SELECT subscriber_id FROM {parquet_scan(newest)})"
    changed = (
        f"(SELECT * FROM {parquet_scans(figures)} {few}) EXCEPT (SELECT * FROM {parquet_scans(month_figures)} {few})"
    )
    queries = (
        f"SELECT subscriber_id FROM {stored_rows(plan, BUSINESS_ORDER.name)} WHERE date {between}",
        f"SELECT subscriber_id FROM (SELECT * FROM {now} EXCEPT SELECT * FROM {then})",
        f"SELECT subscriber_id FROM (SELECT * FROM {then} EXCEPT SELECT * FROM {now})",
        f"SELECT subscriber_id FROM ({changed})",
    )
    concerned = np.zeros(base.size, np.bool_)
    who = contacts["who"].to_numpy()
    concerned[who] = True
    for query in queries:
        concerned[_positions(session, query)] = True
    cancelled = np.zeros(base.size, np.bool_)
    cancelled[_positions(session, f"SELECT subscriber_id FROM {parquet_scan(newest)} WHERE cancelled")] = True
    return Came(who, contacts["on_day"].to_numpy(), contacts["offer"].to_numpy(), concerned | cancelled, cancelled)


def concerned_by(came: Came, base: Base, month: MonthMade, day: date) -> Concerned:
    """Whose decisions are made anew: those of whom something came in, and of their customers and families, but for what was sent.

    Sent is what the contact log has for the subscriber and the offer decided, and what was planned for an earlier day.
    """
    customers, families = np.zeros(base.customers, np.bool_), np.zeros(base.families + 1, np.bool_)
    customers[base.customer[came.concerned]] = True
    families[base.family[came.concerned]] = True
    # The last stands for those without a family.
    families[-1] = False
    affected = came.concerned | customers[base.customer] | families[base.family]
    offer = np.where(
        month.chosen >= 0, month.candidates.offer[np.maximum(month.chosen, 0)] if month.candidates.size else -1, -1
    )
    logged = np.zeros(base.size, np.bool_)
    logged[came.contact[came.contact_offer == offer[came.contact]]] = True
    logged &= month.chosen >= 0
    sent = logged | ((month.chosen >= 0) & (month.contact_on < number_of(day)) & (month.contact_on != NO_DAY))
    return Concerned(affected & ~sent, logged, sent)


def inputs_of_day(inputs: Inputs, came: Came, playbook: Playbook) -> Inputs:
    """The inputs with those who have cancelled excluded, and with the contacts of the day itself among the past ones."""
    standing = inputs.standing
    bit = 1 << len(standing.listed)
    marks = standing.listed_marks | came.cancelled * np.int64(bit)
    today = came.contact_day >= number_of(inputs.period.first)
    past = PastContacts(
        np.concatenate([inputs.past.subscriber, came.contact[today]]),
        np.concatenate([inputs.past.day, came.contact_day[today]]),
    )
    listed = replace(standing, listed=(*standing.listed, CANCELLED), listed_marks=marks)
    return replace(inputs, standing=listed, past=past)


def _positions(session: Session, query: str) -> npt.NDArray[np.int64]:
    found = session.arrow(
        f"SELECT DISTINCT p.position AS position FROM ({query}) f JOIN day__there p ON f.subscriber_id = p.subscriber_id"
    )
    places: npt.NDArray[np.int64] = found["position"].to_numpy().astype(np.int64)
    return places
