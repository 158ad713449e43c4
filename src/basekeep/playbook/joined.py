"""What a subscriber is known by through another table, as of the run's month: place, device, size of its group."""

from __future__ import annotations

from dataclasses import dataclass

from basekeep.contract.columns import Column, count, flag, money, text
from basekeep.contract.subscriber_month import SUBSCRIBER_MONTH
from basekeep.contract.tables import DEVICE_MODEL, ORG_UNIT


@dataclass(frozen=True, slots=True)
class Joined:
    """A column found through `key`, a column of `subscriber_month` in the run's month, in a contract table."""

    column: Column
    key: str
    table: str


_LARGEST_GROUP = 1_000_000_000

JOINED: dict[str, Joined] = {
    one.column.name: one
    for one in (
        Joined(text("city_id", "归属地市", "owning city"), "branch_id", ORG_UNIT.name),
        Joined(text("county_id", "归属区县", "owning county"), "branch_id", ORG_UNIT.name),
        Joined(text("device_brand", "终端品牌", "brand of the device"), "device_model_id", DEVICE_MODEL.name),
        Joined(flag("device_domestic", "国产终端", "domestic device"), "device_model_id", DEVICE_MODEL.name),
        Joined(money("device_price", "终端价格", "price of the device"), "device_model_id", DEVICE_MODEL.name),
        Joined(
            count("group_lines", "所在集团的存量用户数", "lines of the base in the subscriber's group",
                  unit="subscribers", upper=_LARGEST_GROUP),
            "group_id", SUBSCRIBER_MONTH.name,
        ),
    )
}  # fmt: skip


def joined_by(key: str) -> tuple[str, ...]:
    """The columns found through one column."""
    return tuple(name for name, one in JOINED.items() if one.key == key)


# Where a subscriber's branch lies in the organisation.
PLACES = joined_by("branch_id")
