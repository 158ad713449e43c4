"""What the rules compare: quantities of one subscriber, and the few figures of the whole base."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from .arithmetic import Figure, mean, mean_of_known, percentile_of_known, ratio, total
from .calendar_months import full_years, latest_festival_months, month_end, months_between, tenure_month
from .logic import Truth, at_least, at_most, negated
from .panel import Panel, Subscriber

THREE_MONTHS = range(3)
SIX_MONTHS = range(6)


def mou(s: Subscriber, ago: int = 0) -> Figure:
    return total([s.number("mou_out", ago), s.number("mou_in", ago)])


def mean_mou_3(s: Subscriber) -> Figure:
    return mean([mou(s, ago) for ago in THREE_MONTHS])


def incoming_share(s: Subscriber, ago: int) -> Figure:
    return ratio(s.number("mou_in", ago), mou(s, ago))


def data_saturation(s: Subscriber, ago: int = 0) -> Figure:
    """One month's data used / data included."""
    return ratio(s.number("data_mb", ago), s.number("data_included_mb", ago))


def mean_arpu_3(s: Subscriber) -> Figure:
    return mean(s.window("arpu", THREE_MONTHS))


def tenure(s: Subscriber) -> tuple[int | None, int | None]:
    """(tenure_month, tenure_years)."""
    joined = s.day("join_date")
    if joined is None:
        return None, None
    return tenure_month(joined, s.panel.month), full_years(joined, month_end(s.panel.month))


def tenure_years_at_least(s: Subscriber, years: int) -> Truth:
    full = tenure(s)[1]
    return at_least(None if full is None else Fraction(full), Fraction(years))


@dataclass(frozen=True)
class Frame:
    """All that is the same for every subscriber of a run."""

    month_end: date
    festival_ago: tuple[int, ...]
    festival_end: date
    parameters: Mapping[str, Fraction]
    base_mou: Figure
    base_mou_3: Figure
    base_high_arpu: Figure

    def __getitem__(self, parameter: str) -> Fraction:
        return self.parameters[parameter]

    def after_month_end(self, days: Fraction) -> date:
        return self.month_end + timedelta(days=int(days))


def frame_of(panel: Panel, parameters: Mapping[str, Fraction]) -> Frame:
    festival = latest_festival_months(panel.month)
    arpus = [s.number("arpu") for s in panel.base]
    return Frame(
        month_end=month_end(panel.month),
        festival_ago=tuple(months_between(month, panel.month) for month in festival),
        festival_end=month_end(festival[-1]),
        parameters=parameters,
        base_mou=mean_of_known([mou(s) for s in panel.base]),
        base_mou_3=mean_of_known([mean_mou_3(s) for s in panel.base]),
        base_high_arpu=percentile_of_known(arpus, parameters["care_percentile"]),
    )


def bound(s: Subscriber, f: Frame) -> Truth:
    return s.dated("bound_until", lambda day: day > f.month_end)


def unbound(s: Subscriber, f: Frame) -> Truth:
    return negated(bound(s, f))


def ends_within(s: Subscriber, f: Frame, column: str, days: Fraction) -> Truth:
    """Month end < the date ≤ month end + days."""
    return s.dated(column, lambda day: f.month_end < day <= f.after_month_end(days))


def fell_to_share(now: Figure, before: Figure, share: Fraction) -> Truth:
    """now ≤ share × before. Whether `before` is above 0 is the caller's to ask."""
    return at_most(now, None if before is None else share * before)
