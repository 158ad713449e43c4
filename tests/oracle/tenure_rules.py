"""Definition 2, by tenure."""

from fractions import Fraction

from .logic import Truth, all_of, between, negated
from .panel import Subscriber
from .quantities import Frame, tenure, tenure_years_at_least


def month_3_to_5(s: Subscriber, f: Frame) -> Truth:
    month = tenure(s)[0]
    return between(None if month is None else Fraction(month), Fraction(3), Fraction(5))


def one_year(s: Subscriber, f: Frame) -> Truth:
    return all_of(tenure_years_at_least(s, 1), negated(tenure_years_at_least(s, 2)))


def two_years(s: Subscriber, f: Frame) -> Truth:
    return tenure_years_at_least(s, 2)
