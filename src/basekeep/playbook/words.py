"""Says an expression in words, in both languages, for people who do not write them."""

from __future__ import annotations

from collections.abc import Callable

from basekeep.kernel.text import Text
from basekeep.playbook import syntax as s
from basekeep.playbook.declarations import Playbook
from basekeep.playbook.functions import BUILT_INS
from basekeep.playbook.grains import GRAINS
from basekeep.playbook.parser import parse
from basekeep.playbook.tokens import SyntaxFault

_WINDOWS = {
    "mean": Text("{0}近{1}个月平均", "mean of {0} over {1} months"),
    "sum": Text("{0}近{1}个月合计", "sum of {0} over {1} months"),
    "min": Text("{0}近{1}个月最小值", "least {0} of {1} months"),
    "max": Text("{0}近{1}个月最大值", "greatest {0} of {1} months"),
    "count": Text("近{1}个月中满足“{0}”的月数", "months of {1} in which {0}"),
}
_SIMPLE = {
    "year_earlier": Text("上年同期的{0}", "{0} a year earlier"),
    "days_until": Text("距{0}的天数", "days until {0}"),
    "full_years": Text("自{0}起的整年数", "full years since {0}"),
    "full_months": Text("自{0}起的整月数", "full months since {0}"),
    "month_ahead": Text("{0}个月后用完的月份", "the month in which {0} months are up"),
    "spring_festival": Text("春节月的{0}", "{0} in the Spring Festival month"),
    "base_mean": Text("全体用户{0}的均值", "the base's mean of {0}"),
    "base_percentile": Text("全体用户{0}的{1}分位", "the base's {1} percentile of {0}"),
    "if_unknown": Text("{0}（未知时取{1}）", "{0}, or {1} where unknown"),
}
# What is said of members: of all of them, and of those that a condition or another one takes.
_OF_MEMBERS = {
    "members": (Text("用户数", "lines"), Text("满足“{0}”的用户数", "lines with {0}")),
    "any_member": (Text("有用户满足条件", "any line"), Text("有用户满足“{0}”", "a line with {0}")),
    "member_share": (Text("满足“{0}”的用户占比", "share of lines with {0}"), Text("满足“{1}”的用户中“{0}”的占比", "share with {0} of the lines with {1}")),
    "member_sum": (Text("用户{0}合计", "sum of {0} over the lines"), Text("满足“{1}”的用户的{0}合计", "sum of {0} over the lines with {1}")),
    "member_mean": (Text("用户平均{0}", "mean of {0} over the lines"), Text("满足“{1}”的用户的平均{0}", "mean of {0} over the lines with {1}")),
    "largest": (Text("最多的{0}", "commonest {0}"), Text("满足“{1}”的用户中最多的{0}", "commonest {0} of the lines with {1}")),
    "largest_share": (Text("最多的{0}占比", "share of the commonest {0}"), Text("满足“{1}”的用户中最多的{0}占比", "share of the commonest {0} of the lines with {1}")),
}  # fmt: skip
_WITHIN = {
    "base_mean": Text("同{1}用户{0}的均值", "the mean of {0} within the same {1}"),
    "base_percentile": Text("同{2}用户{0}的{1}分位", "the {1} percentile of {0} within the same {2}"),
}
_STATES = {
    "known": Text("{0}已知", "{0} is known"),
    "unknown": Text("{0}未知", "{0} is unknown"),
    "empty": Text("{0}为空", "{0} is empty"),
}
_BETWEEN = Text("{0}在{1}至{2}之间", "{0} from {1} to {2}")
_ONE_OF = Text("{0}为{1}之一", "{0} is one of {1}")
_NOT = Text("非（{0}）", "not ({0})")
_JOINED = {"and": Text("且", " and "), "or": Text("或", " or ")}
_COMPARED = {"=": "＝", "!=": "≠", "<": "＜", "<=": "≤", ">": "＞", ">=": "≥"}
_AGO = Text("{1}个月前的{0}", "{0} {1} months ago")
_LATER = Text("（上月起）", " (from last month back)")
_OPS = {"*": " × ", "/": " ÷ ", "+": " + ", "-": " − "}


