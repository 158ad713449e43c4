"""A what-if speaks of its own inputs and results: formulas, claim, ranges and bounds hold together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from basekeep.checks.expressions import finding_of
from basekeep.kernel.findings import Finding, Place, near_names
from basekeep.kernel.text import Text
from basekeep.playbook.declarations import WhatIf, WhatIfInput, WhatIfResult
from basekeep.playbook.loading import Sources
from basekeep.playbook.meaning import Meaning
from basekeep.playbook.numbers import number_text
from basekeep.playbook.places import Written
from basekeep.playbook.ranges import MOST_ROWS, RangeFault, range_of
from basekeep.playbook.whatif import Formula, follow, formulas, varied

_Path = tuple[str | int, ...]
_IN_BOUNDS = Text("取 min 至 max 之间的值。", "Choose a value from min to max.")


def check(meaning: Meaning, sources: Sources) -> Iterator[Finding]:
    """Findings of every what-if."""
    for name, what_if in meaning.playbook.whatif.items():
        yield from _Check(what_if, ("whatif", name), sources).all(meaning)


class _Check:
    def __init__(self, what_if: WhatIf, path: _Path, sources: Sources) -> None:
        self._what_if = what_if
        self._path = path
        self._sources = sources

    def all(self, meaning: Meaning) -> Iterator[Finding]:
        yield from self._names()
        yield from self._formulas()
        yield from self._claim()
        yield from self._ranges()
        cards = meaning.playbook.scorecards
        for name, given in self._what_if.inputs.items():
            card = given.targets_of
            if card and card not in cards and ("scorecards", card) not in meaning.broken:
                yield self._unknown(("inputs", name, "targets_of"), card, cards, "评分卡", "scorecard")

    def _names(self) -> Iterator[Finding]:
        for name in self._what_if.results:
            if name in self._what_if.inputs:
                what = Text(f"{name!r} 已是输入", f"{name!r} is an input already")
                yield Finding(
                    "playbook.name_taken",
                    self._key("results", name),
                    what,
                    Text("换一个名称。", "Choose another name."),
                )
        yield from self._known(("shows",), [self._what_if.shows], self._what_if.results, "结果", "result")

    def _formulas(self) -> Iterator[Finding]:
        found: list[Formula] = []
        for one in formulas(self._what_if):
            if isinstance(one, Formula):
                found.append(one)
            else:
                text = self._what_if.results[one[0]].value
                written = Written((*self._path, "results", one[0], "value"), text, "number")
                yield finding_of(one[1], written, self._sources)
        if len(found) == len(self._what_if.results):
            yield from self._too_large(tuple(found))
            yield from self._unused(found)

    def _too_large(self, found: tuple[Formula, ...]) -> Iterator[Finding]:
        try:
            follow(found, {name: given.value for name, given in self._what_if.inputs.items()})
        except OverflowError as error:
            what = Text("算出的数过大", "the number that comes out is too large")
            do = Text("核对算式与输入的取值。", "Check the formula and the inputs.")
            yield Finding("whatif.too_large", self._key("results", str(error)), what, do)

    def _unused(self, found: Iterable[Formula]) -> Iterator[Finding]:
        named = {name for one in found for name in one.names}
        for name in self._what_if.inputs:
            if name not in named:
                what = Text(f"输入 {name!r} 没有被任何结果使用", f"no result uses the input {name!r}")
                do = Text("删去它，或在结果中引用它。", "Remove it, or use it in a result.")
                yield Finding("parameter.unused", self._key("inputs", name), what, do, severity="warning")

    def _claim(self) -> Iterator[Finding]:
        claim, inputs = self._what_if.claim, self._what_if.inputs
        if claim is None:
            return
        yield from self._known(("claim", "of"), [claim.of], self._what_if.results, "结果", "result")
        yield from self._known(("claim", "through"), [claim.through], inputs, "输入", "input")
        for name, value in claim.at.items():
            if name not in inputs:
                yield self._unknown(("claim", "at", name), name, inputs, "输入", "input")
            else:
                yield from self._within(("claim", "at", name), inputs[name], [value])

    def _ranges(self) -> Iterator[Finding]:
        may_vary, rows = varied(self._what_if), 1
        for name, text in self._what_if.ranges.items():
            path = ("ranges", name)
            if name not in may_vary:
                yield self._unknown(path, name, may_vary, "输入", "input")
                continue
            try:
                found = range_of(text)
            except RangeFault as fault:
                yield Finding("whatif.bad_range", self._place(path), fault.what, fault.do)
                continue
            rows *= found.count
            yield from self._within(path, may_vary[name], [found.low, found.high])
        if len(self._what_if.ranges) > 2 or rows > MOST_ROWS:
            what = Text(f"至多两个区间、{MOST_ROWS:,} 行", f"two ranges and {MOST_ROWS:,} rows are the most")
            yield Finding(
                "whatif.bad_range",
                self._key("ranges"),
                what,
                Text("减少区间或加大步长。", "Take fewer ranges or larger steps."),
            )

    def _known(self, path: _Path, names: Iterable[str], known: Iterable[str], zh: str, en: str) -> Iterator[Finding]:
        yield from (self._unknown(path, name, known, zh, en) for name in names if name not in known)

    def _unknown(self, path: _Path, name: str, known: Iterable[str], zh: str, en: str) -> Finding:
        known = list(known)
        place = self._place(path) if path[-1] != name else self._key(*path)
        do = Text(f"可选：{'、'.join(known)}。", f"There are: {', '.join(known)}.")
        return Finding(
            "whatif.unknown_name",
            place,
            Text(f"没有{zh} {name!r}", f"there is no {en} {name!r}"),
            do,
            near_names(name, known),
        )

    def _within(
        self, path: _Path, declared: WhatIfInput | WhatIfResult, values: Iterable[Fraction]
    ) -> Iterator[Finding]:
        low, high = declared.min, declared.max
        assert low is not None
        assert high is not None
        for value in values:
            if not low <= value <= high:
                said = [number_text(number, declared.unit) for number in (value, low, high)]
                what = Text(
                    f"读到 {said[0]}，超出 {said[1]} 至 {said[2]}", f"read {said[0]}, outside of {said[1]} to {said[2]}"
                )
                yield Finding("whatif.out_of_bounds", self._place(path), what, _IN_BOUNDS)

    def _key(self, *path: str | int) -> Place:
        return self._sources.place((*self._path, *path))

    def _place(self, path: _Path) -> Place:
        return self._sources.value_place((*self._path, *path))
