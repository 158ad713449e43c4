"""Offers, channels, contact policy, budgets, floors, hold-outs: each slip is told once, at its place, with near names."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.fragments import found, place_of
from checks.small_catalogue import CATALOGUE, spoilt

# what is replaced, by what, the token at fault, code, what it says, near names
UNKNOWN = [
    ("serves: {warned:", "serves: {wanred:", "wanred", "unknown_segment", "没有用户群或评分卡 'wanred'", ("warned",)),
    ("hall: 12%", "hal: 12%", "hal:", "unknown_channel", "没有渠道 'hal'", ("hall",)),
    ("scripts: {message:", "scripts: {mesage:", "mesage", "unknown_channel", "没有渠道 'mesage'", ("message",)),
    ("kind: sell\n    campaign: keep", "kind: sell\n    campaign: kep", "kep", "unknown_campaign", "没有营销活动 'kep'", ("keep",)),
    ("channels: [hall]", "channels: [hall, hol]", "hol]", "unknown_channel", "没有渠道 'hol'", ()),
    ("care_share: {warned", "care_share: {wornd", "wornd", "unknown_segment", "没有用户群或评分卡 'wornd'", ("warned",)),
    ("campaigns: [keep]", "campaigns: [kept]", "kept", "unknown_campaign", "没有营销活动 'kept'", ("keep",)),
    ("offers: [gift]", "offers: [gfit]", "gfit", "unknown_offer", "没有营销案 'gfit'", ("gift",)),
    ("channels: [message]", "channels: [massage]", "massage", "unknown_channel", "没有渠道 'massage'", ("message",)),
    ("segment: warned", "segment: warnde", "warnde", "unknown_segment", "没有用户群或评分卡 'warnde'", ("warned",)),
    ("segment_weights: {warned", "segment_weights: {warn", "warn:", "unknown_segment", "没有用户群或评分卡 'warn'", ("warned",)),
    ("own_use: spent", "own_use: spend", "spend", "unknown_metric", "没有指标 'spend'", ("spent",)),
]  # fmt: skip
# what is replaced, by what, the token at fault, code, what it says in either language
WRONG = [
    ("own_use: spent", "own_use: hidden", "hidden", "decisions.unsuitable_metric", "不能用在这里", "cannot serve here"),
    ("own_use: spent", "own_use: state", "state", "decisions.unsuitable_metric", "不能用在这里", "cannot serve here"),
    ("valid_until: 2026-12-31", "valid_until: 2025-12-31", "2025-12-31", "offer.ends_before_it_begins",
     "有效期到 2025-12-31 为止", "there until 2025-12-31"),
    ('closes: "18:00"', 'closes: "09:00"', '"09:00"', "channel.never_open", "没有可以接触的时间", "that is never"),
    ("most_yuan: 200", "most_yuan: 50", "50}\n    valid", "offer.no_device", "价格上限低于下限", "no device fits"),
]  # fmt: skip
SCHEMA = [
    ("yuan: 1_000", "yuan: -5", "-5", "应为金额：不小于 0", "expected an amount of money: not below 0"),
    ("units: {U01: 5}}\nfloors", "units: {U01: -5}}\nfloors", "-5", "应为金额", "expected an amount of money"),
    ("cost_yuan: 4", "cost_yuan: 0.005", "0.005", "最多两位小数", "two decimals at most"),
    ("hall: 12%", "hall: 120%", "120%", "读到 '120%'：不能大于 1", "must not be above 1"),
    ("hall: 12%", "hall: -1%", "-1%", "不能小于 0", "must not be below 0"),
    ("hall: 12%, message: 1.5%", "", "{}}\n    eligible", "至少要有 1 项", "at least 1 is needed"),
    ("serves: {warned: {hall: 50%}}", "serves: {}", "{}, value", "至少要有 1 项", "at least 1 is needed"),
    ("valid_from: 2026-01-01", "valid_from: 2026-13-01", "2026-13-01", "应为日期，如 2026-01-31", "expected a date"),
    ("dates: [2026-05-01]", "dates: [may]", "may", "应为日期", "expected a date"),
    ('opens: "09:00"', "opens: 9am", "9am", "应为 00:00 至 23:59 的时刻", "expected a time"),
    ('closes: "18:00"', 'closes: "24:00"', '"24:00"', "应为 00:00 至 23:59 的时刻", "expected a time"),
    ("term_from: 2025-07", "term_from: 2025-7", "2025-7", "应为月份，如 2025-07", "expected a month"),
    ("term_months: 6", "term_months: 0", "0}\ndecisions", "不能小于 1", "must not be below 1"),
    ("weekdays: [sunday]", "weekdays: [sun]", "sun]", "monday、tuesday", "must be one of monday"),
    ("level: branch, roles", "level: shop, roles", "shop", "province、city", "must be one of province"),
    ("kind: sell", "kind: gift", "gift\n    campaign", "只能是 sell、care", "must be one of sell, care"),
    ("date: bound_until", "date: join_date", "join_date", "bound_until、vas_until", "must be one of bound_until"),
    ("roles: [hall]", "roles: [hall], staff_share: 110%", "110%", "不能大于 1", "must not be above 1"),
    ("per_day: 10", "per_day: -1", "-1, units", "不能小于 0", "must not be below 0"),
    ("contacts: 2", "contacts: 1.5", "1.5, days", "应为整数", "expected a whole number"),
    ("weight: 1.5", "weight: 101", "101", "不能大于 100", "must not be above 100"),
    ("care_share: {warned: 20%}", "care_share: {warned: 2}", "2}\nbudgets", "不能大于 1", "must not be above 1"),
    ("level: city, units: {U01: 5}}\nfloors", "units: {U01: 5}}\nfloors", "{name: {zh: 全", "写了 units 就要写 level",
     "units need a level"),
    ("{from_share: 17.2%, to_share: 15.3%}", "{from_share: 17.2%, to_share: 17.2%}", "{from_share: 17.2%, to_share: 17.2%}",
     "没有可检出的效果", "no effect to detect"),
]  # fmt: skip
BLANKS = [
    ("您消费了 {spent} 元", "您消费了 {spnet} 元", "{spnet}", "没有可填的指标 'spnet'"),
    ("zh: 送您话费", 'zh: "您余额 {hidden}"', "{hidden}", "没有可填的指标 'hidden'"),
    ("en: A gift", 'en: "{state:percent}"', "{state:percent}", "不是数值"),
]
WARNINGS = [
    ("serves: {warned: {hall: 50%}}", "serves: {warned: {hall: 0}}", "serves: {warned: {hall: 0}}", "offer.no_chance"),
    ("hall: 12%, message: 1.5%", "hall: 12%", "message: {zh: 送", "offer.script_unused"),
    ("kind: care", "kind: sell", "warned: 20%", "playbook.not_served"),
]
WHOLE = [
    ("key: some text", "kee: some text", {"playbook.unknown_key", "playbook.missing_key"}),
    ("own_use: spent", "own_uze: spent", {"playbook.unknown_key", "playbook.missing_key"}),
    ("cost_yuan: 4", "cost_yuan: four", {"playbook.bad_value"}),
    ("campaign: keep, serves", "campagin: keep, serves", {"playbook.unknown_key", "playbook.missing_key"}),
    ("weight: 1.5", "weight: -1", {"playbook.bad_value"}),
    ("kind: sell", "kind: sold", {"playbook.bad_value"}),
    ("priority: 2", "priority: 20", {"playbook.bad_value"}),
    ("value: arpu, profile", "value: arpu, profil", {"playbook.unknown_key"}),
    ("contacts: 2, days: 30", "contacts: 2", {"playbook.missing_key"}),
    ("channels:\n  hall", "chanels:\n  hall", {"playbook.unknown_key"}),
    ("campaigns:\n  keep", "campaings:\n  keep", {"playbook.unknown_key"}),
    ("decisions:\n  own", "decision:\n  own", {"playbook.unknown_key"}),
]


def test_the_small_catalogue_is_sound(tmp_path: Path) -> None:
    assert found(tmp_path, c=CATALOGUE) == ()


@pytest.mark.parametrize(("old", "new", "token", "code", "says", "near"), UNKNOWN, ids=[row[1] for row in UNKNOWN])
def test_a_name_of_nothing_is_told_with_near_names(
    old: str, new: str, token: str, code: str, says: str, near: tuple[str, ...], tmp_path: Path
) -> None:
    findings, text = spoilt(tmp_path, old, new)
    (finding,) = (one for one in findings if one.severity == "error")
    assert (finding.code, str(finding.place)) == (f"playbook.{code}", place_of(token, text, "c"))
    assert says in finding.what.zh
    assert finding.near[:1] == near


@pytest.mark.parametrize(("old", "new", "token", "code", "zh", "en"), WRONG, ids=[row[1] for row in WRONG])
def test_what_cannot_be_is_told_at_its_place(
    old: str, new: str, token: str, code: str, zh: str, en: str, tmp_path: Path
) -> None:
    findings, text = spoilt(tmp_path, old, new)
    (finding,) = findings
    assert (finding.code, str(finding.place)) == (code, place_of(token, text, "c"))
    assert zh in finding.what.zh
    assert en in finding.what.en


@pytest.mark.parametrize(("old", "new", "token", "zh", "en"), SCHEMA, ids=[row[1] or row[3] for row in SCHEMA])
def test_a_value_that_cannot_be_is_told_as_it_was_read(
    old: str, new: str, token: str, zh: str, en: str, tmp_path: Path
) -> None:
    findings, text = spoilt(tmp_path, old, new)
    (finding,) = findings
    assert (finding.code, str(finding.place)) == ("playbook.bad_value", place_of(token, text, "c"))
    assert zh in finding.what.zh
    assert en in finding.what.en


@pytest.mark.parametrize(("old", "new", "token", "says"), BLANKS, ids=[row[2] for row in BLANKS])
def test_a_blank_of_a_script_that_cannot_be_filled_is_told(
    old: str, new: str, token: str, says: str, tmp_path: Path
) -> None:
    findings, text = spoilt(tmp_path, old, new)
    (finding,) = findings
    assert (finding.code, str(finding.place)) == ("playbook.script_blank", place_of(token, text, "c"))
    assert says in finding.what.zh


@pytest.mark.parametrize(("old", "new", "token", "code"), WARNINGS, ids=[row[3] for row in WARNINGS])
def test_what_changes_nothing_is_a_warning(old: str, new: str, token: str, code: str, tmp_path: Path) -> None:
    findings, text = spoilt(tmp_path, old, new)
    (finding,) = findings
    assert (finding.code, finding.severity) == (code, "warning")
    assert str(finding.place) == place_of(token, text, "c")


@pytest.mark.parametrize(("old", "new", "codes"), WHOLE, ids=[row[1] for row in WHOLE])
def test_a_broken_declaration_is_told_alone(old: str, new: str, codes: set[str], tmp_path: Path) -> None:
    findings, _ = spoilt(tmp_path, old, new)
    assert {finding.code for finding in findings} == codes


def test_offers_need_the_section_decisions(tmp_path: Path) -> None:
    findings, text = spoilt(tmp_path, "decisions:\n  own_use: spent\n  segment_weights: {warned: 1.2}\n", "")
    (finding,) = findings
    assert (finding.code, str(finding.place)) == ("decisions.missing", place_of("offers:\n", text, "c"))


def test_an_expression_of_an_offer_is_told_at_its_token(tmp_path: Path) -> None:
    findings, text = spoilt(tmp_path, "eligible: payment", "eligible: paymant")
    (finding,) = findings
    assert (finding.code, finding.near[:1]) == ("expression.unknown_name", ("payment",))
    assert str(finding.place) == place_of("paymant", text, "c")


def test_more_segments_than_one_number_has_bits_are_too_many(tmp_path: Path) -> None:
    one = CATALOGUE[CATALOGUE.index("  warned:") : CATALOGUE.index("channels:\n")]
    names = [f"s{index}" for index in range(60)]
    served = "".join(f"{name}: {{hall: 1%}}, " for name in names)
    text = CATALOGUE.replace(one, one + "".join(one.replace("warned:", f"{name}:", 1) for name in names))
    text = text.replace("serves: {warned: {hall: 50%}}", f"serves: {{{served}warned: {{hall: 50%}}}}")
    (finding,) = found(tmp_path, c=text)
    assert finding.code == "offer.too_many"
    assert "61" in finding.what.en
