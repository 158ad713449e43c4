"""Why some subscribers are a physical family: who is tied to whom and by what, from one frozen run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from basekeep.engines.protocol import Engine, Session
from basekeep.engines.sql_text import parquet_scan, sql_literal
from basekeep.kernel.errors import CallError
from basekeep.kernel.findings import near_names
from basekeep.kernel.masking import mask_msisdn
from basekeep.kernel.months import parse_month
from basekeep.kernel.text import Text
from basekeep.run.record import RunRecord
from basekeep.run.replay import Replay
from basekeep.run.views import FAMILY_PATH
from basekeep.store.finding import find_subscribers
from basekeep.store.history import history_files, history_sql
from basekeep.store.manifest import verify
from basekeep.store.roster import shard_file


@dataclass(frozen=True)
class TieExplained:
    """One tie of a member: to whom, minutes of all the months both ways, the least share at night, `address` or `cell`."""

    to: str
    minutes: float
    least_night_share: float
    same: str


@dataclass(frozen=True)
class MemberExplained:
    """One member and its ties within the family. The phone number is masked."""

    subscriber_id: str
    msisdn: str | None
    ties: tuple[TieExplained, ...]


@dataclass(frozen=True)
class FamilyExplained:
    """One family: how many months its members have called, how sure it is, and who they are."""

    family_id: str
    run_id: str
    month: str
    size: int
    confidence: float
    months: int
    members: tuple[MemberExplained, ...]

    @property
    def tied_pairs(self) -> int:
        """How many of its pairs are tied."""
        return sum(len(member.ties) for member in self.members) // 2

    @property
    def pairs(self) -> int:
        """How many pairs there are."""
        return self.size * (self.size - 1) // 2


def explain_family(replayed: Replay, engine: Engine, family_id: str) -> FamilyExplained:
    """Explain one family.

    Raises:
        CallError: the run has no such family.
        DamageError: a stored file that is read is damaged.
    """
    with engine.session() as session:
        rows = _rows(replayed.record, session, f"family_id = {sql_literal(family_id)}")
        if not rows:
            raise _unknown(replayed.record, session, family_id)
        phones = _phones(replayed, engine, session, [row["subscriber_id"] for row in rows])
    return _told(replayed.record, rows, phones)


def family_of(record: RunRecord, session: Session, subscriber_id: str) -> FamilyExplained | None:
    """The family of a subscriber, without phone numbers; None where it is in none."""
    # One member's row names the family; so a second look finds the others.
    own = _rows(record, session, f"subscriber_id = {sql_literal(subscriber_id)}")
    if not own:
        return None
    return _told(record, _rows(record, session, f"family_id = {sql_literal(own[0]['family_id'])}"), {})


def _rows(record: RunRecord, session: Session, condition: str) -> list[dict[str, Any]]:
    """Rows of the table `family`, its file verified first; none where the run looked for no families."""
    if not record.files(FAMILY_PATH):
        return []
    record.verify(FAMILY_PATH)
    scan = parquet_scan(record.folder / FAMILY_PATH)
    found: list[dict[str, Any]] = session.arrow(
        f"SELECT * FROM {scan} WHERE {condition} ORDER BY subscriber_id"
    ).to_pylist()
    return found


def _told(record: RunRecord, rows: list[dict[str, Any]], phones: Mapping[str, str]) -> FamilyExplained:
    evidence = {row["subscriber_id"]: json.loads(row["evidence"]) for row in rows}
    members = tuple(
        MemberExplained(who, phones.get(who), tuple(_tie(tie) for tie in told["ties"]))
        for who, told in evidence.items()
    )
    first = rows[0]
    months = next(iter(evidence.values()))["months"]
    return FamilyExplained(
        first["family_id"], record.run_id, record.month, first["size"], float(first["confidence"]), months, members
    )


def _tie(told: Mapping[str, Any]) -> TieExplained:
    return TieExplained(told["with"], told["minutes"], told["least_night_share"], told["same"])


def _phones(replayed: Replay, engine: Engine, session: Session, members: list[str]) -> dict[str, str]:
    """The members' phone numbers, masked; read from their own shards alone."""
    plan = replayed.plan
    if "msisdn" not in plan.columns[0]:
        return {}
    shards = set(find_subscribers(session, plan.store_dir, plan.state, members).values())
    named = {shard_file(shard) for shard in shards}
    files = history_files(plan.state, plan.store_dir, parse_month(replayed.record.month), [0])
    verify([file for file in files if file.path.name in named], engine.threads)
    wanted = ", ".join(map(sql_literal, members))
    found: dict[str, str] = {}
    for shard in sorted(shards):
        history = history_sql(plan.store_dir, plan.state, plan.month, shard, [("msisdn", 0)])
        rows = session.rows(f"SELECT subscriber_id, msisdn_m0 FROM ({history}) WHERE subscriber_id IN ({wanted})")
        found |= {who: mask_msisdn(phone) for who, phone in rows if phone}
    return found


def _unknown(record: RunRecord, session: Session, family_id: str) -> CallError:
    what = Text(
        f"运行 {record.run_id} 中没有家庭 {family_id!r}", f"the run {record.run_id} has no family {family_id!r}"
    )
    if not record.files(FAMILY_PATH):
        do = Text(
            "该运行的策略手册没有用到 in_physical_family。",
            "The playbook of that run does not ask for in_physical_family.",
        )
        return CallError("explain.unknown_family", what, do)
    scan = parquet_scan(record.folder / FAMILY_PATH)
    known = [
        row[0]
        for row in session.rows(
            f"SELECT DISTINCT family_id FROM {scan} WHERE family_id LIKE {sql_literal(family_id[:4] + '%')} LIMIT 50"
        )
    ]
    near = ", ".join(near_names(family_id, sorted(known)))
    do = Text(
        '家庭标识见表 family：basekeep query "from family"。',
        'The ids are in the table family: basekeep query "from family".',
    )
    if near:
        do = Text(f"相近的标识：{near}", f"Near ids: {near}")
    return CallError("explain.unknown_family", what, do)
