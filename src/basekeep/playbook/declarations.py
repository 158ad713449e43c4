"""What a playbook declares, frozen. Expressions stay text here; `meaning` gives them terms.

The `Text` beside a key is what the playbook reference says of it.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from basekeep.contract.columns import Unit
from basekeep.kernel.text import Text
from basekeep.playbook.channels import Channel
from basekeep.playbook.contact_policy import ContactPolicy
from basekeep.playbook.decisions import Budget, Decisions, Floor, HoldOuts
from basekeep.playbook.declared import FROZEN, NAME, POINTS, REASON, SOURCE, WORDING, Bilingual, Exact, Id, Source
from basekeep.playbook.offers import Campaign, Offer
from basekeep.playbook.upgrade import Upgrade


class Declared(BaseModel):
    """Any declaration: unknown keys are errors, nothing changes once read."""

    model_config = FROZEN


class Parameter(Declared):
    """A number of the business: named, with a unit and bounds; an overlay may change it for a city or county."""

    name: Annotated[Bilingual, NAME]
    value: Annotated[Exact, Text("取值，如 30、70%、1_000", "its value: 30, 70%, 1_000")]
    unit: Annotated[
        Unit,
        Text("单位；元与分钟之类不能相加或比较", "its unit; yuan and minutes, say, cannot be added or compared"),
    ] = ""
    min: Annotated[Exact, Text("允许的最小值", "the least value allowed")]
    max: Annotated[Exact, Text("允许的最大值", "the greatest value allowed")]
    source: Annotated[Source, SOURCE]

    @model_validator(mode="after")
    def _within_bounds(self) -> Parameter:
        if not self.min <= self.value <= self.max:
            raise PydanticCustomError("outside_bounds", "the value lies outside of its bounds")
        return self


class MetricClass(Declared):
    """One class of a classified metric."""

    name: Annotated[Bilingual, NAME]
    when: Annotated[
        str,
        Text(
            "归入这一类的条件；按书写顺序取第一个成立的",
            "when it is this class; the first that is true, in the order written",
        ),
    ]


class Metric(Declared):
    """A named quantity (`value`), condition (`when`) or classification (`classes`)."""

    name: Annotated[Bilingual, NAME]
    value: Annotated[
        str | None, Text("数值（或文字、日期）的表达式", "an expression that gives a number (or a text, or a date)")
    ] = None
    when: Annotated[str | None, Text("条件的表达式", "an expression that gives a condition")] = None
    classes: Annotated[
        dict[Id, MetricClass] | None, Text("分类：类名 → 条件", "classes: the name of each, and its condition")
    ] = None
    profile: Annotated[
        bool,
        Text(
            "是否成为 profile 表的一列（话术只能引用这样的指标）",
            "whether it is a column of the table `profile`; talk scripts take only such metrics",
        ),
    ] = False
    source: Annotated[Source, SOURCE] = "document"

    @model_validator(mode="after")
    def _exactly_one(self) -> Metric:
        if sum(part is not None for part in (self.value, self.when, self.classes)) != 1:
            raise PydanticCustomError("one_of_three", "give exactly one of value, when, classes")
        return self


class Rule(Declared):
    """One way into a segment. `carries` names metrics that its evidence shows besides what it compares."""

    name: Annotated[Bilingual, NAME]
    when: Annotated[str, Text("条件；只有为真才算成员", "the condition; only true makes a member")]
    carries: Annotated[tuple[Id, ...], Text("依据中另外列出的指标", "metrics that the evidence shows besides")] = ()
    source: Annotated[Source, SOURCE] = "document"


class RaisePriority(Declared):
    """A condition under which a member comes earlier."""

    when: Annotated[str, Text("提高优先级的条件", "the condition")]
    by: Annotated[int, Field(ge=1, le=8), Text("提高几级（不超过第 1 级）", "by how many places, never above 1")]


class Segment(Declared):
    """Subscribers for whom any of the rules holds, and what to do for them. Priority 1 is the highest."""

    name: Annotated[Bilingual, NAME]
    wording: Annotated[Bilingual, WORDING]
    maintenance: Annotated[tuple[Bilingual, ...], Text("建议的维护措施", "the maintenance that is suggested")]
    priority: Annotated[int, Field(ge=1, le=9), Text("优先级，1 最高", "its priority; 1 is the highest")]
    lead_time_days: Annotated[
        int,
        Field(ge=0, le=366),
        Text("提前期：从预警到事情发生大约多少天", "about how many days the warning comes before the event"),
    ]
    false_positives: Annotated[Bilingual, Text("已知的误判", "who is known to be warned of wrongly")]
    raise_priority: Annotated[
        RaisePriority | None, Text("满足条件的成员提高优先级", "members for whom a condition holds come earlier")
    ] = None
    rules: Annotated[
        dict[Id, Rule],
        Field(min_length=1),
        Text("规则；任一条成立即为成员", "its rules; any one that holds makes a member"),
    ]

    @property
    def raised(self) -> int:
        """The priority where the raising condition holds; never above 1."""
        return max(1, self.priority - self.raise_priority.by) if self.raise_priority else self.priority


class Severity(Declared):
    """One degree of a warning."""

    name: Annotated[Bilingual, NAME]
    when: Annotated[
        str,
        Text(
            "条件；按书写顺序取第一个成立的，都不成立为 normal",
            "the condition; the first that is true, in the order written; where none is, the severity is `normal`",
        ),
    ]


class GroupSegment(Declared):
    """Group accounts, or units of the organisation, for which any of the rules holds. Priority 1 is the highest."""

    name: Annotated[Bilingual, NAME]
    wording: Annotated[Bilingual, WORDING]
    maintenance: Annotated[tuple[Bilingual, ...], Text("建议的维护措施", "the maintenance that is suggested")]
    priority: Annotated[int, Field(ge=1, le=9), Text("优先级，1 最高", "its priority; 1 is the highest")]
    lead_time_days: Annotated[
        int,
        Field(ge=0, le=366),
        Text("提前期：从预警到事情发生大约多少天", "about how many days the warning comes before the event"),
    ]
    rules: Annotated[
        dict[Id, Rule],
        Field(min_length=1),
        Text("规则；任一条成立即为成员", "its rules; any one that holds makes a member"),
    ]
    severity: Annotated[dict[Id, Severity], Text("严重程度", "degrees of severity")] = {}
    ranked_by: Annotated[
        str | None,
        Text(
            "按此由高到低排名，如期望价值",
            "an expression; members are ranked by it from high to low, by expected value say",
        ),
    ] = None
    message: Annotated[
        Bilingual | None,
        Text(
            "给集团联系人的话；{指标} 填入该集团自己的数，{指标:percent} 写成百分数",
            "what the contact person is told; {metric} is filled with the group's own value, {metric:percent} as a percentage",
        ),
    ] = None


class Step(Declared):
    """One condition of an activity space, or one exclusion."""

    name: Annotated[Bilingual, NAME]
    when: Annotated[
        str,
        Text(
            "条件；空间中不为真即止步，剔除中为真才剔除",
            "the condition: in the space whoever it is not true for stops, in the exclusions whoever it is true for",
        ),
    ]
    source: Annotated[Source, SOURCE] = "document"


class Level(Declared):
    """One level of an attribute: its condition, its points, and the reason it gives."""

    when: Annotated[str, Text("条件", "the condition")]
    points: Annotated[int, Field(ge=-1000, le=1000), POINTS]
    reason: Annotated[Bilingual, REASON]


class Otherwise(Declared):
    """What an attribute gives when none of its levels is true."""

    points: Annotated[int, Field(ge=-1000, le=1000), POINTS] = 0
    reason: Annotated[Bilingual, REASON]


class Attribute(Declared):
    """One characteristic of a scorecard; the first level that is true gives its points."""

    name: Annotated[Bilingual, NAME]
    levels: Annotated[
        dict[Id, Level],
        Field(min_length=1),
        Text("各档；按书写顺序取第一个成立的", "its levels; the first that is true, in the order written"),
    ]
    otherwise: Annotated[Otherwise, Text("各档都不成立（或未知）时", "when none of the levels is true")]
    source: Annotated[Source, SOURCE] = "our_default"

    @property
    def best(self) -> int:
        """The most points that can be attained."""
        return max(self.otherwise.points, *(level.points for level in self.levels.values()))


class Recommendation(Declared):
    """What to lead with for a target, and through which channels; the first that is true."""

    name: Annotated[Bilingual, NAME]
    when: Annotated[
        str, Text("条件；按书写顺序取第一个成立的", "the condition; the first that is true, in the order written")
    ]
    channels: Annotated[tuple[Id, ...], Field(min_length=1), Text("主推渠道", "the channels to lead with it")]


class Scorecard(Declared):
    """A ranked list: a space, its exclusions, and points by attribute."""

    name: Annotated[Bilingual, NAME]
    wording: Annotated[Bilingual, WORDING]
    space: Annotated[
        dict[Id, Step],
        Field(min_length=1),
        Text("活动空间：须全部成立的条件", "the activity space: conditions that must all be true"),
    ]
    exclusions: Annotated[
        dict[Id, Step], Text("剔除：在空间内逐项计数", "exclusions, each counted within the space")
    ] = {}
    attributes: Annotated[
        dict[Id, Attribute],
        Field(min_length=1),
        Text("打分的各项属性；分值相加", "the attributes that earn points; the score is their sum"),
    ]
    reasons_shown: Annotated[int, Field(ge=1, le=10), Text("列出几条理由", "how many reasons are shown")] = 3
    recommendations: Annotated[dict[Id, Recommendation], Text("主推什么", "what to lead with")] = {}
    script: Annotated[
        Bilingual,
        Text(
            "话术；{指标} 填入该用户自己的数，{指标:percent} 写成百分数",
            "the talk script; {metric} is filled with the subscriber's own number, {metric:percent} as a percentage",
        ),
    ]


class Report(Declared):
    """The share of a condition among those of the base for whom it is known, by a quantity."""

    name: Annotated[Bilingual, NAME]
    share: Annotated[
        str,
        Text(
            "条件；报表给出它成立的占比（未知者另计）",
            "the condition whose share is reported; the unknown are counted apart",
        ),
    ]
    by: Annotated[str, Text("按哪个数分组，如在网年数", "the number to group by, full years with us, say")]


class WhatIfInput(Parameter):
    """A number that a what-if starts from. `targets_of` takes it from the latest run where there is one."""

    targets_of: Annotated[
        Id | None,
        Text(
            "有运行时改取：最近一次运行中这张评分卡的目标用户数",
            "where there is a run: instead the number of targets of this scorecard in the latest",
        ),
    ] = None


class WhatIfResult(Declared):
    """A number that follows from the inputs and from the results before it."""

    name: Annotated[Bilingual, NAME]
    value: Annotated[
        str,
        Text(
            "算式：输入、前面的结果、数，用 + - * / 和括号",
            "its formula: inputs, results before it and numbers, with + - * / and brackets",
        ),
    ]
    unit: Annotated[Unit, Text("单位", "its unit")] = ""
    min: Annotated[
        Exact | None,
        Text("同时写明 min、max 的结果可以用 --set 直接给出", "a result with min and max may be given with --set"),
    ] = None
    max: Annotated[Exact | None, Text("同上", "the same")] = None

    @model_validator(mode="after")
    def _both_bounds(self) -> WhatIfResult:
        if (self.min is None) != (self.max is None):
            raise PydanticCustomError("both_bounds", "give both min and max, or neither")
        return self


class WhatIfClaim(Declared):
    """What somebody said would come out, to be held against the arithmetic."""

    of: Annotated[Id, Text("说的是哪个结果", "the result that it speaks of")]
    value: Annotated[Exact, Text("说的是多少", "how much it says")]
    wording: Annotated[Bilingual, Text("原话", "its words")]
    at: Annotated[dict[Id, Exact], Text("说的时候各输入取值多少", "the inputs that it was said of")] = {}
    through: Annotated[
        Id,
        Text("算出这个输入要多大，说法才成立", "the input of which is told how large it must be for the claim to hold"),
    ]


class WhatIf(Declared):
    """What would come out of some assumptions: plain arithmetic, shown line by line."""

    name: Annotated[Bilingual, NAME]
    wording: Annotated[Bilingual, WORDING]
    inputs: Annotated[dict[Id, WhatIfInput], Field(min_length=1), Text("输入：假设的取值", "the numbers assumed")]
    results: Annotated[
        dict[Id, WhatIfResult],
        Field(min_length=1),
        Text("结果：按书写顺序逐行推算", "what follows, line by line, in the order written"),
    ]
    claim: Annotated[WhatIfClaim | None, Text("与算式对照的说法", "a claim to hold the arithmetic against")] = None
    shows: Annotated[Id, Text("表与图主要看哪个结果", "the result that the table and the picture show")]
    ranges: Annotated[
        dict[Id, str],
        Text(
            "表与图的区间：输入 → 起..止/步长，第一个为横轴，至多两个",
            "ranges of the table and the picture: input → from..to/step; the first runs along, two at most",
        ),
    ] = {}


class PlaybookHead(Declared):
    """The playbook's own facts."""

    name: Annotated[Bilingual, NAME]
    history_months: Annotated[
        int,
        Field(ge=1, le=60),
        Text("规则最多用到几个月的历史（含本月）", "how many months, the run's own included, a rule may look at"),
    ] = 14


