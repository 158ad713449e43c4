"""The base as arrays says of each subscriber what plain Python says of its row."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from basekeep.decide.base import NO_DAY
from basekeep.decide.gathering import made_unique
from basekeep.decide.keyed_hash import mixed
from decide.policy_operator import MONTH, Operator, Ran, Row, operator, ran

MONTHS = (date(2025, 8, 1), date(2025, 9, 1), MONTH)


@pytest.mark.parametrize("seed", range(3))
def test_members_marks_values_and_dates_are_those_of_the_rows(seed: int, tmp_path: Path) -> None:
    given = operator(seed, months=MONTHS)
    rows = {row["subscriber_id"]: row for row in given.base()}
    with ran(given, tmp_path) as made:
        base = made.base
        assert sorted(made.ids) == sorted(rows)
        assert base.size == len(rows)
        assert (base.served, base.others) == (("poor", "rich", "card"), ("grouped",))
        for name, holds in MEMBER.items():
            assert made.by_id(base.members(name)) == {who: holds(row) for who, row in rows.items()}
        assert not base.members("nobody").any()
        for stage, passes in PASSES.items():
            assert made.by_id(base.stages[stage][0]) == {
                who: sum(bit << n for n, bit in enumerate(passes(row))) for who, row in rows.items()
            }
        for index, times in enumerate((2, 3)):
            worth = made.by_id(base.values[index])
            for who, row in rows.items():
                assert np.isnan(worth[who]) if row["arpu"] is None else worth[who] == times * row["arpu"]
        assert made.by_id(base.events["bound_until"]) == {who: _day(row["bound_until"]) for who, row in rows.items()}
        assert made.by_id(base.excluded) == {who: int(row["is_staff"] is True) for who, row in rows.items()}
        assert made.by_id(base.reserved) == {who: int(row["group_id"] is not None) for who, row in rows.items()}
        then = {row["subscriber_id"] for row in given.base(date(2025, 8, 1))}
        assert made.by_id(base.in_term) == {who: who in then for who in rows}


MEMBER: dict[str, Any] = {
    "poor": lambda row: (
        (row["arpu"] is not None and row["arpu"] < 30) or (row["balance"] is not None and row["balance"] < 0)
    ),
    "rich": lambda row: row["arpu"] is not None and row["arpu"] >= 80,
    "card": lambda row: row["status"] == "active" and row["is_staff"] is not True,
    "grouped": lambda row: row["group_id"] is not None,
}
PASSES: dict[str, Any] = {
    "eligible": lambda row: (row["balance"] is not None and row["balance"] >= -5, True, True),
    "applicable": lambda row: (row["bound_until"] is not None and row["bound_until"] > date(2025, 11, 30), True, True),
    "suitable": lambda row: (True, row["arpu"] is not None and row["arpu"] > 10, True),
    "affordable": lambda row: (row["arpu"] is not None and 2 * row["arpu"] >= 100, True, True),
}


def _day(day: date | None) -> int:
    """A day that is still ahead at the end of the run's month."""
    return NO_DAY if day is None or day < date(2025, 12, 1) else (day - date(1970, 1, 1)).days


def test_lines_share_a_customer_where_they_are_counted_together(tmp_path: Path) -> None:
    given = operator(4)
    rows = {row["subscriber_id"]: row for row in given.base()}
    with ran(given, tmp_path) as made:
        expected: dict[Any, set[str]] = {}
        for who, row in rows.items():
            together = row["customer_class"] == "public" and row["customer_id"] is not None
            expected.setdefault(row["customer_id"] if together else ("alone", who), set()).add(who)
        assert _sets(made, made.base.customer) == {frozenset(lines) for lines in expected.values()}
        assert sorted(set(made.base.customer.tolist())) == list(range(made.base.customers))
        assert max(map(len, expected.values())) > 1


