"""The panel as rows, read cell by cell: what is known about one subscriber in one month.

Numbers become exact fractions on the way out; a float is refused, because it is not what the source gave.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .arithmetic import Figure
from .calendar_months import months_between
from .logic import Truth

Row = Mapping[str, object]

# An empty cell of these means "none": a comparison with it is false. Any other empty cell is unknown.
NONE_COLUMNS = frozenset(
    {"vas_until", "bound_until", "bill_due_date", "group_id", "group_role", "family_account_id", "product_class"}
)


class Panel:
    """Rows of `subscriber_month`, found by subscriber and months ago."""

    def __init__(self, rows: Iterable[Row], month: date) -> None:
        self.month = month
        self.columns: set[str] = set()
        self.rows: dict[tuple[str, int], Row] = {}
        for row in rows:
            self._add(row)
        self.base = [Subscriber(self, id_) for id_, ago in self.rows if ago == 0 and self._in_base(id_)]

    def _add(self, row: Row) -> None:
        id_, month = row["subscriber_id"], row["month"]
        if not isinstance(id_, str) or not isinstance(month, date):
            raise TypeError("subscriber_id must be a string and month a date")
        place = (id_, months_between(month, self.month))
        if place in self.rows:
            raise ValueError(f"two rows for {id_} in {month}")
        self.rows[place] = row
        self.columns.update(row)

    def _in_base(self, id_: str) -> bool:
        return self.rows[id_, 0].get("status") in ("active", "suspended")


class Subscriber:
    """One subscriber's cells. Every reader gives None for: column not mapped, no row that month, empty cell."""

    def __init__(self, panel: Panel, id_: str) -> None:
        self.panel = panel
        self.id = id_

    def cell(self, column: str, ago: int = 0) -> object:
        return self.panel.rows.get((self.id, ago), {}).get(column)

    def number(self, column: str, ago: int = 0) -> Figure:
        value = self.cell(column, ago)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | Decimal | Fraction):
            raise TypeError(f"{column} holds {type(value).__name__}, not an exact number")
        return Fraction(value)

    def window(self, column: str, months: Iterable[int]) -> list[Figure]:
        return [self.number(column, ago) for ago in months]

    def text(self, column: str) -> str | None:
        value = self.cell(column)
        if not isinstance(value, str | None):
            raise TypeError(f"{column} holds {type(value).__name__}, not a string")
        return value

    def flag(self, column: str) -> Truth:
        value = self.cell(column)
        if not isinstance(value, bool | None):
            raise TypeError(f"{column} holds {type(value).__name__}, not a bool")
        return value

    def day(self, column: str) -> date | None:
        value = self.cell(column)
        if not isinstance(value, date | None):
            raise TypeError(f"{column} holds {type(value).__name__}, not a date")
        return value

    def dated(self, column: str, holds: Callable[[date], bool]) -> Truth:
        """Whether the date of m0 holds; for an empty cell see `_empty`."""
        day = self.day(column)
        return self._empty(column) if day is None else holds(day)

    def named(self, column: str, holds: Callable[[str], bool]) -> Truth:
        """Whether the name of m0 holds; for an empty cell see `_empty`."""
        name = self.text(column)
        return self._empty(column) if name is None else holds(name)

    def _empty(self, column: str) -> Truth:
        mapped = column in self.panel.columns
        return False if mapped and column in NONE_COLUMNS else None
