"""Every kind of condition is true, false or unknown as three-valued logic in plain Python says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from relations.plain import above, both, either, most, negated, quotient, same, total, window
from relations.small_panel import rows
from relations.small_run import Person, Truth, figures, people, write_playbook

MONTH = date(2025, 12, 1)
END = date(2025, 12, 31)
MORE = """metrics:
  high: {name: {zh: 甲, en: A}, when: arpu > 50}
  state:
    name: {zh: 甲, en: A}
    classes:
      low: {name: {zh: 低, en: Low}, when: balance < 0}
      fair: {name: {zh: 中, en: Fair}, when: arpu > 50}
      good: {name: {zh: 高, en: High}, when: balance > 50}
segments:
  other: {name: {zh: 甲, en: A}, wording: {zh: 甲, en: A}, maintenance: [], priority: 1, lead_time_days: 1, false_positives: {zh: 甲, en: A}, rules: {a: {name: {zh: 甲, en: A}, when: high}, b: {name: {zh: 甲, en: A}, when: is_staff}}}
"""
Answer = Callable[[Person], Truth]


def none_or(p: Person, column: str, holds: Callable[[Any], bool], back: int = 0) -> Truth:
    """A comparison with a cell in which empty means none: false where it is, unknown where the row is missing."""
    if not p.has(back):
        return None
    value = p.cell(column, back)
    return False if value is None else holds(value)


def state(p: Person, back: int = 0) -> str | None:
    steps = (
        ("low", negated(most(0, p.n("balance", back)))),
        ("fair", above(p.n("arpu", back), 50)),
        ("good", above(p.n("balance", back), 50)),
    )
    for name, truth in steps:
        if truth is None:
            return None
        if truth:
            return name
    return None


def one(p: Person, back: int = 0) -> Truth:
    return above(p.n("arpu", back), 50)


CASES: dict[str, Answer] = {
    "arpu between 10 and 50": lambda p: both(most(10, p.n("arpu")), most(p.n("arpu"), 50)),
    "arpu not between 10 and 50": lambda p: negated(both(most(10, p.n("arpu")), most(p.n("arpu"), 50))),
    "vas_count in (1, 3)": lambda p: either(same(p.n("vas_count"), 1), same(p.n("vas_count"), 3)),
    "vas_count not in (1, 3)": lambda p: negated(either(same(p.n("vas_count"), 1), same(p.n("vas_count"), 3))),
    "brand in ('mzone', 'easyown')": lambda p: either(same(p.cell("brand"), "mzone"), same(p.cell("brand"), "easyown")),
    "brand != 'mzone'": lambda p: negated(same(p.cell("brand"), "mzone")),
    "is_staff": lambda p: p.cell("is_staff"),
    "is_staff = false": lambda p: negated(p.cell("is_staff")),
    "is_staff != true": lambda p: negated(p.cell("is_staff")),
    "not (is_staff and arpu > 50)": lambda p: negated(both(p.cell("is_staff"), one(p))),
    "is_staff or not arpu > 50 and balance = 0": lambda p: either(p.cell("is_staff"), both(negated(one(p)), same(p.n("balance"), 0))),
    "arpu is known": lambda p: p.n("arpu") is not None,
    "arpu / balance is unknown": lambda p: quotient(p.n("arpu"), p.n("balance")) is None,
    "ago(is_staff, 2) is not known": lambda p: p.cell("is_staff", 2) is None,
    "state is known": lambda p: state(p) is not None,
    "ago(group_role, 1) is known": lambda p: p.has(1),
    "bound_until is empty": lambda p: p.cell("bound_until") is None,
    "ago(bound_until, 1) is empty": lambda p: p.cell("bound_until", 1) is None if p.has(1) else None,
    "ago(bound_until, 1) is not empty": lambda p: p.cell("bound_until", 1) is not None if p.has(1) else None,
    "bound_until > month_end": lambda p: none_or(p, "bound_until", lambda day: day > END),
    "not bound_until > month_end": lambda p: negated(none_or(p, "bound_until", lambda day: day > END)),
    "month_end < ago(bound_until, 1)": lambda p: none_or(p, "bound_until", lambda day: day > END, 1),
    "days_until(bound_until) + 0 >= 1": lambda p: none_or(p, "bound_until", lambda day: day > END),
    "days_until(ago(vas_until, 2)) between 0 and 30": lambda p: none_or(p, "vas_until", lambda day: 0 <= (day - END).days <= 30, 2),
    "group_role != 'leader'": lambda p: none_or(p, "group_role", lambda role: role != "leader"),
    "not group_role = 'leader'": lambda p: negated(none_or(p, "group_role", lambda role: role == "leader")),
    "ago(group_role, 1) in ('leader')": lambda p: none_or(p, "group_role", lambda role: role == "leader", 1),
    "ago(group_role, 1) not in ('leader')": lambda p: negated(none_or(p, "group_role", lambda role: role == "leader", 1)),
    "join_date >= '2024-02-29'": lambda p: None if p.cell("join_date") is None else p.cell("join_date") >= date(2024, 2, 29),
    "'2024-02-29' = join_date": lambda p: same(p.cell("join_date"), date(2024, 2, 29)),
    "join_date > festival_end": lambda p: None if p.cell("join_date") is None else p.cell("join_date") > date(2025, 2, 28),
    "each(arpu, 3) > 33.33": lambda p: both(*(above(v, Fraction("33.33")) for v in window(p, "arpu", 3))),
    "each(arpu, 2) <= plan_fee": lambda p: both(*(most(v, p.n("plan_fee")) for v in window(p, "arpu", 2))),
    "any(arpu, 3) <= plan_fee": lambda p: either(*(most(v, p.n("plan_fee")) for v in window(p, "arpu", 3))),
    "each(ago(arpu, 1), 2) <= ago(plan_fee, 2)": lambda p: both(*(most(v, p.n("plan_fee", 2)) for v in window(p, "arpu", 2, 1))),
    "each(vas_count, 2) in (0, 1)": lambda p: both(*(either(same(v, 0), same(v, 1)) for v in window(p, "vas_count", 2))),
    "each(vas_count, 2) not in (0, 1)": lambda p: both(*(negated(either(same(v, 0), same(v, 1))) for v in window(p, "vas_count", 2))),
    "any(vas_count, 3) between 1 and 2": lambda p: either(*(both(most(1, v), most(v, 2)) for v in window(p, "vas_count", 3))),
    "any(vas_count, 2) not between 1 and 2": lambda p: either(*(negated(both(most(1, v), most(v, 2))) for v in window(p, "vas_count", 2))),
    "each(brand, 2) = 'mzone'": lambda p: both(*(same(p.cell("brand", b), "mzone") for b in range(2))),
    "each(is_staff, 2) = true": lambda p: both(*(p.cell("is_staff", b) for b in range(2))),
    "each_month(arpu <= plan_fee, 3)": lambda p: both(*(most(p.n("arpu", b), p.n("plan_fee", b)) for b in range(3))),
    "any_month(arpu <= plan_fee and is_staff, 3)": lambda p: either(*(both(most(p.n("arpu", b), p.n("plan_fee", b)), p.cell("is_staff", b)) for b in range(3))),
    "any_month(bound_until is empty, 3)": lambda p: either(*(p.cell("bound_until", b) is None if p.has(b) else None for b in range(3))),
    "count(high, 3) >= 2": lambda p: None if None in [one(p, b) for b in range(3)] else sum(bool(one(p, b)) for b in range(3)) >= 2,
    "ago(high, 1) and not high": lambda p: both(one(p, 1), negated(one(p))),
    "state = 'fair'": lambda p: same(state(p), "fair"),
    "ago(state, 1) in ('low', 'good')": lambda p: None if state(p, 1) is None else state(p, 1) != "fair",
    "each(state, 2) != 'low'": lambda p: both(*(negated(same(state(p, b), "low")) for b in range(2))),
    "member(other)": lambda p: either(one(p), p.cell("is_staff")),
    "ago(member(other), 2)": lambda p: either(one(p, 2), p.cell("is_staff", 2)),
    "sum(arpu, 2) = sum(plan_fee, 2)": lambda p: same(total(window(p, "arpu", 2)), total(window(p, "plan_fee", 2))),
    "true": lambda p: True,
    "false or is_staff": lambda p: p.cell("is_staff"),
    "arpu ≥ 50 and （brand ≠ ‘mzone’）": lambda p: both(most(50, p.n("arpu")), negated(same(p.cell("brand"), "mzone"))),
}  # fmt: skip


def test_every_condition_gives_the_plain_answer(tmp_path: Path) -> None:
    panel = rows(5, 90, MONTH)
    base = people(panel, MONTH)
    write_playbook(tmp_path / "playbook", list(CASES), more=MORE)
    found = figures(tmp_path, panel, MONTH)
    assert set(found) == set(base)
    for index, (text, answer) in enumerate(CASES.items()):
        expected = {who: answer(person) for who, person in base.items()}
        assert {who: row[f"rule__s__r{index}"] for who, row in found.items()} == expected, text
        assert len(set(expected.values())) > 1 or text == "true", f"{text} is the same for everybody"


def test_a_column_or_month_that_is_not_stored_is_unknown(tmp_path: Path) -> None:
    panel = [{k: v for k, v in row.items() if k not in ("bound_until", "is_staff")} for row in rows(6, 20, MONTH)]
    asked = [
        "bound_until > month_end",
        "not bound_until > month_end",
        "bound_until is empty",
        "is_staff",
        "is_staff is known",
    ]
    write_playbook(tmp_path / "playbook", [*asked, "year_earlier(ago(bound_until, 2)) is not empty"])
    for row in figures(tmp_path, panel, MONTH).values():
        assert [row[f"rule__s__r{index}"] for index in range(6)] == [None, None, None, None, False, None]
