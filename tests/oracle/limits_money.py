"""Histories of ARPU, fee, balance and recharges that stand exactly on a limit, or one fen beside it.

Lists run from m0 backwards over 14 months; money is in fen (whole numbers) until the panel is put together.
"""

from random import Random

MONTHS = 14
Fen = list[int]


def split(rng: Random, total: int, parts: int) -> list[int]:
    """`total` in uneven whole parts, none below 0."""
    cuts = sorted(rng.randint(0, total) for _ in range(parts - 1))
    return [high - low for low, high in zip([0, *cuts], [*cuts, total], strict=True)]


def near(rng: Random, value: int) -> int:
    """Mostly the limit itself, else one unit beside it."""
    return max(0, value + rng.choice([0, 0, 0, -1, 1]))


def padded(rng: Random, recent: list[int], low: int, high: int) -> list[int]:
    return recent + [rng.randint(low, high) for _ in range(MONTHS - len(recent))]


def arpu_and_fee(rng: Random) -> tuple[Fen, Fen]:
    kind = rng.choice(["drop", "drop", "guard", "guard", "guard", "fee", "nothing", "plain", "tied", "tied"])
    if kind == "fee":
        return _arpu_over_fee(rng)
    fees = [rng.choice([0, 3000, 5800, 9900])] * MONTHS
    if kind == "drop":
        return _arpu_at_seventy_percent(rng), fees
    if kind == "guard":
        total = rng.choice([9000, 9000, 8999, 9001, 18000, 18000, 17999, 18001, 13500])
        return padded(rng, split(rng, total, 3), 2000, 9000), fees
    if kind == "nothing":
        return [0] * rng.choice([2, 3, 6, 14]) + padded(rng, [], 0, 6000), fees
    # Many with the very same ARPU, so that the base's 80th percentile falls among them in most panels.
    return padded(rng, [8800 if kind == "tied" else rng.randint(2000, 11000)], 2000, 11000), fees


def _arpu_at_seventy_percent(rng: Random) -> Fen:
    """Six uneven months whose sum is 60j fen, so that 70% of their mean is 7j."""
    j = rng.randint(200, 1200)
    low = 7 * j
    first, second = rng.choice([(low, low), (low, low - 9), (low - 9, low), (low + 1, low), (low, low + 1)])
    return padded(rng, [first, second, *split(rng, 60 * j - first - second, 4)], 2000, 9000)


def _arpu_over_fee(rng: Random) -> tuple[Fen, Fen]:
    """Three months whose (ARPU − fee) / fee, in fractions that are not decimals, have the mean 1/2."""
    thirds, sevenths = [(1, 3), (1, 2), (2, 3)], [(3, 7), (1, 2), (4, 7)]
    parts = rng.choice([[(1, 2)] * 3, thirds, sevenths, [(0, 1), (1, 2), (1, 1)], [(1, 6), (1, 3), (1, 1)]])
    arpu, fees = [], []
    for numerator, denominator in rng.sample(parts, 3):
        unit = rng.randint(300, 900)
        fees.append(unit * denominator)
        arpu.append(unit * (denominator + numerator))
    arpu[0] = near(rng, arpu[0])
    return padded(rng, arpu, 2000, 9000), padded(rng, fees, 1900, 5800)


def balance(rng: Random, arpu: Fen) -> Fen:
    """m0 on a limit of the balance state or on 50 yuan; then two months that rise, stand or fall backwards."""
    three = sum(arpu[:3])
    on_limit = rng.choice([three // 3, three // 6, arpu[0], arpu[0] // 2, 0, 5000, 4999, rng.randint(0, 9000)])
    now = rng.choice([on_limit, on_limit, on_limit, on_limit + 1, on_limit - 1, -rng.randint(1, 3000)])
    before = now + rng.choice([0, 1, 1, 500, 500, -1, -500])
    two_before = before + rng.choice([0, 1, 1, 500, 500, -1, -500])
    return padded(rng, [now, before, two_before], -2000, 9000)


def recharges(rng: Random) -> tuple[Fen, list[int]]:
    """(amounts, counts) whose mean amount over three months is 30 yuan, or no recharge at all."""
    counts = rng.choice([[0, 0, 0], [1, 1, 1], [1, 0, 2], [0, 3, 0], [2, 1, 4]])
    amounts = [0, 0, 0]
    last = max((month for month in range(3) if counts[month]), default=None)
    if last is not None:
        amounts = [count * 3000 for count in counts]
        moved = rng.randint(0, 2000)
        first = min(month for month in range(3) if counts[month])
        amounts[first] -= moved
        amounts[last] = near(rng, amounts[last] + moved)
    older = [rng.randint(0, 3) for _ in range(MONTHS - 3)]
    return amounts + [count * 5000 for count in older], counts + older
