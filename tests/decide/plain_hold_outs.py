"""Who of the small operator is held out, in plain Python: person by person, without an array."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from statistics import NormalDist
from typing import Any

from decide.policy_operator import Operator, Row

BANDS = 3
TERM = date(2025, 8, 1)
MOST = Fraction(1, 5)
Stratum = tuple[str, int]
UNKNOWN_CITY = ""


def hash_of(who: str, month: str = "2025-08") -> int:
    digest = hashlib.md5(f"small|{month}|{who}".encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[8:], "little")


def mixed(number: int, *key: str) -> int:
    x = number ^ int.from_bytes(hashlib.md5("|".join(key).encode(), usedforsecurity=False).digest()[8:], "little")
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
    x = (x ^ (x >> 27)) * 0x94D049BB133111EB % 2**64
    return x ^ (x >> 31)


def size(population: int, start: float, end: float, most: Fraction) -> int:
    """As many as are needed at 90% power and 5%, found by trying one after the other; never more than the most."""
    z = NormalDist().inv_cdf(0.975) + NormalDist().inv_cdf(0.9)
    out, treated = start * (1 - start), end * (1 - end)
    cap = math.floor(most * population)
    for n in range(1, population):
        if z * math.sqrt(out / (n + 0.5) + treated / (population - n - 0.5)) <= abs(end - start):
            return min(n, cap)
    return cap


def strata(rows: Iterable[Row], cities: Mapping[str, str]) -> dict[str, Stratum]:
    """City and band of each row's subscriber: bands part the known amounts in order, equal ones stay together."""
    rows = list(rows)
    known = sorted(row["arpu"] for row in rows if row["arpu"] is not None)
    tops = [known[math.ceil(Fraction(part * len(known), BANDS)) - 1] for part in range(1, BANDS)] if known else []
    return {
        row["subscriber_id"]: (
            cities.get(row["branch_id"] or "", UNKNOWN_CITY),
            0 if row["arpu"] is None else 1 + sum(row["arpu"] > top for top in tops),
        )
        for row in rows
    }


def cities_of(operator: Operator) -> dict[str, str]:
    """The city of each branch."""
    return {u["unit_id"]: u["parent_id"] for u in operator.units or () if u["level"] == "branch"}


def drawn(of: Mapping[str, Stratum], order: Callable[[str], int], many: int) -> set[str]:
    """Of each stratum its share, those with the smallest number first."""
    groups: dict[Stratum, list[str]] = {}
    for who in sorted(of, key=order):
        groups.setdefault(of[who], []).append(who)
    exact = {stratum: Fraction(many * len(group), len(of)) for stratum, group in groups.items()}
    taken = {stratum: math.floor(share) for stratum, share in exact.items()}
    by_remainder = sorted(exact, key=lambda stratum: (taken[stratum] - exact[stratum], stratum))
    for stratum in by_remainder[: many - sum(taken.values())]:
        taken[stratum] += 1
    return {who for stratum, group in groups.items() for who in group[: taken[stratum]]}


def universal(operator: Operator, month: date) -> set[str]:
    """The universal control group among the base of a month, for a term from TERM on."""
    then = operator.base(TERM)
    now = {row["subscriber_id"] for row in operator.base(month)}
    if not then:
        return {who for who in now if Fraction(hash_of(who), 2**64) < MOST}
    many = size(len(then), 0.2, 0.05, MOST)
    old = {row["subscriber_id"] for row in then}
    held = drawn(strata(then, cities_of(operator)), hash_of, many)
    return (held | {who for who in now - old if Fraction(hash_of(who), 2**64) < Fraction(many, len(then))}) & now


CAMPAIGNS: Sequence[tuple[str, float, float, Fraction]] = (
    ("keep", 0.2, 0.05, Fraction(1, 5)),
    ("upgrade", 0.1, 0.3, Fraction(1, 4)),
)


def campaigns(
    operator: Operator, month: date, held: Collection[str], candidates: Mapping[str, Collection[str]]
) -> dict[str, Any]:
    """The control group of each campaign among those with candidates of it."""
    now = strata(operator.base(month), cities_of(operator))
    free, found = set(now) - set(held), {}
    for name, start, end, most in CAMPAIGNS:
        people = {who: now[who] for who in candidates[name] if who in free}
        key = ("campaign", name)
        found[name] = drawn(people, lambda who, key=key: mixed(hash_of(who), *key), size(len(people), start, end, most))  # type: ignore[misc]
        free -= found[name]
    return found
