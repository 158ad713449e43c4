"""Random expressions over random rows give what a small evaluator in exact fractions gives, three-valued logic included."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from basekeep.engines.protocol import Session
from basekeep.playbook.meaning import Fault
from basekeep.relations.exact import TooLarge
from relations.bare import Cells, ask, history
from relations.trees import Tree, truth, written

COLUMNS = {
    "balance": ["-50", "-0.01", "0", "0.01", "33.33", "100"],
    "offnet_contact_share": ["0", "0.0001", "0.3333", "0.5", "1"],
    "vas_count": ["0", "1", "2", "3"],
    "fusion": ["1", "2", "3"],
}
BACK = 12
_dice = random.Random(1)
ROWS: list[Cells] = [
    {
        (column, back): None if _dice.random() < 0.1 else Fraction(_dice.choice(values))
        for column, values in COLUMNS.items()
        for back in range(BACK)
    }
    for _ in range(60)
]


def leaf() -> st.SearchStrategy[Tree]:
    numbers = st.sampled_from(["0", "1", "2", "0.5", "33.33%", "50", "-3"]).map(lambda word: Tree("number", word=word))
    return st.one_of(st.sampled_from(sorted(COLUMNS)).map(lambda word: Tree("column", word=word)), numbers)


def grown(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    pair = st.tuples(inner, inner)
    two = st.builds(lambda kind, parts: Tree(kind, parts), st.sampled_from(["+", "-", "*", "/", "if_unknown"]), pair)
    window = st.sampled_from(["mean", "sum", "min", "max", "ago"])
    many = st.builds(lambda kind, x, n: Tree(kind, (x,), n), window, inner, st.sampled_from(["1", "2"]))
    return st.one_of(two, many, inner.map(lambda x: Tree("minus", (x,))))


def conditions() -> st.SearchStrategy[Tree]:
    number = st.recursive(leaf(), grown, max_leaves=5)
    compare = st.builds(
        lambda op, a, b: Tree("compare", (a, b), op), st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), number, number
    )
    between = st.builds(lambda a, b, c: Tree("between", (a, b, c)), number, number, number)
    known = number.map(lambda x: Tree("known", (x,)))
    return st.recursive(
        st.one_of(compare, between, known),
        lambda inner: st.one_of(
            st.builds(lambda kind, a, b: Tree(kind, (a, b)), st.sampled_from(["and", "or"]), inner, inner),
            inner.map(lambda x: Tree("not", (x,))),
        ),
        max_leaves=4,
    )  # fmt: skip


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    with history(ROWS, Path(tmp_path_factory.mktemp("history"))) as opened:
        yield opened


@settings(max_examples=150, deadline=None, derandomize=True)
@given(tree=conditions())
def test_a_random_condition_gives_the_plain_answer(tree: Tree, session: Session) -> None:
    try:
        found = ask(session, [written(tree)])
    except (Fault, TooLarge):
        assume(False)
    assert [truths[0] for truths in found] == [truth(tree, row) for row in ROWS]
