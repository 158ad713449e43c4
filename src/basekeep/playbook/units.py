"""The unit of a term. Adding or comparing yuan with minutes is a mistake worth saying."""

from __future__ import annotations

from collections.abc import Mapping

from basekeep.contract.columns import Unit
from basekeep.kernel.text import Text
from basekeep.playbook import terms as t
from basekeep.playbook.declarations import Parameter
from basekeep.playbook.grains import GRAINS, SUBSCRIBER

_PLAIN: frozenset[Unit] = frozenset({"", "share"})
UNIT_WORDS: Mapping[Unit, Text] = {
    "": Text("无单位", "no unit"),
    "yuan": Text("元", "yuan"),
    "minutes": Text("分钟", "minutes"),
    "MB": Text("MB", "MB"),
    "share": Text("占比", "a share"),
    "days": Text("天", "days"),
    "years": Text("年", "years"),
    "months": Text("个月", "months"),
    "times": Text("次", "times"),
    "points": Text("分", "points"),
    "subscribers": Text("户", "subscribers"),
}


def unit_of(term: t.Term, parameters: Mapping[str, Parameter]) -> Unit:
    """The unit of a number term; empty where it has none or none can be said."""
    match term:
        case t.Quantity(column=column, grain=grain):
            return GRAINS[grain].columns[column].unit
        case t.FestivalSum(column=column):
            return SUBSCRIBER.columns[column].unit
        case t.MemberCount() | t.LargestCount():
            return "subscribers"
        case t.MemberSum(of=of):
            return unit_of(of, parameters)
        case t.ParameterValue(name=name):
            return parameters[name].unit
        case t.Sum(items=items) | t.Extreme(items=items):
            return next((u for item in items if (u := unit_of(item, parameters)) not in _PLAIN), "")
        case t.IfUnknown(first=first) | t.BaseStatistic(of=first):
            return unit_of(first, parameters)
        case t.Product(left=left, right=right):
            pair = (unit_of(left, parameters), unit_of(right, parameters))
            named = [unit for unit in pair if unit not in _PLAIN]
            return named[0] if len(named) == 1 else ""
        case t.Quotient(left=left, right=right):
            return unit_of(left, parameters) if unit_of(right, parameters) in _PLAIN else ""
        case t.DaysUntil():
            return "days"
        case t.FullYears():
            return "years"
        case t.CalendarMonths() | t.FullMonths():
            return "months"
    return ""


def agree(left: Unit, right: Unit) -> bool:
    """Whether two numbers of these units can be added or compared."""
    return left == right or left in _PLAIN or right in _PLAIN or "times" in (left, right)
