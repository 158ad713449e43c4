"""What a person asks of a what-if, as typed, settled against its declaration. All faults of a call come at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from basekeep.kernel.errors import CallError, CallFindingsError
from basekeep.kernel.findings import Finding, Place, near_names
from basekeep.kernel.text import Text
from basekeep.playbook.declarations import WhatIf, WhatIfInput, WhatIfResult
from basekeep.playbook.numbers import number_of, number_text
from basekeep.playbook.ranges import MOST_ROWS, Range, RangeFault, range_of
from basekeep.playbook.whatif import Formula, sound_formulas, varied


@dataclass(frozen=True)
class Asked:
    """Values, ranges and the result to show, each as typed; what is not asked is as declared."""

    values: Mapping[str, str] = field(default_factory=dict)
    ranges: Sequence[tuple[str, str]] = ()
    shows: str | None = None


@dataclass(frozen=True)
class Settled:
    """A call that makes sense: numbers given, ranges in their order, the result to show, and how results follow."""

    given: Mapping[str, Fraction]
    ranges: Mapping[str, Range]
    shows: str
    formulas: tuple[Formula, ...]
    used: frozenset[str]


def find_what_if(declared: Mapping[str, WhatIf], name: str) -> WhatIf:
    """The what-if of that name.

    Raises:
        CallError: the playbook has none of that name.
    """
    if name in declared:
        return declared[name]
    near = near_names(name, declared) or tuple(declared)
    what = Text(f"策略手册里没有推算 {name!r}", f"the playbook has no what-if {name!r}")
    do = Text(f"可选：{'、'.join(near)}", f"There are: {', '.join(near)}")
    raise CallError("call.unknown_name", what, do if near else Text("推算写在策略手册的 whatif 之下。", "What-ifs stand under `whatif` in the playbook."))  # fmt: skip


def settle(what_if: WhatIf, asked: Asked) -> Settled:
    """What was asked, in numbers.

    Raises:
        CallFindingsError: names that are not there, numbers out of bounds, ranges that make no sense.
    """
    return _Settling(what_if, asked).settled()


class _Settling:
    def __init__(self, what_if: WhatIf, asked: Asked) -> None:
        self._what_if = what_if
        self._asked = asked
        self._may_vary = varied(what_if)
        self._formulas = sound_formulas(what_if)
        self._findings: list[Finding] = []

    def settled(self) -> Settled:
        given = {
            name: value for name, text in self._asked.values.items() if (value := self._value(name, text)) is not None
        }
        ranges = dict(self._range(name, text) for name, text in self._asked.ranges)
        used = used_names(self._formulas, {*given, *ranges} & {*self._what_if.results})
        if not self._asked.ranges:
            ranges = {name: range_of(text) for name, text in self._what_if.ranges.items() if name in used}
        self._without_effect(used)
        self._too_many(ranges)
        shows = self._asked.shows or self._what_if.shows
        if shows not in self._what_if.results:
            self._unknown(Place(f"--show {shows}"), shows, self._what_if.results, Text("结果", "result"))
        if self._findings:
            count = len(self._findings)
            what = Text(
                f"命令有 {count} 处不对，没有推算", f"things wrong with the call: {count}; nothing was worked out"
            )
            raise CallFindingsError("call.whatif", what, self._findings)
        return Settled(given, {name: one for name, one in ranges.items() if one}, shows, self._formulas, used)

    def _value(self, name: str, text: str) -> Fraction | None:
        place = Place(f"--set {name}={text}")
        declared = self._varied(place, name)
        if declared is None:
            return None
        try:
            value = number_of(text)
        except ValueError:
            what = Text(f"{text!r} 不是数", f"{text!r} is no number")
            self._findings.append(
                Finding("whatif.no_number", place, what, Text("写成 30、0.5 或 50%。", "Write 30, 0.5 or 50%."))
            )
            return None
        self._within(place, declared, [value])
        return value

    def _range(self, name: str, text: str) -> tuple[str, Range | None]:
        place = Place(f"--range {name}={text}")
        declared = self._varied(place, name)
        if declared is None:
            return name, None
        try:
            found = range_of(text)
        except RangeFault as fault:
            self._findings.append(Finding("whatif.bad_range", place, fault.what, fault.do))
            return name, None
        self._within(place, declared, [found.low, found.high])
        return name, found

    def _varied(self, place: Place, name: str) -> WhatIfInput | WhatIfResult | None:
        if name not in self._may_vary:
            if name in self._what_if.results:
                what = Text(f"{name!r} 是算出来的，不能直接给", f"{name!r} is worked out and cannot be given")
                do = Text(f"可以给：{'、'.join(self._may_vary)}。", f"These can be given: {', '.join(self._may_vary)}.")
                self._findings.append(Finding("whatif.not_given", place, what, do))
            else:
                self._unknown(place, name, self._may_vary, Text("输入", "input"))
        return self._may_vary.get(name)

    def _unknown(self, place: Place, name: str, known: Iterable[str], kind: Text) -> None:
        known = list(known)
        what = Text(f"没有{kind.zh} {name!r}", f"there is no {kind.en} {name!r}")
        do = Text(f"可选：{'、'.join(known)}。", f"There are: {', '.join(known)}.")
        self._findings.append(Finding("whatif.unknown_name", place, what, do, near_names(name, known)))

    def _within(self, place: Place, declared: WhatIfInput | WhatIfResult, values: Iterable[Fraction]) -> None:
        low, high = _bounds(declared)
        outside = [value for value in values if not low <= value <= high]
        if outside:
            read, least, most = (number_text(number, declared.unit) for number in (outside[0], low, high))
            what = Text(f"{read} 超出 {least} 至 {most}", f"{read} lies outside of {least} to {most}")
            do = Text("取范围内的值；范围写在策略手册里。", "Give a value within; the bounds stand in the playbook.")
            self._findings.append(Finding("whatif.out_of_bounds", place, what, do))

    def _without_effect(self, used: frozenset[str]) -> None:
        """An input before a result that was given: to change it as well would change nothing."""
        typed = {**{name: f"--set {name}={text}" for name, text in self._asked.values.items()},
                 **{name: f"--range {name}={text}" for name, text in self._asked.ranges}}  # fmt: skip
        for name in typed:
            if name in self._what_if.inputs and name not in used:
                what = Text(
                    f"{name!r} 不起作用：由它算出的结果已直接给出",
                    f"{name!r} has no effect: what follows from it was given",
                )
                do = Text("两者只给一个。", "Give one of the two.")
                self._findings.append(Finding("whatif.no_effect", Place(typed[name]), what, do))

    def _too_many(self, ranges: Mapping[str, Range | None]) -> None:
        sizes = [one.count for one in ranges.values() if one]
        rows = sizes[0] * sizes[1] if len(sizes) == 2 else 0
        names = [name for name, _ in self._asked.ranges]
        place = Place(" ".join(f"--range {name}={text}" for name, text in self._asked.ranges))
        if len(names) > 2 or len(set(names)) < len(names):
            what = Text("至多两个区间，各用不同的输入", "two ranges are the most, of different inputs")
            self._findings.append(
                Finding(
                    "whatif.bad_range",
                    place,
                    what,
                    Text("第一个为横轴，第二个分线。", "The first runs along, the second gives the lines."),
                )
            )
        elif rows > MOST_ROWS:
            what = Text(
                f"两个区间合起来有 {rows:,} 行，最多 {MOST_ROWS:,} 行",
                f"both ranges together have {rows:,} rows; {MOST_ROWS:,} are the most",
            )
            self._findings.append(Finding("whatif.bad_range", place, what, Text("加大步长。", "Take larger steps.")))  # fmt: skip


def _bounds(declared: WhatIfInput | WhatIfResult) -> Iterator[Fraction]:
    for bound in (declared.min, declared.max):
        assert bound is not None
        yield bound


def used_names(formulas: tuple[Formula, ...], given: Iterable[str]) -> frozenset[str]:
    """The names that any result takes, those apart that are given and so take nothing."""
    given = set(given)
    return frozenset(name for one in formulas if one.name not in given for name in one.names)
