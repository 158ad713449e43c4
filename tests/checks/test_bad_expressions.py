"""Every kind of bad expression is found at its token, with a code, near names and words in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.fragments import condition, errors, found, only, place_of

# expression, column in it (from 1), code, what it says, near names
FAULTS = [
    ("arpuu > 3", 1, "unknown_name", "没有名为 'arpuu' 的列、指标或参数", ("arpu",)),
    ("maen(arpu, 3) > 1", 1, "unknown_function", "没有函数 'maen'", ("mean",)),
    ("member(s11)", 8, "unknown_segment", "没有用户群 's11'", ("s1",)),
    ("status = 'actve'", 10, "unknown_value", "没有取值 'actve'", ("active",)),
    ("'actve' = status", 1, "unknown_value", "没有取值 'actve'", ("active",)),
    ("state in ('low', 'hihg')", 18, "unknown_value", "没有取值 'hihg'", ("high",)),
    ("arpu > 'x'", 8, "type", "这里应为数值，实为文字", ()),
    ("not arpu", 5, "type", "这里应为条件，实为数值", ()),
    ("arpu", 1, "type", "这里应为条件，实为数值", ()),
    ("brand > 'a'", 1, "type", "文字只能用 = 或 != 比较", ()),
    ("days_until(arpu) > 1", 12, "type", "这里应为日期，实为数值", ()),
    ("join_date > '2025-13-01'", 13, "type", "不是日期：'2025-13-01'", ()),
    ("brand is empty", 1, "type", "只有这些列的空值表示“没有”", ()),
    ("arpu > mou_in", 8, "unit", "单位不同：元与分钟", ()),
    ("arpu + balance - mou_in > 1", 18, "unit", "单位不同：元与分钟", ()),
    ("if_unknown(arpu, mou_in) > 1", 18, "unit", "单位不同：元与分钟", ()),
    ("arpu / 0 > 1", 8, "division_by_zero", "除数为零", ()),
    ("arpu / (2 - 1 - 1) > 1", 8, "division_by_zero", "除数为零", ()),
    ("arpu / none > 1", 8, "division_by_zero", "除数为零", ()),
    ("arpu / some > 1", 8, "division_by_zero", "在 overlays/C1.yaml 中除数为零", ()),
    ("mean(arpu, 15) > 1", 12, "window_too_long", "需要 15 个月的历史，策略手册只保留 14 个月", ()),
    ("mean(arpu, 2, 13) > 1", 12, "window_too_long", "需要 15 个月", ()),
    ("each(arpu, 15) > 1", 12, "window_too_long", "需要 15 个月", ()),
    ("year_earlier(mean(arpu, 3)) > 1", 25, "window_too_long", "需要 15 个月", ()),
    ("year_earlier(year_earlier(arpu)) > 1", 14, "window_too_long", "需要 25 个月", ()),
    ("ago(three, 12) > 1", 5, "window_too_long", "需要 15 个月", ()),
    ("mean(arpu, 2.5) > 1", 12, "window", "月数应为 1 至 240 的整数", ()),
    ("mean(arpu) > 1", 1, "arguments", "应写成 mean(x, n[, from])", ()),
    ("each(arpu, 2) + 1 > 3", 1, "arguments", "each 只能写在比较的左边", ()),
    ("base_percentile(arpu, 120%) > 1", 23, "arguments", "分位应在 0 与 100% 之间", ()),
    ("base_percentile(arpu, wide) > 1", 23, "arguments", "分位应在 0 与 100% 之间", ()),
    ("base_mean(arpu, by=arpu) > 1", 20, "arguments", "by= 之后应为一个文字列", ()),
    ("base_mean(base_mean(arpu)) > 1", 11, "arguments", "全体统计里不能再有全体统计", ()),
    ("spring_festival(ago(arpu, 1)) > 1", 17, "arguments", "spring_festival 里应为本月口径的一个数值列", ()),
    ("arpu >", 7, "syntax", "这里应为数字、文字、名称或括号，表达式到此结束", ()),
    ("(arpu > 3", 10, "syntax", "这里应为 ')'，表达式到此结束", ()),
    ("1 < arpu < 3", 10, "syntax", "比较不能连写，请用 and 连接", ()),
    ("arpu > 3 ; x", 10, "syntax", "读不懂 ';'", ()),
    ("brand = 'x", 9, "syntax", "文字要写在一对单引号里", ()),
    ('brand = "x"', 9, "syntax", "文字要写在一对单引号里", ()),
    ("m", 1, "circular", "循环引用：m → m", ()),
    ("arpu > 3 and other", 14, "circular", "循环引用：m → other → m", ()),
]  # fmt: skip
MORE = """
  other: {name: {zh: 乙, en: B}, when: arpu < 2 or m}
  three: {name: {zh: 丙, en: C}, value: "mean(arpu, 3)"}
  state: {name: {zh: 丁, en: D}, classes: {low: {name: {zh: 低, en: Low}, when: arpu < 1}, high: {name: {zh: 高, en: High}, when: arpu > 1}}}