class Overlay(Declared):
    """One city or county, one plan: other values for some parameters."""

    name: Annotated[Bilingual | None, NAME] = None
    parameters: Annotated[
        dict[str, Exact], Text("参数名 → 该地市、区县的取值", "parameters with their values for this city or county")
    ]


class Playbook(Declared):
    """Everything that is declared, all files together."""

    playbook: Annotated[PlaybookHead, Text("策略手册本身", "the playbook itself")]
    parameters: Annotated[
        dict[Id, Parameter], Text("参数：规则里的每一个数", "parameters: every number of the rules")
    ] = {}
    metrics: Annotated[
        dict[Id, Metric],
        Text("指标：有名称的量、条件或分类", "metrics: named quantities, conditions and classifications"),
    ] = {}
    segments: Annotated[dict[Id, Segment], Text("用户群", "segments")] = {}
    group_metrics: Annotated[
        dict[Id, Metric],
        Text(
            "集团的指标；可用 members() 等函数说到成员",
            "metrics of group accounts; members() and the like speak of their lines",
        ),
    ] = {}
    group_segments: Annotated[dict[Id, GroupSegment], Text("集团的分群与预警", "segments of group accounts")] = {}
    unit_metrics: Annotated[
        dict[Id, Metric],
        Text(
            "机构的指标：只看有用户的最低一级", "metrics of org units, those of the lowest level that holds subscribers"
        ),
    ] = {}
    unit_segments: Annotated[dict[Id, GroupSegment], Text("机构的分群与预警", "segments of org units")] = {}
    scorecards: Annotated[dict[Id, Scorecard], Text("评分卡", "scorecards")] = {}
    reports: Annotated[dict[Id, Report], Text("占比报表", "reports of shares")] = {}
    upgrade: Annotated[
        Upgrade | None,
        Text(
            "政企 4 升 5：政策、激励、终端、分解、标杆",
            "the enterprise upgrade: policy, rewards, devices, breakdown, benchmarks",
        ),
    ] = None
    channels: Annotated[dict[Id, Channel], Text("渠道", "channels")] = {}
    campaigns: Annotated[dict[Id, Campaign], Text("营销活动", "campaigns")] = {}
    offers: Annotated[
        dict[Id, Offer], Text("营销案与关怀：没有则不作决策", "offers and care; without any there are no decisions")
    ] = {}
    contact_policy: Annotated[ContactPolicy, Text("接触规则", "the contact policy")] = ContactPolicy()
    budgets: Annotated[dict[Id, Budget], Text("预算", "budgets")] = {}
    floors: Annotated[dict[Id, Floor], Text("下限", "floors")] = {}
    hold_outs: Annotated[
        HoldOuts | None, Text("对照组；不写则不留", "hold-outs; when left out, nobody is held out")
    ] = None
    decisions: Annotated[
        Decisions | None, Text("决策的公共设置；有 offers 时必需", "what all offers share; needed where there are any")
    ] = None
    whatif: Annotated[dict[Id, WhatIf], Text("推算：假设 → 结果", "what-ifs: assumptions and what follows")] = {}
    overlays: Annotated[
        dict[str, Overlay],
        Text(
            "分地市、区县的参数；写在 overlays/<unit_id>.yaml",
            "parameters of single cities and counties; each in overlays/<unit_id>.yaml",
        ),
    ] = {}
