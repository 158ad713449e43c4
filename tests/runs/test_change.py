"""The nearest change really makes a condition true, and there is none only where nothing could."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import product
from operator import eq, ge, gt, le, lt, ne
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from basekeep.playbook import terms as t
from basekeep.playbook.meaning import Meaning
from basekeep.relations.evidence import atoms
from basekeep.run.change import Change, Standing, nearest_change
from relations.bare import EMPTY
from relations.plain import both, either, negated

Row = Mapping[str, object]
Truth = bool | None
OPS: Mapping[str, Callable[[Any, Any], bool]] = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
STEP = Fraction(1, 100)
# What each column could be: every limit that a condition names, and what lies right beside it.
COULD_BE: Mapping[str, list[object]] = {
    "balance": [limit + by for limit in (Fraction(-5), Fraction(0), Fraction(5)) for by in (-STEP, 0, STEP)],
    "fusion": [1, 2, 3, 4, 9],
    "brand": ["gotone", "mzone", "easyown", "other"],
    "is_staff": [True, False],
}


def _comparison() -> st.SearchStrategy[str]:
    op = st.sampled_from(sorted(OPS))
    balance = st.builds("balance {} {}".format, op, st.sampled_from(["-5", "0", "5"]))
    fusion = st.builds("fusion {} {}".format, op, st.sampled_from(["1", "2", "3"]))
    brand = st.sampled_from(["brand = 'mzone'", "brand != 'gotone'", "brand in ('mzone', 'easyown')", "brand not in ('mzone')"])  # fmt: skip
    other = st.sampled_from(["is_staff", "fusion between 2 and 3", "balance is known", "brand is unknown", "true"])
    return st.one_of(balance, fusion, brand, other)


def _conditions() -> st.SearchStrategy[str]:
    return st.recursive(
        _comparison(),
        lambda inner: st.one_of(
            st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner),
            inner.map("not ({})".format),
        ),
        max_leaves=6,
    )


ROWS = st.fixed_dictionaries({name: st.sampled_from([*values, None]) for name, values in COULD_BE.items()})


def _value(term: t.Term, row: Row) -> object:
    match term:
        case t.Constant(value=value) | t.TextConstant(value=value):
            return value
        case t.Sum(items=(t.Constant(value=value),)):
            return -value
    column: str = term.column  # type: ignore[attr-defined]
    return row[column]


def _truth(term: t.TruthTerm, row: Row) -> Truth:
    match term:
        case t.TruthConstant(value=value):
            return value
        case t.Opposite(of=of):
            return negated(_truth(of, row))
        case t.All(items=items):
            return both(*(_truth(item, row) for item in items))
        case t.AnyOf(items=items):
            return either(*(_truth(item, row) for item in items))
        case t.IsKnown(of=of):
            return _value(of, row) is not None
        case t.InList(of=of, values=values):
            return None if _value(of, row) is None else _value(of, row) in values
        case t.Comparison(op=op, left=left, right=right):
            one, two = _value(left, row), _value(right, row)
            return None if one is None else OPS[op](one, two)
    found = row[term.column]  # type: ignore[attr-defined]
    assert isinstance(found, bool | None)
    return found


def _known(term: t.TruthTerm, row: Row) -> dict[tuple[t.TruthTerm, bool], Standing]:
    found = {}
    for atom in atoms(term):
        truth = _truth(atom.term, row)
        right = atom.term.right if isinstance(atom.term, t.Comparison) else None
        limit = None if right is None else _value(right, row)
        said = float(limit) if isinstance(limit, Fraction) else limit
        found[atom.term, atom.negated] = Standing(negated(truth) if atom.negated else truth, 1.0, said)
    return found


def _holding(term: t.TruthTerm, row: Row) -> set[tuple[t.TruthTerm, bool]]:
    return {key for key, standing in _known(term, row).items() if standing.truth}


def _columns(change: Change) -> set[str]:
    """The columns that the comparisons look at."""
    return {column for term, _ in change.atoms for column in COULD_BE if column in atoms_label(term)}


def atoms_label(term: t.TruthTerm) -> str:
    return next(atoms(term)).label


@settings(max_examples=250, deadline=None, derandomize=True)
@given(text=_conditions(), row=ROWS)
def test_the_change_makes_the_condition_true(text: str, row: Row) -> None:
    term = Meaning(EMPTY).condition(text)
    change = nearest_change(term, _known(term, row))
    possible = [
        dict(zip(COULD_BE, values, strict=True)) for values in product(*([*v, None] for v in COULD_BE.values()))
    ]
    solutions = [one for one in possible if _truth(term, one)]
    assert (change is None) == (not solutions), text
    if change is None:
        return
    now = _holding(term, row)
    applied = [one for one in solutions if all(one[c] == row[c] for c in set(COULD_BE) - _columns(change))]
    assert any(set(change.atoms) <= _holding(term, one) for one in applied), (text, row, change)
    assert len(change.atoms) <= min(len(_holding(term, one) - now) for one in solutions), (text, row)


def test_a_column_of_the_device_is_bounded_like_any_other() -> None:
    """An offer may ask for a price that another table has."""
    term = Meaning(EMPTY).condition("is_staff and device_price >= 1_500")
    known = {(atom.term, atom.negated): Standing(False, 1.0, 1500.0) for atom in atoms(term)}
    change = nearest_change(term, known)
    assert change is not None
    assert [atoms_label(one) for one, _ in change.atoms] == ["is_staff", "device_price"]


@pytest.mark.parametrize(
    ("text", "row", "turned"),
    [
        ("(is_staff or balance > 5) and not is_staff", {"is_staff": False, "balance": Fraction(0)}, ["balance"]),
        ("(fusion = 2 or balance > 5) and fusion >= 3", {"fusion": 9, "balance": Fraction(0)}, ["balance"]),
        ("balance > 5 or balance < -5", {"balance": Fraction(4)}, ["balance"]),
        ("fusion > 2 and fusion < 3", {"fusion": 2}, None),
        ("fusion < 1", {"fusion": 2}, None),
    ],
)
def test_a_change_never_asks_for_what_cannot_be_together(text: str, row: Row, turned: list[str] | None) -> None:
    term = Meaning(EMPTY).condition(text)
    change = nearest_change(term, _known(term, row))
    assert (None if change is None else [atoms_label(one) for one, _ in change.atoms]) == turned
