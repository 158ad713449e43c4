"""The functions and built-in quantities of the expression language, with what they mean in both languages.

The playbook reference is made from this table; `meaning` looks names up in it.
"""

from __future__ import annotations

from dataclasses import dataclass

from basekeep.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Function:
    """One function: how it is written, how many arguments, what it gives."""

    usage: str
    least: int
    most: int
    says: Text
    takes_by: bool = False


FUNCTIONS: dict[str, Function] = {
    "ago": Function("ago(x, k)", 2, 2, Text("k 个月以前的 x", "x as it was k months ago")),
    "year_earlier": Function("year_earlier(x)", 1, 1, Text("上年同期的 x（12 个月以前）", "x in the same month(s) a year earlier (12 months ago)")),
    "mean": Function("mean(x, n[, from])", 2, 3, Text("n 个月的平均；from 为最近一个月距本月的月数（默认 0）。有一个月未知即未知", "the mean of n months; `from` is how far back the latest of them lies (0 when left out). Unknown when one month is")),
    "sum": Function("sum(x, n[, from])", 2, 3, Text("n 个月之和，有一个月未知即未知", "the sum of n months, unknown when one month is")),
    "min": Function("min(x, n[, from])", 2, 3, Text("n 个月中的最小值，有一个月未知即未知", "the least of n months, unknown when one month is")),
    "max": Function("max(x, n[, from])", 2, 3, Text("n 个月中的最大值，有一个月未知即未知", "the greatest of n months, unknown when one month is")),
    "count": Function("count(condition, n[, from])", 2, 3, Text("n 个月中条件成立的月数，有一个月未知即未知；count(x is known, n) 数已知的月", "in how many of n months the condition is true, unknown when one month is; count(x is known, n) counts known months")),
    "each": Function("each(x, n) <= limit", 2, 2, Text("最近 n 个月每个月的 x 都满足比较；界限按本月计算", "the comparison holds for x in each of the last n months; the limit is that of the run's month")),
    "any": Function("any(x, n) > limit", 2, 2, Text("最近 n 个月中任何一个月的 x 满足比较；界限按本月计算", "the comparison holds for x in any of the last n months; the limit is that of the run's month")),
    "each_month": Function("each_month(condition, n)", 2, 2, Text("条件在最近 n 个月每个月（各按当月计算）都成立", "the condition, taken as of each month, holds in each of the last n months")),
    "any_month": Function("any_month(condition, n)", 2, 2, Text("条件在最近 n 个月中任何一个月（按当月计算）成立", "the condition, taken as of each month, holds in any of the last n months")),
    "days_until": Function("days_until(day)", 1, 1, Text("从月末到该日的天数，已过为负", "days from the month end to the day, negative when it has passed")),
    "full_years": Function("full_years(day)", 1, 1, Text("从该日到月末的整年数（如年龄）", "full years from the day to the month end (an age, say)")),
    "full_months": Function("full_months(day)", 1, 1, Text("从该日到月末的整月数（如终端在网时长）", "full months from the day to the month end (the age of a device, say)")),
    "members": Function("members([condition])", 0, 1, Text("集团（或机构）中满足条件的存量用户数，对谁都未知时未知；不写条件为全部", "how many subscribers of the group (or unit) the condition is true for, unknown where it is known for none of them; all of them without one")),
    "any_member": Function("any_member(condition)", 1, 1, Text("有用户满足条件；都不满足但有人未知时为未知", "the condition is true for one of them; unknown where it is true for none and unknown for some")),
    "member_share": Function("member_share(condition[, among])", 1, 2, Text("条件成立者占已知者的比例；among 限定范围", "the share for whom the condition is true, of those for whom it is known; `among` takes only some")),
    "member_sum": Function("member_sum(x[, condition])", 1, 2, Text("满足条件且 x 已知的用户的 x 之和；一个都没有时未知", "the sum of x over those the condition is true for and x is known of; unknown without any")),
    "member_mean": Function("member_mean(x[, condition])", 1, 2, Text("满足条件且 x 已知的用户的 x 平均", "the mean of x over those the condition is true for and x is known of")),
    "largest": Function("largest(text[, condition])", 1, 2, Text("满足条件的用户中最多的取值；并列时取字母在前的", "the commonest value among those the condition is true for; of several the first by its letters")),
    "largest_share": Function("largest_share(text[, condition])", 1, 2, Text("最多的取值占已知者的比例", "the share of the commonest value, of those it is known of")),
    "month_ahead": Function("month_ahead(x)", 1, 1, Text("从月末起 x 个月后用完的那个月（首日）；不足零为本月", "the month (its first day) in which x months from the month end are up; the run's month for none or fewer")),
    "spring_festival": Function("spring_festival(column)", 1, 1, Text("最近一个春节月（跨两月则相加）的数值", "a column in the latest Spring Festival month, both months added where it spans two")),
    "base_mean": Function("base_mean(x[, by=column])", 1, 1, Text("存量用户中 x 已知者的平均；by 按城市、品牌等分别计算", "the base's mean of x over those for whom it is known; `by` takes it within a city, brand or other column"), takes_by=True),
    "base_percentile": Function("base_percentile(x, share[, by=column])", 2, 2, Text("存量用户中 x 的分位数（线性插值）", "the base's percentile of x, interpolated"), takes_by=True),
    "if_unknown": Function("if_unknown(x, y)", 2, 2, Text("x，未知时为 y", "x, or y where x is unknown")),
    "member": Function("member(segment)", 1, 1, Text("属于该用户群", "belongs to the segment")),
}  # fmt: skip

# Of the built-in quantities those that are about a subscriber.
OF_SUBSCRIBERS = ("tenure_month", "tenure_years", "in_physical_family")

BUILT_INS: dict[str, Text] = {
    "month_end": Text("运行月的最后一天", "the last day of the run's month"),
    "tenure_month": Text("在网月数（入网当月为1）", "calendar months since joining (the month of joining is 1)"),
    "tenure_years": Text("在网整年数", "full years since joining"),
    "festival_end": Text("最近一个春节月的最后一天", "the last day of the latest Spring Festival month(s)"),
    "in_physical_family": Text("属于物理家庭", "belongs to a physical family"),
}
