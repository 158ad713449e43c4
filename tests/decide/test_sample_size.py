"""Group sizes are the published ones, those that a search finds, and those of the smallest change that they can tell."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from statistics import NormalDist

import pytest

from basekeep.decide.sample_size import Effect, control_needed, group_sizes, least_change

POWER, SIGNIFICANCE = Fraction(9, 10), Fraction(1, 20)


def _effect(start: str, end: str, power: Fraction = POWER, significance: Fraction = SIGNIFICANCE) -> Effect:
    return Effect(Fraction(start), Fraction(end), power, significance)


def _noise(effect: Effect, held_out: float, treated: float) -> float:
    """The change that these groups can tell if its rates are those of the effect."""
    z = NormalDist().inv_cdf(1 - float(effect.significance) / 2) + NormalDist().inv_cdf(float(effect.power))
    a, b = float(effect.from_share), float(effect.to_share)
    return float(z * (a * (1 - a) / held_out + b * (1 - b) / treated) ** 0.5)


@pytest.mark.parametrize(("start", "end", "sizes"), [("0.172", "0.153", (4564, 41079)), ("0.064", "0.1", (567, 5101))])
def test_two_trials_of_churn_need_what_is_said_of_them(start: str, end: str, sizes: tuple[int, int]) -> None:
    assert group_sizes(_effect(start, end), 9) == sizes
    assert control_needed(_effect(start, end), sum(sizes)) == sizes[0]


def test_two_equal_groups_need_what_the_textbooks_example_says() -> None:
    # Chow, Shao, Wang, section 4.2.4: 65% against 85%, 80% power, two-sided 5%: 70 in each group.
    assert group_sizes(_effect("0.65", "0.85", Fraction(8, 10)), 1) == (70, 70)


@pytest.mark.parametrize("seed", range(200))
def test_of_any_population_as_many_are_needed_as_a_search_finds(seed: int) -> None:
    draw = Random(seed)
    start, end = Fraction(draw.randint(0, 100), 100), Fraction(draw.randint(0, 100), 100)
    effect = Effect(start, end, Fraction(draw.randint(51, 99), 100), Fraction(draw.randint(1, 20), 100))
    population = draw.choice([0, 30, 60, 300, 3000])
    needed = control_needed(effect, population)
    if start == end:
        assert needed is None
        return
    assert needed is not None
    # To the nearest person: half a one more is enough, half a one less is not.
    enough = (n for n in range(1, population) if n + 0.5 < population and _tells(effect, n, population))
    found = next(enough, None)
    if found is not None:
        assert needed == found
    elif needed < population:
        # It takes so many in each group, and there are not two such groups.
        assert group_sizes(effect, 1) == (needed, needed)
        assert 2 * needed > population - 2


def _tells(effect: Effect, held_out: int, population: int) -> bool:
    return _noise(effect, held_out + 0.5, population - held_out - 0.5) <= effect.change


@pytest.mark.parametrize("seed", range(100))
def test_the_smallest_change_is_told_and_a_smaller_one_is_not(seed: int) -> None:
    draw = Random(seed)
    start, up = Fraction(draw.randint(0, 100), 100), draw.random() < 0.5
    end = min(start + Fraction(1, 50), Fraction(1)) if up else max(start - Fraction(1, 50), Fraction(0))
    held_out, treated = draw.randint(1, 500), draw.randint(1, 5000)
    change = least_change(Effect(start, end, POWER, SIGNIFICANCE), held_out, treated)
    sign = 1 if end >= start else -1
    if change is None:
        furthest = Effect(start, Fraction(1 if sign > 0 else 0), POWER, SIGNIFICANCE)
        assert _noise(furthest, held_out, treated) > furthest.change
        return
    for factor, told in ((1.0001, True), (0.9999, False)):
        to = float(start) + sign * change * factor
        if 0 <= to <= 1:
            effect = Effect(start, Fraction(to), POWER, SIGNIFICANCE)
            assert (_noise(effect, held_out, treated) <= effect.change) == told


def test_groups_of_the_size_needed_tell_the_change_that_they_were_made_for() -> None:
    change = least_change(_effect("0.172", "0.153"), 4564, 41079)
    assert change == pytest.approx(0.019, abs=1e-6)


def test_an_empty_group_tells_nothing() -> None:
    assert least_change(_effect("0.2", "0.1"), 0, 100) is None
    assert least_change(_effect("0.2", "0.1"), 100, 0) is None
