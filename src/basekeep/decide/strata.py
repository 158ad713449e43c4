"""The strata of hold-outs, cities crossed with bands of value; and a draw that takes of each exactly its share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from basekeep.decide.base import Base, Int
from basekeep.decide.keyed_hash import Hash
from basekeep.decide.positions import placed, positions
from basekeep.engines.protocol import Session
from basekeep.engines.sql_text import parquet_scan
from basekeep.run.joining import JOINED_FILES
from basekeep.run.plan import Plan
from basekeep.store.history import month_sql

Amounts = npt.NDArray[np.int64]
Bands = npt.NDArray[np.int8]
# A stored amount that is not known.
UNKNOWN = int(np.iinfo(np.int64).min)


@dataclass(frozen=True)
class Strata:
    """The stratum of each person of some population.

    Attributes:
        cities: ids of all cities, in ascending order.
        bands: how many bands of value there are.
        city: a place in `cities`, -1 where it is unknown.
        band: 1 to `bands` from low to high, 0 where the value is unknown.
    """

    cities: tuple[str, ...]
    bands: int
    city: Int
    band: Bands

    @property
    def number(self) -> Int:
        """A number for each stratum, in the order of cities and bands; the unknown first."""
        found: Int = (self.city + 1) * np.int32(self.bands + 1) + self.band
        return found

    @property
    def many(self) -> int:
        """How many strata there can be."""
        return (len(self.cities) + 1) * (self.bands + 1)

    def named(self, number: int) -> tuple[str | None, int]:
        """The city and the band of a stratum."""
        city, band = divmod(number, self.bands + 1)
        return (self.cities[city - 1] if city else None), band

    def of(self, people: npt.NDArray[np.integer]) -> Strata:
        """The strata of some of them, by their places."""
        return Strata(self.cities, self.bands, self.city[people], self.band[people])


def number_cities(session: Session, folder: Path) -> tuple[str, ...]:
    """The cities of a run's organisation; makes the table `decide__city (branch_id, city)` with the place of each unit's."""
    path = folder / "side" / JOINED_FILES["branch_id"]
    nowhere = "(SELECT CAST(NULL AS VARCHAR) AS branch_id, CAST(NULL AS VARCHAR) AS city_id WHERE FALSE)"
    units = parquet_scan(path) if path.exists() else nowhere
    session.run(
        "CREATE OR REPLACE TEMP TABLE decide__city AS SELECT branch_id, city_id, "
        f"CAST(dense_rank() OVER (ORDER BY city_id) - 1 AS INTEGER) AS city FROM {units} u WHERE city_id IS NOT NULL"
    )
    rows = session.rows("SELECT DISTINCT city_id FROM decide__city ORDER BY city_id")
    return tuple(city for (city,) in rows)


def strata_of_base(
    plan: Plan, session: Session, figures: Sequence[Path], base: Base, cities: tuple[str, ...], bands: int
) -> Strata:
    """The strata of a run's base, as of its month. After `number_cities`."""
    places = dict(session.rows("SELECT branch_id, city FROM decide__city"))
    # A branch of -1 is the last.
    by_branch = np.array([*(places.get(branch, -1) for branch in base.branches), -1], np.int32)
    month = month_sql(plan.store_dir, plan.state, plan.month, ("subscriber_id", "arpu"))
    query = (
        f"SELECT p.position, coalesce(m.arpu_m0, {UNKNOWN}) AS arpu FROM ({month}) m "
        f"JOIN {positions(figures)} p ON m.subscriber_id_m0 = p.subscriber_id"
    )
    arpu = placed(session, query, base.size, {"arpu": np.int64}, fill=UNKNOWN)["arpu"]
    return Strata(cities, bands, by_branch[base.branch], value_bands(arpu, bands))


def value_bands(amounts: Amounts, bands: int) -> Bands:
    """Bands of about as many people each, from low to high: between them stand quantiles; equal amounts lie in one."""
    known = amounts != UNKNOWN
    ordered = np.sort(amounts[known])
    if not len(ordered):
        return np.zeros(len(amounts), np.int8)
    tops = [ordered[-(-part * len(ordered) // bands) - 1] for part in range(1, bands)]
    found = 1 + np.searchsorted(np.array(tops, np.int64), amounts, side="left")
    return np.where(known, found, 0).astype(np.int8)


def draw(strata: Strata, hashes: Hash, many: int) -> npt.NDArray[np.bool_]:
    """Who is drawn: of each stratum its share of `many`, by largest remainders, with the smallest hashes."""
    number = strata.number
    taken = shares(np.bincount(number, minlength=strata.many), many)
    order = np.lexsort((hashes, number))
    sizes = np.bincount(number, minlength=strata.many)
    first = np.cumsum(sizes) - sizes
    rank = np.arange(len(number)) - first[number[order]]
    drawn = np.zeros(len(number), np.bool_)
    drawn[order] = rank < taken[number[order]]
    return drawn


def shares(sizes: npt.NDArray[np.int64], many: int) -> npt.NDArray[np.int64]:
    """`many` parted in proportion to sizes, to whole numbers whose sum is `many`; of equal remainders the first."""
    total = int(sizes.sum())
    if not total:
        return np.zeros_like(sizes)
    whole, remainder = np.divmod(sizes * many, total)
    rest = many - int(whole.sum())
    whole[np.argsort(-remainder, kind="stable")[:rest]] += 1
    return whole
