"""Says an expression in words, in both languages, for people who do not write them."""

from __future__ import annotations

from collections.abc import Callable

from basekeep.contract.subscriber_month import SUBSCRIBER_MONTH
from basekeep.kernel.text import Text
from basekeep.playbook import syntax as s
from basekeep.playbook.declarations import Playbook
from basekeep.playbook.functions import BUILT_INS, ORG_COLUMNS
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
    "spring_festival": Text("春节月的{0}", "{0} in the Spring Festival month"),
    "base_mean": Text("全体用户{0}的均值", "the base's mean of {0}"),
    "base_percentile": Text("全体用户{0}的{1}分位", "the base's {1} percentile of {0}"),
    "if_unknown": Text("{0}（未知时取{1}）", "{0}, or {1} where unknown"),
}
_AGO = Text("{1}个月前的{0}", "{0} {1} months ago")
_LATER = Text("（上月起）", " (from last month back)")
_OPS = {"*": " × ", "/": " ÷ ", "+": " + ", "-": " − "}


def words(label: str, playbook: Playbook) -> Text:
    """An atom's label, `mean(arpu, 3)` or `incoming_share@m1`, in words; as it stands where it cannot be read."""
    text, _, lag = label.partition("@m")
    try:
        said = _Words(playbook).say(parse(text))
    except SyntaxFault:
        return Text(label, label)
    if not lag:
        return said
    months = Text("上月" if lag == "1" else f"{lag}个月前", "last month" if lag == "1" else f"{lag} months ago")
    return Text(f"{months.zh}{said.zh}", f"{said.en}, {months.en}")


class _Words:
    def __init__(self, playbook: Playbook) -> None:
        self._playbook = playbook

    def say(self, node: s.Node) -> Text:
        match node:
            case s.Number(value=value):
                shown = f"{float(value):g}" if value.denominator == 1 or value >= 1 else f"{float(value * 100):g}%"
                return Text(shown, shown)
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
        return Text("条件", "condition")

    def _inner(self, node: s.Node) -> Text:
        said = self.say(node)
        if isinstance(node, s.Arithmetic) and node.op in "+-":
            return Text(f"（{said.zh}）", f"({said.en})")
        return said

    def _name(self, name: str) -> Text:
        playbook = self._playbook
        if name in playbook.metrics:
            return playbook.metrics[name].name.text
        if name in playbook.parameters:
            return playbook.parameters[name].name.text
        if name in BUILT_INS or name in ORG_COLUMNS:
            return BUILT_INS.get(name) or ORG_COLUMNS[name]
        if name in SUBSCRIBER_MONTH.names:
            return SUBSCRIBER_MONTH.column(name).label
        return Text(name, name)

    def _call(self, node: s.Call) -> Text:
        args = [self._inner(arg) for arg in node.args]
        if node.function == "ago":
            return _filled(_AGO, args)
        if node.function in _WINDOWS:
            said = _filled(_WINDOWS[node.function], args)
            return _both(said, _LATER, str.__add__) if len(args) > 2 else said
        if node.function in _SIMPLE:
            return _filled(_SIMPLE[node.function], args)
        return Text(node.function, node.function)


def _filled(form: Text, args: list[Text]) -> Text:
    return Text(form.zh.format(*(arg.zh for arg in args)), form.en.format(*(arg.en for arg in args)))


def _both(a: Text, b: Text, join: Callable[[str, str], str]) -> Text:
    return Text(join(a.zh, b.zh), join(a.en, b.en))
