"""Gives some subscribers so many minutes that the base's two means of MOU are exactly what others stand on half of.

Every tenth subscriber serves for this, where its minutes are known; a panel without one is left as it is.
"""

from datetime import date

from .calendar_months import months_between
from .limits_use import BASE_MOU

Row = dict[str, object]


def bring_base_means_to_target(rows: list[Row], month: date) -> None:
    """Adds to `mou_out` of m0 for the mean of m0, then to that of m1 for the mean of three months."""
    found = {(str(row["subscriber_id"]), months_ago(row, month)): row for row in rows}
    base = [id_ for (id_, ago), row in found.items() if ago == 0 and row["status"] in ("active", "suspended")]
    for span, ago in ((1, 0), (3, 1)):
        known = {id_: sums for id_ in base if (sums := _minutes(found, id_, span)) is not None}
        fillers = [id_ for id_ in known if id_.endswith("3") and _minutes(found, id_, 3) is not None]
        missing = len(known) * span * BASE_MOU - sum(known.values())
        if fillers and missing >= 0:
            _spread([found[id_, ago] for id_ in fillers], missing)


def months_ago(row: Row, month: date) -> int:
    day = row["month"]
    assert isinstance(day, date)
    return months_between(day, month)


def _minutes(found: dict[tuple[str, int], Row], id_: str, span: int) -> int | None:
    """The sum of a subscriber's minutes over m0 … m(span − 1), in hundredths, where all of it is known."""
    summed = 0
    for ago in range(span):
        row = found.get((id_, ago), {})
        out, came = row.get("mou_out"), row.get("mou_in")
        if not isinstance(out, int) or not isinstance(came, int):
            return None
        summed += out + came
    return summed


def _spread(rows: list[Row], amount: int) -> None:
    each, rest = divmod(amount, len(rows))
    for place, row in enumerate(rows):
        before = row["mou_out"]
        assert isinstance(before, int)
        row["mou_out"] = before + each + (1 if place < rest else 0)
