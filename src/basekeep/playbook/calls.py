"""The functions of the expression language, each read into its term. `functions` says how they are written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import TYPE_CHECKING

from basekeep.kernel.findings import near_names
from basekeep.kernel.text import Text
from basekeep.playbook import syntax as s
from basekeep.playbook import terms as t
from basekeep.playbook.faults import Fault, short, told_elsewhere, too_far_back, wrong_arguments, wrong_kind
from basekeep.playbook.functions import FUNCTIONS
from basekeep.playbook.grains import SUBSCRIBER
from basekeep.playbook.walk import walk

if TYPE_CHECKING:
    from basekeep.playbook.reading import Reading

_YEAR = 12
# The latest Spring Festival that has ended lies up to twelve months back.
_FESTIVAL_MONTHS = 13
_MOST_MONTHS = 240


def call(reading: Reading, node: s.Call, lag: int) -> t.Term:
    """The term of a function with its arguments.

    Raises:
        Fault: there is no such function, or it is not written as it should be.
    """
    known = FUNCTIONS.get(node.function)
    if known is None:
        what = Text(f"没有函数 {short(node.function)}", f"there is no function {short(node.function)}")
        near = near_names(node.function[:60], FUNCTIONS)
        raise Fault("expression.unknown_function", node.start, what, near=near)
    misnamed = node.named and not known.takes_by
    if not known.least <= len(node.args) <= known.most or misnamed or len(node.named) > 1:
        raise wrong_arguments(node.start, f"应写成 {known.usage}", f"write it as {known.usage}", known.says)
    return _CALLS[node.function](reading, node, lag)


def item_and_months(reading: Reading, node: s.Call, lag: int) -> tuple[s.Node, list[int]]:
    """What `each(x, n)` and `any(x, n)` look at: x, and how far back each month lies."""
    if len(node.args) != 2 or node.named:
        usage = FUNCTIONS[node.function].usage
        raise wrong_arguments(node.start, f"应写成 {usage}", f"write it as {usage}")
    return node.args[0], _window(reading, node, lag)


def _whole(node: s.Node, least: int) -> int:
    if isinstance(node, s.Number) and node.value.denominator == 1 and least <= node.value <= _MOST_MONTHS:
        return int(node.value)
    raise Fault(
        "expression.window",
        node.start,
        Text(f"月数应为 {least} 至 {_MOST_MONTHS} 的整数", f"a number of months is a whole number from {least} to {_MOST_MONTHS}"),
    )  # fmt: skip


def _within_history(reading: Reading, start: int, lag: int) -> int:
    kept = reading.meaning.playbook.playbook.history_months
    if lag >= kept:
        raise too_far_back(start, lag + 1, kept)
    return lag


def _window(reading: Reading, node: s.Call, lag: int) -> list[int]:
    months = _whole(node.args[1], 1)
    first = lag + (_whole(node.args[2], 0) if len(node.args) > 2 else 0)
    _within_history(reading, node.args[1].start, first + months - 1)
    return [first + back for back in range(months)]


def _numbers(reading: Reading, node: s.Call, lag: int) -> tuple[t.NumberTerm, ...]:
    return tuple(reading.number(node.args[0], month) for month in _window(reading, node, lag))


def _truths(reading: Reading, node: s.Call, lag: int) -> tuple[t.TruthTerm, ...]:
    return tuple(reading.truth(node.args[0], month) for month in _window(reading, node, lag))


def _ago(reading: Reading, node: s.Call, lag: int) -> t.Term:
    back = _within_history(reading, node.args[1].start, lag + _whole(node.args[1], 0))
    return reading.read(node.args[0], back)


def _year_earlier(reading: Reading, node: s.Call, lag: int) -> t.Term:
    return reading.read(node.args[0], _within_history(reading, node.start, lag + _YEAR))


def _sum(reading: Reading, node: s.Call, lag: int) -> t.Term:
    items = _numbers(reading, node, lag)
    return t.Sum(items, (1,) * len(items))


def _mean(reading: Reading, node: s.Call, lag: int) -> t.Term:
    items = _numbers(reading, node, lag)
    return t.Quotient(t.Sum(items, (1,) * len(items)), t.Constant(Fraction(len(items))))


def _min(reading: Reading, node: s.Call, lag: int) -> t.Term:
    return t.Extreme("min", _numbers(reading, node, lag))


def _max(reading: Reading, node: s.Call, lag: int) -> t.Term:
    return t.Extreme("max", _numbers(reading, node, lag))


def _count(reading: Reading, node: s.Call, lag: int) -> t.Term:
    return t.CountOf(_truths(reading, node, lag))


def _quantifier(reading: Reading, node: s.Call, lag: int) -> t.Term:
    usage = FUNCTIONS[node.function].usage
    raise wrong_arguments(
        node.start,
        f"{node.function} 只能写在比较的左边：{usage}",
        f"{node.function} stands at the left of a comparison: {usage}",
    )


def _each_month(reading: Reading, node: s.Call, lag: int) -> t.Term:
    return t.All(_truths(reading, node, lag))


def _any_month(reading: Reading, node: s.Call, lag: int) -> t.Term:
    return t.AnyOf(_truths(reading, node, lag))


def _days_until(reading: Reading, node: s.Call, lag: int) -> t.Term:
    return t.DaysUntil(reading.date(node.args[0], lag), lag)


def _full_years(reading: Reading, node: s.Call, lag: int) -> t.Term:
    return t.FullYears(reading.date(node.args[0], lag), lag)


def _full_months(reading: Reading, node: s.Call, lag: int) -> t.Term:
    return t.FullMonths(reading.date(node.args[0], lag), lag)


def _spring_festival(reading: Reading, node: s.Call, lag: int) -> t.Term:
    if reading.meaning.grain is not SUBSCRIBER:
        raise wrong_arguments(
            node.start, "spring_festival 只用于用户的规则", "spring_festival is for rules of subscribers"
        )
    term = reading.number(node.args[0], 0)
    if lag or not isinstance(term, t.Quantity) or term.lag:
        raise wrong_arguments(
            node.args[0].start,
            "spring_festival 里应为本月口径的一个数值列",
            "spring_festival takes one number column, as of the run's month",
        )
    _within_history(reading, node.start, _FESTIVAL_MONTHS - 1)
    return t.FestivalSum(term.column)


def _base_mean(reading: Reading, node: s.Call, lag: int) -> t.Term:
    return t.BaseStatistic("mean", _plain(reading, node, lag), None, _by(reading, node))


def _base_percentile(reading: Reading, node: s.Call, lag: int) -> t.Term:
    at = node.args[1]
    share = reading.number(at, lag)
    if isinstance(share, t.ParameterValue):
        parameter = reading.meaning.playbook.parameters[share.name]
        values = [parameter.value, parameter.min, parameter.max]
    elif isinstance(share, t.Constant):
        values = [share.value]
    else:
        raise wrong_arguments(at.start, "分位应为数字或参数", "the share is a number or a parameter")
    if not all(0 <= value <= 1 for value in values):
        raise wrong_arguments(
            at.start,
            "分位应在 0 与 100% 之间（参数的 min、max 也是）",
            "the share lies between 0 and 100% (a parameter's min and max as well)",
        )
    return t.BaseStatistic("percentile", _plain(reading, node, lag), share, _by(reading, node))


def _plain(reading: Reading, node: s.Call, lag: int) -> t.NumberTerm:
    term = reading.number(node.args[0], lag)
    if any(isinstance(part, t.BaseStatistic) for part in walk(term)):
        raise wrong_arguments(
            node.args[0].start, "全体统计里不能再有全体统计", "a statistic of the base cannot hold another one"
        )
    return term


def _by(reading: Reading, node: s.Call) -> str | None:
    for _, value in node.named:
        if reading.meaning.grain is not SUBSCRIBER:
            raise wrong_arguments(value.start, "by= 只用于用户的规则", "by= is for rules of subscribers")
        term = reading.read(value, 0)
        if not (isinstance(term, t.TextColumn) and isinstance(value, s.Name)):
            raise wrong_arguments(value.start, "by= 之后应为一个文字列", "by= takes one text column")
        return term.column
    return None


def _if_unknown(reading: Reading, node: s.Call, lag: int) -> t.Term:
    first, second = (reading.number(arg, lag) for arg in node.args)
    reading.same_unit(node.args[1].start, first, second)
    return t.IfUnknown(first, second)


def _member(reading: Reading, node: s.Call, lag: int) -> t.Term:
    arg = node.args[0]
    segments = reading.meaning.segments
    name = arg.id if isinstance(arg, s.Name) else arg.value if isinstance(arg, s.String) else ""
    if (reading.meaning.grain.segments, name) in reading.meaning.broken:
        raise told_elsewhere(arg.start, name)
    if name not in segments:
        raise Fault(
            "expression.unknown_segment",
            arg.start,
            Text(f"没有用户群 {short(name)}", f"there is no segment {short(name)}"),
            Text(f"用户群有：{'、'.join(segments)}。", f"The segments are: {', '.join(segments)}."),
            near_names(name[:60], segments),
        )
    return _segment(reading, name, arg.start, lag)


def _members(reading: Reading, node: s.Call, lag: int) -> t.Term:
    with _of_members(reading, node, lag):
        return t.MemberCount(_where(reading, node, 0))


def _any_member(reading: Reading, node: s.Call, lag: int) -> t.Term:
    with _of_members(reading, node, lag):
        true = _where(reading, node, 0)
    return t.AnyMember(t.MemberCount(true), t.MemberCount(t.Opposite(t.IsKnown(true, ""))), reading.label(node, lag))


def _month_ahead(reading: Reading, node: s.Call, lag: int) -> t.Term:
    return t.MonthAhead(reading.number(node.args[0], lag))


def _member_share(reading: Reading, node: s.Call, lag: int) -> t.Term:
    with _of_members(reading, node, lag):
        true, among = reading.truth(node.args[0], 0), _where(reading, node, 1)
    return t.Quotient(t.MemberCount(t.All((among, true))), _known_among(among, true))


def _member_sum(reading: Reading, node: s.Call, lag: int) -> t.Term:
    with _of_members(reading, node, lag):
        return t.MemberSum(_quantity(reading, node), _where(reading, node, 1))


def _member_mean(reading: Reading, node: s.Call, lag: int) -> t.Term:
    with _of_members(reading, node, lag):
        of, where = _quantity(reading, node), _where(reading, node, 1)
    return t.Quotient(t.MemberSum(of, where), _known_among(where, of))


def _largest(reading: Reading, node: s.Call, lag: int) -> t.Term:
    with _of_members(reading, node, lag):
        return t.Largest(_text(reading, node), _where(reading, node, 1))


def _largest_share(reading: Reading, node: s.Call, lag: int) -> t.Term:
    with _of_members(reading, node, lag):
        of, where = _text(reading, node), _where(reading, node, 1)
    return t.Quotient(t.LargestCount(of, where), _known_among(where, of))


def _known_among(where: t.TruthTerm, term: t.Term) -> t.MemberCount:
    """Of how many members, among those, the term is known: what a share or a mean is of."""
    return t.MemberCount(t.All((where, t.IsKnown(term, ""))))


@contextmanager
def _of_members(reading: Reading, node: s.Call, lag: int) -> Iterator[None]:
    """What stands inside is about subscribers, as of the run's month."""
    if reading.meaning.grain is SUBSCRIBER:
        raise wrong_arguments(
            node.start,
            f"{node.function} 只用于集团与机构的规则",
            f"{node.function} is for rules of groups and of org units",
        )
    if lag:
        raise wrong_arguments(
            node.start,
            f"{node.function} 只看运行月；历史写在括号里面，如 members(ago(x, 1) > 0)",
            f"{node.function} is of the run's month; history stands inside it: members(ago(x, 1) > 0)",
        )
    with reading.meaning.about(SUBSCRIBER):
        yield


