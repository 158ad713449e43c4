"""What the playbook declares of decisions as a whole: budgets, floors, hold-outs, and what one's own use is."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated

from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from basekeep.kernel.text import Text
from basekeep.playbook.channels import UnitLevel
from basekeep.playbook.declared import FROZEN, NAME, Bilingual, Exact, Id, Yuan
from basekeep.playbook.offers import Control, Weight

MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"
Power = Annotated[Exact, Field(gt=Fraction(1, 2), lt=1)]


class Declared(BaseModel):
    """Any part of these sections."""

    model_config = FROZEN


class Budget(Declared):
    """Money that may be spent on offering and on benefits. What is left out does not narrow it down."""

    name: Annotated[Bilingual, NAME]
    yuan: Annotated[
        Yuan, Text("多少元；有 level 时为每个机构的", "so much, in yuan; with a level, for each of its units")
    ]
    campaigns: Annotated[tuple[Id, ...], Text("哪些营销活动", "which campaigns")] = ()
    offers: Annotated[tuple[Id, ...], Text("哪些营销案", "which offers")] = ()
    channels: Annotated[tuple[Id, ...], Text("哪些渠道", "which channels")] = ()
    level: Annotated[UnitLevel | None, Text("按哪一级机构各自计", "for each unit of this level by itself")] = None
    units: Annotated[dict[str, Yuan], Text("个别机构的预算（元）", "single units' budgets, in yuan")] = {}

    @model_validator(mode="after")
    def _units_have_a_level(self) -> Budget:
        if self.units and self.level is None:
            raise PydanticCustomError("units_without_level", "units without a level")
        return self


class Floor(Declared):
    """At least so many of a segment's members are offered something in each unit."""

    name: Annotated[Bilingual, NAME]
    segment: Annotated[Id, Text("哪个用户群或评分卡", "which segment or scorecard")]
    level: Annotated[UnitLevel, Text("按哪一级机构", "for each unit of which level")]
    least: Annotated[
        int,
        Field(ge=0, le=100_000_000),
        Text("每个机构至少多少人（不超过可接触的人数）", "at least so many in each unit, never more than could be"),
    ]
    units: Annotated[
        dict[str, Annotated[int, Field(ge=0, le=100_000_000)]], Text("个别机构至少多少人", "single units' floors")
    ] = {}


class Universal(Control):
    """The universal control group: nobody in it is offered anything, for a whole term."""

    term_from: Annotated[
        str,
        Field(pattern=MONTH),
        Text("第一期从哪个月起，如 2025-07", "the first month of the first term, 2025-07 say"),
    ]
    term_months: Annotated[
        int, Field(ge=1, le=12), Text("一期几个月；期内不变", "months of a term; within it nobody enters or leaves")
    ]


class HoldOuts(Declared):
    """Who is left alone, so that one knows afterwards what the work has changed."""

    key: Annotated[
        str,
        Field(min_length=1, max_length=80),
        Text("抽取所用的密钥文字", "a text of your own that the draw depends on"),
    ]
    universal: Annotated[Universal | None, Text("全局对照组", "the universal control group")] = None
    power: Annotated[Power, Text("检出把握", "the power with which the effect is to be detected")] = Fraction(9, 10)
    significance: Annotated[
        Annotated[Exact, Field(gt=0, lt=Fraction(1, 2))],
        Text("显著性水平（双侧）", "the level of significance, two-sided"),
    ] = Fraction(1, 20)
    value_bands: Annotated[
        int,
        Field(ge=1, le=10),
        Text("按价值分几层（与地市交叉）", "bands of value for the strata, crossed with cities"),
    ] = 3


class Decisions(Declared):
    """What all offers share."""

    own_use: Annotated[
        Id,
        Text(
            "指标：客户自己每月用多少元，客户付出与它相比",
            "the metric that says for how many yuan a month the customer uses; what the customer pays is held against it",
        ),
    ]
    segment_weights: Annotated[
        dict[Id, Weight], Text("用户群或评分卡的业务权重", "business weights of segments and scorecards")
    ] = {}
