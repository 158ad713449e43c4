"""What the exclusion list says of each subscriber on a day: the reasons that shut all channels, and single channels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from basekeep.contract.tables import EXCLUSION_LIST
from basekeep.decide.base import Marks, need_room
from basekeep.decide.positions import placed, positions
from basekeep.engines.protocol import Session
from basekeep.engines.sql_text import sql_literal
from basekeep.kernel.text import Text
from basekeep.run.plan import Plan
from basekeep.run.stored import stored_rows

OPT_OUT, OTHER = "opt_out", "other"
# Reasons are free text: as many as this are told apart.
_MOST_REASONS = 40


@dataclass(frozen=True)
class Excluded:
    """By subscriber: bits of `reasons`, `opt_out` being the first, and bits of the channels that are shut."""

    reasons: tuple[str, ...]
    marks: Marks
    shut: Marks


def excluded(plan: Plan, session: Session, figures: Sequence[Path], subscribers: int, day: date) -> Excluded:
    """What is on the list on a day; a row whose `until` lies before it no longer counts.

    A row names one channel, or all. One that the playbook does not know could be any: the row shuts all of them.

    Args:
        subscribers: how many rows the figures have.
    """
    channels = tuple(plan.compiled.playbook.channels)
    need_room(Text("渠道", "channels"), channels)
    everything = f"NOT coalesce(channel IN ({', '.join(map(sql_literal, channels)) or 'NULL'}), FALSE)"
    stored = stored_rows(plan, EXCLUSION_LIST.name, ("subscriber_id", "reason", "until", "channel"))
    session.run(
        f"CREATE OR REPLACE TEMP VIEW decide__excluded AS SELECT p.position, e.reason, e.channel, {everything} AS everything "
        f"FROM {stored} e JOIN {positions(figures)} p ON e.subscriber_id = p.subscriber_id "
        f"WHERE e.until IS NULL OR e.until >= DATE '{day.isoformat()}'"
    )
    reasons = _reasons(session)
    listed = _case("reason", reasons, 1 << reasons.index(OTHER) if OTHER in reasons else 0)
    query = (
        f"SELECT position, bit_or(CASE WHEN everything THEN {listed} ELSE 0 END) AS marks, "
        f"bit_or({_case('channel', channels, 0)}) AS shut FROM decide__excluded GROUP BY position"
    )
    found = placed(session, query, subscribers, {"marks": np.int64, "shut": np.int64})
    return Excluded(reasons, found["marks"], found["shut"])


def _reasons(session: Session) -> tuple[str, ...]:
    """The reasons that shut all channels, the most frequent first; beyond the room for them the rest is `other`."""
    rows = session.rows(
        f"SELECT reason FROM decide__excluded WHERE everything AND reason <> '{OPT_OUT}' "
        "GROUP BY reason ORDER BY count(*) DESC, reason"
    )
    found = [reason for (reason,) in rows]
    if len(found) > _MOST_REASONS - 1:
        found = [*[reason for reason in found if reason != OTHER][: _MOST_REASONS - 2], OTHER]
    return (OPT_OUT, *found)


def _case(column: str, names: Sequence[str], otherwise: int) -> str:
    """The bit of a name among some."""
    whens = " ".join(f"WHEN {sql_literal(name)} THEN {1 << bit}" for bit, name in enumerate(names))
    return f"CASE {column} {whens} ELSE {otherwise} END" if whens else str(otherwise)
