"""Group accounts: which subscribers belong to which, in what role, and the phones some bought together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from basekeep.contract.tables import GROUP_ACCOUNT
from basekeep.synth import arrow
from basekeep.synth.codes import CAMPUS_CLASS, CONTACT, GROUP_CLASS, KEY_PERSON, LEADER, MEMBER, NONE
from basekeep.synth.draws import Array, Draws
from basekeep.synth.org_unit import Organisation
from basekeep.synth.place_names import INDUSTRIES, SURNAMES
from basekeep.synth.staff import Staff, staff_ids

_MEMBERS = 0.15  # share of the founders
_NEWCOMERS_IN_GROUPS = 0.09
_LARGEST = 900
_TOGETHER = 0.30  # share of the groups of ten and more whose phones were bought together
_IN_VNET = 0.74


@dataclass(frozen=True)
class Groups:
    """One element per group: size at the start, county, class (0 is A), and what was bought together.

    `bought_months` is the age of those phones in months at the last month end, 0 where none were.
    """

    size: Array
    county: Array
    rank: Array
    bought_months: Array
    bought_brand: Array
    weakening: Array


def make_groups(people: dict[str, Array], counties: Array, founders: int, seed: int) -> tuple[Groups, dict[str, Array]]:
    """The groups, and the group columns of `People`."""
    total = len(people["branch"])
    draws = Draws(seed, total)
    belongs = (people["customer_class"] != CAMPUS_CLASS) & ~people["hopper"] & ~people["migrant"]
    inclined = _MEMBERS * (1 + 3.0 * (people["id_type"] == 1)) / 0.98
    member = np.flatnonzero((belongs & draws.chance("groups.member", inclined))[:founders])
    county = counties[people["branch"][member]]
    member = member[np.argsort(county + draws.uniform("groups.order")[member], kind="stable")]
    county = counties[people["branch"][member]]
    number = _cut(county, seed)
    group, role = np.full(total, NONE, dtype=np.int32), np.full(total, NONE, dtype=np.int8)
    group[member] = number
    role[member] = _roles(number, draws.uniform("groups.role")[member])
    _newcomers(group, role, belongs, founders, draws)
    vnet = (group >= 0) & draws.chance("groups.vnet", _IN_VNET)
    return _described(number, county, seed), {"group": group, "role": role, "vnet": vnet}


def group_ids(number: int) -> pa.Array:
    """The ids of all groups, as a dictionary for codes."""
    return arrow.identifier("G", np.arange(number), 6)


def group_account_batch(groups: Groups, organisation: Organisation, staff: Staff, seed: int) -> pa.RecordBatch:
    """The `group_account` table; most A and B groups have a chief manager, not all."""
    size = len(groups.size)
    draws = Draws(seed, size)
    first_branch = np.array(
        [int(np.argmax(organisation.county_of_branch == c)) for c in range(len(organisation.county_ids))]
    )
    branch = first_branch[groups.county]
    channel = np.full(size, 3, dtype=np.int8)
    chief = staff.serving(channel, branch, draws.uniform("groups.chief"))
    has_chief = draws.chance("groups.has_chief", np.array([0.92, 0.85, 0.15, 0.03])[groups.rank])
    industry = draws.whole("groups.industry", 0, len(INDUSTRIES) - 1)
    return arrow.batch_of(
        GROUP_ACCOUNT,
        {
            "group_id": group_ids(size),
            "name": pa.array(_names(groups, organisation, industry), pa.string()),
            "class": arrow.label(groups.rank, GROUP_CLASS),
            "unit_id": arrow.label(groups.county, organisation.county_ids),
            "chief_manager_id": staff_ids(np.where(has_chief, chief, NONE)),
            "manager_id": staff_ids(staff.serving(channel, branch, draws.uniform("groups.manager"))),
            "industry": arrow.label(industry, [code for code, _ in INDUSTRIES]),
        },
    )


def _cut(county: Array, seed: int) -> Array:
    """Members in the order of their counties cut into groups: many small, few large, none across a county's border."""
    if not len(county):
        return np.zeros(0, dtype=np.int32)
    tail = 1 - Draws(seed, len(county)).uniform("groups.size")
    sizes = np.clip(4.0 * tail**-1.05, 3, min(_LARGEST, max(len(county) / 8, 3))).astype(np.int64)
    piece = np.searchsorted(np.cumsum(sizes), np.arange(len(county)), side="right")
    changes = (np.diff(piece) > 0) | (np.diff(county) != 0)
    return np.concatenate([[0], np.cumsum(changes)]).astype(np.int32)


def _roles(group: Array, uniform: Array) -> Array:
    """The first of a group is its contact, the next its key person; then a leader, and in larger ones more of both."""
    starts = np.searchsorted(group, group, side="left")
    place = np.arange(len(group)) - starts
    more = np.select([uniform < 0.02, uniform < 0.05], [LEADER, KEY_PERSON], MEMBER)
    return np.select([place == 0, place == 1, place == 2], [CONTACT, KEY_PERSON, LEADER], more).astype(np.int8)


def _newcomers(group: Array, role: Array, belongs: Array, founders: int, draws: Draws) -> None:
    """Some newcomers join a group: a colleague's, so that large groups gain most."""
    colleagues = group[:founders][group[:founders] >= 0]
    joins = belongs & draws.chance("groups.joins", _NEWCOMERS_IN_GROUPS)
    joins[:founders] = False
    if len(colleagues):
        chosen = (draws.uniform("groups.colleague")[joins] * len(colleagues)).astype(np.int64)
        group[joins], role[joins] = colleagues[chosen], MEMBER


def _described(number: Array, county: Array, seed: int) -> Groups:
    size = np.bincount(number) if len(number) else np.zeros(0, dtype=np.int64)
    draws = Draws(seed, len(size))
    order = np.argsort(-size, kind="stable")
    rank = np.empty(len(size), dtype=np.int8)
    # The largest twentieth are A, the next B, then C; the many small ones D.
    rank[order] = np.digitize(np.arange(len(size)) / max(len(size), 1), (0.05, 0.17, 0.45))
    together = draws.chance("groups.together", _TOGETHER) & (size >= 10)
    return Groups(
        size=size,
        county=county[np.searchsorted(number, np.arange(len(size)))],
        rank=rank,
        bought_months=np.where(together, draws.whole("groups.bought", 21, 26), 0).astype(np.int16),
        bought_brand=draws.pick("groups.brand", (30, 12, 18, 12, 12, 2, 2, 8, 4)),
        weakening=draws.chance("groups.weakening", 0.07),
    )


def _names(groups: Groups, organisation: Organisation, industry: Array) -> list[str]:
    places = {unit.unit_id: unit.zh.removesuffix("分公司") for unit in organisation.units}
    county_names = [places[county_id] for county_id in organisation.county_ids]
    # A word of two characters tells the groups of one county and trade apart.
    return [
        f"{county_names[c]}{SURNAMES[g % len(SURNAMES)]}{'兴盛安和达泰丰源'[g // len(SURNAMES) % 8]}{INDUSTRIES[i][1]}"
        for g, (c, i) in enumerate(zip(groups.county, industry, strict=True))
    ]
