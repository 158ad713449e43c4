"""A run held against the plain-Python answer on the same stored rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from examples.example import Example
from oracle.answer import Answer, answer

TABLES = (
    "select subscriber_id, balance_state, usage_state, tenure_month, tenure_years, in_space, points is not null as target "
    "from profile join score using (subscriber_id) where scorecard = 'upgrade_5g'"
)
Difference = tuple[object, ...]


def differences(
    example: Example, run_id: str, month: date, parameters: Mapping[str, Fraction] | None = None
) -> list[Difference]:
    """Everything in which the two differ: base, rules, states, tenure, activity space and targets."""
    plain = answer(example.rows(), month, parameters)
    found = example.figures(run_id)
    if set(found) != plain.base:
        return [("base", sorted(set(found) ^ plain.base)[:10])]
    rules: list[Difference] = [
        (segment, rule, who, wanted, found[who][f"rule__{segment}__{rule}"])
        for (segment, rule), truths in plain.rules.items()
        for who, wanted in truths.items()
        if found[who][f"rule__{segment}__{rule}"] is not wanted
    ]
    return rules + _of_tables(example, run_id, plain)


def _of_tables(example: Example, run_id: str, plain: Answer) -> list[Difference]:
    rows = {row.pop("subscriber_id"): row for row in example.answer(TABLES, run_id)}
    assert set(rows) == plain.base
    wanted = {
        who: (*plain.states[who], *plain.tenure[who], bool(plain.in_space[who]), who in plain.targets) for who in rows
    }
    return [(who, wanted[who], row) for who, row in rows.items() if tuple(row.values()) != wanted[who]]
