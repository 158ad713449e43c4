"""The numbers by which physical families are found: parameters of the playbook with names of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from basekeep.kernel.text import Text
from basekeep.playbook.declarations import Parameter
from basekeep.playbook.faults import Fault, short

# The condition that asks whether a subscriber belongs to a physical family.
IN_FAMILY = "in_physical_family"


@dataclass(frozen=True)
class FamilyLimits:
    """How families are found.

    Attributes:
        months: in each of so many months, the run's own the latest, two who are tied have called each other.
        largest: a family has at most so many members.
        most_ties: who has more ties than this ties nobody together.
        tied_share: each member is tied to at least this share of the others.
        cell_weight: what a tie by the home cell alone counts in the confidence, against one by the address.
    """

    months: int
    largest: int
    most_ties: int
    tied_share: Fraction
    cell_weight: Fraction

    def well_tied(self, size: int, least_ties: int) -> bool:
        """Whether so many form a family whose least tied member is tied to so many of the others."""
        share = self.tied_share
        return 2 <= size <= self.largest and least_ties * share.denominator >= (size - 1) * share.numerator


def _whole(low: int, high: int) -> tuple[Callable[[Fraction], bool], Text]:
    what = Text(f"{low} 至 {high} 的整数", f"a whole number from {low} to {high}")
    return lambda value: value.denominator == 1 and low <= value <= high, what


_SHARE = (lambda value: 0 <= value <= 1, Text("0 至 100% 的占比", "a share from 0 to 100%"))
# What each number may be, whatever bounds the playbook gives it.
_SOUND: Mapping[str, tuple[Callable[[Fraction], bool], Text]] = {
    "family_months": _whole(1, 12),
    "family_largest": _whole(2, 50),
    "family_most_ties": _whole(1, 1000),
    "family_tied_share": _SHARE,
    "family_cell_weight": _SHARE,
}
FAMILY_PARAMETERS = tuple(_SOUND)


def family_limits(parameters: Mapping[str, Parameter], start: int = 0) -> FamilyLimits:
    """The numbers as the playbook gives them.

    Raises:
        Fault: one of them is not declared, or is no number that it could be; `start` is where it was asked for.
    """
    values = [_sound(name, parameters, start) for name in FAMILY_PARAMETERS]
    months, largest, most_ties = (int(value) for value in values[:3])
    return FamilyLimits(months, largest, most_ties, *values[3:])


def _sound(name: str, parameters: Mapping[str, Parameter], start: int) -> Fraction:
    if name not in parameters:
        what = Text(f"{IN_FAMILY} 需要参数 {name}", f"{IN_FAMILY} needs the parameter {name}")
        do = Text(f"在 parameters 下声明：{'、'.join(FAMILY_PARAMETERS)}。", f"Declare under parameters: {', '.join(FAMILY_PARAMETERS)}.")  # fmt: skip
        raise Fault("expression.family_parameter", start, what, do)
    value = parameters[name].value
    sound, wanted = _SOUND[name]
    if not sound(value):
        read = short(str(value))
        raise Fault(
            "expression.family_parameter",
            start,
            Text(f"参数 {name} 应为{wanted.zh}，读到 {read}", f"the parameter {name} is {wanted.en}, read {read}"),
            Text("改写该参数的取值。", "Give the parameter another value."),
        )
    return value
