"""A small playbook with one offer and everything that belongs to it; tests spoil one thing in it."""

from __future__ import annotations

from pathlib import Path

from basekeep.kernel.findings import Finding
from checks.fragments import found

CATALOGUE = """metrics:
  spent: {name: {zh: 消费, en: Spent}, value: arpu, profile: true}
  state: {name: {zh: 状态, en: State}, classes: {low: {name: {zh: 低, en: Low}, when: arpu < 1}}, profile: true}
  hidden: {name: {zh: 藏, en: Hidden}, value: balance}
segments:
  warned:
    name: {zh: 预警, en: Warned}
    wording: {zh: 预警, en: Warned}
    maintenance: []
    priority: 2
    lead_time_days: 3
    false_positives: {zh: 无, en: none}
    rules: {r: {name: {zh: 甲, en: A}, when: arpu > 3}}
channels:
  hall: {name: {zh: 厅, en: Hall}, level: branch, roles: [hall], cost_yuan: 4, opens: "09:00", closes: "18:00"}
  message: {name: {zh: 短信, en: Message}, level: city, per_day: 10, units: {U01: 5}, cost_yuan: 0.10}
  open_door: {name: {zh: 自来, en: Walk-in}, level: branch, cost_yuan: 0}
campaigns:
  keep: {name: {zh: 保有, en: Keep}, weight: 1.5, control: {from_share: 17.2%, to_share: 15.3%}}
offers:
  gift:
    name: {zh: 赠送, en: Gift}
    kind: sell
    campaign: keep
    serves: {warned: {hall: 12%, message: 1.5%}}
    eligible: payment = 'prepaid'
    customer_pays: {yuan: 50, months: 6}
    benefit_family: credit
    benefit_yuan: 10
    value: spent * 3
    event: {date: bound_until, lead_days: 5}
    device: {is_5g: true, least_yuan: 100, most_yuan: 200}
    valid_from: 2026-01-01
    valid_until: 2026-12-31
    script: {zh: 您消费了 {spent} 元, en: You spent {spent}}
    scripts: {message: {zh: 送您话费, en: A gift}}
  call: {name: {zh: 问候, en: Call}, kind: care, campaign: keep, serves: {warned: {hall: 50%}}, value: spent, script: {zh: 您好, en: Hello}}
contact_policy:
  limits: {month: {name: {zh: 月, en: Month}, contacts: 2, days: 30}}
  exclusions: {red: {name: {zh: 红, en: Red}, when: red_list}}
  reserved: {key: {name: {zh: 关键人, en: Key}, when: group_role = 'leader', channels: [hall]}}
  quiet: {weekdays: [sunday], dates: [2026-05-01]}
  care_share: {warned: 20%}
budgets:
  all: {name: {zh: 全, en: All}, yuan: 1_000, campaigns: [keep], offers: [gift], channels: [message], level: city, units: {U01: 5}}
floors:
  least: {name: {zh: 下限, en: Least}, segment: warned, level: county, least: 10}
hold_outs:
  key: some text
  universal: {from_share: 17.2%, to_share: 15.3%, term_from: 2025-07, term_months: 6}
decisions:
  own_use: spent
  segment_weights: {warned: 1.2}
""".replace("您消费了 {spent} 元", '"您消费了 {spent} 元"').replace("You spent {spent}", '"You spent {spent}"')


def spoilt(folder: Path, old: str, new: str) -> tuple[tuple[Finding, ...], str]:
    """The findings of the catalogue with one thing replaced, and its text."""
    assert old in CATALOGUE
    text = CATALOGUE.replace(old, new, 1)
    return found(folder, c=text), text
