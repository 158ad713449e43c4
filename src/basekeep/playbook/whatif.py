"""What the results of a what-if mean: arithmetic over its inputs and the results before them, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from basekeep.contract.columns import Unit
from basekeep.kernel.findings import near_names
from basekeep.kernel.text import Text
from basekeep.playbook import syntax as s
from basekeep.playbook import terms as t
from basekeep.playbook.constants import constant
from basekeep.playbook.declarations import WhatIf, WhatIfInput, WhatIfResult
from basekeep.playbook.faults import Fault, short, too_much
from basekeep.playbook.parser import parse
from basekeep.playbook.tokens import SyntaxFault, tokens_of
from basekeep.playbook.units import UNIT_WORDS, agree

Values = Mapping[str, Fraction | None]
_DEEPEST = 50
# Larger than any sum of money or people; results that square one another would otherwise fill the memory.
_LARGEST = Fraction(10) ** 24
_FINEST = 10**400
_SIGNS = {"*": "×", "/": "÷", "-": "−"}
_ONLY = Text(
    "推算的算式只用本推算的输入、前面的结果和数，用 + - * / 和括号相连。",
    "A what-if takes its own inputs, the results before it and numbers, joined by + - * / and brackets.",
)


@dataclass(frozen=True)
class Formula:
    """How one result follows: its text as declared, and its term, in which names stand for earlier numbers."""

    name: str
    text: str
    term: t.NumberTerm

    @property
    def names(self) -> tuple[str, ...]:
        """The names that it takes, each once."""
        return tuple(dict.fromkeys(token.text for token in tokens_of(self.text) if token.kind == "name"))

    def said(self, names: Mapping[str, str]) -> str:
        """The formula with something else in the place of each name: its value, say."""
        parts: list[str] = []
        for token in tokens_of(self.text):
            parts.append(
                names.get(token.text, token.text) if token.kind == "name" else _SIGNS.get(token.text, token.text)
            )
        return " ".join(part for part in parts if part).replace("( ", "(").replace(" )", ")")


def varied(what_if: WhatIf) -> dict[str, WhatIfInput | WhatIfResult]:
    """What a person may give or vary: the inputs, and the results that have bounds."""
    return {**what_if.inputs, **{name: one for name, one in what_if.results.items() if one.min is not None}}


def formulas(what_if: WhatIf) -> Iterator[Formula | tuple[str, Fault]]:
    """Each result in order: its formula, or what is wrong with it. A faulty one may still be named by later ones."""
    units: dict[str, Unit] = {name: given.unit for name, given in what_if.inputs.items()}
    for name, result in what_if.results.items():
        try:
            term, unit = _read(result.value, units)
            if not agree(unit, result.unit):
                raise _units_differ(0, result.unit, unit)
            yield Formula(name, result.value, term)
        except Fault as fault:
            yield name, fault
        units[name] = result.unit


def sound_formulas(what_if: WhatIf) -> tuple[Formula, ...]:
    """The formulas of a what-if that has been checked.

    Raises:
        Fault: one has no meaning.
    """
    found = []
    for one in formulas(what_if):
        if not isinstance(one, Formula):
            raise one[1]
        found.append(one)
    return tuple(found)


def follow(
    what: tuple[Formula, ...], inputs: Values, given: Mapping[str, Fraction] | None = None
) -> dict[str, Fraction | None]:
    """The inputs, then every result in order; None where a number is divided by zero, and what follows from that.

    Args:
        given: results that are not computed but given.

    Raises:
        OverflowError: a number grows beyond what anybody counts.
    """  # fmt: skip
    found: dict[str, Fraction | None] = dict(inputs)
    for one in what:
        value = (given or {}).get(one.name)
        if value is None and all(found[name] is not None for name in one.names):
            value = constant(one.term, {name: number for name, number in found.items() if number is not None})
        if value is not None and (abs(value) > _LARGEST or value.denominator > _FINEST):
            raise OverflowError(one.name)
        found[one.name] = value
    return found


def _read(text: str, units: Mapping[str, Unit]) -> tuple[t.NumberTerm, Unit]:
    try:
        node = parse(text)
    except SyntaxFault as fault:
        raise Fault("expression.syntax", fault.start, fault.what) from None
    return _term(node, units, 0)


def _term(node: s.Node, units: Mapping[str, Unit], depth: int) -> tuple[t.NumberTerm, Unit]:
    if depth > _DEEPEST:
        raise too_much(node.start)
    match node:
        case s.Number(value=value):
            return t.Constant(value), ""
        case s.Name(id=name):
            if name not in units:
                raise _unknown(node, units)
            return t.ParameterValue(name), units[name]
        case s.Negative(operand=operand):
            term, unit = _term(operand, units, depth + 1)
            return t.Sum((term,), (-1,)), unit
        case s.Arithmetic(op=op, left=left, right=right):
            one, two = _term(left, units, depth + 1), _term(right, units, depth + 1)
            if op in ("+", "-"):
                return _added(op, one, two, right.start)
            return _scaled(op, one, two)
    raise Fault(
        "whatif.not_arithmetic", node.start, Text("这里只能做加减乘除", "only plain arithmetic stands here"), _ONLY
    )


def _added(
    op: str, one: tuple[t.NumberTerm, Unit], two: tuple[t.NumberTerm, Unit], at: int
) -> tuple[t.NumberTerm, Unit]:
    if not agree(one[1], two[1]):
        raise _units_differ(at, one[1], two[1])
    return t.Sum((one[0], two[0]), (1, 1 if op == "+" else -1)), one[1] or two[1]


def _scaled(op: str, one: tuple[t.NumberTerm, Unit], two: tuple[t.NumberTerm, Unit]) -> tuple[t.NumberTerm, Unit]:
    """What has a unit times what has none keeps it; of two units nothing is said."""
    plain = ("", "share")
    if op == "*":
        named = [unit for _, unit in (one, two) if unit not in plain]
        return t.Product(one[0], two[0]), named[0] if len(named) == 1 else ""
    return t.Quotient(one[0], two[0]), one[1] if two[1] in plain else ""


def _unknown(node: s.Name, units: Mapping[str, Unit]) -> Fault:
    what = Text(
        f"前面没有名为 {short(node.id)} 的输入或结果", f"no input, and no result before it, is called {short(node.id)}"
    )
    return Fault("whatif.unknown_name", node.start, what, _ONLY, near_names(node.id[:60], units))


def _units_differ(at: int, one: Unit, two: Unit) -> Fault:
    first, second = UNIT_WORDS[one], UNIT_WORDS[two]
    what = Text(f"单位不同：{first.zh}与{second.zh}", f"the units differ: {first.en} and {second.en}")
    do = Text("只有同一单位的数才能相加、相减，结果的单位要与算式相符。", "Only numbers of one unit are added or subtracted, and a result has the unit of its formula.")  # fmt: skip
    return Fault("expression.unit", at, what, do)
