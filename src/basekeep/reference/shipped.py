"""What the shipped playbook declares, as tables in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from basekeep.kernel.text import Text
from basekeep.playbook.declarations import (
    Attribute,
    GroupSegment,
    Metric,
    Parameter,
    Playbook,
    Rule,
    Scorecard,
    Segment,
    Step,
    WhatIf,
)
from basekeep.playbook.declared import Bilingual
from basekeep.playbook.grains import GROUP, UNIT
from basekeep.playbook.numbers import number_shown
from basekeep.reference.declared import keys_table
from basekeep.reference.markdown import both, cell, code, table
from basekeep.reference.offers import offers_section

_MANY = 1_000_000  # from which thousands are set apart
_SOURCE = {"document": "文件 document", "our_default": "默认 our default"}


def shipped_section(playbook: Playbook) -> str:
    """Every declaration of the playbook."""
    parts = ["### 参数 Parameters", _parameters(playbook.parameters), "### 指标 Metrics", _metrics(playbook.metrics)]
    parts += ["### 用户群 Segments", *(_segment(name, item) for name, item in playbook.segments.items())]
    for grain, said in ((GROUP, "### 集团 Group accounts"), (UNIT, "### 机构 Org units")):
        parts += [said, _metrics(getattr(playbook, grain.metrics))]
        parts += [_group_segment(name, item) for name, item in getattr(playbook, grain.segments).items()]
    parts += ["### 评分卡 Scorecards", *(_scorecard(name, item) for name, item in playbook.scorecards.items())]
    parts += ["### 报表 Reports", _reports(playbook)]
    if playbook.upgrade:
        parts += ["### 政企 4 升 5 Enterprise upgrade", keys_table(playbook.upgrade)]
    if playbook.offers:
        parts.append(offers_section(playbook))
    parts.append("### 推算 What-ifs")
    return "\n\n".join([*parts, *(_what_if(name, item) for name, item in playbook.whatif.items())])


def number(value: Fraction, unit: str = "") -> str:
    """A number as people write it: a share as a percentage."""
    if abs(value) >= _MANY:
        return number_shown(value, unit)
    return f"{float(value * 100):g}%" if unit == "share" else f"{float(value):g}"


def _parameters(parameters: Mapping[str, Parameter]) -> str:
    def row(name: str, item: Parameter) -> tuple[str, ...]:
        bounds = f"{number(item.min, item.unit)} … {number(item.max, item.unit)}"
        value = number(item.value, item.unit)
        return code(name), cell(item.name.zh), cell(item.name.en), value, item.unit, bounds, _SOURCE[item.source]

    heads = ("参数 parameter", "中文", "English", "取值 value", "单位 unit", "范围 bounds", "来源 source")
    return table(heads, [row(name, item) for name, item in parameters.items()])


def _metrics(metrics: Mapping[str, Metric]) -> str:
    def row(name: str, item: Metric) -> tuple[str, ...]:
        classes = "<br>".join(
            f"{code(key)} {both(c.name.text)}: {code(c.when)}" for key, c in (item.classes or {}).items()
        )
        return code(name), cell(item.name.zh), cell(item.name.en), code(item.value or item.when or "") or classes

    return table(("指标 metric", "中文", "English", "表达式 expression"), [row(n, m) for n, m in metrics.items()])


def _segment(name: str, item: Segment) -> str:
    raised = f"；{code(item.raise_priority.when)} → {item.raised}" if item.raise_priority else ""
    facts = [
        f"- 业务口径 wording: {both(item.wording.text)}",
        f"- 优先级 priority: {item.priority}{raised}；提前期 lead time: {item.lead_time_days} 天 days",
        f"- 维护措施 maintenance: {_listed(item.maintenance)}",
        f"- 已知误判 known false positives: {both(item.false_positives.text)}",
    ]
    return "\n\n".join([f"#### `{name}` {both(item.name.text)}", "\n".join(facts), _rules(item.rules)])


def _group_segment(name: str, item: GroupSegment) -> str:
    facts = [
        f"- 业务口径 wording: {both(item.wording.text)}",
        f"- 优先级 priority: {item.priority}；提前期 lead time: {item.lead_time_days} 天 days",
        f"- 维护措施 maintenance: {_listed(item.maintenance)}",
    ]
    facts += [
        f"- 严重程度 severity {code(key)} {both(one.name.text)}: {code(one.when)}" for key, one in item.severity.items()
    ]
    if item.ranked_by:
        facts.append(f"- 排名依据 ranked by: {code(item.ranked_by)}")
    if item.message:
        facts.append(f"- 告知联系人 message: {both(item.message.text)}")
    return "\n\n".join([f"#### `{name}` {both(item.name.text)}", "\n".join(facts), _rules(item.rules)])


def _rules(rules: Mapping[str, Rule]) -> str:
    rows = [
        (code(key), cell(rule.name.zh), cell(rule.name.en), code(rule.when), _SOURCE[rule.source])
        for key, rule in rules.items()
    ]
    return table(("规则 rule", "中文", "English", "条件 condition", "来源 source"), rows)


def _listed(items: Iterable[Bilingual]) -> str:
    items = list(items)
    return both(Text("；".join(item.zh for item in items), "; ".join(item.en for item in items)))


def _scorecard(name: str, card: Scorecard) -> str:
    heads = ("属性 attribute", "档 level", "条件 condition", "分值 points", "理由", "Reason")
    rows = [row for key, item in card.attributes.items() for row in _attribute(key, item)]
    leads = [
        (code(key), cell(item.name.zh), cell(item.name.en), code(item.when), " ".join(map(code, item.channels)))
        for key, item in card.recommendations.items()
    ]
    return "\n\n".join([
        f"#### `{name}` {both(card.name.text)}", f"业务口径 wording: {both(card.wording.text)}",
        "活动空间 Activity space", _steps(card.space), "剔除 Exclusions", _steps(card.exclusions),
        f"分值 Points（理由列出 {card.reasons_shown} 条 reasons shown）", table(heads, rows),
        "主推 What to lead with", table(("主推 lead", "中文", "English", "条件 condition", "渠道 channels"), leads),
        f"话术 Script\n\n> {cell(card.script.zh)}\n>\n> {cell(card.script.en)}",
    ])  # fmt: skip


def _steps(steps: dict[str, Step]) -> str:
    rows = [(code(key), cell(step.name.zh), cell(step.name.en), code(step.when)) for key, step in steps.items()]
    return table(("步骤 step", "中文", "English", "条件 condition"), rows)


def _attribute(name: str, item: Attribute) -> list[tuple[str, ...]]:
    rows = [
        (code(name), code(key), code(level.when), str(level.points), cell(level.reason.zh), cell(level.reason.en))
        for key, level in item.levels.items()
    ]
    other = item.otherwise
    return [*rows, (code(name), code("otherwise"), "", str(other.points), cell(other.reason.zh), cell(other.reason.en))]


def _reports(playbook: Playbook) -> str:
    rows = [
        (code(name), cell(item.name.zh), cell(item.name.en), code(item.share), code(item.by))
        for name, item in playbook.reports.items()
    ]
    return table(("报表 report", "中文", "English", "占比 share", "分组 by"), rows)


def _what_if(name: str, item: WhatIf) -> str:
    rows = [
        (code(key), cell(result.name.zh), cell(result.name.en), code(result.value), result.unit)
        for key, result in item.results.items()
    ]
    parts = [
        f"#### `{name}` {both(item.name.text)}",
        both(item.wording.text),
        _parameters(item.inputs),
        table(("结果 result", "中文", "English", "算式 formula", "单位 unit"), rows),
    ]
    if item.claim:
        claim = f"{code(item.claim.of)} = {number(item.claim.value)}"
        parts.append(f"文件的说法 the document's claim: {both(item.claim.wording.text)} ({claim})")
    return "\n\n".join(parts)
