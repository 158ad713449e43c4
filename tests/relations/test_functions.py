"""Every function that gives a number gives exactly what plain Python gives, unknown where that is unknown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from relations.plain import above, best, counted, days, mean, minus, quotient, times, total, window, years
from relations.small_panel import rows
from relations.small_run import Number, Person, figures, people, write_playbook

MONTHS = [date(2025, 12, 1), date(2024, 2, 1), date(2025, 2, 1)]
FESTIVAL = {
    date(2025, 12, 1): (date(2025, 1, 1), date(2025, 2, 1)),
    date(2024, 2, 1): (date(2024, 2, 1),),
    date(2025, 2, 1): (date(2025, 1, 1), date(2025, 2, 1)),
}


def festival(p: Person) -> Number:
    return total(
        [p.n("roaming_min", (p.month.year - m.year) * 12 + p.month.month - m.month) for m in FESTIVAL[p.month]]
    )


def tenure(p: Person, back: int = 0) -> Number:
    joined = p.cell("join_date", back)
    end = p.end(back)
    return None if joined is None else Fraction((end.year - joined.year) * 12 + end.month - joined.month + 1)


CASES: dict[str, Callable[[Person], Number]] = {
    "arpu": lambda p: p.n("arpu"),
    "-balance": lambda p: times(Fraction(-1), p.n("balance")),
    "arpu - balance + 1.5 - (plan_fee - 50%)": lambda p: minus(minus(total([p.n("arpu"), Fraction(3, 2)]), p.n("balance")), minus(p.n("plan_fee"), Fraction(1, 2))),
    "arpu * vas_count": lambda p: times(p.n("arpu"), p.n("vas_count")),
    "arpu / plan_fee": lambda p: quotient(p.n("arpu"), p.n("plan_fee")),
    "arpu / balance": lambda p: quotient(p.n("arpu"), p.n("balance")),
    "-arpu / (balance / plan_fee)": lambda p: quotient(times(Fraction(-1), p.n("arpu")), quotient(p.n("balance"), p.n("plan_fee"))),
    "arpu / (vas_count - 2)": lambda p: quotient(p.n("arpu"), minus(p.n("vas_count"), Fraction(2))),
    "arpu / plan_fee - mou_in / mou_out": lambda p: minus(quotient(p.n("arpu"), p.n("plan_fee")), quotient(p.n("mou_in"), p.n("mou_out"))),
    "arpu / -3": lambda p: quotient(p.n("arpu"), Fraction(-3)),
    "ago(arpu, 3)": lambda p: p.n("arpu", 3),
    "ago(ago(arpu, 2), 1) - year_earlier(arpu)": lambda p: minus(p.n("arpu", 3), p.n("arpu", 12)),
    "sum(arpu, 3)": lambda p: total(window(p, "arpu", 3)),
    "sum(ago(arpu, 1), 3, 2)": lambda p: total(window(p, "arpu", 3, 3)),
    "year_earlier(sum(arpu, 2))": lambda p: total(window(p, "arpu", 2, 12)),
    "mean(arpu, 6)": lambda p: mean(window(p, "arpu", 6)),
    "mean(arpu, 3, 1)": lambda p: mean(window(p, "arpu", 3, 1)),
    "mean(mean(arpu, 2), 3)": lambda p: mean([mean(window(p, "arpu", 2, back)) for back in range(3)]),
    "mean(arpu / plan_fee, 2)": lambda p: mean([quotient(p.n("arpu", b), p.n("plan_fee", b)) for b in range(2)]),
    "min(balance, 5)": lambda p: best(min, window(p, "balance", 5)),
    "max(arpu, 4, 2)": lambda p: best(max, window(p, "arpu", 4, 2)),
    "max(arpu / balance, 2)": lambda p: best(max, [quotient(p.n("arpu", b), p.n("balance", b)) for b in range(2)]),
    "min(arpu / balance, 1)": lambda p: quotient(p.n("arpu"), p.n("balance")),
    "max(vas_count / 3 - 10%, 3)": lambda p: best(max, [minus(quotient(v, Fraction(3)), Fraction(1, 10)) for v in window(p, "vas_count", 3)]),
    "count(arpu > 50, 3)": lambda p: counted([above(v, 50) for v in window(p, "arpu", 3)]),
    "count(arpu is known, 5)": lambda p: Fraction(sum(v is not None for v in window(p, "arpu", 5))),
    "if_unknown(mean(arpu, 3), arpu)": lambda p: p.n("arpu") if None in window(p, "arpu", 3) else mean(window(p, "arpu", 3)),
    "if_unknown(arpu / plan_fee, -1)": lambda p: Fraction(-1) if quotient(p.n("arpu"), p.n("plan_fee")) is None else quotient(p.n("arpu"), p.n("plan_fee")),
    "days_until(bound_until)": lambda p: days(p.cell("bound_until"), p.end()),
    "days_until('2025-01-15')": lambda p: days(date(2025, 1, 15), p.end()),
    "ago(days_until(vas_until), 1)": lambda p: days(p.cell("vas_until", 1), p.end(1)),
    "days_until(ago(vas_until, 1))": lambda p: days(p.cell("vas_until", 1), p.end()),
    "full_years(birth_date)": lambda p: years(p.cell("birth_date"), p.end()),
    "tenure_years": lambda p: years(p.cell("join_date"), p.end()),
    "tenure_month": tenure,
    "ago(tenure_month, 2)": lambda p: tenure(p, 2),
    "spring_festival(roaming_min)": festival,
}  # fmt: skip


@pytest.mark.parametrize("month", MONTHS, ids=str)
def test_every_function_gives_the_plain_answer_exactly(month: date, tmp_path: Path) -> None:
    panel = rows(11, 70, month)
    base = people(panel, month)
    limits = [next(v for p in base.values() if (v := answer(p)) is not None) for answer in CASES.values()]
    asked = [
        f"{text} {op} {limit.numerator} / {limit.denominator}"
        for text, limit in zip(CASES, limits, strict=True)
        for op in ("=", "<")
    ]
    write_playbook(tmp_path / "playbook", asked, list(CASES))
    found = figures(tmp_path, panel, month)
    assert set(found) == set(base)
    for who, person in base.items():
        for index, ((text, answer), limit) in enumerate(zip(CASES.items(), limits, strict=True)):
            value, got = answer(person), found[who]
            assert got[f"v{index}"] == (None if value is None else pytest.approx(float(value), abs=6e-5)), (text, who)
            none = "days_until" in text and value is None and _none(person, text)
            truths = (value == limit, value < limit) if value is not None else (False, False) if none else (None, None)
            assert (got[f"rule__s__r{2 * index}"], got[f"rule__s__r{2 * index + 1}"]) == truths, (
                text,
                who,
                value,
                limit,
            )


def _none(person: Person, text: str) -> bool:
    """An empty date of these columns means none: a comparison with it is false, if its row is there."""
    return person.has(1 if "ago" in text else 0)
