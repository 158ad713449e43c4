"""Reads a syntax tree into terms: names, arithmetic, comparisons, conditions. Functions have a file of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from basekeep.contract.columns import Column
from basekeep.kernel.findings import near_names
from basekeep.kernel.text import Text
from basekeep.playbook import syntax as s
from basekeep.playbook import terms as t
from basekeep.playbook.calls import call, item_and_months
from basekeep.playbook.constants import zero_divisor
from basekeep.playbook.families import FAMILY_PARAMETERS, IN_FAMILY, family_limits
from basekeep.playbook.faults import KIND_WORDS, Fault, short, told_elsewhere, wrong_kind
from basekeep.playbook.functions import BUILT_INS, OF_SUBSCRIBERS
from basekeep.playbook.grains import GRAINS, SUBSCRIBER, Grain
from basekeep.playbook.units import UNIT_WORDS, agree, unit_of

if TYPE_CHECKING:
    from basekeep.playbook.meaning import Meaning

_OTHER_DIVISOR = Text(
    "换一个除数：除以零的结果对所有用户都是未知。",
    "Choose another divisor: divided by zero, it is unknown for everybody.",
)


class Reading:
    """Reads one text's tree; `meaning` knows the names."""

    def __init__(self, meaning: Meaning, text: str) -> None:
        self.meaning = meaning
        self._text = text

    def read(self, node: s.Node, lag: int) -> t.Term:
        """The term of a node, `lag` months back."""
        with self.meaning.step(node.start):
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
                    return call(self, node, lag)
                case s.Negative() | s.Arithmetic():
                    return self._arithmetic(node, lag)
                case s.Not(operand=operand):
                    return t.Opposite(self.truth(operand, lag))
                case s.Both(op=op, operands=operands):
                    items = tuple(self.truth(item, lag) for item in operands)
                    return t.All(items) if op == "and" else t.AnyOf(items)
            return self._test(node, lag)

    def number(self, node: s.Node, lag: int) -> t.NumberTerm:
        """The same for a node that must be a number."""
        term = self.read(node, lag)
        if not isinstance(term, t.NumberTerm):
            raise wrong_kind(node.start, "number", term)
        return term

    def truth(self, node: s.Node, lag: int) -> t.TruthTerm:
        """The same for a node that must be a condition."""
        term = self.read(node, lag)
        if not isinstance(term, t.TruthTerm):
            raise wrong_kind(node.start, "truth", term)
        return term

    def date(self, node: s.Node, lag: int) -> t.DateTerm:
        """The same for a node that must be a date; a text is read as one."""
        term = self.read(node, lag)
        if isinstance(term, t.TextConstant):
            return _day(node, term.value)
        if not isinstance(term, t.DateTerm):
            raise wrong_kind(node.start, "date", term)
        return term

    def same_unit(self, start: int, one: t.Term, two: t.Term) -> None:
        """Refuses two numbers whose units differ."""
        units = [unit_of(term, self.meaning.playbook.parameters) for term in (one, two)]
        if not agree(*units):
            first, second = (UNIT_WORDS[unit] for unit in units)
            raise Fault(
                "expression.unit",
                start,
                Text(f"单位不同：{first.zh}与{second.zh}", f"the units differ: {first.en} and {second.en}"),
                Text("只有同一单位的数才能相加、相减或比较。", "Only numbers of one unit are added, subtracted or compared."),
            )  # fmt: skip

    def _arithmetic(self, node: s.Node, lag: int) -> t.Term:
        match node:
            case s.Negative(operand=operand):
                return t.Sum((self.number(operand, lag),), (-1,))
            case s.Arithmetic(op="*", left=left, right=right):
                return t.Product(self.number(left, lag), self.number(right, lag))
            case s.Arithmetic(op="/", left=left, right=right):
                divisor = self.number(right, lag)
                if what := zero_divisor(divisor, self.meaning.playbook):
                    raise Fault("expression.division_by_zero", right.start, what, _OTHER_DIVISOR)
                return t.Quotient(self.number(left, lag), divisor)
        return self._sum(node, lag)

    def _sum(self, node: s.Node, lag: int) -> t.Term:
        """A chain of + and − as one sum."""
        parts: list[tuple[int, s.Node]] = []
        while isinstance(node, s.Arithmetic) and node.op in ("+", "-"):
            parts.append((1 if node.op == "+" else -1, node.right))
            node = node.left
        items, signs = [self.number(node, lag)], [1]
        for sign, right in reversed(parts):
            term = self.number(right, lag)
            self.same_unit(right.start, t.Sum(tuple(items), tuple(signs)), term)
            items.append(term)
            signs.append(sign)
        return t.Sum(tuple(items), tuple(signs))

    def _test(self, node: s.Node, lag: int) -> t.TruthTerm:
        match node:
            case s.Compare(op=op, left=left, right=right):
                return self._quantified(left, lag, lambda item, back: self._compare(node, op, item, back, right, lag))
            case s.Between(operand=operand):
                return self._quantified(operand, lag, lambda item, back: self._between(node, item, back, lag))
            case s.OneOf(operand=operand):
                return self._quantified(operand, lag, lambda item, back: self._one_of(node, item, back, lag))
            case s.Is(operand=operand, state=state):
                return self._is(operand, state, lag)
        raise AssertionError(type(node))

    def _quantified(self, left: s.Node, lag: int, make: Callable[[s.Node, int], t.TruthTerm]) -> t.TruthTerm:
        """`each(x, n) <= y`: the comparison for x of each month, the limit as of the run's month."""
        if not (isinstance(left, s.Call) and left.function in ("each", "any")):
            return make(left, lag)
        item, months = item_and_months(self, left, lag)
        items = tuple(make(item, back) for back in months)
        return t.All(items) if left.function == "each" else t.AnyOf(items)

    def _between(self, node: s.Between, item: s.Node, back: int, lag: int) -> t.TruthTerm:
        low = self._compare(node, ">=", item, back, node.low, lag)
        high = self._compare(node, "<=", item, back, node.high, lag)
        return _turned(t.All((low, high)), node.negated)

    def _compare(self, node: s.Node, op: t.CompareOp, left: s.Node, back: int, right: s.Node, lag: int) -> t.TruthTerm:
        one, two = self._pair(left, back, right, lag)
        if one.kind in ("truth", "text") and op not in ("=", "!="):
            word = KIND_WORDS[one.kind]
            raise Fault(
                "expression.type",
                node.start,
                Text(f"{word.zh}只能用 = 或 != 比较", f"{word.en} can only be compared with = or !="),
            )
        if isinstance(one, t.TruthTerm):
            if not isinstance(two, t.TruthConstant):
                raise wrong_kind(node.start, "number", one)
            return _turned(one, two.value != (op == "="))
        self.same_unit(right.start, one, two)
        self._known_class(right, one, two)
        self._known_class(left, two, one)
        return t.Comparison(op, one, two, self.label(left, back), self.label(right, lag))

    def _pair(self, left: s.Node, back: int, right: s.Node, lag: int) -> tuple[t.Term, t.Term]:
        """Both sides of a comparison; a text held against a date is read as one."""
        one, two = self.read(left, back), self.read(right, lag)
        if isinstance(one, t.DateTerm) and isinstance(two, t.TextConstant):
            two = _day(right, two.value)
        elif isinstance(one, t.TextConstant) and isinstance(two, t.DateTerm):
            one = _day(left, one.value)
        if one.kind != two.kind:
            raise wrong_kind(right.start, one.kind, two)
        return one, two

    def _known_class(self, node: s.Node, one: t.Term, two: t.Term) -> None:
        """A class that a metric does not have, or a value that a closed column never takes, is a slip."""
        if isinstance(two, t.TextConstant):
            _allowed(node, one, two.value, self.meaning.grain)

    def _one_of(self, node: s.OneOf, operand: s.Node, back: int, lag: int) -> t.TruthTerm:
        term = self.read(operand, back)
        if isinstance(term, t.NumberTerm):
            found = tuple(self._compare(operand, "=", operand, back, choice, lag) for choice in node.choices)
            return _turned(found[0] if len(found) == 1 else t.AnyOf(found), node.negated)
        if not isinstance(term, t.TextTerm):
            raise wrong_kind(operand.start, "text", term)
        values = []
        for choice in node.choices:
            if not isinstance(choice, s.String):
                raise wrong_kind(choice.start, "text", self.read(choice, lag))
            _allowed(choice, term, choice.value, self.meaning.grain)
            values.append(choice.value)
        return _turned(t.InList(term, tuple(values), self.label(operand, back)), node.negated)

    def _is(self, operand: s.Node, state: str, lag: int) -> t.TruthTerm:
        label = self.label(operand, lag)
        term = self.read(operand, lag)
        if state != "empty":
            return _turned(t.IsKnown(term, label), state == "unknown")
        columns = self.meaning.grain.columns
        if isinstance(term, t.TextColumn | t.DateColumn) and columns[term.column].none_when_empty:
            return t.IsEmpty(term.column, term.lag, label)
        none = ", ".join(name for name, column in columns.items() if column.none_when_empty)
        raise Fault(
            "expression.type",
            operand.start,
            Text(f"只有这些列的空值表示“没有”：{none}；其余请用 is unknown", f"only in these columns does empty mean none: {none}; elsewhere use 'is unknown'"),
        )  # fmt: skip

    def _name(self, node: s.Name, lag: int) -> t.Term:
        name = node.id
        playbook = self.meaning.playbook
        grain = self.meaning.grain
        if {(grain.metrics, name), ("parameters", name)} & self.meaning.broken:
            raise told_elsewhere(node.start, name)
        if name in self.meaning.metrics:
            return self._metric(node, lag)
        if name in playbook.parameters:
            return t.ParameterValue(name)
        if name == IN_FAMILY and grain is SUBSCRIBER:
            return self._in_family(node, lag)
        if name in BUILT_INS and (grain is SUBSCRIBER or name not in OF_SUBSCRIBERS):
            return _built_in(name, lag)
        if name in grain.columns:
            return _column(grain, name, 0 if grain.is_attribute(name) else lag)
        raise self._other_grain(node) or self._unknown_name(node)

    def _other_grain(self, node: s.Name) -> Fault | None:
        """The fault of a name that is known, of something else than the rule is about."""
        name, mine = node.id, self.meaning.grain
        metric = self.meaning.grain_of_metric(name)
        of_subscribers = name in SUBSCRIBER.columns or name in OF_SUBSCRIBERS
        grain = metric or (SUBSCRIBER if of_subscribers else None)
        grain = grain or next((one for one in GRAINS.values() if name in one.columns), None)
        if grain is None:
            return None
        inside = Text(
            f"{mine.label.zh}的规则里，关于用户的量写在函数里，如 members({name} > 0)、member_mean({name})。",
            f"In a rule of a {mine.label.en} what is about subscribers stands in a function: members({name} > 0), member_mean({name}).",
        )
        return Fault(
            "expression.other_grain",
            node.start,
            Text(f"{short(name)} 是{grain.label.zh}的量", f"{short(name)} is about a {grain.label.en}"),
            inside if grain is SUBSCRIBER else Text("这里不能用它。", "It cannot be used here."),
        )

    def _metric(self, node: s.Name, lag: int) -> t.Term:
        """A fault inside a metric is told there; a circle, or a look too far back from here, is told here as well."""
        try:
            now = self.meaning.metric_at(node.id, 0)
        except Fault as fault:
            if fault.circle:
                fault.start, fault.via = node.start, ""
            raise
        try:
            return self.meaning.metric_at(node.id, lag) if lag else now
        except Fault as fault:
            fault.start, fault.via = node.start, ""
            raise

    def _in_family(self, node: s.Name, lag: int) -> t.Term:
        if lag:
            raise Fault(
                "expression.family_month",
                node.start,
                Text("物理家庭只按运行月判断", "families are found as of the run's month only"),
                Text("不要放在 ago、each_month 等函数里。", "Do not put it inside ago, each_month or the like."),
            )
        for name in FAMILY_PARAMETERS:
            if ("parameters", name) in self.meaning.broken:
                raise told_elsewhere(node.start, name)
        family_limits(self.meaning.playbook.parameters, node.start)
        return t.InFamily(node.id)

    def _unknown_name(self, node: s.Name) -> Fault:
        known = {*self.meaning.grain.columns, *self.meaning.metrics, *self.meaning.playbook.parameters, *BUILT_INS}
        return Fault(
            "expression.unknown_name",
            node.start,
            Text(f"没有名为 {short(node.id)} 的列、指标或参数", f"no column, metric or parameter is called {short(node.id)}"),
            Text("核对名称；文字要写在单引号里。", "Check the name; a text stands in single quotes."),
            near_names(node.id[:60], known),
        )  # fmt: skip

    def label(self, node: s.Node, lag: int) -> str:
        """A part of the text as it is written."""
        text = " ".join(self._text[node.start : node.end].split())
        return f"{text}@m{lag}" if lag else text


