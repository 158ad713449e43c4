"""A range gives its values exactly, from its first to its last."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from basekeep.playbook.numbers import number_text
from basekeep.playbook.ranges import MOST_STEPS, range_of


@given(st.integers(-500, 500), st.integers(0, MOST_STEPS - 1), st.integers(1, 300), st.integers(0, 299))
def test_values_run_from_the_first_by_steps_and_not_beyond_the_last(low: int, more: int, step: int, rest: int) -> None:
    begin, by = Fraction(low, 100), Fraction(step, 100)
    end = begin + more * by + Fraction(rest % step, 100)
    written = f"{number_text(begin)}..{number_text(end)}/{number_text(by)}"
    assert range_of(written).values() == tuple(begin + at * by for at in range(more + 1))


def test_shares_are_written_in_percent_and_a_tenth_is_a_tenth() -> None:
    assert range_of("0%..30%/10%").values() == tuple(Fraction(tenths, 10) for tenths in range(4))
    assert range_of(" 5..5/1 ").values() == (Fraction(5),)
