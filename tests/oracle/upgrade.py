"""Definition 4: who may be considered for 5G, who is excluded and why, and how data is used.

Points, ranks and reasons belong to the scorecard's own declaration and are not judged here.
"""

from dataclasses import dataclass
from fractions import Fraction

from .arithmetic import Figure
from .logic import Truth, above, all_of, any_of, at_least, below, negated, one_of
from .panel import Subscriber
from .quantities import Frame, data_saturation, tenure

MEGABYTES_PER_GB = 1024

# In the order of the definitions, which is the order of the waterfall.
EXCLUSIONS = (
    "wireless_broadband",
    "business_talk",
    "ifree",
    "student_card",
    "yijitong",
    "yixiaotong",
    "legacy_unicom",
    "staff",
    "iot",
    "business_navigator",
    "network_easy",
    "one_card_two_numbers",
    "secondary_number",
    "virtual_number",
    "fake_user",
    "red_list",
    "black_list",
    "internet_card",
    "data_card",
)
FLAG_OF_EXCLUSION = {
    "staff": "is_staff",
    "fake_user": "is_fake",
    "red_list": "red_list",
    "black_list": "black_list",
}


def in_space(s: Subscriber, f: Frame) -> Truth:
    return all_of(
        s.flag("is_billed"),
        s.flag("is_main_card"),
        at_least(s.number("fusion"), Fraction(2)),
        at_least(s.number("plan_actual_fee"), f["space_fee"]),
        _uses_enough_data(s, f),
        _joined_before_this_month(s),
        one_of(s.text("status"), ["active"]),
        below(s.number("plan_generation"), Fraction(5)),
        negated(s.flag("upgrade_pack")),
    )


def _uses_enough_data(s: Subscriber, f: Frame) -> Truth:
    family, data = s.text("plan_family"), s.number("data_mb")
    return any_of(
        all_of(one_of(family, ["changxiang"]), above(data, f["space_changxiang_gb"] * MEGABYTES_PER_GB)),
        all_of(one_of(family, ["lexiang"]), above(data, f["space_lexiang_gb"] * MEGABYTES_PER_GB)),
    )


def _joined_before_this_month(s: Subscriber) -> Truth:
    month = tenure(s)[0]
    return None if month is None else month != 1


def excluded(s: Subscriber, name: str) -> bool:
    """By itself, whatever else excludes; what is unknown does not exclude."""
    flag = FLAG_OF_EXCLUSION.get(name)
    truth = s.flag(flag) if flag else s.named("product_class", lambda product: product == name)
    return truth is True


@dataclass(frozen=True)
class DataUse:
    """Data of m0: the share used of what is included, and whether that is much or held back."""

    saturation: Figure
    saturated: Truth
    suppressed: Truth


def data_use(s: Subscriber, f: Frame) -> DataUse:
    saturation = data_saturation(s)
    return DataUse(
        saturation=saturation,
        saturated=at_least(saturation, f["saturated_share"]),
        suppressed=at_least(s.number("throttled_days"), f["throttled_days"]),
    )