def test_branches_groups_and_families_are_named_by_their_places(tmp_path: Path) -> None:
    given = operator(5)
    rows = {row["subscriber_id"]: row for row in given.base()}
    with ran(given, tmp_path) as made:
        base = made.base
        assert base.branches == tuple(sorted({row["branch_id"] for row in rows.values()} - {None}))
        named = {who: base.branches[n] if n >= 0 else None for who, n in made.by_id(base.branch).items()}
        assert named == {who: row["branch_id"] for who, row in rows.items()}
        groups = {who: base.groups[n] if n >= 0 else None for who, n in made.by_id(base.group).items()}
        assert groups == {who: row["group_id"] for who, row in rows.items()}
        homes: dict[str, set[str]] = {}
        for who, family in given.families.items():
            homes.setdefault(family, set()).update({who} & rows.keys())
        nobodys = frozenset(rows.keys() - given.families.keys())
        assert _sets(made, base.family) == {frozenset(home) for home in homes.values() if home} | {nobodys}
        assert {made.by_id(base.family)[who] for who in nobodys} == {-1}
        assert base.family.max() < base.families == len(homes)


def _sets(made: Ran, numbers: Any) -> set[frozenset[str]]:
    found: dict[int, set[str]] = {}
    for who, number in made.by_id(numbers).items():
        found.setdefault(number, set()).add(who)
    return {frozenset(members) for members in found.values()}


def test_ties_are_keyed_hashes_by_month_and_no_two_are_equal(tmp_path: Path) -> None:
    with ran(operator(6), tmp_path) as made:
        for who, tie in made.by_id(made.base.tie).items():
            digest = hashlib.md5(f"small|tie|2025-11|{who}".encode(), usedforsecurity=False).digest()
            assert tie == int.from_bytes(digest[8:], "little")


def test_equal_hashes_are_told_apart_by_the_id_alone() -> None:
    ids = ["d", "a", "c", "b", "e", "f"]
    tie = [7, 7, 9, 7, 8, 2**64 - 1]
    expected = {"a": 7, "b": 10, "d": 11, "c": 9, "e": 8, "f": 2**64 - 1}
    for order in ([0, 1, 2, 3, 4, 5], [5, 3, 1, 4, 2, 0]):
        made = made_unique(np.array([tie[n] for n in order], np.uint64), pa.array([ids[n] for n in order]))
        assert dict(zip((ids[n] for n in order), made.tolist(), strict=True)) == expected


def test_a_mixed_hash_is_that_of_splitmix_and_keeps_different_ones_different() -> None:
    hashes = np.arange(100_000, dtype=np.uint64)
    assert len(np.unique(mixed(hashes, "a"))) == 100_000
    key = int.from_bytes(hashlib.md5(b"a|b", usedforsecurity=False).digest()[8:], "little")
    x = 12_345 ^ key
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
    x = (x ^ (x >> 27)) * 0x94D049BB133111EB % 2**64
    assert mixed(hashes, "a", "b")[12_345] == x ^ (x >> 31)


def test_without_families_nobody_is_in_one(tmp_path: Path) -> None:
    rows = [_row("S1"), _row("S2")]
    with ran(Operator(rows), tmp_path) as made:
        assert made.base.family.tolist() == [-1, -1]
        assert made.base.families == 0


def test_columns_that_are_not_stored_are_unknown(tmp_path: Path) -> None:
    with ran(Operator([_row("S1"), _row("S2")]), tmp_path) as made:
        base = made.base
        assert (base.branches, base.groups, base.customers) == ((), (), 2)
        assert base.branch.tolist() == base.group.tolist() == [-1, -1]
        assert base.events["bound_until"].tolist() == [NO_DAY] * 2
        assert np.isnan(base.values[0]).all()
        assert base.segments.tolist() == [4, 4]


def test_an_empty_base_has_empty_arrays(tmp_path: Path) -> None:
    with ran(Operator([{**_row("S1"), "status": "cancelled"}]), tmp_path) as made:
        assert made.base.size == len(made.base.ids) == made.base.customers == 0


def test_the_order_of_rows_changes_nothing_that_is_known_of_a_subscriber(tmp_path: Path) -> None:
    given = operator(7, months=MONTHS)
    told = []
    for number, one in enumerate((given, given.shuffled(1))):
        with ran(one, tmp_path / str(number)) as made:
            base = made.base
            told.append((made.by_id(base.tie), made.by_id(base.segments), _sets(made, base.customer), base.branches))
    assert told[0] == told[1]


def _row(who: str) -> Row:
    return {"subscriber_id": who, "month": MONTH, "status": "active", "join_date": date(2020, 1, 1)}
