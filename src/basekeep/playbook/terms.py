"""What an expression means: typed terms over columns of known months. Immutable and hashable, so equal terms are one.

Every term of a number has a unit; `lag` counts months back from the month of the run.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Literal

Kind = Literal["number", "truth", "text", "date"]
GrainName = Literal["subscriber", "group", "unit"]
CompareOp = Literal["=", "!=", "<", "<=", ">", ">="]


class Term:
    """Any term; `kind` says what its value is."""

    __slots__ = ()
    kind: Kind


class NumberTerm(Term):
    """A term whose value is an exact number, or unknown."""

    __slots__ = ()
    kind: Kind = "number"


class TruthTerm(Term):
    """A term that is true, false or unknown."""

    __slots__ = ()
    kind: Kind = "truth"


class TextTerm(Term):
    """A term whose value is a text, or unknown."""

    __slots__ = ()
    kind: Kind = "text"


class DateTerm(Term):
    """A term whose value is a day, or unknown."""

    __slots__ = ()
    kind: Kind = "date"


@dataclass(frozen=True)
class Constant(NumberTerm):
    """A number written in the playbook."""

    value: Fraction


@dataclass(frozen=True)
class Quantity(NumberTerm):
    """A number column of a month."""

    column: str
    lag: int
    grain: GrainName = "subscriber"


@dataclass(frozen=True)
class ParameterValue(NumberTerm):
    """A parameter; an overlay may give it another value for a city or county."""

    name: str


@dataclass(frozen=True)
class Sum(NumberTerm):
    """The sum of terms, unknown when one of them is; `signs` are 1 or -1."""

    items: tuple[NumberTerm, ...]
    signs: tuple[int, ...]


@dataclass(frozen=True)
class Product(NumberTerm):
    """Two numbers multiplied."""

    left: NumberTerm
    right: NumberTerm


@dataclass(frozen=True)
class Quotient(NumberTerm):
    """One number divided by another; unknown where the divisor is zero."""

    left: NumberTerm
    right: NumberTerm


@dataclass(frozen=True)
class Extreme(NumberTerm):
    """The least or greatest of terms, unknown when one of them is."""

    which: Literal["min", "max"]
    items: tuple[NumberTerm, ...]


@dataclass(frozen=True)
class CountOf(NumberTerm):
    """How many of the conditions are true, unknown when one of them is."""

    items: tuple[TruthTerm, ...]


@dataclass(frozen=True)
class IfUnknown(NumberTerm):
    """The first number, or the second where the first is unknown."""

    first: NumberTerm
    second: NumberTerm


@dataclass(frozen=True)
class DaysUntil(NumberTerm):
    """Days from the month end (of `lag`) to a day; negative when it has passed."""

    day: DateTerm
    lag: int


@dataclass(frozen=True)
class FullYears(NumberTerm):
    """Full years from a day to the month end (of `lag`)."""

    day: DateTerm
    lag: int


@dataclass(frozen=True)
class CalendarMonths(NumberTerm):
    """Calendar months from a day's month to the month (of `lag`), both counted: the month of the day is 1."""

    day: DateTerm
    lag: int


@dataclass(frozen=True)
class FullMonths(NumberTerm):
    """Full months from a day to the month end (of `lag`)."""

    day: DateTerm
    lag: int


@dataclass(frozen=True)
class MemberCount(NumberTerm):
    """How many subscribers of a group or unit a condition is true for; unknown where it is known for none of them."""

    where: TruthTerm


@dataclass(frozen=True)
class MemberSum(NumberTerm):
    """The sum of a quantity over those a condition is true for and whose quantity is known; unknown without any."""

    of: NumberTerm
    where: TruthTerm


@dataclass(frozen=True)
class LargestCount(NumberTerm):
    """How many have the commonest value of a text, among those a condition is true for."""

    of: TextTerm
    where: TruthTerm


