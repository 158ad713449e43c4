"""The organisation: one province, eight cities, counties, branches that own subscribers, grids below them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from basekeep.synth.draws import Array
from basekeep.synth.place_names import BRANCHES, CITIES, COUNTIES, PROVINCE, Name

LEVELS = ("province", "city", "county", "branch", "grid")
_COUNTIES_PER_CITY = (8, 7, 6, 6, 5, 5, 4, 4)
_SUBSCRIBERS_PER_BRANCH = 1000
GRIDS_PER_BRANCH = 2


@dataclass(frozen=True)
class Unit:
    """One unit; `parent` is the parent's id, empty at the top."""

    unit_id: str
    parent: str
    level: str
    zh: str
    en: str


@dataclass(frozen=True)
class Organisation:
    """All units, and for each branch (in the order of `branch_ids`) its county and city as positions."""

    units: tuple[Unit, ...]
    branch_ids: tuple[str, ...]
    county_ids: tuple[str, ...]
    city_ids: tuple[str, ...]
    county_of_branch: Array


def make_organisation(subscribers: int) -> Organisation:
    """A tree whose branches hold about a thousand subscribers each."""
    wanted = min(max(subscribers // _SUBSCRIBERS_PER_BRANCH, 16), 2000)
    shrink = min(1.0, wanted / 90)
    counties = [max(1, round(number * shrink)) for number in _COUNTIES_PER_CITY]
    per_county = max(1, round(wanted / sum(counties)))
    units = [Unit("U", "", "province", *PROVINCE)]
    for city, number in enumerate(counties):
        units += _city(f"U{city + 1:02d}", CITIES[city], COUNTIES[sum(counties[:city]) :][:number], per_county)
    return _indexed(tuple(units))


def org_unit_batch(organisation: Organisation) -> pa.RecordBatch:
    """The `org_unit` table."""
    units = organisation.units
    return pa.record_batch(
        {
            "unit_id": pa.array([unit.unit_id for unit in units]),
            "parent_id": pa.array([unit.parent or None for unit in units], pa.string()),
            "level": pa.array([unit.level for unit in units]),
            "name": pa.array([unit.zh for unit in units]),
            "name_en": pa.array([unit.en for unit in units]),
        }
    )


def _city(unit_id: str, name: Name, counties: tuple[Name, ...], branches: int) -> list[Unit]:
    units = [Unit(unit_id, "U", "city", f"{name[0]}市分公司", f"{name[1]} City Company")]
    for number, (zh, en) in enumerate(counties):
        # The first counties of a city are its districts.
        suffix, suffix_en = ("区", "District") if number < 2 else ("县", "County")
        county_id = f"{unit_id}{number + 1:02d}"
        units.append(Unit(county_id, unit_id, "county", f"{zh}{suffix}分公司", f"{en} {suffix_en} Company"))
        for branch in range(branches):
            units += _branch(f"{county_id}{branch + 1:02d}", county_id, branch)
    return units


def _branch(unit_id: str, county_id: str, number: int) -> list[Unit]:
    zh, en = BRANCHES[number % len(BRANCHES)]
    turn = number // len(BRANCHES)
    zh, en = (zh, en) if turn == 0 else (f"{zh}第{turn + 1}", f"{en} {turn + 1}")
    grids = [
        Unit(f"{unit_id}{grid + 1:02d}", unit_id, "grid", f"{zh}支局第{grid + 1}网格", f"{en} Grid {grid + 1}")
        for grid in range(GRIDS_PER_BRANCH)
    ]
    return [Unit(unit_id, county_id, "branch", f"{zh}支局", f"{en} Branch"), *grids]


def _indexed(units: tuple[Unit, ...]) -> Organisation:
    city_ids, county_ids, branch_ids = (
        tuple(unit.unit_id for unit in units if unit.level == level) for level in LEVELS[1:4]
    )
    parents = {unit.unit_id: unit.parent for unit in units}
    return Organisation(
        units=units,
        branch_ids=branch_ids,
        county_ids=county_ids,
        city_ids=city_ids,
        county_of_branch=np.array([county_ids.index(parents[b]) for b in branch_ids], dtype=np.int16),
    )
