"""Every number of the definitions that can be set, under one name each. Shares are parts of 1, money is yuan."""

from collections.abc import Mapping
from fractions import Fraction

PARAMETERS: Mapping[str, Fraction] = {
    "balance_low_share": Fraction(1, 2),
    "usage_low_share": Fraction(1, 2),
    "usage_high_share": Fraction(3, 2),
    "low_usage_share": Fraction(1, 2),
    "recharge_small": Fraction(30),
    "alerts_many": Fraction(3),
    "arpu_drop_share": Fraction(7, 10),
    "vas_days": Fraction(30),
    "plan_days": Fraction(30),
    "incoming_high": Fraction(7, 10),
    "mou_drop_share": Fraction(7, 10),
    "balance_falling_limit": Fraction(50),
    "number_changes": Fraction(2),
    "offnet_share": Fraction(1, 2),
    "roaming_minutes": Fraction(5),
    "guard_arpu_low": Fraction(30),
    "guard_arpu_high": Fraction(60),
    "bill_days": Fraction(7),
    "tariff_over": Fraction(1, 2),
    "data_used_low": Fraction(3, 10),
    "vas_drop": Fraction(2),
    "circle_drop_share": Fraction(7, 10),
    "late_payments": Fraction(2),
    "care_percentile": Fraction(4, 5),
    "space_fee": Fraction(50),
    "space_changxiang_gb": Fraction(2),
    "space_lexiang_gb": Fraction(1),
    "saturated_share": Fraction(9, 10),
    "throttled_days": Fraction(3),
}


def settled(changed: Mapping[str, Fraction] | None) -> dict[str, Fraction]:
    """The defaults with some of them changed; an unknown name is an error."""
    unknown = set(changed or ()) - set(PARAMETERS)
    if unknown:
        raise ValueError(f"no such parameters: {sorted(unknown)}")
    return {**PARAMETERS, **(changed or {})}