@dataclass(frozen=True)
class BaseStatistic(NumberTerm):
    """A mean or percentile over the known values of the base, of all or within one column's values.

    In a rule of groups or units it is taken over these.
    """

    statistic: Literal["mean", "percentile"]
    of: NumberTerm
    share: NumberTerm | None
    by: str | None


@dataclass(frozen=True)
class TextColumn(TextTerm):
    """A text column of a month."""

    column: str
    lag: int


@dataclass(frozen=True)
class TextConstant(TextTerm):
    """A text written in the playbook."""

    value: str


@dataclass(frozen=True)
class Classes(TextTerm):
    """The name of the first condition that is true; unknown as soon as one before it is unknown."""

    metric: str
    choices: tuple[tuple[str, TruthTerm], ...]


@dataclass(frozen=True)
class Largest(TextTerm):
    """The commonest value of a text among those a condition is true for; of several the first by its letters."""

    of: TextTerm
    where: TruthTerm


@dataclass(frozen=True)
class DateColumn(DateTerm):
    """A date column of a month."""

    column: str
    lag: int


@dataclass(frozen=True)
class MonthEnd(DateTerm):
    """The last day of the month of the run, or of a month before it."""

    lag: int


@dataclass(frozen=True)
class FestivalEnd(DateTerm):
    """The last day of the latest Spring Festival month(s) that ended by the month end."""


@dataclass(frozen=True)
class DateConstant(DateTerm):
    """A day written in the playbook."""

    value: date


@dataclass(frozen=True)
class MonthAhead(DateTerm):
    """The first day of the month in which so many months from the month end are up; the run's month for none or fewer."""

    of: NumberTerm


@dataclass(frozen=True)
class FestivalSum(NumberTerm):
    """The sum of a number column over the latest Spring Festival month(s)."""

    column: str


@dataclass(frozen=True)
class TruthConstant(TruthTerm):
    """`true` or `false`."""

    value: bool


@dataclass(frozen=True)
class Flag(TruthTerm):
    """A true/false column of a month."""

    column: str
    lag: int
    label: str = field(compare=False)


@dataclass(frozen=True)
class InFamily(TruthTerm):
    """Whether the subscriber belongs to a physical family: a step of the run finds them, in calls and homes."""

    label: str = field(compare=False)


@dataclass(frozen=True)
class Comparison(TruthTerm):
    """Two values of one kind held against each other. The left is the quantity, the right its limit, as written."""

    op: CompareOp
    left: Term
    right: Term
    label: str = field(compare=False)
    limit: str = field(compare=False)


@dataclass(frozen=True)
class InList(TruthTerm):
    """A text that is one of several."""

    of: TextTerm
    values: tuple[str, ...]
    label: str = field(compare=False)


@dataclass(frozen=True)
class IsKnown(TruthTerm):
    """Whether a value is known; never unknown itself."""

    of: Term
    label: str = field(compare=False)


@dataclass(frozen=True)
class IsEmpty(TruthTerm):
    """Whether a cell in which empty means none is empty; unknown when its whole row is."""

    column: str
    lag: int
    label: str = field(compare=False)


@dataclass(frozen=True)
class Opposite(TruthTerm):
    """Not."""

    of: TruthTerm


@dataclass(frozen=True)
class All(TruthTerm):
    """And, three-valued."""

    items: tuple[TruthTerm, ...]


@dataclass(frozen=True)
class AnyOf(TruthTerm):
    """Or, three-valued."""

    items: tuple[TruthTerm, ...]


@dataclass(frozen=True)
class AnyMember(TruthTerm):
    """Whether a condition is true for any subscriber of a group or unit; unknown where it is only unknown for some."""

    holding: MemberCount
    unknown: MemberCount
    label: str = field(compare=False)


# What a group or unit knows of its subscribers: its insides are about them.
MemberTerm = MemberCount | MemberSum | LargestCount | Largest
