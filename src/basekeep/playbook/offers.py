"""What the playbook declares of offers: what is sold or given, to whom, through which channels, and what it is worth."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from basekeep.kernel.text import Text
from basekeep.playbook.declared import FROZEN, NAME, WORDING, Bilingual, Exact, Id, Yuan

Share = Annotated[Exact, Field(ge=0, le=1)]
Weight = Annotated[Exact, Field(ge=0, le=100)]
WEIGHT = Text("业务权重，乘在价值上", "business weight: what its value is multiplied by")


class Declared(BaseModel):
    """Any part of these sections."""

    model_config = FROZEN


class Control(Declared):
    """The control group of a campaign, chosen from the effect that one wants to detect."""

    from_share: Annotated[Share, Text("不做时的比率，如离网率 17.2%", "the rate without it, a churn of 17.2% say")]
    to_share: Annotated[Share, Text("希望能看出变为多少", "the rate that one wants to be able to tell apart from it")]
    most_share: Annotated[Share, Text("至多留出多少", "the most that is held out")] = Fraction(1, 10)

    @model_validator(mode="after")
    def _an_effect(self) -> Control:
        if self.from_share == self.to_share:
            raise PydanticCustomError("no_effect", "from_share and to_share are the same")
        return self


class Campaign(Declared):
    """Offers that belong together: a budget, a weight, a control group."""

    name: Annotated[Bilingual, NAME]
    wording: Annotated[Bilingual | None, WORDING] = None
    weight: Annotated[Weight, WEIGHT] = Fraction(1)
    control: Annotated[Control | None, Text("对照组；不写则没有", "its control group; none when left out")] = None


class CustomerPays(Declared):
    """What the offer costs the customer. More a month than the customer's own use is not good for the customer."""

    yuan: Annotated[Yuan, Text("一共多少元", "so much in all, in yuan")]
    months: Annotated[int, Field(ge=1, le=120), Text("管几个月", "for so many months")] = 1


class Event(Declared):
    """What the contact must come before."""

    date: Annotated[
        Literal["bound_until", "vas_until", "bill_due_date"], Text("哪个日期的列", "the column that holds its date")
    ]
    lead_days: Annotated[
        int, Field(ge=0, le=366), Text("至少提前几天接触", "the contact comes at least so many days before it")
    ]


class Device(Declared):
    """The devices, or gifts, that an offer draws on. A subscriber gets one that its city has in stock."""

    models: Annotated[
        tuple[str, ...], Text("哪些型号；不写则按下列条件", "which models; when left out, all that fit what follows")
    ] = ()
    is_5g: Annotated[bool | None, Text("是否 5G 终端", "whether it is a 5G device")] = None
    least_yuan: Annotated[Yuan | None, Text("价格不低于多少元", "its price is at least so many yuan")] = None
    most_yuan: Annotated[Yuan | None, Text("价格不高于多少元", "its price is at most so many yuan")] = None


class Offer(Declared):
    """One measure: sold (`sell`, it binds) or given (`care`, it serves).

    Expected value = probability × value × weights − cost; cost = contact + cost_yuan + probability × benefit_yuan.
    """

    name: Annotated[Bilingual, NAME]
    kind: Annotated[Literal["sell", "care"], Text("营销（捆绑）或关怀（服务）", "sold, it binds; or care, it serves")]
    campaign: Annotated[Id, Text("属于哪个营销活动", "the campaign that it belongs to")]
    serves: Annotated[
        dict[Id, Annotated[dict[Id, Share], Field(min_length=1)]],
        Field(min_length=1),
        Text(
            "用户群或评分卡 → 渠道 → 起始成功概率；属于几个群时取写在前面的",
            "segment or scorecard → channel → starting probability of success; of several the first written counts",
        ),
    ]
    eligible: Annotated[str | None, Text("资格：能不能办（条件）", "eligibility: may we (a condition)")] = None
    applicable: Annotated[
        str | None, Text("时机：现在办有没有意义（条件）", "applicability: does it make sense now (a condition)")
    ] = None
    suitable: Annotated[
        str | None, Text("适合：对这位客户好不好（条件）", "suitability: is it good for this customer (a condition)")
    ] = None
    customer_pays: Annotated[
        CustomerPays | None,
        Text(
            "客户付出多少；每月超过客户自己的用量即不适合",
            "what the customer pays; more a month than the customer's own use is not suitable",
        ),
    ] = None
    benefit_family: Annotated[
        Id | None, Text("优惠种类：同类优惠在有效期内不重复", "benefits of one family do not run at the same time")
    ] = None
    benefit_yuan: Annotated[Yuan, Text("成功时给客户多少元的优惠", "what a customer who agrees is given, in yuan")] = (
        Fraction(0)
    )
    runs_months: Annotated[int, Field(ge=0, le=120), Text("优惠持续几个月", "for how many months the benefit runs")] = 0
    cost_yuan: Annotated[
        Yuan, Text("每次提供另外的成本（元）", "what offering it costs besides the contact, in yuan")
    ] = Fraction(0)
    value: Annotated[str, Text("成功时值多少元（表达式）", "what a success is worth, in yuan (an expression)")]
    weight: Annotated[Weight, WEIGHT] = Fraction(1)
    event: Annotated[Event | None, Text("必须赶在什么之前接触", "what the contact must come before")] = None
    device: Annotated[Device | None, Text("占用库存的终端或礼品", "a device or gift that draws on stock")] = None
    valid_from: Annotated[date | None, Text("从哪天起可办", "the first day on which it is there")] = None
    valid_until: Annotated[date | None, Text("到哪天为止", "the last day")] = None
    script: Annotated[
        Bilingual,
        Text(
            "话术；{指标} 填入该用户自己的数，{指标:percent} 写成百分数",
            "the talk script; {metric} is filled with the subscriber's own number, {metric:percent} as a percentage",
        ),
    ]
    scripts: Annotated[
        dict[Id, Bilingual], Text("个别渠道的话术，如短信", "scripts of single channels, a message say")
    ] = {}
