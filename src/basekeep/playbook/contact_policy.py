"""What the playbook declares of contacts: how often, after what, who never, by whom alone, on which days."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from basekeep.kernel.text import Text
from basekeep.playbook.declared import FROZEN, NAME, Bilingual, Exact, Id

Days = Annotated[int, Field(ge=0, le=3660)]
Share = Annotated[Exact, Field(ge=0, le=1)]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


# Of a list whose items are the bits of one whole number.
_MOST = 60


class Declared(BaseModel):
    """Any part of the section."""

    model_config = FROZEN


class ContactLimit(Declared):
    """At most so many contacts in so many days, over all channels and campaigns together."""

    name: Annotated[Bilingual, NAME]
    per: Annotated[
        Literal["customer", "family"], Text("按客户还是按家庭", "whether for a customer or for a family")
    ] = "customer"
    contacts: Annotated[int, Field(ge=0, le=1000), Text("至多几次", "at most so many contacts")]
    days: Annotated[int, Field(ge=1, le=366), Text("在几天之内", "within so many days")]


class CoolDowns(Declared):
    """For how many days a subscriber is left alone after something."""

    contact_days: Annotated[Days, Text("任何接触之后", "after any contact")] = 0
    refusal_days: Annotated[Days, Text("拒绝之后不再营销", "after a refusal nothing is sold")] = 0
    success_days: Annotated[Days, Text("办理之后不再营销", "after a purchase nothing is sold")] = 0
    opt_out_days: Annotated[Days, Text("要求不再联系之后", "after asking to be left alone")] = 3660


class Exclusion(Declared):
    """Who is never contacted, besides those on the exclusion list."""

    name: Annotated[Bilingual, NAME]
    when: Annotated[str, Text("条件；为真即排除", "the condition; whoever it is true for is excluded")]


class Reserved(Declared):
    """Who is contacted through certain channels only."""

    name: Annotated[Bilingual, NAME]
    when: Annotated[str, Text("条件；为真即只走这些渠道", "the condition; whoever it is true for is reserved")]
    channels: Annotated[tuple[Id, ...], Field(min_length=1), Text("只走哪些渠道", "the only channels")]


class Quiet(Declared):
    """The days on which nobody is contacted."""

    weekdays: Annotated[tuple[Weekday, ...], Text("每周哪几天", "days of each week")] = ()
    dates: Annotated[tuple[date, ...], Text("哪些日期", "single days")] = ()
    spring_festival: Annotated[
        bool, Text("除夕起七天是否不接触", "whether also the seven days from the eve of Lunar New Year")
    ] = True


class ContactPolicy(Declared):
    """The rules that hold for all offers, channels and campaigns together."""

    limits: Annotated[dict[Id, ContactLimit], Text("接触次数的上限", "limits of contacts")] = {}
    cool_downs: Annotated[CoolDowns, Text("冷静期", "cool-downs")] = CoolDowns()
    exclusions: Annotated[
        dict[Id, Exclusion],
        Field(max_length=_MOST),
        Text("排除名单之外不得接触的人", "who is not contacted, besides the exclusion list"),
    ] = {}
    reserved: Annotated[
        dict[Id, Reserved],
        Field(max_length=_MOST),
        Text("只能由某些渠道接触的人", "who is reserved for certain channels"),
    ] = {}
    counted_together: Annotated[
        str | None,
        Text(
            "为真时同一客户的几个号码合并计次；不写则都合并",
            "where true, the lines of one customer are counted together; when left out, always",
        ),
    ] = None
    quiet: Annotated[Quiet, Text("不接触的日子", "days on which nobody is contacted")] = Quiet()
    care_share: Annotated[
        dict[Id, Share], Text("用户群 → 关怀在接触中至少占多少", "segment → the least share of care among its contacts")
    ] = {}
