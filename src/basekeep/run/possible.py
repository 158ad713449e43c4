"""Whether comparisons can hold at once: one quantity cannot be above 5 and below 3, nor two classes at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil, floor
from operator import ge, gt, le, lt

from basekeep.contract.columns import Column
from basekeep.contract.subscriber_month import SUBSCRIBER_MONTH
from basekeep.playbook import terms as t
from basekeep.playbook.joined import JOINED

_NEGATED: Mapping[str, str] = {"=": "!=", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_HOLDS: Mapping[str, Callable[[float, float], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}


@dataclass
class _Asked:
    """What is asked of one quantity: comparisons with numbers, texts it must or must not be, and being known."""

    numbers: list[tuple[str, float]] = field(default_factory=list)
    texts: list[tuple[bool, frozenset[object]]] = field(default_factory=list)
    known: set[bool] = field(default_factory=set)


def possible(must: Mapping[t.TruthTerm, bool], limits: Mapping[t.TruthTerm, object]) -> bool:
    """Whether nothing asked of one quantity contradicts the rest; what cannot be judged is taken as possible.

    Args:
        must: what each comparison must be.
        limits: the value of each comparison's limit, as far as it is known.
    """
    asked: dict[t.Term, _Asked] = {}
    for term, truth in must.items():
        _note(asked, term, truth, limits.get(term))
    return all(_known(one) and _numbers(of, one.numbers) and _texts(one.texts) for of, one in asked.items())


def _note(asked: dict[t.Term, _Asked], term: t.TruthTerm, truth: bool, limit: object) -> None:
    match term:
        case t.IsKnown(of=of):
            asked.setdefault(of, _Asked()).known.add(truth)
        case t.InList(of=of, values=values):
            asked.setdefault(of, _Asked()).texts.append((truth, frozenset(values)))
        case t.Comparison(op=op, left=left):
            one = asked.setdefault(left, _Asked())
            now = op if truth else _NEGATED[op]
            if isinstance(limit, int | float) and not isinstance(limit, bool):
                one.numbers.append((now, float(limit)))
            elif now in ("=", "!=") and limit is not None:
                one.texts.append((now == "=", frozenset([limit])))


def _known(one: _Asked) -> bool:
    """What must be unknown cannot be compared at the same time."""
    return False not in one.known or not (True in one.known or one.numbers or one.texts)


def _numbers(of: t.Term, asked: list[tuple[str, float]]) -> bool:
    """Whether some number meets all comparisons: a limit, one right beside it, or one between two of them."""
    if not asked:
        return True
    whole, bounds = _range(of)
    every = [*asked, *bounds]
    limits = sorted({limit for _, limit in every})
    tried = [*limits, limits[0] - 1, limits[-1] + 1, *((a + b) / 2 for a, b in pairwise(limits))]
    if whole:
        tried = [
            beside for limit in limits for beside in (floor(limit), ceil(limit), floor(limit) + 1, ceil(limit) - 1)
        ]
    return any(all(_meets(number, op, limit) for op, limit in every) for number in tried)


def _range(of: t.Term) -> tuple[bool, list[tuple[str, float]]]:
    """Whether a quantity is a whole number, and the bounds of its column."""
    if isinstance(of, t.CalendarMonths | t.FullYears | t.DaysUntil | t.CountOf):
        return True, []
    if not isinstance(of, t.Quantity):
        return False, []
    column = _column(of)
    if column is None:
        return False, []
    bounds = [(op, float(limit)) for op, limit in ((">=", column.lower), ("<=", column.upper)) if limit is not None]
    return column.type == "int", bounds


def _column(of: t.Quantity) -> Column | None:
    """The contract's column; None for those of groups and units, whose bounds are not asked."""
    if of.grain != "subscriber":
        return None
    return JOINED[of.column].column if of.column in JOINED else SUBSCRIBER_MONTH.column(of.column)


def _meets(number: float, op: str, limit: float) -> bool:
    if op in ("=", "!="):
        return (number == limit) == (op == "=")
    return _HOLDS[op](number, limit)


def _texts(asked: list[tuple[bool, frozenset[object]]]) -> bool:
    allowed = [values for truth, values in asked if truth]
    if not allowed:
        return True
    forbidden = frozenset().union(*(values for truth, values in asked if not truth))
    return bool(frozenset.intersection(*allowed) - forbidden)
