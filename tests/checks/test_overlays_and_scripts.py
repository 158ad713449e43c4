"""Overlays change what exists within its bounds; a script's blanks can be filled."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.fragments import condition, errors, found, place_of

PARAMETERS = """parameters:
  share: {name: {zh: 甲, en: A}, value: 50%, unit: share, min: 0%, max: 100%, source: our_default}
  top: {name: {zh: 乙, en: B}, value: 80%, unit: share, min: 50%, max: 99%, source: our_default}
"""
USES = condition("arpu > share * base_mean(arpu) or arpu > base_percentile(arpu, top)")
OVERLAYS = [
    ("parameters: {share: 120%}\n", "120%", "overlay.out_of_bounds", "读到 120%，超出 0% 至 100%"),
    ("parameters: {shore: 20%}\n", "shore", "overlay.unknown_parameter", "没有参数 'shore'"),
    ("parameters: {share: x}\n", "x", "playbook.bad_value", "读到 'x'：应为数"),
    ("parameters: {top: 90%}\n", "top", "overlay.base_parameter", "'top' 是全体用户的分位"),
    ("paramters: {share: 20%}\n", "paramters", "playbook.unknown_key", "不认识的键 'paramters'"),
    ("parameters: {share: 20%\n", "parameters", "yaml.broken", "花括号没有配对"),
]
METRICS = """metrics:
  spent: {name: {zh: 消费, en: Spent}, value: arpu, profile: true}
  state: {name: {zh: 状态, en: State}, classes: {low: {name: {zh: 低, en: Low}, when: arpu < 1}}, profile: true}
  hidden: {name: {zh: 藏, en: Hidden}, value: balance}
"""
CARD = """scorecards:
  c:
    name: {{zh: 卡, en: Card}}
    wording: {{zh: 卡, en: Card}}
    space: {{s: {{name: {{zh: 空间, en: Space}}, when: arpu > 3}}}}
    attributes:
      a: {{name: {{zh: 特征, en: Trait}}, levels: {{l: {{when: arpu > 9, points: 1, reason: {{zh: 高, en: High}}}}}}, otherwise: {{reason: {{zh: 低, en: Low}}}}}}
    script:
      zh: 您消费{blank}元
      en: You spent {{spent}}
"""
BLANKS = [
    ("{spnet}", "没有可填的指标 'spnet'", ("spent",)),
    ("{hidden}", "没有可填的指标 'hidden'", ()),
    ("{spent:euro}", "没有格式 ':euro'", ()),
    ("{state:percent}", "'state' 不是数值，不能写成百分比", ()),
    ("{spent", "花括号 '{' 没有配对", ()),
    ("spent}", "花括号 '}' 没有配对", ()),
    ("{}", "没有可填的指标 ''", ()),
]


@pytest.mark.parametrize(("text", "token", "code", "says"), OVERLAYS, ids=[row[3] for row in OVERLAYS])
def test_a_faulty_overlay_is_told_at_its_place(text: str, token: str, code: str, says: str, tmp_path: Path) -> None:
    findings = {one.code: one for one in found(tmp_path, a=USES, p=PARAMETERS, overlays__C1=text)}
    finding = findings[code]
    assert says in finding.what.zh
    if code != "yaml.broken":
        assert str(finding.place) == place_of(token, text, "overlays/C1")


def test_near_names_of_a_parameter(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, a=USES, p=PARAMETERS, overlays__C1="parameters: {shore: 20%}\n")
    assert finding.near == ("share",)


def test_an_overlay_within_bounds_is_sound(tmp_path: Path) -> None:
    assert found(tmp_path, a=USES, p=PARAMETERS, overlays__C1="parameters: {share: 20%}\n") == ()


@pytest.mark.parametrize(("blank", "says", "near"), BLANKS, ids=[row[0] for row in BLANKS])
def test_a_blank_that_cannot_be_filled_is_told_at_its_place(
    blank: str, says: str, near: tuple[str, ...], tmp_path: Path
) -> None:
    text = CARD.format(blank=blank)
    (finding,) = found(tmp_path, m=METRICS, c=text)
    assert (finding.code, finding.near) == ("playbook.script_blank", near)
    assert says in finding.what.zh
    token = f"{blank}元" if blank[0] == "{" else "}元"
    assert str(finding.place) == place_of(token, text, "c")


@pytest.mark.parametrize("blank", ["{spent}", "{spent:percent}", "{state}", "很多"])
def test_a_blank_that_can_be_filled_is_sound(blank: str, tmp_path: Path) -> None:
    assert errors(tmp_path, m=METRICS, c=CARD.format(blank=blank)) == []


def test_an_unknown_carried_metric_is_told_in_the_list(tmp_path: Path) -> None:
    rule = "{r: {name: {zh: 甲, en: A}, when: arpu > 3, carries: [spent, spnet]}}"
    text = f"""segments:
  s: {{name: {{zh: 甲, en: A}}, wording: {{zh: 甲, en: A}}, maintenance: [], priority: 2, lead_time_days: 3, false_positives: {{zh: 甲, en: A}}, rules: {rule}}}
"""
    (finding,) = found(tmp_path, m=METRICS, s=text)
    assert (str(finding.place), finding.near) == (place_of("spnet", text, "s"), ("spent",))


def test_a_parameter_that_no_expression_uses_is_a_warning(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, a=condition("arpu > share * base_mean(arpu)"), p=PARAMETERS)
    assert (finding.code, finding.severity) == ("parameter.unused", "warning")
