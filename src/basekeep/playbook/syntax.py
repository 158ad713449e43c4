"""The syntax tree of an expression, as written. It knows positions, not meaning."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

ArithmeticOp = Literal["+", "-", "*", "/"]
CompareOp = Literal["=", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Node:
    """Any node: `start` and `end` are offsets in the expression's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Number(Node):
    """A number, exactly as written; `50%` is one half."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class String(Node):
    """A text in single quotes."""

    value: str


@dataclass(frozen=True, slots=True)
class Truth(Node):
    """`true` or `false`."""

    value: bool


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A column, metric, parameter or built-in quantity."""

    id: str


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function with its arguments; named ones apart."""

    function: str
    args: tuple[Node, ...]
    named: tuple[tuple[str, Node], ...] = ()


@dataclass(frozen=True, slots=True)
class Negative(Node):
    """A number with its sign changed."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """Two numbers joined by + - * or /."""

    op: ArithmeticOp
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """Two values held against each other."""

    op: CompareOp
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    """A value between two limits, both included; outside of them when `negated`."""

    operand: Node
    low: Node
    high: Node
    negated: bool = False


@dataclass(frozen=True, slots=True)
class OneOf(Node):
    """A value in a list of literals; in none of them when `negated`."""

    operand: Node
    choices: tuple[Node, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Is(Node):
    """Whether a value is `known`, `unknown` or `empty`."""

    operand: Node
    state: Literal["known", "unknown", "empty"]


@dataclass(frozen=True, slots=True)
class Not(Node):
    """The opposite of a condition."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Both(Node):
    """All of several conditions, or any of them."""

    op: Literal["and", "or"]
    operands: tuple[Node, ...]
