"""Definition 2, churn warning: the rules of competitors, of deadlines and of health, all without a guard."""

from .arithmetic import ZERO, Figure, difference, mean, ratio, total
from .logic import Truth, above, all_of, any_of, at_least, at_most, below, exactly, one_of
from .panel import Subscriber
from .quantities import (
    SIX_MONTHS,
    THREE_MONTHS,
    Frame,
    data_saturation,
    ends_within,
    fell_to_share,
    tenure_years_at_least,
)
from .states import balance_state


def competitor_contact(s: Subscriber, f: Frame) -> Truth:
    return any_of(
        above(s.number("competitor_hotline_calls"), ZERO),
        above(s.number("competitor_staff_calls"), ZERO),
        s.flag("forwarded_offnet"),
    )


def plan_expiring(s: Subscriber, f: Frame) -> Truth:
    return ends_within(s, f, "bound_until", f["plan_days"])


def balance_short(s: Subscriber, f: Frame) -> Truth:
    return all_of(one_of(balance_state(s, f), ["overdue", "low"]), one_of(s.text("status"), ["active"]))


def bill_due(s: Subscriber, f: Frame) -> Truth:
    last_day = f.after_month_end(f["bill_days"])
    return all_of(one_of(s.text("payment"), ["postpaid"]), s.dated("bill_due_date", lambda day: day <= last_day))


def stop_warning(s: Subscriber, f: Frame) -> Truth:
    used_up = all_of(one_of(s.text("payment"), ["prepaid"]), at_most(s.number("balance"), ZERO))
    return any_of(one_of(s.text("status"), ["suspended"]), used_up)


def tariff_unhealthy(s: Subscriber, f: Frame) -> Truth:
    paid_over = mean([_paid_over(s, ago) for ago in THREE_MONTHS])
    data_used = mean([data_saturation(s, ago) for ago in THREE_MONTHS])
    return any_of(above(paid_over, f["tariff_over"]), below(data_used, f["data_used_low"]))


def _paid_over(s: Subscriber, ago: int) -> Figure:
    """One month's (ARPU − plan fee) / plan fee, by the list price."""
    fee = s.number("plan_fee", ago)
    return ratio(difference(s.number("arpu", ago), fee), fee)


def service_unhealthy(s: Subscriber, f: Frame) -> Truth:
    now, before = s.number("vas_count", 0), s.number("vas_count", 2)
    gave_up_all = all_of(above(before, ZERO), exactly(now, ZERO))
    return any_of(at_least(difference(before, now), f["vas_drop"]), gave_up_all)


def circle_unhealthy(s: Subscriber, f: Frame) -> Truth:
    before = mean(s.window("contacts", range(1, 4)))
    return all_of(above(before, ZERO), fell_to_share(s.number("contacts"), before, f["circle_drop_share"]))


def payment_unhealthy(s: Subscriber, f: Frame) -> Truth:
    return at_least(total(s.window("late_payments", SIX_MONTHS)), f["late_payments"])


def care_overdue(s: Subscriber, f: Frame) -> Truth:
    untended = exactly(total(s.window("care_contacts", SIX_MONTHS)), ZERO)
    worth_it = any_of(tenure_years_at_least(s, 1), above(s.number("arpu"), f.base_high_arpu))
    complained = above(total(s.window("complaints", THREE_MONTHS)), ZERO)
    return any_of(all_of(untended, worth_it), complained)
