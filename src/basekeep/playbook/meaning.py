"""Gives an expression its meaning: names become columns, metrics and parameters; months are counted back.

Raises faults with an offset; never looks at data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from basekeep.kernel.text import Text
from basekeep.playbook import terms as t
from basekeep.playbook.declarations import GroupSegment, Metric, Playbook, Segment
from basekeep.playbook.faults import Fault, too_much, wrong_kind
from basekeep.playbook.grains import GRAINS, SUBSCRIBER, Grain
from basekeep.playbook.parser import parse
from basekeep.playbook.places import Written
from basekeep.playbook.reading import Reading
from basekeep.playbook.tokens import SyntaxFault

__all__ = ["Fault", "Meaning"]

# More than any rule of a business unfolds into; a wall against windows within windows within windows.
_MOST_TERMS = 5_000
_DEEPEST = 50


@dataclass
class Meaning:
    """The names that an expression may use, and the terms they stand for.

    `broken` are declarations, as (section, name), that could not be read: to use one is no fault of its own.
    """

    playbook: Playbook
    broken: frozenset[tuple[str, str]] = frozenset()
    grain: Grain = SUBSCRIBER
    _open: list[str] = field(default_factory=list)
    _known: dict[tuple[str, int], t.Term] = field(default_factory=dict)
    _sizes: dict[tuple[str, int], int] = field(default_factory=dict)
    _size: int = 0
    _depth: int = 0

    @property
    def metrics(self) -> Mapping[str, Metric]:
        """The metrics of what is being read."""
        found: Mapping[str, Metric] = getattr(self.playbook, self.grain.metrics)
        return found

    @property
    def segments(self) -> Mapping[str, Segment | GroupSegment]:
        """The segments of what is being read."""
        found: Mapping[str, Segment | GroupSegment] = getattr(self.playbook, self.grain.segments)
        return found

    @contextmanager
    def about(self, grain: Grain) -> Iterator[None]:
        """Read what is about this grain."""
        before, self.grain = self.grain, grain
        try:
            yield
        finally:
            self.grain = before

    def read(self, text: str, owner: str = "", grain: Grain = SUBSCRIBER) -> t.Term:
        """The term of an expression's text.

        Args:
            owner: the metric or segment (`metric mou`) that the text belongs to; a reference back to it is a circle.
            grain: what the expression is about.

        Raises:
            Fault: the text has no meaning. Its `via` is not empty where it is told elsewhere.
        """
        self._open, self._size, self._depth = [owner] if owner else [], 0, 0
        try:
            with self.about(grain):
                return self._term(text, 0)
        except Fault as fault:
            if fault.circle and owner not in fault.circle:
                fault.via = fault.circle[0]
            raise
        finally:
            self._open = []

    def written(self, written: Written) -> t.Term:
        """The term of an expression of the playbook, of the kind that its place wants."""
        term = self.read(written.text, written.owner, written.grain)
        if not written.suits(term):
            raise wrong_kind(0, "truth" if written.wants == "truth" else "number", term)
        return term

    def term(self, text: str) -> t.Term:
        """The term of an expression's text, whatever kind it is."""
        return self.read(text)

    def condition(self, text: str, grain: Grain = SUBSCRIBER) -> t.TruthTerm:
        """The same for an expression that must be a condition."""
        return _condition(self.read(text, grain=grain))

    def number(self, text: str, grain: Grain = SUBSCRIBER) -> t.NumberTerm:
        """The same for an expression that must be a number."""
        term = self.read(text, grain=grain)
        if not isinstance(term, t.NumberTerm):
            raise wrong_kind(0, "number", term)
        return term

    def metric(self, name: str) -> t.Term:
        """What a metric, of whatever grain, stands for in the run's month."""
        self._open, self._size, self._depth = [], 0, 0
        with self.about(self.grain_of_metric(name) or SUBSCRIBER):
            return self.metric_at(name, 0)

    def grain_of_metric(self, name: str) -> Grain | None:
        """What a metric is about; None where there is none of that name."""
        return next((grain for grain in GRAINS.values() if name in getattr(self.playbook, grain.metrics)), None)

    def metric_at(self, name: str, lag: int) -> t.Term:
        """The same `lag` months back, for an expression that names the metric."""
        return self._once(f"metric {name}", lag, lambda: self._metric_term(name, self.metrics[name], lag))

    def segment_at(self, name: str, lag: int) -> t.TruthTerm:
        """Whether any of a segment's rules holds, `lag` months back, for an expression that names it."""
        rules = self.segments[name].rules

        def any_rule() -> t.Term:
            items = tuple(_condition(self._term(rule.when, lag)) for rule in rules.values())
            return items[0] if len(items) == 1 else t.AnyOf(items)

        return _condition(self._once(f"segment {name}", lag, any_rule))

    @contextmanager
    def step(self, start: int) -> Iterator[None]:
        """One more term, one level deeper.

        Raises:
            Fault: the expression unfolds into too much.
        """
        self._depth += 1
        self._size += 1
        if self._depth > _DEEPEST or self._size > _MOST_TERMS:
            raise too_much(start)
        yield
        self._depth -= 1

    def _term(self, text: str, lag: int) -> t.Term:
        try:
            node = parse(text)
        except SyntaxFault as fault:
            raise Fault("expression.syntax", fault.start, fault.what) from None
        return Reading(self, text).read(node, lag)

    def _metric_term(self, name: str, metric: Metric, lag: int) -> t.Term:
        if metric.value is not None:
            term = self._term(metric.value, lag)
            if isinstance(term, t.TruthTerm):
                raise wrong_kind(0, "number", term)
            return term
        if metric.when is not None:
            return _condition(self._term(metric.when, lag))
        classes = metric.classes or {}
        return t.Classes(name, tuple((key, _condition(self._term(item.when, lag))) for key, item in classes.items()))

    def _once(self, key: str, lag: int, make: Callable[[], t.Term]) -> t.Term:
        if key in self._open:
            raise _circular([*self._open[self._open.index(key) :], key])
        if (key, lag) in self._known:
            self._size += self._sizes[key, lag]
            return self._known[key, lag]
        self._open.append(key)
        before = self._size
        try:
            self._known[key, lag] = make()
        except Fault as fault:
            fault.via = fault.via or key
            raise
        finally:
            self._open.pop()
        self._sizes[key, lag] = self._size - before
        return self._known[key, lag]


def _condition(term: t.Term) -> t.TruthTerm:
    if not isinstance(term, t.TruthTerm):
        raise wrong_kind(0, "truth", term)
    return term


def _circular(keys: list[str]) -> Fault:
    shown = " → ".join(key.partition(" ")[2] for key in keys)
    fault = Fault(
        "expression.circular",
        0,
        Text(f"循环引用：{shown}", f"circular reference: {shown}"),
        Text("让其中一个不再引用另一个。", "Let one of them stop referring to the other."),
    )
    fault.circle = tuple(keys)
    return fault
