"""Numbers are read exactly as written, and told back as people write them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from basekeep.playbook.numbers import number_of, number_shown, number_text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("30", Fraction(30)),
        ("0.1", Fraction(1, 10)),
        ("50%", Fraction(1, 2)),
        ("50 %", Fraction(1, 2)),
        ("-0.5", Fraction(-1, 2)),
        ("1_000.25", Fraction("1000.25")),
        ("7/10", Fraction(7, 10)),
        (" 2 ", Fraction(2)),
    ],
)
def test_a_number_is_read_exactly(text: str, value: Fraction) -> None:
    assert number_of(text) == value


@pytest.mark.parametrize(
    "text", ["", "abc", "1e5", "1/0", "7/00", "nan", "inf", "0x1", "1 000", "1__000", "1.", ".5", "--1", "9" * 81]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"number|digits"):
        number_of(text)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (Fraction(30), "", "30"),
        (Fraction(-1, 8), "", "-0.125"),
        (Fraction(1, 3), "", "1/3"),
        (Fraction(85, 100), "share", "85%"),
        (Fraction(1, 1000), "share", "0.1%"),
        (Fraction(1, 20), "", "0.05"),
    ],
)
def test_a_number_is_told_as_it_is_written(value: Fraction, unit: str, text: str) -> None:
    assert number_text(value, unit) == text


@given(value=st.fractions(max_denominator=10**6), unit=st.sampled_from(["", "share"]))
def test_what_is_told_is_read_as_the_same(value: Fraction, unit: str) -> None:
    said = number_text(value, unit)
    assert "/" in said.removesuffix("%") or number_of(said) == value


@given(value=st.fractions(max_denominator=10**6))
def test_a_stored_number_is_read_as_the_same(value: Fraction) -> None:
    assert number_of(str(value)) == value


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (Fraction(28, 25), "", "1.12"),
        (Fraction(1234567), "yuan", "1,234,567"),
        (Fraction(2, 3), "", "≈0.6667"),
        (Fraction(-2469, 2), "yuan", "-1,234.5"),
        (Fraction(7, 10), "share", "70%"),
        (Fraction(7, 6), "share", "≈116.67%"),
        (Fraction(1, 10**9), "", "≈0"),
        (Fraction(-1, 10**9), "", "≈0"),
        (Fraction(0), "share", "0%"),
    ],
)
def test_a_number_is_shown_with_few_digits_and_says_when_some_are_left_out(
    value: Fraction, unit: str, text: str
) -> None:
    assert number_shown(value, unit) == text
