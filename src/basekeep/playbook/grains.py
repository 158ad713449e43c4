"""What rules are about: subscribers, group accounts, units of the organisation; and the columns that each may name."""

from __future__ import annotations

from dataclasses import dataclass

from basekeep.contract.columns import Column, day
from basekeep.contract.subscriber_month import SUBSCRIBER_MONTH
from basekeep.contract.tables import GROUP_ACCOUNT, GROUP_MONTH, ORG_UNIT
from basekeep.kernel.text import Text
from basekeep.playbook.joined import JOINED
from basekeep.playbook.terms import GrainName


@dataclass(frozen=True, slots=True)
class Grain:
    """One kind of thing that rules judge.

    Attributes:
        label: one of them, for people.
        metrics, segments: the sections of the playbook that declare them.
        monthly: columns that each month has a value of.
        attributes: columns as they are at the run, whatever month is asked for.
    """

    name: GrainName
    label: Text
    metrics: str
    segments: str
    monthly: tuple[Column, ...]
    attributes: tuple[Column, ...]

    @property
    def columns(self) -> dict[str, Column]:
        """All columns by name."""
        return {column.name: column for column in (*self.monthly, *self.attributes)}

    def is_attribute(self, name: str) -> bool:
        """Whether a column is as it is at the run."""
        return any(column.name == name for column in self.attributes)


# Of a group: no column of its own table, but found in the contact log.
LAST_CONTACT = "last_contact_date"

SUBSCRIBER = Grain(
    "subscriber", Text("用户", "subscriber"), "metrics", "segments",
    SUBSCRIBER_MONTH.columns, tuple(one.column for one in JOINED.values()),
)  # fmt: skip
GROUP = Grain(
    "group", Text("集团", "group account"), "group_metrics", "group_segments",
    tuple(column for column in GROUP_MONTH.columns if column.name not in GROUP_MONTH.key),
    (*GROUP_ACCOUNT.columns,
     day(LAST_CONTACT, "最近联系到联系人或关键人的日期", "last day a contact or key person was reached", none=True)),
)  # fmt: skip
UNIT = Grain("unit", Text("机构", "org unit"), "unit_metrics", "unit_segments", (), ORG_UNIT.columns)

GRAINS: dict[GrainName, Grain] = {grain.name: grain for grain in (SUBSCRIBER, GROUP, UNIT)}
# Those whose rules may speak of the subscribers that belong to them.
OVER_SUBSCRIBERS = (GROUP, UNIT)


def grain_of(section: str) -> Grain:
    """The grain of what a section of the playbook declares; what names none is about subscribers."""
    return next((grain for grain in OVER_SUBSCRIBERS if section in (grain.metrics, grain.segments)), SUBSCRIBER)