def words(label: str, playbook: Playbook) -> Text:
    """An atom's label, `mean(arpu, 3)` or `incoming_share@m1`, in words; as it stands where it cannot be read."""
    text, _, lag = label.partition("@m")
    try:
        said = _Words(playbook, text).say(parse(text))
    except SyntaxFault:
        return Text(label, label)
    if not lag:
        return said
    months = Text("上月" if lag == "1" else f"{lag}个月前", "last month" if lag == "1" else f"{lag} months ago")
    return Text(f"{months.zh}{said.zh}", f"{said.en}, {months.en}")


class _Words:
    def __init__(self, playbook: Playbook, text: str) -> None:
        self._playbook = playbook
        self._text = text

    def say(self, node: s.Node) -> Text:
        match node:
            case s.Number(start=start, end=end) | s.Truth(start=start, end=end):
                return Text(self._text[start:end], self._text[start:end])
            case s.String(value=text):
                return Text(f"“{text}”", f"'{text}'")
            case s.Name(id=name):
                return self._name(name)
            case s.Call():
                return self._call(node)
            case s.Arithmetic(op=op, left=left, right=right):
                return _both(self._inner(left), self._inner(right), lambda a, b: f"{a}{_OPS[op]}{b}")
            case s.Negative(operand=operand):
                said = self._inner(operand)
                return Text(f"−{said.zh}", f"−{said.en}")
        return self._condition(node)

    def _condition(self, node: s.Node) -> Text:
        match node:
            case s.Compare(op=op, left=left, right=right):
                zh, en = _COMPARED[op], f" {op} "
                one, two = self.say(left), self.say(right)
                return Text(f"{one.zh}{zh}{two.zh}", f"{one.en}{en}{two.en}")
            case s.Between(operand=operand, low=low, high=high, negated=negated):
                return _turned(_filled(_BETWEEN, [self.say(part) for part in (operand, low, high)]), negated)
            case s.OneOf(operand=operand, choices=choices, negated=negated):
                listed = _joined([self.say(choice) for choice in choices], Text("、", ", "))
                return _turned(_filled(_ONE_OF, [self.say(operand), listed]), negated)
            case s.Is(operand=operand, state=state):
                return _filled(_STATES[state], [self.say(operand)])
            case s.Not(operand=operand):
                return _turned(self.say(operand), True)
            case s.Both(op=op, operands=operands):
                return _joined([self._inner(part) for part in operands], _JOINED[op])
        raise AssertionError(type(node))

    def _inner(self, node: s.Node) -> Text:
        said = self.say(node)
        if (isinstance(node, s.Arithmetic) and node.op in "+-") or isinstance(node, s.Both):
            return Text(f"（{said.zh}）", f"({said.en})")
        return said

    def _name(self, name: str) -> Text:
        playbook = self._playbook
        for grain in GRAINS.values():
            if name in (metrics := getattr(playbook, grain.metrics)):
                said: Text = metrics[name].name.text
                return said
        if name in playbook.parameters:
            return playbook.parameters[name].name.text
        if name in BUILT_INS:
            return BUILT_INS[name]
        for grain in GRAINS.values():
            if name in grain.columns:
                return grain.columns[name].label
        return Text(name, name)

    def _call(self, node: s.Call) -> Text:
        args = [self.say(arg) if isinstance(arg, s.Both) else self._inner(arg) for arg in node.args]
        if node.named and node.function in _WITHIN:
            return _filled(_WITHIN[node.function], [*args, *(self.say(value) for _, value in node.named)])
        if node.function == "ago":
            return _filled(_AGO, args)
        if node.function in _WINDOWS:
            said = _filled(_WINDOWS[node.function], args)
            return _both(said, _LATER, str.__add__) if len(args) > 2 else said
        if node.function in _OF_MEMBERS:
            alone, taken = _OF_MEMBERS[node.function]
            return _filled(
                taken if len(args) == (1 if node.function in ("members", "any_member") else 2) else alone, args
            )
        if node.function in _SIMPLE:
            return _filled(_SIMPLE[node.function], args)
        return Text(node.function, node.function)


def _filled(form: Text, args: list[Text]) -> Text:
    return Text(form.zh.format(*(arg.zh for arg in args)), form.en.format(*(arg.en for arg in args)))


def _both(a: Text, b: Text, join: Callable[[str, str], str]) -> Text:
    return Text(join(a.zh, b.zh), join(a.en, b.en))


def _joined(parts: list[Text], between: Text) -> Text:
    return Text(between.zh.join(part.zh for part in parts), between.en.join(part.en for part in parts))


def _turned(said: Text, negated: bool) -> Text:
    return _filled(_NOT, [said]) if negated else said
