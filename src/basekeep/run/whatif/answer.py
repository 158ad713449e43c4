"""A what-if worked out: its inputs and where each comes from, its results line by line, and its claim beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from basekeep.contract.columns import Unit
from basekeep.kernel.errors import CallError
from basekeep.kernel.text import Text
from basekeep.playbook.declarations import WhatIf, WhatIfClaim, WhatIfInput, WhatIfResult
from basekeep.playbook.numbers import number_shown
from basekeep.playbook.whatif import Values, follow
from basekeep.run.whatif.asked import Asked, Settled, find_what_if, settle
from basekeep.run.whatif.table import Table

Origin = Literal["document", "our_default", "set", "run", "computed"]
UNKNOWN = "?"


@dataclass(frozen=True)
class Line:
    """One number: what it is, where it comes from, and for a result its formula in names and in numbers."""

    name: str
    words: Text
    unit: Unit
    value: Fraction | None
    origin: Origin
    formula: str = ""
    filled: str = ""


@dataclass(frozen=True)
class Held:
    """A claim beside the arithmetic.

    Attributes:
        at: the inputs that the claim was made of.
        filled: the formula with the claim's own numbers.
        value: what that gives.
        needed: how large the claim's input must be for it to hold; None where no size does it.
        now: what the inputs of this call give, and what is needed then.
    """

    claim: WhatIfClaim
    at: Mapping[str, Fraction]
    filled: str
    value: Fraction | None
    needed: Fraction | None
    now: Fraction | None
    needed_now: Fraction | None


@dataclass(frozen=True)
class Answer:
    """Everything that is said of one what-if; `run_id` where a number comes from a run."""

    name: str
    what_if: WhatIf
    inputs: tuple[Line, ...]
    results: tuple[Line, ...]
    held: Held | None
    table: Table
    run_id: str | None


def work_out(
    name: str, declared: Mapping[str, WhatIf], asked: Asked, targets: Mapping[str, int], run_id: str | None
) -> Answer:
    """Follow a what-if from its inputs to its table.

    Args:
        declared: the playbook's what-ifs.
        targets: the number of targets of each scorecard, in the run.

    Raises:
        CallError: there is no such what-if, or what was asked of it makes no sense.
    """  # fmt: skip
    what_if = find_what_if(declared, name)
    try:
        return _Work(name, what_if, settle(what_if, asked), targets).answer(run_id)
    except OverflowError as error:
        raise CallError(
            "whatif.too_large",
            Text(f"{error} 过大，算不出有意义的数", f"{error} is too large to mean anything"),
            Text("核对输入的取值。", "Check the inputs."),
        ) from None


class _Work:
    def __init__(self, name: str, what_if: WhatIf, settled: Settled, targets: Mapping[str, int]) -> None:
        self._name = name
        self._what_if = what_if
        self._settled = settled
        self._counted = {
            key: Fraction(targets[card])
            for key, one in what_if.inputs.items()
            if (card := one.targets_of) in targets and card and key not in settled.given
        }
        self._inputs = {
            key: self._counted.get(key, settled.given.get(key, one.value)) for key, one in what_if.inputs.items()
        }
        self._given = {key: value for key, value in settled.given.items() if key in what_if.results}

    def answer(self, run_id: str | None) -> Answer:
        found = follow(self._settled.formulas, self._inputs, self._given)
        inputs = tuple(self._input(key) for key in self._what_if.inputs if key in self._settled.used)
        from_run = any(line.origin == "run" for line in inputs)
        results = tuple(self._result(key, found) for key in self._what_if.results)
        return Answer(
            self._name, self._what_if, inputs, results, self._held(found), self._table(), run_id if from_run else None
        )

    def _input(self, key: str) -> Line:
        declared = self._what_if.inputs[key]
        origin: Origin = "set" if key in self._settled.given else "run" if key in self._counted else declared.source
        return Line(key, declared.name.text, declared.unit, self._inputs[key], origin)

    def _result(self, key: str, found: Values) -> Line:
        declared = self._what_if.results[key]
        if key in self._given:
            return Line(key, declared.name.text, declared.unit, found[key], "set")
        formula = next(one for one in self._settled.formulas if one.name == key)
        names = {name: name for name in formula.names}
        return Line(
            key,
            declared.name.text,
            declared.unit,
            found[key],
            "computed",
            formula.said(names),
            self._filled(key, found),
        )

    def _filled(self, key: str, found: Values) -> str:
        """A result's formula with numbers in the place of names."""
        declared: dict[str, WhatIfInput | WhatIfResult] = {**self._what_if.inputs, **self._what_if.results}
        formula = next(one for one in self._settled.formulas if one.name == key)
        return formula.said({name: said(found[name], declared[name].unit) for name in formula.names})

    def _held(self, found: Values) -> Held | None:
        claim = self._what_if.claim
        if claim is None:
            return None
        declared = {key: one.value for key, one in self._what_if.inputs.items()}
        at = {**declared, **claim.at}
        then = follow(self._settled.formulas, at)
        return Held(
            claim, {key: at[key] for key in claim.at}, self._filled(claim.of, then), then[claim.of],
            self._needed(claim, at, {}), found[claim.of], self._needed(claim, self._inputs, self._given),
        )  # fmt: skip

    def _needed(
        self, claim: WhatIfClaim, inputs: Mapping[str, Fraction], given: Mapping[str, Fraction]
    ) -> Fraction | None:
        """Where a straight line through both bounds meets the claim, if the arithmetic gives just that there."""
        declared = self._what_if.inputs[claim.through]

        def gives(value: Fraction) -> Fraction | None:
            return follow(self._settled.formulas, {**inputs, claim.through: value}, given)[claim.of]

        low, high = gives(declared.min), gives(declared.max)
        if low is None or high is None or low == high:
            return None
        value = declared.min + (claim.value - low) * (declared.max - declared.min) / (high - low)
        return value if gives(value) == claim.value else None

    def _table(self) -> Table:
        return Table.over(self._what_if, self._settled, self._inputs, self._given)


def said(value: Fraction | None, unit: Unit) -> str:
    """A number for a screen or a picture."""
    return UNKNOWN if value is None else number_shown(value, unit)
