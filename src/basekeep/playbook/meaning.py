"""Gives an expression its meaning: names become columns, metrics and parameters; months are counted back.

Collects faults as `Fault` values with an offset; never looks at data.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from basekeep.contract.columns import Column
from basekeep.contract.subscriber_month import SUBSCRIBER_MONTH
from basekeep.kernel.findings import near_names
from basekeep.kernel.text import Text
from basekeep.playbook import syntax as s
from basekeep.playbook import terms as t
from basekeep.playbook.declarations import Metric, Playbook
from basekeep.playbook.functions import BUILT_INS, FUNCTIONS, ORG_COLUMNS
from basekeep.playbook.parser import parse
from basekeep.playbook.tokens import SyntaxFault
from basekeep.playbook.units import agree, unit_of
from basekeep.playbook.walk import walk

_KIND_WORDS = {
    "number": Text("数值", "a number"),
    "truth": Text("条件", "a condition"),
    "text": Text("文字", "a text"),
    "date": Text("日期", "a date"),
}
_SEE_LANGUAGE = Text("写法见策略手册参考“表达式”一节。", "See 'Expressions' in the playbook reference.")


class Fault(Exception):
    """An expression without a meaning; `start` is an offset in the text of `path`'s value."""

    def __init__(
        self, code: str, start: int, what: Text, do: Text = _SEE_LANGUAGE, near: tuple[str, ...] = (), via: str = ""
    ) -> None:
        super().__init__(what.en)
        self.code = code
        self.start = start
        self.what = what
        self.do = do
        self.near = near
        self.via = via


@dataclass
class Meaning:
    """The names that an expression may use, and the terms they stand for."""

    playbook: Playbook
    _open: list[str] = field(default_factory=list)
    _known: dict[tuple[str, int], t.Term] = field(default_factory=dict)

    def term(self, text: str, lag: int = 0) -> t.Term:
        """The term of an expression's text, `lag` months back.

        Raises:
            Fault: the text has no meaning.
        """
        try:
            node = parse(text)
        except SyntaxFault as fault:
            raise Fault("expression.syntax", fault.start, fault.what) from None
        return _Reading(self, text).read(node, lag)

    def condition(self, text: str, lag: int = 0) -> t.TruthTerm:
        """The same for an expression that must be a condition."""
        term = self.term(text, lag)
        if not isinstance(term, t.TruthTerm):
            raise _wrong_kind(0, "truth", term)
        return term

    def number(self, text: str) -> t.NumberTerm:
        """The same for an expression that must be a number."""
        term = self.term(text)
        if not isinstance(term, t.NumberTerm):
            raise _wrong_kind(0, "number", term)
        return term

    def metric(self, name: str, lag: int) -> t.Term:
        """What a metric stands for, `lag` months back; a fault inside it is told as its own."""
        return self._once(f"metric {name}", lag, lambda: self._metric_term(name, self.playbook.metrics[name], lag))

    def segment(self, name: str) -> t.TruthTerm:
        """Whether any of a segment's rules holds."""
        rules = self.playbook.segments[name].rules

        def any_rule() -> t.Term:
            items = tuple(self.condition(rule.when) for rule in rules.values())
            return items[0] if len(items) == 1 else t.AnyOf(items)

        found = self._once(f"segment {name}", 0, any_rule)
        assert isinstance(found, t.TruthTerm)
        return found

    def _metric_term(self, name: str, metric: Metric, lag: int) -> t.Term:
        if metric.value is not None:
            term = self.term(metric.value, lag)
            if isinstance(term, t.TruthTerm):
                raise _wrong_kind(0, "number", term)
            return term
        if metric.when is not None:
            return self.condition(metric.when, lag)
        classes = metric.classes or {}
        return t.Classes(name, tuple((key, self.condition(item.when, lag)) for key, item in classes.items()))

    def _once(self, key: str, lag: int, make: Callable[[], t.Term]) -> t.Term:
        if (key, lag) in self._known:
            return self._known[key, lag]
        if key in self._open:
            circle = " → ".join([*self._open[self._open.index(key) :], key])
            raise Fault(
                "expression.circular",
                0,
                Text(f"循环引用：{circle}", f"circular reference: {circle}"),
                Text("让其中一个不再引用另一个。", "Let one of them stop referring to the other."),
                via=key,
            )
        self._open.append(key)
        try:
            self._known[key, lag] = make()
        except Fault as fault:
            fault.via = fault.via or key
            raise
        finally:
            self._open.pop()
        return self._known[key, lag]


