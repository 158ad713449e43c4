"""The generated panels: the same for a seed, and full of limits, shown by moving each limit by a hair."""

from collections import Counter
from datetime import date
from fractions import Fraction

import pytest

from .answer import Answer, answer
from .arithmetic import mean_of_known
from .columns import COLUMNS
from .generate import panel
from .panel import Panel
from .parameters import PARAMETERS
from .quantities import mean_mou_3, mou
from .rules import RULES

MONTH = date(2025, 10, 1)
WHOLE_NUMBERS = {"vas_days", "plan_days", "bill_days", "alerts_many", "number_changes", "vas_drop", "late_payments"}
ROWS = panel(7, 400, MONTH)
USUAL = answer(ROWS, MONTH)


def test_the_same_seed_gives_the_same_rows() -> None:
    assert panel(3, 20, MONTH) == panel(3, 20, MONTH)
    assert panel(3, 20, MONTH) != panel(4, 20, MONTH)


def test_a_row_has_every_column_but_the_missing_ones() -> None:
    rows = panel(1, 30, MONTH, months=4, missing_columns={"mou_in", "group_id"})
    assert {tuple(row) for row in rows} == {tuple(c for c in COLUMNS if c not in ("mou_in", "group_id"))}
    assert {row["month"] for row in rows} == {date(2025, month, 1) for month in (7, 8, 9, 10)}
    assert set(answer(rows, MONTH).rules["group_member", "in_group"].values()) == {None}


@pytest.mark.parametrize("rule", RULES, ids=".".join)
def test_each_rule_has_members_and_non_members(rule: tuple[str, str]) -> None:
    counts = Counter(USUAL.rules[rule].values())
    assert counts[True] > 5
    assert counts[False] > 5


def test_every_rule_with_unknowns_shows_them() -> None:
    # Tenure and the columns in which an empty cell means none are never unknown here; all else is.
    known = [".".join(rule) for rule, truths in USUAL.rules.items() if None not in truths.values()]
    assert known == [
        "new_recharge.month_3_to_5",
        "tenured_care.one_year",
        "tenured_care.two_years",
        "downgrade_warning.vas_expiring",
        "churn_warning.plan_expiring",
        "vip.key_role",
        "group_member.in_group",
    ]


def test_every_state_and_exclusion_occurs() -> None:
    balance, usage = (Counter(states[which] for states in USUAL.states.values()) for which in (0, 1))
    assert set(balance) == {"overdue", "low", "fair", "healthy", None}
    assert set(usage) == {"silent", "low", "normal", "high", None}
    assert all(any(who.values()) for who in USUAL.exclusions.values())
    assert set(USUAL.in_space.values()) == {True, False, None}
    assert len(USUAL.targets) > 20


def verdicts(found: Answer) -> tuple[object, ...]:
    return found.states, found.rules, found.in_space, found.data_use


@pytest.mark.parametrize("parameter", [name for name in PARAMETERS if name != "care_percentile"])
def test_somebody_stands_exactly_on_every_limit(parameter: str) -> None:
    """A limit moved by a hair, one way or the other, must change somebody's verdict."""
    hair = Fraction(1) if parameter in WHOLE_NUMBERS else Fraction(1, 10**9)
    moved = (answer(ROWS, MONTH, {parameter: PARAMETERS[parameter] + step}) for step in (hair, -hair))
    assert any(verdicts(found) != verdicts(USUAL) for found in moved)


def test_the_bases_means_are_met_exactly() -> None:
    base = Panel(ROWS, MONTH).base
    assert mean_of_known([mou(s) for s in base]) == 100
    assert mean_of_known([mean_mou_3(s) for s in base]) == 100


def test_many_stand_on_the_80th_percentile() -> None:
    arpus = [arpu for s in Panel(ROWS, MONTH).base if (arpu := s.number("arpu")) is not None]
    assert sum(1 for arpu in arpus if arpu == 88) > 30
    assert 0 < sum(1 for arpu in arpus if arpu > 88) < len(arpus) / 5 < sum(1 for arpu in arpus if arpu >= 88)


@pytest.mark.parametrize("month", [date(2024, 2, 1), date(2025, 1, 1), date(2025, 2, 1), date(2026, 1, 1)])
def test_other_months_have_festival_travellers_too(month: date) -> None:
    found = answer(panel(5, 200, month), month)
    assert {True, False} <= set(found.rules["migrant", "roamer"].values())
    # Nobody has joined yet after a festival that ends with the month of the run.
    assert (True in found.rules["migrant", "newcomer"].values()) is (month.month == 1)