parameters:
  none: {name: {zh: 零, en: None}, value: 0, min: 0, max: 1, source: our_default}
  some: {name: {zh: 些, en: Some}, value: 1, min: 0, max: 1, source: our_default}
  wide: {name: {zh: 宽, en: Wide}, value: 1, min: 0, max: 2, source: our_default}
segments:
  s1:
    name: {zh: 群, en: Group}
    wording: {zh: 群, en: Group}
    maintenance: []
    priority: 1
    lead_time_days: 1
    false_positives: {zh: 无, en: None}
    rules: {r: {name: {zh: 规则, en: Rule}, when: arpu > 3}}
"""


@pytest.mark.parametrize(("expression", "column", "code", "says", "near"), FAULTS, ids=[row[0] for row in FAULTS])
def test_a_fault_is_found_at_its_token(
    expression: str, column: int, code: str, says: str, near: tuple[str, ...], tmp_path: Path
) -> None:
    files = {"m": condition(f"|-\n      {expression}", MORE), "overlays__C1": "parameters: {some: 0}\n"}
    faults = [one for one in found(tmp_path, **files) if one.place.line == 5 and one.severity == "error"]
    assert [(one.code, str(one.place)) for one in faults] == [(f"expression.{code}", f"playbook/m.yaml:5:{column + 6}")]
    (fault,) = faults
    assert says in fault.what.zh
    assert f"表达式：{expression}" in fault.what.zh
    assert f"in: {expression}" in fault.what.en
    assert fault.near[: len(near)] == near


def test_a_circle_is_told_once_at_each_of_its_members_and_nowhere_else(tmp_path: Path) -> None:
    more = "  other: {name: {zh: 乙, en: B}, when: m}\n  user: {name: {zh: 丙, en: C}, when: other}\n"
    text = condition("not other", more)
    told = [(place_of(token, text, "m"), "expression.circular") for token in ("other\n", "m}\n  user")]
    assert errors(tmp_path, m=text) == told


def test_segments_that_are_members_of_one_another_are_a_circle(tmp_path: Path) -> None:
    one = MORE.partition("segments:\n")[2].replace("arpu > 3", "member(s2)")
    two = one.replace("s1:", "s2:").replace("member(s2)", "arpu > 3 or member(s1)")
    text = f"segments:\n{one}{two}"
    told = [(place_of(token, text, "s"), "expression.circular") for token in ("s2)", "s1)")]
    assert errors(tmp_path, s=text) == told


def test_a_metrics_fault_is_told_at_the_metric_and_not_at_its_users(tmp_path: Path) -> None:
    more = "  user: {name: {zh: 乙, en: B}, when: m and arpu > 1}\n"
    assert errors(tmp_path, m=condition("arpuu > 3", more)) == [("playbook/m.yaml:4:11", "expression.unknown_name")]


def test_a_fault_in_one_class_is_told_at_that_class(tmp_path: Path) -> None:
    classes = "{low: {name: {zh: 低, en: L}, when: arpu < 1}, high: {name: {zh: 高, en: H}, when: arpuu > 1}}"
    text = f"metrics:\n  s: {{name: {{zh: 甲, en: A}}, classes: {classes}}}\n"
    assert errors(tmp_path, s=text) == [(place_of("arpuu", text, "s"), "expression.unknown_name")]


def test_spring_festival_needs_thirteen_months(tmp_path: Path) -> None:
    head = "playbook: {name: {zh: 试, en: trial}, history_months: 12}\n"
    assert errors(tmp_path, head=head, m=condition("spring_festival(roaming_min) > 5")) == [
        ("playbook/m.yaml:4:11", "expression.window_too_long")
    ]


def test_a_report_is_grouped_by_a_number(tmp_path: Path) -> None:
    report = "reports:\n  r: {name: {zh: 报, en: R}, share: arpu > 3, by: brand}\n"
    assert errors(tmp_path, r=report) == [(place_of("brand", report, "r"), "expression.type")]


def test_a_long_expression_is_quoted_short(tmp_path: Path) -> None:
    assert len(only(tmp_path, f"arpuu > 3 and {' and '.join(['arpu > 3'] * 300)}").what.zh) < 300
