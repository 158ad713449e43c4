"""Definition 2, churn warning: the five rules marked ✻. The two migrant rules are here without their guard,
as the `migrant` segment uses them, and `guarded` puts it on."""

from collections.abc import Callable

from .arithmetic import total
from .logic import Truth, above, all_of, at_least, below, between, one_of
from .panel import Subscriber
from .quantities import Frame, mean_arpu_3, unbound

Rule = Callable[[Subscriber, Frame], Truth]


def guarded(rule: Rule) -> Rule:
    """The rule, for those with a mean ARPU of three months from 30 to 60 who are not bound."""

    def with_guard(s: Subscriber, f: Frame) -> Truth:
        return all_of(rule(s, f), within_guard(s, f), unbound(s, f))

    return with_guard


def within_guard(s: Subscriber, f: Frame) -> Truth:
    """The ARPU half of the guard ✻."""
    return between(mean_arpu_3(s), f["guard_arpu_low"], f["guard_arpu_high"])


def balance_falling(s: Subscriber, f: Frame) -> Truth:
    m0, m1, m2 = s.window("balance", range(3))
    return all_of(below(m0, m1), below(m1, m2), below(m0, f["balance_falling_limit"]))


def number_hopper(s: Subscriber, f: Frame) -> Truth:
    return at_least(s.number("number_changes_12m"), f["number_changes"])


def offnet_circle(s: Subscriber, f: Frame) -> Truth:
    return above(s.number("offnet_contact_share"), f["offnet_share"])


def roamer(s: Subscriber, f: Frame) -> Truth:
    minutes = total(s.window("roaming_min", f.festival_ago))
    return all_of(one_of(s.text("brand"), ["easyown"]), at_least(minutes, f["roaming_minutes"]))


def newcomer(s: Subscriber, f: Frame) -> Truth:
    return all_of(
        one_of(s.text("brand"), ["easyown"]),
        above(s.day("join_date"), f.festival_end),
        one_of(s.text("id_region"), ["other_province"]),
        s.flag("directed_long_distance"),
    )
