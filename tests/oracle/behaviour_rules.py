"""Definition 2, by behaviour: low use, tariff-sensitive, downgrade warning. Churn warning has its own files."""

from .arithmetic import ZERO, mean, ratio, times, total
from .logic import Truth, above, all_of, any_of, at_least, at_most, below
from .panel import Subscriber
from .quantities import (
    SIX_MONTHS,
    THREE_MONTHS,
    Frame,
    ends_within,
    fell_to_share,
    incoming_share,
    mean_mou_3,
    mou,
)


def mou_below_half(s: Subscriber, f: Frame) -> Truth:
    return below(mean_mou_3(s), times(f["low_usage_share"], f.base_mou_3))


def small_recharges(s: Subscriber, f: Frame) -> Truth:
    amount = total(s.window("recharge_amount", THREE_MONTHS))
    count = total(s.window("recharge_count", THREE_MONTHS))
    alerts = total(s.window("low_balance_alerts", THREE_MONTHS))
    return all_of(at_most(ratio(amount, count), f["recharge_small"]), at_least(alerts, f["alerts_many"]))


def arpu_drop(s: Subscriber, f: Frame) -> Truth:
    half_year = mean(s.window("arpu", SIX_MONTHS))
    share = f["arpu_drop_share"]
    return all_of(
        above(half_year, ZERO),
        fell_to_share(s.number("arpu", 0), half_year, share),
        fell_to_share(s.number("arpu", 1), half_year, share),
    )


def vas_expiring(s: Subscriber, f: Frame) -> Truth:
    return ends_within(s, f, "vas_until", f["vas_days"])


def dual_sim(s: Subscriber, f: Frame) -> Truth:
    return any_of(_mostly_called(s, f), _calls_fell_in_a_year(s, f))


def _mostly_called(s: Subscriber, f: Frame) -> Truth:
    limit = f["incoming_high"]
    return all_of(above(incoming_share(s, 0), limit), above(incoming_share(s, 1), limit))


def _calls_fell_in_a_year(s: Subscriber, f: Frame) -> Truth:
    now = total([mou(s, 0), mou(s, 1)])
    last_year = total([mou(s, 12), mou(s, 13)])
    return all_of(above(last_year, ZERO), fell_to_share(now, last_year, f["mou_drop_share"]))
