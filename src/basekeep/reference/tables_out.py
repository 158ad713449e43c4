"""The tables out: what a row of each is, and its columns as a run of the shipped playbook gives them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pyarrow as pa

from basekeep.kernel.text import Text
from basekeep.playbook.declarations import Playbook
from basekeep.reference.markdown import cell, code
from basekeep.relations.actions import action
from basekeep.relations.any_grain import any_of
from basekeep.relations.compiled import Compiled, CompiledGrain, compile_playbook
from basekeep.relations.families import FAMILY_COLUMNS
from basekeep.relations.grains import judged, key_of, membership_of
from basekeep.relations.tables_out import membership, profile, score, target
from basekeep.run.decision_tables import SCHEMAS as DECIDED
from basekeep.run.decision_tables import shown_name
from basekeep.run.summary import SCHEMAS
from basekeep.run.upgrade.tables import SCHEMAS as UPGRADE

ROWS: Mapping[str, Text] = {
    "profile": Text("存量中的一个用户及其指标", "a subscriber of the base with its metrics"),
    "membership": Text("一个用户 × 用户群 × 成立的规则；依据按需计算", "a subscriber × segment × rule that is true; evidence is computed when asked for"),
    "score": Text("存量中的一个用户 × 评分卡", "a subscriber of the base × scorecard"),
    "target": Text("评分卡名单上的一个用户：名次、理由、主推、话术", "a subscriber on a scorecard's list: rank, reasons, what to lead with, talk script"),
    "family": Text("物理家庭中的一个用户：家庭、人数、可信度、与谁联系", "a subscriber in a physical family: the family, its size, how sure that is, the ties"),
    "group_membership": Text("一个集团 × 分群 × 成立的规则：严重程度、依据、给联系人的话", "a group account × segment × rule that is true: severity, evidence, what its contact person is told"),
    "group_target": Text("排名的一个集团", "a group account that is ranked"),
    "group_profile": Text("一个集团及其指标", "a group account with its metrics"),
    "unit_membership": Text("一个机构 × 分群 × 成立的规则", "an org unit × segment × rule that is true"),
    "unit_profile": Text("有用户的最低一级机构及其指标", "an org unit of the lowest level that holds subscribers, with its metrics"),
    "rule_summary": Text("一个用户群 × 规则：成员、非成员、不可判定", "a segment × rule: members, non-members, not evaluable"),
    "segment_summary": Text("一个用户群的成员数", "a segment with its number of members"),
    "waterfall": Text("评分卡的一步，或一个机构决策的一步（无评分卡）：进入、离开、剩余", "a step of a scorecard, or of a unit's decisions (without a scorecard): entered, left, remaining"),
    "report": Text("一张占比报表的一行", "a line of a report of shares"),
    "candidate": Text("一个用户 × 营销案 × 渠道，已过资格与接触规则：概率、价值、成本、期望价值（元）", "a subscriber × offer × channel that passed eligibility and policy: probability, value, cost, expected value, in yuan"),
    "decision": Text("存量中的一个用户，恰有一行：去向、给什么、经哪个渠道、全部理由", "a subscriber of the base, exactly one row each: its bucket, what is offered through which channel, all reasons"),
    "decision_waterfall": Text("一个机构的一步：进入、离开、剩余", "a step of a unit: entered, left, remaining"),
    "action": Text("一次接触（工作清单）：谁、办什么、何渠道、哪个机构与人员、哪天、话术", "one contact, the work list: who, what, through which channel, which unit and person, on which day, the talk script"),
    "constraint": Text("一条限制（产能、预算、库存、下限）：限额、已用、影子价格", "one limit (capacity, budget, stock, floor): how much there is, how much is used, its shadow price"),
    "hold_out": Text("对照组中的一个用户：全局的，或某个活动的", "a subscriber held out: from everything, or from one campaign"),
    "hold_out_summary": Text("一个对照组 × 地市 × 价值层：应留、实留、能看出多大的效果", "a control group × city × value band: how many are needed, how many there are, what can be detected"),
    "allocation": Text("一次分配：候选数、总价值、上界与差距", "one allocation: its candidates, its value, the upper bound, the gap"),
    "policy_line": Text("一条由政企 4 升 5 政策服务的用户及其责任人", "a line that a policy class of the enterprise upgrade serves, with who answers for it"),
    "reward_ledger": Text("一条当月竣工的用户所得激励（分）", "a line completed in the month, with what it earns, in fen"),
    "reward_total": Text("一个机构 × 责任人的激励合计", "a unit × manager: its rewards together"),
    "replacement_device": Text("目标集团中一条老旧终端用户 × 一款推荐终端", "a line of a target group with an ageing device × one of its three choices"),
    "group_package": Text("一个集团 × 一款首选终端：户数、以旧换新、分期", "a group × a model of first choice: lines, trade-in, instalments"),
    "vendor_list": Text("一个厂商 × 地市 × 型号：现用与想换的户数；少于 5 户不给出，无个人信息", "a maker × city × model: lines that have it and lines that want it; cells below 5 withheld, no identity"),
    "breakdown": Text("一个机构分到的目标、依据与责任人", "a unit with its part of the goal, how it came about, and who answers for it"),
    "benchmark_project": Text("一个标杆项目 × 本季的一个月：阶段、计划、完成、盘点", "a benchmark project × a month of its quarter: stage, planned, completed, review"),
    "marketing_cost": Text("一个机构的营销成本与预算；最后无机构的一行为其余", "a unit with its marketing cost and budget; what lies outside of all comes last, without a unit"),
}  # fmt: skip

# No column depends on it.
_ANY_MONTH = date(2025, 12, 1)
# The relations' and the files' words for types, as SQL says them.
_KINDS = {
    "string": "VARCHAR", "boolean": "BOOLEAN", "int16": "SMALLINT", "int32": "INTEGER", "int64": "BIGINT",
    "float64": "DOUBLE", "double": "DOUBLE", "date": "DATE", "date32[day]": "DATE", "bool": "BOOLEAN", "array<string>": "VARCHAR[]", "list<item: string>": "VARCHAR[]",
    "decimal(5, 4)": "DECIMAL(5, 4)", "decimal(18, 2)": "DECIMAL(18, 2)",
}  # fmt: skip


def columns_out(playbook: Playbook) -> dict[str, dict[str, str]]:
    """Each table out with its columns and their types."""
    compiled = compile_playbook(playbook)
    card = compiled.scorecards[0]
    of_subscribers = {
        "profile": profile(compiled), "membership": membership(compiled),
        "score": score(compiled, card), "target": target(compiled, card),
    }  # fmt: skip
    found = {name: {c: str(kind) for c, kind in made.schema().items()} for name, made in of_subscribers.items()}
    if compiled.decisions is not None:
        made = action(compiled).schema()
        found["action"] = {"run_id": "string", **{c: str(kind) for c, kind in made.items()}}
    found["family"] = dict(FAMILY_COLUMNS)
    for grain in compiled.grains:
        found.update(_of_grain(compiled, grain))
    for name, schema in {**SCHEMAS, **UPGRADE}.items():
        found[name] = {"run_id": "string", **{field.name: str(field.type) for field in schema}}
    found["waterfall"] |= {"unit_id": "string", "level": "string"}
    for name, schema in DECIDED.items():
        found[name] = {"run_id": "string", **{shown_name(one.name): _shown_type(one) for one in schema}}
    return found


def _shown_type(field: pa.Field) -> str:
    """Fen are shown in yuan."""
    return str(field.type) if shown_name(field.name) == field.name else "decimal(18, 2)"


def _of_grain(compiled: Compiled, grain: CompiledGrain) -> dict[str, dict[str, str]]:
    """The tables out of group accounts, or of units."""
    name, key, low = (
        grain.grain.name,
        key_of(grain.grain),
        any_of(grain.grain, compiled.playbook, [*grain.terms()], _ANY_MONTH),
    )
    segments = grain.segments(compiled.playbook)
    member = membership_of(grain.rules[0], grain, segments[grain.rules[0].segment], low)
    judged_schema = judged(grain, low).schema()
    features = {one: str(judged_schema[one]) for one, _ in grain.profile}
    found = {f"{name}_membership": {"run_id": "string", **{c: str(kind) for c, kind in member.schema().items()}}}
    if grain.ranked_by:
        head = {"run_id": "string", "segment": "string", "rank": "int64", key: "string", "rank_value": "float64"}
        found[f"{name}_target"] = {**head, "severity": "string", **features}
    return {**found, f"{name}_profile": {key: "string", **features}}


def tables_out_section(playbook: Playbook) -> str:
    """One paragraph per table."""
    return "\n\n".join(_table(name, columns) for name, columns in columns_out(playbook).items())


def _table(name: str, columns: Mapping[str, str]) -> str:
    says = ROWS[name]
    listed = ", ".join(f"{code(column)} {cell(_KINDS[kind])}" for column, kind in columns.items())
    return f"### `{name}`\n\n每行 a row is: {says.zh} · {says.en}\n\n{listed}"
