"""Asks the engine for the truths and figures of one subscriber: each once, in one query; joins them in three-valued logic."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from basekeep.playbook import terms as t
from basekeep.relations.evidence import Atom, atoms, limit_of, shown_term, value_of
from basekeep.relations.lowering import Lowering

Key = tuple[str, object]


class Questions:
    """What is asked, as columns of one query; answered from its one row."""

    def __init__(self, low: Lowering) -> None:
        self.low = low
        self._names: dict[Key, str] = {}
        self._known: dict[Key, Any] = {}
        self.asked: dict[str, Any] = {}

    def ask_condition(self, term: t.TruthTerm, with_figures: bool) -> None:
        """Ask for the truth of every comparison of a condition, and for its value and limit too."""
        for atom in atoms(term):
            self._ask(("truth", atom.term), lambda atom=atom: self.low.truth(atom.term))
            if with_figures:
                self._ask(_value_key(atom), lambda atom=atom: value_of(atom, self.low))
                self._ask_limit(atom)

    def ask_feature(self, term: t.Term) -> None:
        """Ask for a term's value."""
        self._ask(("value", term), lambda: shown_term(term, self.low))

    def _ask_limit(self, atom: Atom) -> None:
        key = _limit_key(atom)
        right = atom.term.right if isinstance(atom.term, t.Comparison) else None
        if isinstance(right, t.NumberTerm):
            number = self.low.number(right)
            if number.top.value is not None and number.bottom.value is not None:
                self._known[key] = round(float(Fraction(number.top.value, number.bottom.value)), 4)
                return
        self._ask(key, lambda: limit_of(atom, self.low))

    def _ask(self, key: Key, make: Any) -> None:
        if key not in self._names and key not in self._known:
            self._names[key] = f"q{len(self._names)}"
            self.asked[self._names[key]] = make()

    def answer(self, row: dict[str, Any]) -> None:
        """Take the engine's row."""
        self._known.update({key: row[name] for key, name in self._names.items()})

    def truth(self, term: t.TruthTerm) -> bool | None:
        """The truth of a condition, from those of its comparisons."""
        match term:
            case t.TruthConstant(value=value):
                return value
            case t.Opposite(of=of):
                inner = self.truth(of)
                return None if inner is None else not inner
            case t.All(items=items):
                return _joined((self.truth(item) for item in items), False)
            case t.AnyOf(items=items):
                return _joined((self.truth(item) for item in items), True)
        found: bool | None = self._known["truth", term]
        return found

    def atom_truth(self, atom: Atom) -> bool | None:
        """Whether a comparison holds as it must."""
        truth = self.truth(atom.term)
        return truth if truth is None or not atom.negated else not truth

    def figures(self, atom: Atom) -> tuple[Any, Any]:
        """A comparison's value and limit."""
        return self._known[_value_key(atom)], self._known[_limit_key(atom)]

    def feature(self, term: t.Term) -> Any:
        """A term's value."""
        return self._known["value", term]


def _joined(truths: Iterable[bool | None], decides: bool) -> bool | None:
    """And (`decides` is False) or or (True): one that decides settles it, else one unknown leaves it unknown."""
    found = list(truths)
    if decides in found:
        return decides
    return None if None in found else not decides


def _value_key(atom: Atom) -> Key:
    match atom.term:
        case t.Comparison(left=left) | t.InList(of=left) | t.IsKnown(of=left):
            return "value", left
    return "value of", atom.term


def _limit_key(atom: Atom) -> Key:
    if isinstance(atom.term, t.Comparison):
        return "value", atom.term.right
    return "limit of", (atom.term, atom.negated)
