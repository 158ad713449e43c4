"""The base's means and percentiles, of all and by brand or city, and limits that differ by city, are exact."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from relations.plain import mean, most, negated, quotient, times, total, window
from relations.small_panel import rows
from relations.small_run import Number, Person, Truth, figures, people, write_playbook

MONTH = date(2025, 12, 1)
BRANCHES = ("B1", "B2", "B3")  # B4 is in no organisation
PARAMETERS = """parameters:
  share: {name: {zh: 甲, en: A}, value: 50%, unit: share, min: 0%, max: 300%, source: our_default}
  limit: {name: {zh: 甲, en: A}, value: 50, unit: yuan, min: -100, max: 100, source: our_default}
  place: {name: {zh: 甲, en: A}, value: 80%, unit: share, min: 0%, max: 100%, source: our_default}
"""
# The branches lie in the two cities by turns; an overlay of a county or branch is nearer than its city's.
OVERLAYS = {"C1": "parameters: {share: 33.3%, limit: 0.01}\n", "C2": "parameters: {limit: 70}\n", "D2": "parameters: {limit: 33.33}\n", "B3": "parameters: {share: 120%}\n"}  # fmt: skip
CITY = {"B1": "C1", "B2": "C2", "B3": "C1"}
SHARE = {"B1": Fraction("0.333"), "B2": Fraction("0.5"), "B3": Fraction("1.2")}
LIMIT = {"B1": Fraction("0.01"), "B2": Fraction("33.33"), "B3": Fraction("0.01")}
Value = Callable[[Person], Number]


def known(base: Iterable[Person], value: Value) -> list[Fraction]:
    return [found for person in base if (found := value(person)) is not None]


def mean_of(base: Iterable[Person], value: Value) -> Number:
    values = known(base, value)
    return sum(values, Fraction(0)) / len(values) if values else None


def percentile_of(base: Iterable[Person], value: Value, share: Fraction) -> Number:
    values = sorted(known(base, value))
    if not values:
        return None
    at = share * (len(values) - 1)
    low = int(at)
    return values[low] + (at - low) * (values[min(low + 1, len(values) - 1)] - values[low])


def within(base: Iterable[Person], person: Person, group: Callable[[Person], object]) -> list[Person]:
    """Those of the same group; nobody where a group is unknown."""
    return [other for other in base if group(person) is not None and group(other) == group(person)]


def arpu(p: Person) -> Number:
    return p.n("arpu")


def three(p: Person) -> Number:
    return mean(window(p, "arpu", 3))


def worth(p: Person) -> Number:
    return quotient(times(p.n("arpu"), p.n("vas_count")), Fraction(-7))


def large(p: Person) -> Number:
    """A number that could have more than eighteen digits."""
    return times(times(p.n("arpu"), p.n("arpu")), p.n("vas_count"))


def brand(p: Person) -> object:
    return p.cell("brand")


def city(p: Person) -> object:
    return CITY.get(p.cell("branch_id"))


def share(p: Person) -> Fraction:
    return SHARE.get(p.cell("branch_id"), Fraction(1, 2))


def limit(p: Person) -> Fraction:
    return LIMIT.get(p.cell("branch_id"), Fraction(50))


Base = list[Person]
CASES: dict[str, Callable[[Person, Base], Truth]] = {
    "arpu >= base_mean(arpu)": lambda p, b: most(mean_of(b, arpu), arpu(p)),
    "mean(arpu, 3) > share * base_mean(mean(arpu, 3))": lambda p, b: negated(most(three(p), times(share(p), mean_of(b, three)))),
    "arpu > base_mean(arpu, by=brand)": lambda p, b: negated(most(arpu(p), mean_of(within(b, p, brand), arpu))),
    "arpu > base_mean(arpu, by=city_id)": lambda p, b: negated(most(arpu(p), mean_of(within(b, p, city), arpu))),
    "arpu / base_mean(arpu, by=brand) >= 1.5": lambda p, b: most(Fraction(3, 2), quotient(arpu(p), mean_of(within(b, p, brand), arpu))),
    "arpu > base_percentile(arpu, place)": lambda p, b: negated(most(arpu(p), percentile_of(b, arpu, Fraction("0.8")))),
    "arpu >= base_percentile(arpu, 33.3333%, by=brand)": lambda p, b: most(percentile_of(within(b, p, brand), arpu, Fraction("0.333333")), arpu(p)),
    "mean(arpu, 3) < base_percentile(mean(arpu, 3), 50%, by=city_id)": lambda p, b: negated(most(percentile_of(within(b, p, city), three, Fraction(1, 2)), three(p))),
    "arpu = base_percentile(arpu, 100%)": lambda p, b: most(percentile_of(b, arpu, Fraction(1)), arpu(p)),
    "balance > base_percentile(arpu * vas_count / -7, 20%)": lambda p, b: negated(most(p.n("balance"), percentile_of(b, worth, Fraction(1, 5)))),
    "arpu * arpu * vas_count > base_percentile(arpu * arpu * vas_count, 65%)": lambda p, b: negated(most(large(p), percentile_of(b, large, Fraction("0.65")))),
    "arpu * arpu > base_mean(arpu * arpu, by=brand)": lambda p, b: negated(most(times(arpu(p), arpu(p)), mean_of(within(b, p, brand), lambda q: times(arpu(q), arpu(q))))),
    "arpu > ago(base_mean(arpu), 1)": lambda p, b: negated(most(arpu(p), mean_of(b, lambda q: q.n("arpu", 1)))),
    "balance / base_mean(arpu - arpu) is unknown": lambda p, b: True,
    "(arpu > base_mean(ago(complaints, 3))) is unknown": lambda p, b: True,
    "arpu > limit": lambda p, b: negated(most(arpu(p), limit(p))),
    "each(arpu, 2) <= share * mean(arpu, 3) and balance > -limit": lambda p, b: _fall(p),
    "arpu / (limit - 33) < 0": lambda p, b: negated(most(0, quotient(arpu(p), limit(p) - 33))),
}  # fmt: skip


def _fall(p: Person) -> Truth:
    one = [most(value, times(share(p), three(p))) for value in window(p, "arpu", 2)]
    two = None if p.n("balance") is None else negated(most(total([p.n("balance"), limit(p)]), 0))
    return False if False in (*one, two) else None if None in (*one, two) else True


@pytest.mark.parametrize("seed", [1, 2])
def test_statistics_and_overlays_give_the_plain_answer(seed: int, tmp_path: Path) -> None:
    panel = rows(seed, 90, MONTH)
    base = people(panel, MONTH)
    write_playbook(tmp_path / "playbook", list(CASES), more=PARAMETERS)
    (tmp_path / "playbook" / "overlays").mkdir()
    for unit, text in OVERLAYS.items():
        (tmp_path / "playbook" / "overlays" / f"{unit}.yaml").write_text(text)
    found = figures(tmp_path, panel, MONTH, BRANCHES)
    for index, (text, answer) in enumerate(CASES.items()):
        expected = {who: answer(person, list(base.values())) for who, person in base.items()}
        assert {who: row[f"rule__s__r{index}"] for who, row in found.items()} == expected, text
