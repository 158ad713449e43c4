"""The frontier: what decisions are worth as a lever moves over a range, and what one more unit of it is worth there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import pyarrow as pa

from basekeep.decide.lever_names import LeverFault, levers_named
from basekeep.decide.levers import Change, Levers
from basekeep.decide.made import Made
from basekeep.decide.outcomes import Totals, outcome_of
from basekeep.engines.protocol import Stream
from basekeep.kernel.errors import CallFindingsError
from basekeep.kernel.findings import Finding, Place
from basekeep.kernel.text import Text
from basekeep.playbook.declarations import Playbook
from basekeep.playbook.ranges import HOW, RangeFault, range_of

# Kinds of limits of which more can be bought.
KINDS = ("budget", "capacity", "stock")
_FEN = 100


@dataclass(frozen=True)
class Ladder:
    """A lever with the values that it takes.

    Attributes:
        lever: as typed: `budget`, `budget.retention`, `capacity.hall`, `stock`.
        names: the levers that move together.
        shares: whether values are shares of what is declared, not amounts.
    """

    lever: str
    names: tuple[str, ...]
    shares: bool
    values: tuple[Fraction, ...]

    @property
    def kind(self) -> str:
        """The kind of limit that moves."""
        return self.lever.partition(".")[0]

    @property
    def rungs(self) -> tuple[tuple[Fraction, Levers], ...]:
        """Each value with the levers set to it."""
        return tuple((value, self._levers(value)) for value in self.values)

    def _levers(self, value: Fraction) -> Levers:
        change = Change(times=value) if self.shares else Change(to=value)
        return Levers(dict.fromkeys(self.names, change))


@dataclass(frozen=True)
class Rung:
    """One value of the lever.

    Attributes:
        amount: of all limits that move together: yuan, contacts or devices.
        used: how much of it is used.
        marginal: what one more unit of it, shared out as it is, would be worth, in yuan, at the shadow prices.
    """

    at: Fraction
    amount: float
    used: float
    totals: Totals
    marginal: float


@dataclass(frozen=True)
class Frontier:
    """The rungs, lowest first, beside the run as it is."""

    ladder: Ladder
    rungs: tuple[Rung, ...]
    as_it_is: Totals

    def count(self) -> int:
        """How many rows its table has."""
        return len(self.rungs)

    def stream(self, rows: int) -> Stream:
        """Its table as a file takes it: money in yuan."""
        return Stream(_SCHEMA, self._batches())

    def _batches(self) -> Iterator[pa.RecordBatch]:
        yield pa.RecordBatch.from_pylist([row_of(self.ladder, rung) for rung in self.rungs], schema=_SCHEMA)


_SCHEMA = pa.schema(
    [("lever", pa.string()), ("at", pa.float64()), ("amount", pa.float64()), ("used", pa.float64()),
     ("contacts", pa.int64()), ("sell", pa.int64()), ("care", pa.int64()), ("cost", pa.float64()),
     ("value", pa.float64()), ("bound", pa.float64()), ("gap", pa.float64()), ("marginal_value", pa.float64())]
)  # fmt: skip


def row_of(ladder: Ladder, rung: Rung) -> dict[str, object]:
    """A rung as a row, money in yuan."""
    totals = rung.totals
    return {
        "lever": ladder.lever, "at": float(rung.at), "amount": rung.amount, "used": rung.used,
        "contacts": totals.contacts, "sell": totals.sell, "care": totals.care, "cost": totals.cost / _FEN,
        "value": totals.value / _FEN, "bound": totals.bound / _FEN, "gap": totals.gap, "marginal_value": rung.marginal,
    }  # fmt: skip


def ladder_of(typed: str, playbook: Playbook) -> Ladder:
    """A range as typed: `budget=50%..150%/10%` of what is declared, `budget.retention=0..50000/10000` in amounts.

    Raises:
        CallFindingsError: there is no such lever, it is no limit, or the range makes no sense.
    """
    lever, sign, text = (part.strip() for part in typed.partition("="))
    place = Place(f"--frontier {typed}")
    try:
        names = levers_named(lever, playbook)
        if lever.partition(".")[0] not in KINDS:
            what = Text(f"{lever} 不是可以多买的上限", f"{lever} is no limit of which more can be bought")
            raise LeverFault(
                "frontier.no_limit", what, Text(f"可用：{'、'.join(KINDS)}。", f"Take one of {', '.join(KINDS)}.")
            )
        found = range_of(text if sign else "")
        if found.low < 0:
            what = Text("区间不能低于 0", "the range must not begin below 0")
            raise LeverFault("lever.negative", what, HOW)
    except LeverFault as fault:
        finding = Finding(fault.code, place, fault.what, fault.do, fault.near)
    except RangeFault as fault:
        finding = Finding("frontier.bad_range", place, fault.what, fault.do)
    else:
        return Ladder(lever, names, "%" in text, found.values())
    what = Text("命令有 1 处不对，没有模拟", "things wrong with the call: 1; nothing was simulated")
    raise CallFindingsError("call.simulate", what, [finding])


def rung_of(ladder: Ladder, at: Fraction, made: Made, playbook: Playbook) -> Rung:
    """What decisions made at one value come to."""
    moving = [
        place
        for place, limit in enumerate(made.limited.limits)
        if limit.kind == ladder.kind and (ladder.kind == "stock" or f"{limit.kind}.{limit.name}" in ladder.names)
    ]
    problem, price = made.limited.problem, made.allocation.price
    unit = _FEN if ladder.kind == "budget" else 1
    amount = sum(int(problem.limit[place]) for place in moving)
    # A budget is counted in fen and its price is in fen for a fen; another limit's is in fen for one of it.
    worth = sum(float(price[place]) * int(problem.limit[place]) for place in moving)
    even = sum(float(price[place]) for place in moving) / len(moving) if moving else 0.0
    marginal = (worth / amount if amount else even) * (unit / _FEN)
    used = sum(int(made.allocation.used[place]) for place in moving)
    return Rung(at, amount / unit, used / unit, outcome_of(made, playbook).totals, marginal)
