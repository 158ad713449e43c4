"""The section `upgrade`: what it names is there, its steps rise, its money is money; each fault at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.fragments import errors, found, place_of

METRICS = """metrics:
  kind: {name: {zh: 类, en: Kind}, classes: {a: {name: {zh: 甲, en: A}, when: arpu > 1}}, profile: true}
  served: {name: {zh: 类, en: Kind}, classes: {a: {name: {zh: 甲, en: A}, when: arpu > 1}}, profile: true}
  off: {name: {zh: 非5G, en: Off}, when: plan_generation < 5, profile: true}
  hidden: {name: {zh: 藏, en: Hidden}, when: plan_generation < 4}
"""
HEAD = """upgrade:
  policy_class: served
  policy_kind: kind
  not_on_5g: off
  not_on_5g_before: off
  manager_roles: [account_manager]
"""
TIERS = "  devices: {ageing_months: 21, ample_stock: 2, fit: {brand: 1, tier: 1, tier_step: 1, system: 1, stock: 1}, tiers: {%s}}\n"
NAME = "name: {zh: 甲, en: A}"
FAULTS = [
    ("  rewards: {offers: [a], line_yuan: 0.005}\n", "0.005", "expected an amount of money"),
    ("  rewards: {offers: [a], line_yuan: -1}\n", "-1", "expected an amount of money"),
    ("  rewards: {offers: [], line_yuan: 1}\n", "[]", "at least 1 is needed"),
    ("  rewards: {offers: [a], line_yuan: 1, big_orders: [{from_lines: 5, yuan: 1}, {from_lines: 5, yuan: 2}]}\n", "{offers", "expected to rise"),
    ("  rewards: {offers: [a], line_yuan: 1, device_extras: {x: {name: {zh: 甲, en: A}, tier: top, yuan: 1}}}\n", "top", "no price tier 'top'"),
    ("  marketing_budget: {total_yuan: 10, units: {U1: 6, U2: 5}}\n", "{total_yuan", "exceed the total"),
    ("  marketing_budget: {total_yuan: 10, level: grid}\n", "grid", "must be one of city, county, branch"),
    (TIERS % f"low: {{{NAME}, up_to_yuan: 9}}", "{ageing", "every tier but the last"),
    (TIERS % f"low: {{{NAME}, up_to_yuan: 9}}, mid: {{{NAME}, up_to_yuan: 9}}, top: {{{NAME}}}", "{ageing", "expected to rise"),
    ("  vendor_list: {least_lines: 1}\n", "1", "must not be below 2"),
    ("  bonus: {}\n", "bonus", "unknown key 'bonus'"),
]  # fmt: skip


def test_a_sound_section_has_no_fault(tmp_path: Path) -> None:
    assert errors(tmp_path / "playbook", metrics=METRICS, u=HEAD + "  rewards: {offers: [a], line_yuan: 20.05}\n") == []


@pytest.mark.parametrize(("more", "token", "says"), FAULTS, ids=[says for _, _, says in FAULTS])
def test_a_fault_is_told_at_its_place(more: str, token: str, says: str, tmp_path: Path) -> None:
    text = HEAD + more
    faults = [one for one in found(tmp_path / "playbook", metrics=METRICS, u=text) if one.severity == "error"]
    assert [says in one.what.en for one in faults] == [True], faults
    place = place_of(token, text, "u")
    assert str(faults[0].place).rpartition(":")[0] == place.rpartition(":")[0] or str(faults[0].place) == place


def test_metrics_that_are_not_there_or_cannot_serve_are_named(tmp_path: Path) -> None:
    text = HEAD.replace("policy_class: served", "policy_class: sreved").replace("not_on_5g: off", "not_on_5g: hidden")
    text = text.replace("not_on_5g_before: off", "not_on_5g_before: kind")
    assert errors(tmp_path / "playbook", metrics=METRICS, u=text) == [
        (place_of("sreved", text, "u"), "upgrade.unknown_metric"),
        (place_of("hidden", text, "u"), "upgrade.unsuitable_metric"),
        (place_of("kind", text, "u"), "upgrade.unsuitable_metric"),
    ]


def test_a_playbook_without_the_section_is_sound(tmp_path: Path) -> None:
    assert errors(tmp_path / "playbook", metrics=METRICS) == []
