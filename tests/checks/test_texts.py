"""What the checks say is natural in both languages: no English sentence in Chinese, nothing without both."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from basekeep.checks.playbook import sound_playbook
from basekeep.kernel.errors import CallError, FindingsError
from basekeep.kernel.findings import Finding
from basekeep.playbook.changing import with_parameters
from basekeep.playbook.shipping import shipped_folder
from checks.fragments import condition, found
from checks.small_catalogue import CATALOGUE
from checks.test_bad_expressions import FAULTS, MORE
from checks.test_bad_files import BROKEN, NUMBERS, PARAMETER, SEGMENT, WRONG
from checks.test_offers import BLANKS, SCHEMA, UNKNOWN, WARNINGS
from checks.test_offers import WRONG as WRONG_OFFERS

_QUOTED = re.compile(
    r"'[^']*'|（表达式：.*）|“[^”]*”|base_percentile\(…, by=city_id\)|basekeep new|is unknown|profile: true"
)
_ENGLISH = re.compile(r"[A-Za-z]{2,} +[A-Za-z]{2,}")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
# The usage of a function is written as it is typed.
_USAGES = ("expression.arguments",)


def _all(folder: Path) -> list[Finding]:
    files = [{"x": text} for text, _, _ in BROKEN]
    files += [{"x": SEGMENT.replace(old, new, 1)} for old, new, *_ in WRONG]
    files += [{"x": PARAMETER.format(value=value, more=", unit: dollar")} for value in NUMBERS]
    files += [{"x": condition(f"|-\n      {expression}", MORE)} for expression, *_ in FAULTS]
    slips = [(str(row[0]), str(row[1])) for row in (*UNKNOWN, *WRONG_OFFERS, *SCHEMA, *BLANKS, *WARNINGS)]
    files += [{"x": CATALOGUE.replace(old, new, 1)} for old, new in slips]
    files += [{"x": CATALOGUE.replace("decisions:", "decisionz:")}, {"x": CATALOGUE[: CATALOGUE.index("decisions:")]}]
    files += [{"head": "- a"}, {"head": "playbook: 3"}, {"x": "metrics: 5"}, {"overlays__C1": "a: 1"}]
    return [finding for index, one in enumerate(files) for finding in found(folder / str(index), **one)]


def test_every_finding_is_said_in_both_languages(tmp_path: Path) -> None:
    findings = _all(tmp_path)
    assert len({finding.code for finding in findings}) > 15
    for finding in findings:
        for text in (finding.what, finding.do):
            bare = _QUOTED.sub("", text.zh)
            assert _CHINESE.search(bare), text.zh
            assert finding.code in _USAGES or not _ENGLISH.search(bare), text.zh
            assert not _CHINESE.search(_QUOTED.sub("", text.en)), text.en


def test_findings_say_how_many_they_are(tmp_path: Path) -> None:
    found(tmp_path, m=condition("arpuu > 3"))
    with pytest.raises(FindingsError) as raised:
        sound_playbook(tmp_path)
    assert raised.value.say("zh").splitlines() == [
        "playbook/m.yaml:4:11: [expression.unknown_name] 没有名为 'arpuu' 的列、指标或参数（表达式：arpuu > 3） 相近的名称：arpu。",
        "    → 核对名称；文字要写在单引号里。",
        "[playbook.errors] 策略手册有 1 处错误，没有运行",
    ]
    assert "the playbook has 1 error; nothing was run" in raised.value.say("en")


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("arpu_drop_shore", "5%", "[parameter.unknown] 没有参数 'arpu_drop_shore'\n    → 相近的名称：arpu_drop_share"),
        (
            "arpu_drop_share",
            "5%",
            "[parameter.out_of_bounds] arpu_drop_share 不能取 '5%'\n    → 取 10% 至 100% 之间的数",
        ),
        ("many_alerts", "few", "[parameter.out_of_bounds] many_alerts 不能取 'few'\n    → 取 1 至 100 之间的数"),
    ],
)
def test_a_parameter_that_is_tried_is_checked_as_well(name: str, value: str, says: str) -> None:
    with pytest.raises(CallError) as raised:
        with_parameters(sound_playbook(shipped_folder()), {name: value})
    assert raised.value.say("zh") == says
