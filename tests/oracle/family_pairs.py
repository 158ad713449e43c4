"""Call pairs for a panel, full of limits: households, neighbours, a courier, and pairs that are not as they should be.

The same seed gives the same pairs. Nothing here decides who is a family.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from random import Random

from .calendar_months import months_before

Pairs = list[dict[str, object]]
_ALMOST = ("both", "back", "night", "vnet", "absent", "unknown", "turned", "turned too")


def settle(rows: Sequence[dict[str, object]], month: date, seed: int) -> None:
    """Give the rows of the month homes, in the order of ids: most live beside each other; some are not known."""
    rng = Random(seed)
    here = sorted((row for row in rows if row["month"] == month), key=lambda row: str(row["subscriber_id"]))
    for index, row in enumerate(here):
        cell = index // 25 if rng.random() < 0.9 else rng.randrange(6)
        known = rng.choice(["both"] * 20 + ["cell", "cell", "address", "neither"])
        row["home_cell_id"] = f"C{cell}" if known in ("both", "cell") else None
        row["address_id"] = f"A{cell}-{index // 4}" if known in ("both", "address") else None


def pairs_of(rows: Sequence[dict[str, object]], month: date, seed: int, months: int = 3) -> Pairs:
    """Pairs of `months` months for the subscribers who have a row in the month, in no order."""
    rng = Random(seed)
    here = sorted(str(row["subscriber_id"]) for row in rows if row["month"] == month)
    cell = {str(row["subscriber_id"]): row.get("home_cell_id") for row in rows if row["month"] == month}
    edges = set(_households(rng, here)) | set(_neighbours(rng, here, cell)) | set(_courier(rng, here))
    found: Pairs = []
    for edge in sorted(edges):
        almost = rng.choice(_ALMOST) if rng.random() < 0.2 else ""
        for ago in range(months):
            found += _month(rng, *edge, months_before(month, ago), almost if rng.random() < 0.6 else "")
    found += _strange(here, month)
    rng.shuffle(found)
    return found


def _households(rng: Random, here: list[str]) -> Iterator[tuple[str, str]]:
    """Groups of neighbours in the list, most of whose members are paired: up to eleven, more than a family holds."""
    place = 0
    while place < len(here):
        size = rng.choice([1, 1, 2, 2, 3, 4, 5, 6, 8, 9, 11])
        group, place = here[place : place + size], place + size
        for index, one in enumerate(group):
            for other in group[index + 1 :]:
                if rng.random() < 0.8:
                    yield one, other


def _neighbours(rng: Random, here: list[str], cell: dict[str, object]) -> Iterator[tuple[str, str]]:
    for one in here:
        near = [other for other in here if other != one and cell[other] == cell[one]]
        if near and rng.random() < 0.5:
            other = rng.choice(near)
            yield min(one, other), max(one, other)


def _courier(rng: Random, here: list[str]) -> Iterator[tuple[str, str]]:
    """Somebody here and there who calls most of those who live around."""
    for place in range(10, len(here), 40):
        for other in here[max(0, place - 12) : place + 12]:
            if other != here[place] and rng.random() < 0.8:
                yield min(here[place], other), max(here[place], other)


def _month(rng: Random, a: str, b: str, month: date, almost: str) -> Pairs:
    minutes = [Decimal(rng.choice([1, 2, 3, 500])).scaleb(-2) for _ in range(2)]
    row: dict[str, object] = {
        "month": month, "a_id": a, "b_id": b, "minutes_ab": minutes[0], "minutes_ba": minutes[1],
        "night_share": Decimal(rng.choice([1, 5000, 10_000])).scaleb(-4), "via_vnet": False,
    }  # fmt: skip
    changes: dict[str, dict[str, object]] = {
        "both": {"minutes_ba": Decimal(0)}, "back": {"minutes_ab": Decimal(0)}, "night": {"night_share": Decimal(0)},
        "vnet": {"via_vnet": True}, "turned": {"a_id": b, "b_id": a},
        "unknown": {rng.choice(["minutes_ab", "night_share", "via_vnet"]): None},
    }  # fmt: skip
    if almost == "absent":
        return []
    if almost == "turned too":
        # The row in order counts, here against a tie or for one.
        other = {**row, "a_id": b, "b_id": a, "minutes_ab": Decimal(rng.choice([0, 1]))}
        return [{**row, "night_share": Decimal(rng.choice([0, 1]))}, other]
    return [{**row, **changes.get(almost, {})}]


def _strange(here: list[str], month: date) -> Pairs:
    """A subscriber paired with itself, and one paired with somebody nobody knows."""
    cells = {"minutes_ab": Decimal(5), "minutes_ba": Decimal(5), "night_share": Decimal(1), "via_vnet": False}
    who = here[0]
    ids = [(who, who), (who, "~nobody"), ("~nobody", "~somebody")]
    return [{"month": months_before(month, ago), "a_id": a, "b_id": b, **cells} for ago in range(3) for a, b in ids]
