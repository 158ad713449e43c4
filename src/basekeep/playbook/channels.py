"""What the playbook declares of channels: who works them, how many contacts they hold, what one costs, and when they may be used."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from basekeep.kernel.text import Text
from basekeep.playbook.declared import FROZEN, NAME, Bilingual, Exact, Yuan

UnitLevel = Literal["province", "city", "county", "branch"]
CLOCK = r"^([01]\d|2[0-3]):[0-5]\d$"
Clock = Annotated[str, Field(pattern=CLOCK)]
Contacts = Annotated[int, Field(ge=0, le=100_000_000)]


class Channel(BaseModel):
    """One way to reach a subscriber. Its capacity is that of its staff, or what is declared."""

    model_config = FROZEN

    name: Annotated[Bilingual, NAME]
    level: Annotated[
        UnitLevel, Text("哪一级机构承接：产能按这一级计", "units of which level work it; its capacity is theirs")
    ]
    roles: Annotated[
        tuple[str, ...],
        Text(
            "由哪些岗位承接；产能为在岗人员 capacity_per_day 之和 × staff_share",
            "the roles of staff who work it; capacity is the sum of capacity_per_day of those who are active, times staff_share",
        ),
    ] = ()
    staff_share: Annotated[
        Annotated[Exact, Field(ge=0, le=1)],
        Text(
            "人员的日容量中有多少用于这里的决策，其余用于日常受理",
            "how much of its staff's day is for what is decided here; the rest is for whoever comes or calls",
        ),
    ] = Fraction(1)
    per_day: Annotated[
        Contacts | None,
        Text(
            "每个机构每天几次接触（不按人员）；不写且没有岗位则不限",
            "contacts per unit and day, instead of by staff; with neither roles nor this there is no limit",
        ),
    ] = None
    units: Annotated[
        dict[str, Contacts], Text("个别机构每天几次接触", "contacts per day of single units, instead")
    ] = {}
    cost_yuan: Annotated[Yuan, Text("每次接触的成本（元）", "what one contact costs, in yuan")]
    opens: Annotated[Clock, Text("每天几点起可以接触", "from when on each day it may be used")] = "09:00"
    closes: Annotated[Clock, Text("每天几点止", "until when")] = "20:00"
