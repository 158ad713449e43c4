"""The words of every reason code of a decision, in both languages: the one place where they stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from basekeep.kernel.text import Text
from basekeep.playbook.declarations import Playbook

_WORDS: Mapping[str, Text] = {
    "chosen": Text("已选中", "chosen"),
    "held_out.universal": Text("在全局对照组，留作比较", "in the universal control group, left alone for comparison"),
    "held_out": Text("在某个活动的对照组，留作比较", "in a campaign's control group, left alone for comparison"),
    "no_segment": Text("不在任何有营销案的用户群", "in no segment that an offer serves"),
    "not_served": Text("不在该营销案服务的用户群", "in none of the segments that this offer serves"),
    "not_eligible": Text("不满足办理资格", "not eligible"),
    "not_applicable": Text("现在办没有意义", "it makes no sense now"),
    "not_suitable": Text("不适合这位客户", "not good for this customer"),
    "costs_more_than_use": Text(
        "客户每月付出会超过自己的用量", "it would cost the customer more a month than the customer's own use"
    ),
    "too_late": Text("已来不及在事情发生前接触", "too late to come before the event"),
    "not_valid": Text("执行期内不可办理", "not there in the period"),
    "value_unknown": Text("成功的价值算不出来（缺数）", "what a success is worth is unknown"),
    "not_worth_it": Text("期望价值不高于成本", "expected to bring no more than it costs"),
    "benefit_running": Text("同类优惠还在有效期", "a benefit of the same family still runs"),
    "channel_shut": Text("该渠道在排除名单上", "the exclusion list shuts the channel"),
    "reserved": Text("只能由指定渠道接触", "reserved for other channels"),
    "no_unit": Text("不知由哪个机构接触", "no unit is known to make the contact"),
    "no_stock": Text("所在地市没有库存", "nothing in stock in the city"),
    "stock": Text("库存已用完", "the stock is used up"),
    "contact_limit": Text("接触次数已用完", "no contact is left"),
    "quiet": Text("执行期内没有可接触的日子", "the period has no day for contacts"),
    "no_day_left": Text("事情发生前的日子都已排满", "every day before the event is full"),
    "out_ranked.chosen": Text("选中的那个更值得做", "what was chosen is worth more"),
    "out_ranked.customer": Text("同一客户的另一号码更值得做", "another line of the same customer goes before"),
    "out_ranked.family": Text("同一家庭的另一成员更值得做", "another member of the family goes before"),
    "out_ranked.worth": Text("有限的产能与预算用在别处更值", "what it needs is worth more elsewhere"),
    "cool_down.contact": Text("刚接触过，在冷静期", "contacted lately: cooling down"),
    "cool_down.refusal": Text("近期拒绝过，冷静期内不营销", "refused lately: nothing is sold for a while"),
    "cool_down.success": Text("近期办理过，冷静期内不营销", "bought lately: nothing is sold for a while"),
    "sent": Text("已派出，不再改动", "sent already; it stays"),
}  # fmt: skip

# What exclusion lists commonly give as their reason; other lists' reasons are said as they stand.
_LISTED: Mapping[str, Text] = {
    "opt_out": Text("要求不再联系", "asked to be left alone"),
    "complaint": Text("投诉处理中", "a complaint is open"),
    "red_list": Text("红名单", "red list"),
    "black_list": Text("黑名单", "black list"),
    "sensitive": Text("敏感客户", "sensitive customer"),
    "cancelled": Text("已销户", "has cancelled"),
}


def words_of_reason(code: str, playbook: Playbook) -> Text:
    """A reason code in words, with the playbook's own names; a code of another version stands as it is."""
    if code in _WORDS:
        return _WORDS[code]
    kind, _, name = code.partition(".")
    if kind in _NAMED:
        return _NAMED[kind](name, playbook)
    limits = playbook.contact_policy.limits
    return _policy_limit(code, playbook) if code in limits else Text(code, code)


def _excluded(name: str, playbook: Playbook) -> Text:
    declared = playbook.contact_policy.exclusions.get(name)
    said = declared.name.text if declared else _LISTED.get(name, Text(name, name))
    return Text(f"排除：{said.zh}", f"excluded: {said.en}")


def _held_out(name: str, playbook: Playbook) -> Text:
    said = playbook.campaigns[name].name.text if name in playbook.campaigns else Text(name, name)
    return Text(f"在“{said.zh}”的对照组，留作比较", f"in the control group of “{said.en}”, left alone for comparison")


def _policy_limit(name: str, playbook: Playbook) -> Text:
    declared = playbook.contact_policy.limits.get(name)
    said = declared.name.text if declared else Text(name, name)
    return Text(f"接触次数已满：{said.zh}", f"no contact left: {said.en}")


def _budget(name: str, playbook: Playbook) -> Text:
    said = playbook.budgets[name].name.text if name in playbook.budgets else Text(name, name)
    return Text(f"预算已用完：{said.zh}" if name else "预算已用完", f"the budget is used up: {said.en}" if name else "the budget is used up")  # fmt: skip


def _capacity(name: str, playbook: Playbook) -> Text:
    said = playbook.channels[name].name.text if name in playbook.channels else Text(name, name)
    return Text(f"产能已排满：{said.zh}" if name else "产能已排满", f"the capacity is used up: {said.en}" if name else "the capacity is used up")  # fmt: skip


def _floor(name: str, playbook: Playbook) -> Text:
    share, _, segment = name.partition(".")
    if share == "care_share" and segment:
        known = playbook.segments.get(segment) or playbook.scorecards.get(segment)
        said = known.name.text if known else Text(segment, segment)
        return Text(f"关怀占比下限：{said.zh}", f"the least share of care: {said.en}")
    said = playbook.floors[name].name.text if name in playbook.floors else Text(name, name)
    return Text(f"下限：{said.zh}", f"the floor: {said.en}")


_NAMED: Mapping[str, Callable[[str, Playbook], Text]] = {
    "excluded": _excluded,
    "held_out": _held_out,
    "limit": _policy_limit,
    "budget": _budget,
    "capacity": _capacity,
    "floor": _floor,
}
