"""Expressions as small trees: written as text for the language, and worked out in exact fractions for the plain answer."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from relations.bare import Cells
from relations.plain import best, both, either, mean, minus, most, negated, quotient, times, total
from relations.small_run import Number, Truth


@dataclass(frozen=True)
class Tree:
    """A node: what it does, with what, and a number or column."""

    kind: str
    parts: tuple[Tree, ...] = ()
    word: str = ""


def written(tree: Tree) -> str:
    parts = [written(part) for part in tree.parts]
    match tree.kind:
        case "number" | "column":
            return tree.word
        case "+" | "-" | "*" | "/" | "and" | "or":
            return f"({parts[0]} {tree.kind} {parts[1]})"
        case "minus":
            return f"-({parts[0]})"
        case "not":
            return f"not ({parts[0]})"
        case "compare":
            return f"{parts[0]} {tree.word} {parts[1]}"
        case "between":
            return f"{parts[0]} between {parts[1]} and {parts[2]}"
        case "known":
            return f"({parts[0]}) is known"
        case "if_unknown":
            return f"if_unknown({parts[0]}, {parts[1]})"
    return f"{tree.kind}({parts[0]}, {tree.word})"


def value(tree: Tree, row: Cells, back: int) -> Number:
    if tree.kind in ("mean", "sum", "min", "max"):
        months = [value(tree.parts[0], row, back + more) for more in range(int(tree.word))]
        return _over(tree.kind, months)
    if tree.kind == "ago":
        return value(tree.parts[0], row, back + int(tree.word))
    if tree.kind == "column":
        found = row[tree.word, back]
        return None if found is None else Fraction(found)
    if tree.kind == "number":
        return Fraction(tree.word.removesuffix("%")) / (100 if "%" in tree.word else 1)
    one, *more = (value(part, row, back) for part in tree.parts)
    match tree.kind:
        case "minus":
            return times(Fraction(-1), one)
        case "if_unknown":
            return more[0] if one is None else one
        case "+":
            return total([one, more[0]])
        case "-":
            return minus(one, more[0])
        case "*":
            return times(one, more[0])
    return quotient(one, more[0])


def _over(kind: str, months: list[Number]) -> Number:
    if kind in ("mean", "sum"):
        return mean(months) if kind == "mean" else total(months)
    return best(min if kind == "min" else max, months)


def truth(tree: Tree, row: Cells) -> Truth:
    if tree.kind in ("and", "or", "not"):
        parts = [truth(part, row) for part in tree.parts]
        return negated(parts[0]) if tree.kind == "not" else both(*parts) if tree.kind == "and" else either(*parts)
    one, *more = (value(part, row, 0) for part in tree.parts)
    if tree.kind == "known":
        return one is not None
    if tree.kind == "between":
        return both(most(more[0], one), most(one, more[1]))
    less, more_or_same = negated(most(more[0], one)), negated(most(one, more[0]))
    same = negated(either(less, more_or_same))
    answers = {
        "<": less,
        ">": more_or_same,
        "=": same,
        "!=": negated(same),
        "<=": negated(more_or_same),
        ">=": negated(less),
    }
    return answers[tree.word]
