"""Definition 6: physical families from call pairs and homes, worked out pair by pair.

A tie: the same home cell or address in the month, and in each of three months calls both ways, at night, not through a
group network. Who has more than `most_ties` ties nobody. A knot of 2 to 8 in which each is tied to at least half of the
others is a family; any other knot is cut where it is thinnest.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from .calendar_months import months_before
from .logic import Truth
from .panel import Panel, Row, Subscriber

Edge = tuple[str, str]


@dataclass(frozen=True)
class Rules:
    """The numbers of the definition; those it does not give are defaults."""

    months: int = 3
    largest: int = 8
    most_ties: int = 10
    tied_share: Fraction = Fraction(1, 2)
    cell_weight: Fraction = Fraction(3, 4)


@dataclass(frozen=True)
class Strength:
    """What a tie is made of: minutes of all months, the least share at night, and whether the address is the same."""

    minutes: Fraction
    night: Fraction
    same_address: bool


Ties = dict[Edge, Strength]


def ties_of(panel: Panel, pairs: Iterable[Row], rules: Rules) -> Ties:
    """All ties of the base, hubs' too; each from the lesser id to the greater."""
    people = {s.id: s for s in panel.base}
    by_month = [_of_month(pairs, months_before(panel.month, ago)) for ago in range(rules.months)]
    found = {}
    for edge in set.intersection(*(set(month) for month in by_month)):
        one, other = (people.get(who) for who in edge)
        if one is None or other is None or not all(_as_families_call(month[edge]) for month in by_month):
            continue
        address, cell = (_same(one, other, column) for column in ("address_id", "home_cell_id"))
        if address or cell:
            minutes = sum((_number(month[edge], name) or Fraction(0)) for month in by_month for name in _MINUTES)
            night = min(_number(month[edge], "night_share") or Fraction(0) for month in by_month)
            found[edge] = Strength(Fraction(minutes), night, address)
    return found


_MINUTES = ("minutes_ab", "minutes_ba")


def _of_month(pairs: Iterable[Row], month: date) -> dict[Edge, Row]:
    """One row for each two people: the one in order before the one turned round; nobody is paired with himself."""
    found: dict[Edge, Row] = {}
    for row in (row for row in pairs if row["month"] == month):
        a, b = str(row["a_id"]), str(row["b_id"])
        if a < b:
            found[a, b] = row
        elif a > b:
            found.setdefault((b, a), row)
    return found


def _as_families_call(row: Row) -> bool:
    called = [_number(row, name) for name in (*_MINUTES, "night_share")]
    return all(number is not None and number > 0 for number in called) and row.get("via_vnet") is False


def _number(row: Row, name: str) -> Fraction | None:
    value = row.get(name)
    return None if value is None else Fraction(str(value))


def _same(one: Subscriber, other: Subscriber, column: str) -> bool:
    return one.text(column) is not None and one.text(column) == other.text(column)


def without_hubs(ties: Mapping[Edge, Strength], most: int) -> Ties:
    """Who has more ties than that loses all of them."""
    many: dict[str, int] = {}
    for who in (who for edge in ties for who in edge):
        many[who] = many.get(who, 0) + 1
    return {edge: strength for edge, strength in ties.items() if all(many[who] <= most for who in edge)}


def families_of(ties: Mapping[Edge, Strength], rules: Rules) -> set[frozenset[str]]:
    """The families that these ties make."""
    found: set[frozenset[str]] = set()
    for knot in knots(ties):
        found |= {frozenset(knot)} if well_tied(knot, ties, rules) else cut(knot, ties, rules)
    return found


def knots(ties: Iterable[Edge]) -> list[set[str]]:
    """Everybody who hangs together, however far."""
    near = _near(ties)
    open_, found = set(near), []
    while open_:
        knot, edge = set(), [open_.pop()]
        while edge:
            who = edge.pop()
            if who not in knot:
                knot.add(who)
                edge += near[who]
        open_ -= knot
        found.append(knot)
    return found


def _near(ties: Iterable[Edge]) -> dict[str, set[str]]:
    near: dict[str, set[str]] = {}
    for a, b in ties:
        near.setdefault(a, set()).add(b)
        near.setdefault(b, set()).add(a)
    return near


def well_tied(group: set[str], ties: Iterable[Edge], rules: Rules) -> bool:
    """2 to 8, each tied to at least half of the others."""
    near = _near(ties)
    enough = (len(group) - 1) * rules.tied_share
    return 2 <= len(group) <= rules.largest and all(len(near.get(who, set()) & group) >= enough for who in group)


def cut(knot: set[str], ties: Mapping[Edge, Strength], rules: Rules) -> set[frozenset[str]]:
    """Join along the thickest tie that can be followed, again and again; what stays apart is cut."""
    near = _near(ties)
    inside = [edge for edge in ties if set(edge) <= knot]
    order = sorted(
        inside,
        key=lambda e: (-len(near[e[0]] & near[e[1]]), not ties[e].same_address, -ties[e].minutes, e),
    )
    group_of = {who: {who} for who in knot}

    def joinable(edge: Edge) -> bool:
        one, other = (group_of[who] for who in edge)
        return one is not other and well_tied(one | other, inside, rules)

    while edge := next((edge for edge in order if joinable(edge)), None):
        together = group_of[edge[0]] | group_of[edge[1]]
        group_of.update(dict.fromkeys(together, together))
    return {frozenset(group) for group in group_of.values() if len(group) > 1}


def confidence(family: Iterable[str], ties: Mapping[Edge, Strength], rules: Rules) -> Fraction:
    """Of all pairs the share that is tied, a tie by the cell alone counting less."""
    members = sorted(family)
    edges = [(a, b) for index, a in enumerate(members) for b in members[index + 1 :]]
    worth = [Fraction(1) if ties[e].same_address else rules.cell_weight for e in edges if e in ties]
    return sum(worth, Fraction(0)) / len(edges)


def physical(rows: Sequence[Row], pairs: Sequence[Row], month: date, rules: Rules | None = None) -> dict[str, Truth]:
    """Whether each of the base belongs to a family: unknown without the pairs of each month, or without any home."""
    panel, settled = Panel(rows, month), rules or Rules()
    wanted = {months_before(month, ago) for ago in range(settled.months)}
    if not wanted <= {row["month"] for row in pairs}:
        return {s.id: None for s in panel.base}
    ties = without_hubs(ties_of(panel, pairs, settled), settled.most_ties)
    members = {who for family in families_of(ties, settled) for who in family}
    return {s.id: True if s.id in members else _known_home(s) for s in panel.base}


def _known_home(s: Subscriber) -> Truth:
    known = any(s.text(column) is not None for column in ("home_cell_id", "address_id"))
    return False if known else None
