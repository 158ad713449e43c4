"""What differs by the last digit is told apart: also in 38 digits, where doubles are asked first and cannot tell."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

from relations.bare import Cells, ask, history

DIGIT = Fraction(1, 10_000)
OPS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    ">=": lambda a, b: a >= b,
    ">": lambda a, b: a > b,
}


def _near(exact: Fraction, by: int) -> Fraction:
    """The number with four decimals that lies nearest, and so many last digits beside it."""
    return Fraction(round(exact * 10_000), 10_000) + by * DIGIT


def _amount(dice: random.Random, most: int) -> Fraction:
    return Fraction(dice.randrange(1, most * 10_000), 10_000)


def _three_quotients(dice: random.Random) -> dict[tuple[str, int], Fraction]:
    """data_mb / data_included_mb + arpu / balance against mou_out / mou_in: within a few last digits, or the same."""
    sign = dice.choice([1, -1])
    row = {
        ("data_mb", 0): _amount(dice, 9_000_000),
        ("data_included_mb", 0): _amount(dice, 9_000_000),
        ("arpu", 0): _amount(dice, 900_000),
        ("balance", 0): sign * _amount(dice, 900_000),
    }
    if dice.random() < 0.3:  # exactly the same: one third and one sixth are a half, 1/3 and -1/12 a quarter
        row["data_included_mb", 0] = row["data_mb", 0] * 3
        row["balance", 0] = row["arpu", 0] * (6 if sign > 0 else -12)
    left = row["data_mb", 0] / row["data_included_mb", 0] + row["arpu", 0] / row["balance", 0]
    row["mou_in", 0] = Fraction(dice.randrange(1, 900_000))
    row["mou_out", 0] = _near(left * row["mou_in", 0], dice.choice([-1, 0, 0, 1]))
    return row


def test_quotients_against_a_quotient(tmp_path: Path) -> None:
    dice = random.Random(3)
    rows = [_three_quotients(dice) for _ in range(400)]
    left = [row["data_mb", 0] / row["data_included_mb", 0] + row["arpu", 0] / row["balance", 0] for row in rows]
    right = [row["mou_out", 0] / row["mou_in", 0] for row in rows]
    close = [abs(a - b) < Fraction(1, 10**6) for a, b in zip(left, right, strict=True)]
    assert sum(close) > 200
    assert sum(a == b for a, b in zip(left, right, strict=True)) > 20
    text = "data_mb / data_included_mb + arpu / balance {} mou_out / mou_in"
    _hold(text, rows, left, right, tmp_path)


def test_a_mean_of_quotients_against_a_share(tmp_path: Path) -> None:
    dice = random.Random(4)
    rows: list[dict[tuple[str, int], Fraction]] = []
    for _ in range(400):
        row = {("data_included_mb", back): _amount(dice, 9_000_000) for back in range(3)}
        shares = [Fraction(dice.randrange(1, 500), 1000) for _ in range(2)]
        shares.append(Fraction(9, 10) - sum(shares))
        if dice.random() < 0.5:
            row = {key: Fraction(round(amount)) for key, amount in row.items()}
        for back, share in enumerate(shares):
            row["data_mb", back] = _near(share * row["data_included_mb", back], dice.choice([0, 0, 0, 1, -1]))
        rows.append(row)
    left = [sum((row["data_mb", b] / row["data_included_mb", b] for b in range(3)), Fraction(0)) / 3 for row in rows]
    assert sum(value == Fraction(3, 10) for value in left) > 10
    assert len({value for value in left if 0 < abs(value - Fraction(3, 10)) < Fraction(1, 10**9)}) > 50
    _hold("mean(data_mb / data_included_mb, 3) {} 30%", rows, left, [Fraction(3, 10)] * len(rows), tmp_path)


def test_products_of_large_numbers_and_quotients_of_quotients(tmp_path: Path) -> None:
    dice = random.Random(5)
    rows = []
    for _ in range(300):
        row = {
            ("arpu", 0): _amount(dice, 900_000),
            ("balance", 0): -_amount(dice, 900_000),
            ("plan_fee", 0): _amount(dice, 900),
        }
        row["recharge_amount", 0] = _near(
            abs(row["arpu", 0] / (row["balance", 0] / row["plan_fee", 0])), dice.choice([-1, 0, 1])
        )
        rows.append(row)
    left = [row["arpu", 0] / (row["balance", 0] / row["plan_fee", 0]) for row in rows]
    _hold(
        "arpu / (balance / plan_fee) {} -recharge_amount",
        rows,
        left,
        [-row["recharge_amount", 0] for row in rows],
        tmp_path,
    )
    squares = [row["arpu", 0] * row["arpu", 0] * row["plan_fee", 0] for row in rows]
    _hold("arpu * arpu * plan_fee {} arpu * balance * plan_fee / -1 + 0.0001", rows, squares,
          [row["arpu", 0] * row["balance", 0] * row["plan_fee", 0] / -1 + DIGIT for row in rows], tmp_path)  # fmt: skip


def _hold(
    text: str, rows: list[dict[tuple[str, int], Fraction]], left: list[Fraction], right: list[Fraction], folder: Path
) -> None:
    cells: list[Cells] = list(rows)
    with history(cells, folder) as session:
        found = ask(session, [text.format(op) for op in OPS])
    expected = [tuple(holds(a, b) for holds in OPS.values()) for a, b in zip(left, right, strict=True)]
    assert found == expected
