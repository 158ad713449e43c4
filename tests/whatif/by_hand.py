"""The what-if of the 4G to 5G upgrade reckoned a second time, from the definitions, in plain fractions."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from hypothesis import strategies as st

DOCUMENT = {
    "targets": Fraction(10_000), "take_up": Fraction(1, 10), "pack_share": Fraction(7, 10), "free_cards": Fraction(2),
    "card_fill": Fraction(8, 10), "pack_price": Fraction(30), "line_reward": Fraction(20), "card_reward": Fraction(0),
}  # fmt: skip


def upgrade(given: Mapping[str, Fraction]) -> dict[str, Fraction | None]:
    """Every result; the time to pay back is unknown without revenue."""
    starts = given.get("new_users", given["targets"] * given["take_up"])
    packs = starts * given["pack_share"]
    cards = packs * (given["free_cards"] * given["card_fill"])
    revenue = given["pack_price"] * packs
    cost = given["line_reward"] * packs + given["card_reward"] * cards
    return {
        "new_users": starts, "pack_users": packs, "new_lines": cards,
        "growth": given["card_fill"] * given["pack_share"] * given["free_cards"],
        "users_5g": starts + cards, "revenue": revenue, "cost": cost,
        "payback": Fraction(cost, revenue) if revenue else None,
    }  # fmt: skip


def shares() -> st.SearchStrategy[Fraction]:
    """From 0 to 1, both ends often."""
    return st.one_of(st.sampled_from([Fraction(0), Fraction(1)]), st.fractions(0, 1, max_denominator=10_000))


def numbers(most: int) -> st.SearchStrategy[Fraction]:
    """From 0, in hundredths."""
    return st.integers(0, most * 100).map(lambda cents: Fraction(cents, 100))


def inputs() -> st.SearchStrategy[dict[str, Fraction]]:
    """All inputs within their bounds."""
    return st.fixed_dictionaries({
        "targets": numbers(1_000_000), "take_up": shares(), "pack_share": shares(), "free_cards": numbers(10),
        "card_fill": shares(), "pack_price": numbers(10_000), "line_reward": numbers(10_000), "card_reward": numbers(10_000),
    })  # fmt: skip