def _where(reading: Reading, node: s.Call, at: int) -> t.TruthTerm:
    return reading.truth(node.args[at], 0) if len(node.args) > at else t.TruthConstant(True)


def _quantity(reading: Reading, node: s.Call) -> t.NumberTerm:
    return reading.number(node.args[0], 0)


def _text(reading: Reading, node: s.Call) -> t.TextTerm:
    term = reading.read(node.args[0], 0)
    if not isinstance(term, t.TextTerm):
        raise wrong_kind(node.args[0].start, "text", term)
    return term


def _segment(reading: Reading, name: str, start: int, lag: int) -> t.Term:
    """A fault inside a segment is told there; a circle, or a look too far back from here, is told here as well."""
    try:
        now = reading.meaning.segment_at(name, 0)
    except Fault as fault:
        if fault.circle:
            fault.start, fault.via = start, ""
        raise
    try:
        return reading.meaning.segment_at(name, lag) if lag else now
    except Fault as fault:
        fault.start, fault.via = start, ""
        raise


_CALLS: dict[str, Callable[[Reading, s.Call, int], t.Term]] = {
    "ago": _ago,
    "year_earlier": _year_earlier,
    "mean": _mean,
    "sum": _sum,
    "min": _min,
    "max": _max,
    "count": _count,
    "each": _quantifier,
    "any": _quantifier,
    "each_month": _each_month,
    "any_month": _any_month,
    "days_until": _days_until,
    "full_years": _full_years,
    "full_months": _full_months,
    "members": _members,
    "any_member": _any_member,
    "month_ahead": _month_ahead,
    "member_share": _member_share,
    "member_sum": _member_sum,
    "member_mean": _member_mean,
    "largest": _largest,
    "largest_share": _largest_share,
    "spring_festival": _spring_festival,
    "base_mean": _base_mean,
    "base_percentile": _base_percentile,
    "if_unknown": _if_unknown,
    "member": _member,
}
