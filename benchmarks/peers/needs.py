"""What the ten rules need of the monthly files: the columns of each month, as a good hand would read them and no others."""

from __future__ import annotations

from datetime import date, timedelta

from basekeep.kernel.months import month_end
from benchmarks.base import MONTH

MONTH_END = month_end(MONTH)
IN_A_MONTH = MONTH_END + timedelta(days=30)
YEAR_AGO = date(MONTH_END.year - 1, MONTH_END.month, MONTH_END.day)
IN_BASE = ("active", "suspended")

# Attributes are those of the run's month.
ATTRIBUTES = ("brand", "bound_until", "join_date", "number_changes_12m", "offnet_contact_share")
# Money and minutes come with two decimals and are compared exactly: they are taken as whole hundredths.
HUNDREDTHS = ("arpu", "balance", "recharge_amount", "mou_in", "mou_out", "roaming_min")

_THREE_MONTHS = (
    "arpu", "balance", "mou_in", "mou_out", "recharge_amount", "recharge_count", "low_balance_alerts",
    "care_contacts", "complaints",
)  # fmt: skip
_HALF_YEAR = ("arpu", "care_contacts")
_FESTIVAL = ("roaming_min",)  # Spring Festival 2025 lies in January and February
_YEAR_EARLIER = ("mou_in", "mou_out")

# How many months back → the columns.
NEEDS = {
    **dict.fromkeys((0, 1, 2), _THREE_MONTHS),
    **dict.fromkeys((3, 4, 5), _HALF_YEAR),
    **dict.fromkeys((10, 11), _FESTIVAL),
    **dict.fromkeys((12, 13), _YEAR_EARLIER),
}
