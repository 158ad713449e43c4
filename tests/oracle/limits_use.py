"""Histories of minutes, megabytes and counts that stand exactly on a limit, or one unit beside it.

Lists run from m0 backwards over 14 months; minutes and megabytes are in hundredths until the panel is put together.
"""

from random import Random

from .limits_money import MONTHS, near, padded, split

Hundredths = list[int]
# The panel brings the base's means of MOU to this (100.00 minutes), so that half of it can be met exactly.
BASE_MOU = 10_000


def minutes(rng: Random) -> tuple[Hundredths, Hundredths]:
    """(outgoing, incoming)."""
    kind = rng.choice(["share", "share", "year", "year", "no_year", "base", "base", "silent", "plain", "plain"])
    totals = [rng.randint(2000, 11000) for _ in range(MONTHS)]
    if kind == "year":
        # 70% of 10j is 7j; both split unevenly over their two months.
        j = rng.randint(200, 2000)
        totals[0:2] = split(rng, near(rng, 7 * j), 2)
        totals[12:14] = split(rng, 10 * j, 2)
    elif kind == "no_year":
        totals[12:14] = [0, 0]
        totals[0:2] = [rng.choice([0, 1, 5000])] * 2
    elif kind == "base":
        totals[0:3] = _on_share_of_base(rng)
    elif kind == "silent":
        totals[0:2] = [0, rng.choice([0, 3000])]
    incoming = [rng.randint(0, total) for total in totals]
    if kind == "share":
        for month in range(2):
            totals[month] = 10 * rng.randint(200, 1100)
            incoming[month] = 7 * totals[month] // 10 + rng.choice([0, 0, 1, 1, 1, -1])
    return [total - came for total, came in zip(totals, incoming, strict=True)], incoming


def _on_share_of_base(rng: Random) -> list[int]:
    """m0 at 50% or 150% of the base's mean, or three months whose mean is half of the base's."""
    if rng.random() < 0.5:
        return [near(rng, rng.choice([BASE_MOU // 2, BASE_MOU * 3 // 2])), 4000, 4000]
    return split(rng, near(rng, 3 * BASE_MOU // 2), 3)


def data(rng: Random) -> tuple[Hundredths, Hundredths]:
    """(used, included)."""
    kind = rng.choice(["tariff", "tariff", "saturated", "space", "space", "space", "space", "none", "plain"])
    included = [rng.choice([0, 102400, 1024000, 1024000, 2048000])] * MONTHS
    used = [rng.randint(0, 2000000) for _ in range(MONTHS)]
    if kind == "tariff":
        recent, of = _little_used(rng)
        return padded(rng, recent, 0, 900000), padded(rng, of, 0, 900000)
    if kind == "saturated":
        included[0] = 1024000
        used[0] = near(rng, 921600)
    elif kind == "space":
        used[0] = near(rng, rng.choice([204800, 102400])) + rng.choice([0, 0, 0, 100000])
    elif kind == "none":
        used[0] = 0
    return used, included


def _little_used(rng: Random) -> tuple[Hundredths, Hundredths]:
    """Three months whose used / included, in fractions that are not decimals, have the mean 3/10."""
    thirds, sevenths = [(1, 3), (4, 15), (3, 10)], [(2, 7), (3, 10), (11, 35)]
    parts = rng.choice([[(3, 10)] * 3, thirds, sevenths, [(0, 1), (3, 10), (3, 5)]])
    used, included = [], []
    for numerator, denominator in rng.sample(parts, 3):
        unit = rng.randint(1000, 50000)
        used.append(unit * numerator)
        included.append(unit * denominator)
    used[0] = near(rng, used[0])
    return used, included


def roaming(rng: Random) -> Hundredths:
    """Festival limits of 5 minutes, met in one month or by two halves."""
    return [rng.choice([0, 250, 250, 249, 251, 499, 500, 501]) for _ in range(MONTHS)]


def contacts(rng: Random) -> list[int]:
    """m0 at 70% of the mean of m1…m3, or a circle that was empty."""
    j = rng.choice([0, 1, 2, 3])
    before = split(rng, 30 * j, 3)
    return padded(rng, [near(rng, 7 * j), *before], 0, 40)


def service_counts(rng: Random) -> list[int]:
    """vas_count by m0, m1, m2."""
    now, before = rng.choice([(0, 2), (1, 3), (0, 1), (1, 2), (0, 0), (2, 4), (1, 1), (2, 0)])
    return padded(rng, [now, rng.randint(0, 5), before], 0, 5)


def counted(rng: Random, months: int, totals: list[int]) -> list[int]:
    """A count whose sum over the window is one of `totals`; older months hold more, to betray a longer window."""
    return padded(rng, split(rng, rng.choice(totals), months), 0, 3)
