"""Broken YAML, unknown keys, wrong values and things declared twice: all at once, each at its place, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.fragments import HEAD, condition, errors, found, place_of

PARAMETER = (
    "parameters:\n  p: {{name: {{zh: 甲, en: A}}, value: {value}, min: 0, max: 100%, source: our_default{more}}}\n"
)
SEGMENT = """segments:
  s:
    name: {zh: 甲, en: A}
    wording: {zh: 甲, en: A}
    maintenance: []
    priority: 2
    lead_time_days: 3
    false_positives: {zh: 甲, en: A}
    rules: {r: {name: {zh: 甲, en: A}, when: arpu > 3}}
"""
BROKEN = [
    ("m: [a\n", "2:1", "方括号没有配对，或缺少逗号"),
    ("m:\n a: 1\n  b: 2\n", "3:4", "这里不该有冒号；含冒号的文字要加引号"),
    ("m:\n\ta: 1\n", "2:1", "缩进用了制表符，应用空格"),
    ("m:\n  - a\n b: 1\n", "3:2", "缩进与上文不一致"),
    ("m: 'b\n", "1:4", "引号没有配对"),
    ("m: 1\nb\n", "2:1", "这一行的键缺少冒号"),
    ("m: @b", "1:4", "值不能以这个字符开头，请加引号"),
    ("m: 1\n---\nb: 1\n", "2:1", "一个文件里只能有一份文档"),
]
# what is replaced, by what, the token at fault, code, what it says, near names
WRONG = [
    ("priority: 2", "priority: 12", "12", "bad_value", "读到 '12'：不能大于 9", ()),
    ("priority: 2", "priority: x", "x", "bad_value", "读到 'x'：应为整数", ()),
    ("priority: 2", "priority:", "priority", "bad_value", "读到空值：应为整数", ()),
    ("maintenance: []", "maintenance: care", "care", "bad_value", "读到 'care'：应为列表", ()),
    ("priority: 2", "proirity: 2", "proirity", "unknown_key", "不认识的键 'proirity'", ("priority",)),
    ("priority: 2", "proirity: 2", "s:\n", "missing_key", "缺少必需的键 'priority'", ()),
    (", when: arpu", ", wehn: arpu", "wehn", "unknown_key", "不认识的键 'wehn'", ("when",)),
    ("{r: {", "{Rule-1: {", "Rule-1", "bad_name", "名称 'Rule-1' 应以小写字母开头", ()),
    ("{r: {", "{r__1: {", "r__1", "bad_name", "单个下划线", ()),
    ("wording: {zh: 甲, en: A}", "wording: {zh: 甲, en: ''}", "''", "bad_value", "不能为空", ()),
    ("{r: {name: {zh: 甲, en: A}, when: arpu > 3}}", "{}", "{}", "bad_value", "至少要有 1 项", ()),
    ("segments:", "segmnets:", "segmnets", "unknown_key", "不认识的键 'segmnets'", ("segments",)),
]  # fmt: skip
NUMBERS = ["abc", "1e999999999", "1/0", "9" * 5000, "0x10", "[1]", "NaN", "50 %%"]


@pytest.mark.parametrize(("text", "place", "says"), BROKEN, ids=[row[2] for row in BROKEN])
def test_broken_yaml_is_told_where_it_breaks(text: str, place: str, says: str, tmp_path: Path) -> None:
    (finding,) = found(tmp_path, x=text)
    assert (finding.code, str(finding.place)) == ("yaml.broken", f"playbook/x.yaml:{place}")
    assert says in finding.what.zh


@pytest.mark.parametrize(("old", "new", "token", "code", "says", "near"), WRONG, ids=[row[4] for row in WRONG])
def test_a_wrong_key_or_value_is_told_at_its_place(
    old: str, new: str, token: str, code: str, says: str, near: tuple[str, ...], tmp_path: Path
) -> None:
    text = SEGMENT.replace(old, new, 1)
    findings = {one.code: one for one in found(tmp_path, s=text)}
    finding = findings[f"playbook.{code}"]
    assert str(finding.place) == place_of(token, text, "s")
    assert says in finding.what.zh
    assert finding.near[:1] == near


@pytest.mark.parametrize("value", NUMBERS, ids=lambda value: value[:20])
def test_a_wrong_number_says_so_at_the_number(value: str, tmp_path: Path) -> None:
    text = PARAMETER.format(value=value, more="")
    (finding,) = found(tmp_path, p=text)
    assert str(finding.place) == place_of(value, text, "p")
    assert "应为数，如 30、0.5、50%、1_000" in finding.what.zh


def test_a_value_outside_of_its_bounds_is_told_as_it_is_written(tmp_path: Path) -> None:
    text = PARAMETER.format(value="150%", more="")
    (finding,) = found(tmp_path, p=text)
    assert str(finding.place) == place_of("150%", text, "p")
    assert finding.what.zh == "读到 '150%'：超出 min 至 max 的范围：0 至 100%"
    assert finding.what.en == "read '150%': outside of min to max, 0 to 100%"


def test_near_names_of_a_key_are_those_of_its_place(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, p=PARAMETER.format(value="5%", more=", wen: 3"))
    assert "when" not in finding.near
    assert finding.do.zh == "这里的键有：name、value、unit、min、max、source。"


@pytest.mark.parametrize("twice", ["a", "b"])
def test_what_is_declared_twice_is_told_with_the_first_place(twice: str, tmp_path: Path) -> None:
    metric = "metrics:\n  m: {name: {zh: 甲, en: A}, value: balance}\n"
    if twice == "a":
        (finding,) = found(tmp_path, a=metric + metric.partition("\n")[2])
        assert (finding.code, str(finding.place)) == ("yaml.key_twice", "playbook/a.yaml:3:3")
        assert "第一次在第 2 行" in finding.what.zh
    else:
        (finding,) = found(tmp_path, a=metric, b=metric)
        assert (finding.code, str(finding.place)) == ("playbook.declared_twice", "playbook/b.yaml:2:3")
        assert "playbook/a.yaml:2:3" in finding.what.zh


@pytest.mark.parametrize(("name", "what"), [("arpu", "月宽表的列"), ("tenure_month", "内置的量"), ("by", "保留词")])
def test_a_name_that_means_something_else_is_refused(name: str, what: str, tmp_path: Path) -> None:
    (finding,) = found(tmp_path, a=f"metrics:\n  {name}: {{name: {{zh: 甲, en: A}}, value: balance}}\n")
    assert (finding.code, str(finding.place)) == ("playbook.name_taken", "playbook/a.yaml:2:3")
    assert what in finding.what.zh


def test_a_metric_and_a_parameter_cannot_share_a_name(tmp_path: Path) -> None:
    metric = "metrics:\n  p: {name: {zh: 甲, en: A}, value: balance}\n"
    assert ("playbook/p.yaml:2:3", "playbook.name_taken") in errors(
        tmp_path, m=metric, p=PARAMETER.format(value="5%", more="")
    )


def test_faults_of_all_files_are_found_at_once_and_nothing_follows_from_another(tmp_path: Path) -> None:
    files = {
        "a": PARAMETER.format(value="abc", more=""),
        "b": condition("arpuu > 3 and arpu > p"),
        "c": SEGMENT.replace("priority: 2", "priority: 0").replace("arpu > 3", "mou_ni > 3"),
        "d": "metrics: [",
        "overlays__C1": "parameters: {p: 20%}\n",
        "head": HEAD,
    }
    assert {code for _, code in errors(tmp_path, **files)} == {"playbook.bad_value", "yaml.broken"}
    (tmp_path / "d.yaml").unlink()
    del files["d"]
    assert errors(tmp_path, **files) == [
        (place_of("abc", files["a"], "a"), "playbook.bad_value"),
        (place_of("arpuu", files["b"], "b"), "expression.unknown_name"),
        (place_of("0\n", files["c"], "c"), "playbook.bad_value"),
    ]