def _wrong_kind(start: int, wanted: str, term: t.Term) -> Fault:
    want, got = _KIND_WORDS[wanted], _KIND_WORDS[term.kind]
    return Fault(
        "expression.type", start, Text(f"这里应为{want.zh}，实为{got.zh}", f"expected {want.en}, found {got.en}")
    )


class _Reading:
    """Reads one text's tree."""

    def __init__(self, meaning: Meaning, text: str) -> None:
        self._meaning = meaning
        self._text = text

    def read(self, node: s.Node, lag: int) -> t.Term:
        match node:
            case s.Number(value=number):
                return t.Constant(number)
            case s.String(value=text):
                return t.TextConstant(text)
            case s.Truth(value=truth):
                return t.TruthConstant(truth)
            case s.Name():
                return self._name(node, lag)
            case s.Call():
                return self._call(node, lag)
            case s.Negative(operand=operand):
                return t.Sum((self._number(operand, lag),), (-1,))
            case s.Arithmetic():
                return self._arithmetic(node, lag)
            case s.Not(operand=operand):
                return t.Opposite(self._truth(operand, lag))
            case s.Both(op=op, operands=operands):
                items = tuple(self._truth(item, lag) for item in operands)
                return t.All(items) if op == "and" else t.AnyOf(items)
        return self._test(node, lag)

    def _test(self, node: s.Node, lag: int) -> t.TruthTerm:
        match node:
            case s.Compare(op=op, left=left, right=right):
                return self._quantified(left, lag, lambda item, back: self._compare(node, op, item, back, right, lag))
            case s.Between(operand=operand, low=low, high=high):
                return self._quantified(
                    operand,
                    lag,
                    lambda item, back: t.All(
                        (
                            self._compare(node, ">=", item, back, low, lag),
                            self._compare(node, "<=", item, back, high, lag),
                        )
                    ),
                )
            case s.OneOf(operand=operand, choices=choices):
                return self._quantified(operand, lag, lambda item, back: self._one_of(item, back, choices))
            case s.Is(operand=operand, state=state):
                return self._is(operand, state, lag)
        raise AssertionError(type(node))

    def _quantified(self, left: s.Node, lag: int, make: Callable[[s.Node, int], t.TruthTerm]) -> t.TruthTerm:
        """`each(x, n) <= y`: the comparison for x of each month, the limit as of the run's month."""
        if not (isinstance(left, s.Call) and left.function in ("each", "any")):
            return make(left, lag)
        item, months = self._item_and_months(left)
        items = tuple(make(item, lag + back) for back in range(months))
        return t.All(items) if left.function == "each" else t.AnyOf(items)

    def _compare(self, node: s.Node, op: t.CompareOp, left: s.Node, back: int, right: s.Node, lag: int) -> t.TruthTerm:
        one, two = self.read(left, back), self.read(right, lag)
        if isinstance(one, t.DateTerm) and isinstance(two, t.TextConstant):
            two = self._day(right, two.value)
        if one.kind != two.kind:
            raise _wrong_kind(right.start, one.kind, two)
        if one.kind in ("truth", "text") and op not in ("=", "!="):
            word = _KIND_WORDS[one.kind]
            raise Fault(
                "expression.type",
                node.start,
                Text(f"{word.zh}只能用 = 或 != 比较", f"{word.en} can only be compared with = or !="),
            )
        if isinstance(one, t.TruthTerm) and isinstance(two, t.TruthConstant):
            return one if two.value == (op == "=") else t.Opposite(one)
        if one.kind == "truth":
            raise _wrong_kind(node.start, "number", one)
        self._same_unit(right.start, one, two)
        self._known_class(right, one, two)
        return t.Comparison(op, one, two, self._label(left, back), self._label(right, lag))

    def _known_class(self, node: s.Node, one: t.Term, two: t.Term) -> None:
        """A class that a metric does not have, or a value that a closed column never takes, is a slip."""
        if isinstance(two, t.TextConstant):
            self._allowed(node, one, two.value)

    def _allowed(self, node: s.Node, term: t.Term, value: str) -> None:
        known: Sequence[str] = ()
        if isinstance(term, t.Classes):
            known = [name for name, _ in term.choices]
        elif isinstance(term, t.TextColumn) and term.column not in ORG_COLUMNS:
            known = SUBSCRIBER_MONTH.column(term.column).values
        if known and value not in known:
            raise Fault(
                "expression.unknown_value",
                node.start,
                Text(
                    f"没有取值 {value!r}，可取：{'、'.join(known)}",
                    f"no value {value!r}; the values are {', '.join(known)}",
                ),
                near=near_names(value, known),
            )

    def _same_unit(self, start: int, one: t.Term, two: t.Term) -> None:
        units = [unit_of(term, self._meaning.playbook.parameters) for term in (one, two)]
        if not agree(*units):
            raise Fault(
                "expression.unit",
                start,
                Text(f"单位不同：{units[0]} 与 {units[1]}", f"the units differ: {units[0]} and {units[1]}"),
            )

    def _one_of(self, operand: s.Node, lag: int, choices: tuple[s.Node, ...]) -> t.TruthTerm:
        term = self.read(operand, lag)
        if isinstance(term, t.NumberTerm):
            comparisons = tuple(self._compare(operand, "=", operand, lag, choice, lag) for choice in choices)
            return t.AnyOf(comparisons)
        if not isinstance(term, t.TextTerm):
            raise _wrong_kind(operand.start, "text", term)
        values = []
        for choice in choices:
            if not isinstance(choice, s.String):
                raise _wrong_kind(choice.start, "text", self.read(choice, lag))
            self._allowed(choice, term, choice.value)
            values.append(choice.value)
        return t.InList(term, tuple(values), self._label(operand, lag))

    def _is(self, operand: s.Node, state: str, lag: int) -> t.TruthTerm:
        label = self._label(operand, lag)
        term = self.read(operand, lag)
        if state != "empty":
            known = t.IsKnown(term, label)
            return known if state == "known" else t.Opposite(known)
        if isinstance(term, t.TextColumn | t.DateColumn) and term.column not in ORG_COLUMNS:
            column = SUBSCRIBER_MONTH.column(term.column)
            if column.none_when_empty:
                return t.IsEmpty(term.column, term.lag, label)
        none = ", ".join(c.name for c in SUBSCRIBER_MONTH.columns if c.none_when_empty)
        raise Fault(
            "expression.type",
            operand.start,
            Text(f"只有这些列的空值表示“没有”：{none}；其余请用 is unknown", f"only in these columns does empty mean none: {none}; elsewhere use 'is unknown'"),
        )  # fmt: skip

    def _name(self, node: s.Name, lag: int) -> t.Term:
        name = node.id
        playbook = self._meaning.playbook
        if name in playbook.metrics:
            return self._meaning.metric(name, lag)
        if name in playbook.parameters:
            return t.ParameterValue(name)
        if name in BUILT_INS:
            return _built_in(name, lag)
        if name in ORG_COLUMNS:
            return t.TextColumn(name, 0)
        if name in SUBSCRIBER_MONTH.names:
            return _column(SUBSCRIBER_MONTH.column(name), lag)
        raise self._unknown_name(node)

    def _unknown_name(self, node: s.Name) -> Fault:
        playbook = self._meaning.playbook
        known = {*SUBSCRIBER_MONTH.names, *playbook.metrics, *playbook.parameters, *BUILT_INS, *ORG_COLUMNS}
        return Fault(
            "expression.unknown_name",
            node.start,
            Text(f"没有名为 {node.id!r} 的列、指标或参数", f"no column, metric or parameter is called {node.id!r}"),
            Text("文字要写在单引号里。", "A text stands in single quotes."),
            near_names(node.id, known),
        )

    def _arithmetic(self, node: s.Arithmetic, lag: int) -> t.Term:
        left, right = self._number(node.left, lag), self._number(node.right, lag)
        if node.op in "+-":
            self._same_unit(node.right.start, left, right)
            return t.Sum((left, right), (1, 1 if node.op == "+" else -1))
        if node.op == "*":
            return t.Product(left, right)
        if right == t.Constant(Fraction(0)):
            raise Fault("expression.division_by_zero", node.right.start, Text("除数为零", "division by zero"))
        return t.Quotient(left, right)

    def _number(self, node: s.Node, lag: int) -> t.NumberTerm:
        term = self.read(node, lag)
        if not isinstance(term, t.NumberTerm):
            raise _wrong_kind(node.start, "number", term)
        return term

    def _truth(self, node: s.Node, lag: int) -> t.TruthTerm:
        term = self.read(node, lag)
        if not isinstance(term, t.TruthTerm):
            raise _wrong_kind(node.start, "truth", term)
        return term

    def _date(self, node: s.Node, lag: int) -> t.DateTerm:
        term = self.read(node, lag)
        if not isinstance(term, t.DateTerm):
            raise _wrong_kind(node.start, "date", term)
        return term

    def _day(self, node: s.Node, text: str) -> t.DateTerm:
        try:
            return t.DateConstant(date.fromisoformat(text))
        except ValueError:
            raise Fault(
                "expression.type",
                node.start,
                Text(f"不是日期：{text!r}（应如 '2025-12-31'）", f"not a date: {text!r} (write '2025-12-31')"),
            ) from None

    def _label(self, node: s.Node, lag: int) -> str:
        text = " ".join(self._text[node.start : node.end].split())
        return f"{text}@m{lag}" if lag else text

    def _call(self, node: s.Call, lag: int) -> t.Term:
        known = FUNCTIONS.get(node.function)
        if known is None:
            near = near_names(node.function, FUNCTIONS)
            what = Text(f"没有函数 {node.function!r}", f"there is no function {node.function!r}")
            raise Fault("expression.unknown_function", node.start, what, near=near)
        if not known.least <= len(node.args) <= known.most or (node.named and not known.takes_by):
            raise Fault(
                "expression.arguments",
                node.start,
                Text(f"应写成 {known.usage}", f"write it as {known.usage}"),
                known.says,
            )
        read = getattr(self, f"_call_{node.function}")
        term = read(node, lag)
        assert isinstance(term, t.Term)
        return term

    def _call_ago(self, node: s.Call, lag: int) -> t.Term:
        return self.read(node.args[0], lag + self._whole(node.args[1], 0))

    def _call_year_earlier(self, node: s.Call, lag: int) -> t.Term:
        return self.read(node.args[0], lag + 12)

    def _window(self, node: s.Call, lag: int) -> list[int]:
        months = self._whole(node.args[1], 1)
        start = self._whole(node.args[2], 0) if len(node.args) > 2 else 0
        return [lag + start + back for back in range(months)]

    def _numbers(self, node: s.Call, lag: int) -> tuple[t.NumberTerm, ...]:
        return tuple(self._number(node.args[0], month) for month in self._window(node, lag))

    def _call_sum(self, node: s.Call, lag: int) -> t.Term:
        items = self._numbers(node, lag)
        return t.Sum(items, (1,) * len(items))

    def _call_mean(self, node: s.Call, lag: int) -> t.Term:
        items = self._numbers(node, lag)
        return t.Quotient(t.Sum(items, (1,) * len(items)), t.Constant(Fraction(len(items))))

    def _call_min(self, node: s.Call, lag: int) -> t.Term:
        return t.Extreme("min", self._numbers(node, lag))

    def _call_max(self, node: s.Call, lag: int) -> t.Term:
        return t.Extreme("max", self._numbers(node, lag))

    def _call_count(self, node: s.Call, lag: int) -> t.Term:
        return t.CountOf(tuple(self._truth(node.args[0], month) for month in self._window(node, lag)))

    def _call_each(self, node: s.Call, lag: int) -> t.Term:
        usage = FUNCTIONS[node.function].usage
        raise Fault(
            "expression.arguments",
            node.start,
            Text(
                f"{node.function} 只能写在比较的左边：{usage}",
                f"{node.function} stands at the left of a comparison: {usage}",
            ),
        )

    _call_any = _call_each

    def _call_each_month(self, node: s.Call, lag: int) -> t.Term:
        return t.All(tuple(self._truth(node.args[0], month) for month in self._window(node, lag)))

    def _call_any_month(self, node: s.Call, lag: int) -> t.Term:
        return t.AnyOf(tuple(self._truth(node.args[0], month) for month in self._window(node, lag)))

    def _call_days_until(self, node: s.Call, lag: int) -> t.Term:
        return t.DaysUntil(self._date(node.args[0], lag), lag)

    def _call_full_years(self, node: s.Call, lag: int) -> t.Term:
        return t.FullYears(self._date(node.args[0], lag), lag)

    def _call_spring_festival(self, node: s.Call, lag: int) -> t.Term:
        term = self._number(node.args[0], 0)
        if lag or not isinstance(term, t.Quantity):
            raise Fault(
                "expression.arguments",
                node.args[0].start,
                Text(
                    "spring_festival 里应为本月口径的一个数值列",
                    "spring_festival takes one number column, as of the run's month",
                ),
            )
        return t.FestivalSum(term.column)

    def _call_base_mean(self, node: s.Call, lag: int) -> t.Term:
        return t.BaseStatistic("mean", self._plain(node, lag), None, self._by(node))

    def _call_base_percentile(self, node: s.Call, lag: int) -> t.Term:
        share = self._number(node.args[1], lag)
        if not isinstance(share, t.Constant | t.ParameterValue):
            raise Fault(
                "expression.arguments",
                node.args[1].start,
                Text("分位应为数字或参数", "the share is a number or a parameter"),
            )
        if isinstance(share, t.Constant) and not 0 <= share.value <= 1:
            raise Fault(
                "expression.arguments",
                node.args[1].start,
                Text("分位应在 0 与 100% 之间", "the share lies between 0 and 100%"),
            )
        return t.BaseStatistic("percentile", self._plain(node, lag), share, self._by(node))

    def _plain(self, node: s.Call, lag: int) -> t.NumberTerm:
        term = self._number(node.args[0], lag)
        if any(isinstance(part, t.BaseStatistic) for part in walk(term)):
            raise Fault(
                "expression.arguments",
                node.args[0].start,
                Text("全体统计里不能再有全体统计", "a statistic of the base cannot hold another one"),
            )
        return term

    def _by(self, node: s.Call) -> str | None:
        for _, value in node.named:
            term = self.read(value, 0)
            if not (isinstance(term, t.TextColumn) and isinstance(value, s.Name)):
                raise Fault(
                    "expression.arguments", value.start, Text("by= 之后应为一个文字列", "by= takes one text column")
                )
            return term.column
        return None

    def _call_if_unknown(self, node: s.Call, lag: int) -> t.Term:
        first, second = (self._number(arg, lag) for arg in node.args)
        self._same_unit(node.args[1].start, first, second)
        return t.IfUnknown(first, second)

    def _call_member(self, node: s.Call, lag: int) -> t.Term:
        arg = node.args[0]
        segments = self._meaning.playbook.segments
        name = arg.id if isinstance(arg, s.Name) else arg.value if isinstance(arg, s.String) else ""
        if name not in segments:
            raise Fault(
                "expression.unknown_segment",
                arg.start,
                Text(f"没有用户群 {name!r}", f"there is no segment {name!r}"),
                near=near_names(name, segments),
            )
        return self._meaning.segment(name)

    def _item_and_months(self, node: s.Call) -> tuple[s.Node, int]:
        if len(node.args) != 2 or node.named:
            usage = FUNCTIONS[node.function].usage
            raise Fault("expression.arguments", node.start, Text(f"应写成 {usage}", f"write it as {usage}"))
        return node.args[0], self._whole(node.args[1], 1)

    def _whole(self, node: s.Node, least: int) -> int:
        if isinstance(node, s.Number) and node.value.denominator == 1 and least <= node.value <= 240:
            return int(node.value)
        raise Fault(
            "expression.window",
            node.start,
            Text(f"月数应为不小于 {least} 的整数", f"a number of months is a whole number from {least} up"),
        )


def _built_in(name: str, lag: int) -> t.Term:
    if name == "month_end":
        return t.MonthEnd(lag)
    if name == "festival_end":
        return t.FestivalEnd()
    joined = t.DateColumn("join_date", lag)
    return t.CalendarMonths(joined, lag) if name == "tenure_month" else t.FullYears(joined, lag)


def _column(column: Column, lag: int) -> t.Term:
    match column.type:
        case "number" | "int":
            return t.Quantity(column.name, lag)
        case "bool":
            return t.Flag(column.name, lag, f"{column.name}@m{lag}" if lag else column.name)
        case "date":
            return t.DateColumn(column.name, lag)
    return t.TextColumn(column.name, lag)
