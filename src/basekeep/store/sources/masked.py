"""Masking in SQL, the same as kernel.masking does in Python (a test holds them together)."""

from __future__ import annotations


def masked(text: str) -> str:
    """SQL: the text with all but its first three and last two characters hidden."""
    return (
        f"CASE WHEN length({text}) <= 5 THEN repeat('*', length({text})) "
        f"ELSE {text}[1:3] || repeat('*', length({text}) - 5) || {text}[-2:] END"
    )


def masked_if_long_number(text: str) -> str:
    """SQL: masked where it holds eleven digits in a row: a phone number that slipped into another column."""
    return f"CASE WHEN regexp_matches({text}, '\\d{{11}}') THEN {masked(text)} ELSE {text} END"
