"""What the section `upgrade` of a playbook declares: who is served, what is paid, which devices, how goals are shared out.

Names metrics and holds numbers; has no expressions of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from basekeep.kernel.text import Text
from basekeep.playbook.declared import FROZEN, NAME, POINTS, Bilingual, Exact, Id, Yuan

Share = Annotated[Exact, Field(ge=0, le=1)]


class Declared(BaseModel):
    """Any part of the section."""

    model_config = FROZEN


class DeviceExtra(Declared):
    """More for a line that completed with a certain new 5G device; a key left out fits every device."""

    name: Annotated[Bilingual, NAME]
    brand: Annotated[str | None, Text("终端品牌", "the device's brand")] = None
    tier: Annotated[Id | None, Text("价位", "the device's price tier")] = None
    device_model_id: Annotated[str | None, Text("终端型号", "the device model")] = None
    yuan: Annotated[Yuan, Text("每户另加多少元", "so many yuan more for the line")]


class BigOrder(Declared):
    """From so many lines of one group in a month, so much more for each of them."""

    from_lines: Annotated[
        int, Field(ge=1), Text("一个集团当月竣工达到多少户", "from how many completed lines of one group in the month")
    ]
    yuan: Annotated[Yuan, Text("每户另加多少元", "so many yuan more for each of them")]


class Rewards(Declared):
    """What is paid for a completed line."""

    offers: Annotated[
        tuple[str, ...], Field(min_length=1), Text("哪些营销案的订单算竣工", "the offers whose orders complete a line")
    ]
    line_yuan: Annotated[Yuan, Text("每户竣工激励（元）", "yuan for each completed line")]
    device_extras: Annotated[
        dict[Id, DeviceExtra],
        Text("分型号激励；取第一个符合的", "extra by device; the first that fits, in the order written"),
    ] = {}
    big_orders: Annotated[
        tuple[BigOrder, ...],
        Text(
            "大单奖励的各档；取达到的最高一档", "steps of the extra for big orders; the highest that is reached counts"
        ),
    ] = ()

    @model_validator(mode="after")
    def _rises(self) -> Rewards:
        _rising([step.from_lines for step in self.big_orders])
        return self


class MarketingBudget(Declared):
    """The marketing cost set aside, and how it is divided among units of one level."""

    level: Annotated[Literal["city", "county", "branch"], Text("按哪一级机构", "for units of which level")] = "city"
    total_yuan: Annotated[Yuan, Text("总额（元）", "all of it, in yuan")]
    units: Annotated[
        dict[str, Yuan],
        Text(
            "机构 → 预算（元）；其余机构平分剩下的", "unit → its budget in yuan; the other units share the rest evenly"
        ),
    ] = {}

    @model_validator(mode="after")
    def _within(self) -> MarketingBudget:
        if sum(self.units.values()) > self.total_yuan:
            raise PydanticCustomError("budget_exceeded", "the units' budgets exceed the total")
        return self


class Tier(Declared):
    """One price tier of devices."""

    name: Annotated[Bilingual, NAME]
    up_to_yuan: Annotated[
        Yuan | None,
        Text("最高价（含），元；最后一档不写", "its highest price in yuan, included; none for the last tier"),
    ] = None


class System(Declared):
    """One operating system, and the brands that have it."""

    name: Annotated[Bilingual, NAME]
    brands: Annotated[
        tuple[str, ...], Text("哪些品牌；不写则为其余品牌", "its brands; none: all brands that no other system names")
    ] = ()


class Fit(Declared):
    """Points by which a device model fits a line."""

    brand: Annotated[int, Field(ge=0, le=1000), Text("品牌相同的分值", "points for the same brand")]
    tier: Annotated[int, Field(ge=0, le=1000), Text("价位相同的分值", "points for the same price tier")]
    tier_step: Annotated[
        int,
        Field(ge=0, le=1000),
        Text("价位每差一档扣多少（不低于 0）", "points less for each tier apart, not below 0"),
    ]
    system: Annotated[int, Field(ge=0, le=1000), Text("系统相同的分值", "points for the same operating system")]
    stock: Annotated[int, Field(ge=0, le=1000), Text("本市库存充足的分值", "points for ample stock in the city")]


class Devices(Declared):
    """Which devices are ageing, and how their replacement is chosen."""

    ageing_months: Annotated[
        int, Field(ge=0, le=240), Text("终端在用满多少个月算老旧", "from how many full months a device is ageing")
    ]
    tiers: Annotated[dict[Id, Tier], Field(min_length=1), Text("价位，由低到高", "price tiers, from low to high")]
    systems: Annotated[dict[Id, System], Text("操作系统及其品牌", "operating systems with their brands")] = {}
    fit: Annotated[Fit, Text("匹配分值", "points of fit")]
    ample_stock: Annotated[int, Field(ge=1), Text("多少台算库存充足", "how many in stock are ample")]

    @model_validator(mode="after")
    def _tiers_rise(self) -> Devices:
        tops = [tier.up_to_yuan for tier in self.tiers.values()]
        if tops[-1] is not None or None in tops[:-1]:
            raise PydanticCustomError("last_open", "only the last tier has no top")
        _rising([top for top in tops if top is not None])
        return self


class TradeIn(Declared):
    """Which present devices are taken in payment, and for how much of their price."""

    most_months: Annotated[
        int, Field(ge=0, le=240), Text("在用不超过多少个月可以旧换新", "devices of at most so many months are taken")
    ]
    least_price_yuan: Annotated[Yuan, Text("原价不低于多少元", "whose price was at least so many yuan")]
    price_share: Annotated[Share, Text("抵扣原价的多少", "the share of that price which is credited")]


class Instalment(Declared):
    """The terms on which a device is paid for month by month."""

    months: Annotated[int, Field(ge=1, le=60), Text("分几个月", "in how many months")]
    least_price_yuan: Annotated[Yuan, Text("价格不低于多少元可分期", "for devices of at least so many yuan")]
    fee_share: Annotated[Share, Text("手续费占价格的比例", "the fee, as a share of the price")]


class VendorList(Declared):
    """What is shared with makers: counts and models, never persons."""

    least_lines: Annotated[
        int, Field(ge=2, le=1000), Text("少于多少户的格子不给出", "cells of fewer lines are withheld")
    ]


class Breakdown(Declared):
    """How a goal is shared out among units."""

    total_lines: Annotated[
        int | None, Field(ge=0), Text("目标总户数；不写则按占比", "the goal in lines; when left out, by the share")
    ] = None
    goal_share: Annotated[
        Share, Text("目标占可升级用户的比例", "the goal as a share of all lines that can be upgraded")
    ]
    least_lines: Annotated[
        int,
        Field(ge=0, le=100_000),
        Text("每个机构至少几户（不超过它自己的户数）", "each unit gets at least so many, never more than it has"),
    ]


class Stage(Declared):
    """One stage of a benchmark project: a month of the quarter."""

    name: Annotated[Bilingual, NAME]
    planned_share: Annotated[
        Share, Text("到该月末应完成的比例", "the share that should be completed by the month's end")
    ]


class Worth(Declared):
    """Points by which a group is worth making an example of."""

    value: Annotated[
        int,
        Field(ge=0, le=1000),
        Text("期望价值的分值（本市最高者得满分）", "points for expected value; the city's highest gets all"),
    ]
    stock: Annotated[
        int,
        Field(ge=0, le=1000),
        Text(
            "有货可供的分值（按有货的老旧终端占比）",
            "points for supply, by the share of ageing devices that stock can replace",
        ),
    ]
    manager: Annotated[int, Field(ge=0, le=1000), Text("有在岗客户经理的分值", "points for a manager who is there")]
    contact: Annotated[int, Field(ge=0, le=1000), Text("有联系人或关键人的分值", "points for a contact or key person")]
    started: Annotated[
        int, Field(ge=0, le=1000), Text("本季已有竣工的分值", "points where lines were completed this quarter already")
    ]


class Benchmark(Declared):
    """Projects worth making an example of."""

    per_city: Annotated[int, Field(ge=1, le=2), Text("每地市每季几个", "how many per city and quarter")]
    worth: Annotated[Worth, POINTS]
    stages: Annotated[tuple[Stage, Stage, Stage], Text("一季三个月的阶段", "the stages of a quarter's three months")]

    @model_validator(mode="after")
    def _shares_rise(self) -> Benchmark:
        _rising([stage.planned_share for stage in self.stages])
        return self


class Upgrade(Declared):
    """The enterprise upgrade. What is left out gives empty tables."""

    policy_class: Annotated[
        Id, Text("指标：现由哪一类政策服务", "the metric that says which policy class serves a line now")
    ]
    policy_kind: Annotated[
        Id, Text("指标：属于哪一类（不论是否已是 5G）", "the metric that says which class a line is of, on 5G or not")
    ]
    not_on_5g: Annotated[Id, Text("指标：尚未使用 5G", "the metric that says a line is not on 5G")]
    not_on_5g_before: Annotated[Id, Text("指标：上月尚未使用 5G", "the metric that says it was not a month before")]
    manager_roles: Annotated[
        tuple[str, ...],
        Field(min_length=1),
        Text("哪些岗位的人员可作责任人", "staff of which roles can be responsible"),
    ]
    rewards: Annotated[Rewards | None, Text("激励", "rewards")] = None
    marketing_budget: Annotated[MarketingBudget | None, Text("营销成本预算", "the budget of marketing cost")] = None
    devices: Annotated[Devices | None, Text("换机", "replacement of devices")] = None
    trade_in: Annotated[TradeIn | None, Text("以旧换新", "trade-in")] = None
    instalment: Annotated[Instalment | None, Text("分期", "instalments")] = None
    vendor_list: Annotated[VendorList | None, Text("厂商清单", "lists for makers")] = None
    breakdown: Annotated[Breakdown | None, Text("目标分解", "the breakdown of the goal")] = None
    benchmark: Annotated[Benchmark | None, Text("标杆项目", "benchmark projects")] = None


def _rising(values: Sequence[Any]) -> None:
    """Refuses values that do not rise."""
    if any(one >= two for one, two in pairwise(values)):
        raise PydanticCustomError("rising", "not rising")
