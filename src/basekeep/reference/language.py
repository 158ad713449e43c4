"""The expression language: how values, operators, months and functions are written. Each example is a real expression."""

from __future__ import annotations

from basekeep.kernel.text import Text
from basekeep.playbook.functions import BUILT_INS, FUNCTIONS
from basekeep.playbook.grains import GROUP, SUBSCRIBER, UNIT
from basekeep.reference.markdown import cell, code, table

# What may be written, by example; a test gives each example its meaning with the shipped playbook.
WRITTEN: tuple[tuple[str, Text], ...] = (
    ("arpu >= 100.50", Text("数：精确的十进制数，可写 1_000 与 50%", "numbers are exact decimals; 1_000 and 50% are numbers too")),
    ("brand = 'easyown'", Text("文字写在单引号里，单引号本身写两个", "texts stand in single quotes; a quote itself is written twice")),
    ("join_date >= '2025-01-01'", Text("日期：年-月-日，写在单引号里", "dates: year-month-day, in single quotes")),
    ("is_main_card and not upgrade_pack", Text("真假列本身就是条件；not、and、or 由紧到松", "a true/false column is a condition; `not`, `and`, `or` bind in this order, tightest first")),
    ("status = 'suspended' or (payment = 'prepaid' and balance <= 0)", Text("比较：= != < <= > >=，不能连写", "comparisons: = != < <= > >=, never chained")),
    ("arpu between 30 and 60", Text("两端都包括", "both ends belong to it")),
    ("id_type in ('personal', 'student')", Text("其中之一；not in、not between 也可以", "one of them; `not in` and `not between` as well")),
    ("(arpu - plan_fee) / plan_fee > 50%", Text("+ − × ÷ 写作 + - * /；除数为零则未知", "sums and products; dividing by zero gives unknown")),
    ("balance is unknown or contacts is known", Text("是否未知、已知：结果总是真或假", "whether a value is known: always true or false")),
    ("group_id is not empty", Text("只用于空值表示“没有”的列（见下面列表中的“无”）", "only for columns in which an empty cell means none (marked below)")),
    ("is_main_card = true and is_staff != true", Text("true、false 可写可不写", "`true` and `false` may be written")),
    ("arpu > base_mean(arpu, by=city_id)", Text("by= 按城市、品牌等分别统计", "`by=` takes a statistic within a city, brand or other text column")),
)  # fmt: skip


def expressions_section() -> str:
    """How expressions are written."""
    rows = [(code(example), cell(says.zh), cell(says.en)) for example, says in WRITTEN]
    return table(("写法 written", "说明", "Meaning"), rows)


def functions_section() -> str:
    """The functions."""
    rows = [(code(item.usage), cell(item.says.zh), cell(item.says.en)) for item in FUNCTIONS.values()]
    return table(("函数 function", "结果", "Gives"), rows)


def built_ins_section() -> str:
    """Quantities that every playbook has without declaring them."""
    rows = [(code(name), cell(says.zh), cell(says.en)) for name, says in BUILT_INS.items()]
    rows += [(code(one.name), cell(one.label.zh), cell(one.label.en)) for one in SUBSCRIBER.attributes]
    return table(("名称 name", "含义", "Meaning"), rows)


def grains_section() -> str:
    """What rules of groups and of units may name."""
    rows = [
        (
            code(one.name),
            cell(grain.label.zh),
            cell(one.label.zh),
            cell(one.label.en),
            "" if grain.is_attribute(one.name) else "✓",
        )
        for grain in (GROUP, UNIT)
        for one in grain.columns.values()
    ]
    return table(("名称 name", "关于 of", "含义", "Meaning", "各月 by month"), rows)