def _turned(term: t.TruthTerm, negated: bool) -> t.TruthTerm:
    return t.Opposite(term) if negated else term


def _allowed(node: s.Node, term: t.Term, value: str, grain: Grain) -> None:
    known: Sequence[str] = ()
    if isinstance(term, t.Classes):
        known = [name for name, _ in term.choices]
    elif isinstance(term, t.TextColumn):
        known = grain.columns[term.column].values
    if known and value not in known:
        raise Fault(
            "expression.unknown_value",
            node.start,
            Text(f"没有取值 {short(value)}", f"there is no value {short(value)}"),
            Text(f"可取：{'、'.join(known)}。", f"The values are {', '.join(known)}."),
            near_names(value[:60], known),
        )


def _day(node: s.Node, text: str) -> t.DateTerm:
    try:
        return t.DateConstant(date.fromisoformat(text))
    except ValueError:
        raise Fault(
            "expression.type",
            node.start,
            Text(f"不是日期：{short(text)}（应如 '2025-12-31'）", f"not a date: {short(text)} (write '2025-12-31')"),
        ) from None


def _built_in(name: str, lag: int) -> t.Term:
    if name == "month_end":
        return t.MonthEnd(lag)
    if name == "festival_end":
        return t.FestivalEnd()
    joined = t.DateColumn("join_date", lag)
    return t.CalendarMonths(joined, lag) if name == "tenure_month" else t.FullYears(joined, lag)


def _column(grain: Grain, name: str, lag: int) -> t.Term:
    column: Column = grain.columns[name]
    match column.type:
        case "number" | "int":
            return t.Quantity(column.name, lag, grain.name)
        case "bool":
            return t.Flag(column.name, lag, f"{column.name}@m{lag}" if lag else column.name)
        case "date":
            return t.DateColumn(column.name, lag)
    return t.TextColumn(column.name, lag)
