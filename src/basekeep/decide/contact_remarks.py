"""Bad input in the contact log, the orders and the exclusion list, each kind with its count; nothing stops for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from basekeep.contract.tables import BUSINESS_ORDER, CONTACT_LOG, EXCLUSION_LIST
from basekeep.decide.positions import positions
from basekeep.engines.protocol import Session
from basekeep.engines.sql_text import sql_literal
from basekeep.kernel.text import Text
from basekeep.run.plan import Plan
from basekeep.run.remarks import Remark
from basekeep.run.stored import stored_rows


@dataclass(frozen=True)
class _Kind:
    """One kind of remark: its code within its table, the condition on a row, what it is, what to do."""

    table: str
    code: str
    when: str
    what: Text
    do: Text


def contact_remarks(plan: Plan, session: Session, figures: Sequence[Path], day: date) -> list[Remark]:
    """The remarks of a run whose decisions are carried out from this day on."""
    playbook = plan.compiled.playbook
    kinds = (*_kinds(playbook.offers, playbook.channels, day),)
    found: list[Remark] = []
    for table, columns in _COLUMNS.items():
        of_table = [kind for kind in kinds if kind.table == table]
        counted = ", ".join(f"count(*) FILTER (WHERE {kind.when})" for kind in of_table)
        rows = stored_rows(plan, table, columns)
        counts = session.rows(
            f"SELECT {counted} FROM {rows} t LEFT JOIN {positions(figures)} p ON t.subscriber_id = p.subscriber_id"
        )[0]
        found += [
            Remark(f"{table}.{kind.code}", table, int(count), kind.what, kind.do)
            for kind, count in zip(of_table, counts, strict=True)
        ]
    return found


_COLUMNS = {
    CONTACT_LOG.name: ("subscriber_id", "at", "offer_id", "channel"),
    BUSINESS_ORDER.name: ("subscriber_id", "date", "offer_id"),
    EXCLUSION_LIST.name: ("subscriber_id", "channel"),
}
_OUTSIDE = "p.position IS NULL"


def _kinds(offers: Iterable[str], channels: Iterable[str], day: date) -> list[_Kind]:
    offer, channel = _strange("offer_id", offers), _strange("channel", channels)
    later = f"DATE '{day.isoformat()}'"
    contacts, orders, listed = _COLUMNS
    left = Text("已离网用户的记录无妨；若很多，核对两张表的用户标识是否一致。",
                "Those who have left are as they should be; where there are many, see whether both tables have the same ids.")  # fmt: skip
    dates = Text(
        "核对日期；若要计入，从更晚的一天起做决策。",
        "Check the dates; to have them counted, decide from a later day on.",
    )
    add = Text("仍在办理的营销案，在策略手册的 offers 中补上。", "Where it is still sold, declare it under offers in the playbook.")  # fmt: skip
    declare = Text("在策略手册的 channels 中声明，或在取数中改为已声明的名称。",
                   "Declare it under channels in the playbook, or give it a declared name in the mapping.")  # fmt: skip
    return [
        _Kind(contacts, "outside_base", _OUTSIDE, Text("不在存量用户内的接触记录，未采用", "contacts of people outside the base; they are not used"), left),
        _Kind(contacts, "future", f'CAST(t."at" AS DATE) > {later}', Text("晚于决策执行期第一天的接触记录，未采用", "contacts after the first day on which decisions are carried out; they are not used"), dates),
        _Kind(contacts, "unknown_offer", offer, Text("营销案不在策略手册中的接触记录；仍计入接触次数", "contacts about an offer that the playbook does not have; they count as contacts all the same"), add),
        _Kind(contacts, "unknown_channel", channel, Text("渠道不在策略手册中的接触记录；仍计入接触次数", "contacts through a channel that the playbook does not have; they count as contacts all the same"), declare),
        _Kind(orders, "outside_base", _OUTSIDE, Text("不在存量用户内的订单，未采用", "orders of people outside the base; they are not used"), left),
        _Kind(orders, "future", f"t.date > {later}", Text("晚于决策执行期第一天的订单，未采用", "orders after the first day on which decisions are carried out; they are not used"), dates),
        _Kind(orders, "unknown_offer", offer, Text("营销案不在策略手册中的订单；不影响冷静期与优惠", "orders of an offer that the playbook does not have; neither a cool-down nor a running benefit follows from them"), add),
        _Kind(listed, "outside_base", _OUTSIDE, Text("排除名单中不在存量用户内的人", "people on the exclusion list who are outside the base"), left),
        _Kind(listed, "unknown_channel", channel, Text("排除名单中渠道不在策略手册中的行；按全部渠道排除", "rows of the exclusion list whose channel the playbook does not have; all channels are shut for them"), declare),
    ]  # fmt: skip


def _strange(column: str, names: Iterable[str]) -> str:
    """That a name is given and is none of these."""
    listed = ", ".join(map(sql_literal, names))
    return f"t.{column} IS NOT NULL" + (f" AND t.{column} NOT IN ({listed})" if listed else "")
