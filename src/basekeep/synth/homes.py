"""Who lives where and with whom: households, home cells and addresses; migrant workers and students apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from basekeep.synth.codes import CAMPUS, CELL_KIND, COMMERCIAL, DORMITORY, FACTORY, RESIDENTIAL, WORK_SITE
from basekeep.synth.draws import Array, Draws

ORDINARY, MIGRANT, STUDENT_HOME = range(3)
_HOUSEHOLD_KINDS = (85, 10, 5)
_NEWCOMER_KINDS = (68, 25, 7)
# Subscribers per household of each kind, 1 to 6.
_SIZES = ((870, 49, 41, 22, 11, 7), (880, 120, 0, 0, 0, 0), (1000, 0, 0, 0, 0, 0))
_NEWCOMERS_WHO_JOIN_A_HOUSEHOLD = 0.14
# The cells of each branch by kind, and how each kind of home spreads over the kinds of cells.
_CELL_LAYOUT = np.repeat(
    np.array([RESIDENTIAL, COMMERCIAL, WORK_SITE, FACTORY, DORMITORY, CAMPUS], dtype=np.int8), (20, 2, 3, 3, 3, 1)
)
CELLS_PER_BRANCH = len(_CELL_LAYOUT)
_CELL_KINDS = ((93, 0, 2, 0, 0, 5), (20, 25, 28, 25, 0, 2), (0, 0, 0, 0, 100, 0))
_SHARED_ADDRESS = 5_000_000_000


@dataclass(frozen=True)
class Homes:
    """One value per subscriber; `place` counts the members of a household from 0; `kind` as above."""

    household: Array
    place: Array
    size: Array
    kind: Array
    branch: Array
    cell: Array
    cell_kind: Array
    address: Array


def make_homes(founders: int, newcomers: int, branches: int, seed: int) -> Homes:
    """Homes for those there at the start, then for those who come later."""
    sizes, kinds = _households(founders, seed)
    household = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)[:founders]
    own = len(sizes) + np.arange(newcomers, dtype=np.int32)
    new_kinds = Draws(seed, newcomers).pick("homes.newcomer_kind", _NEWCOMER_KINDS)
    all_kinds = np.concatenate([kinds, new_kinds])
    joined = _joined(own, new_kinds, np.flatnonzero((kinds == ORDINARY) & (sizes <= 4)), seed)
    return _settled(np.concatenate([household, joined]), all_kinds, branches, seed)


def _households(founders: int, seed: int) -> tuple[Array, Array]:
    """Sizes and kinds of enough households for the founders."""
    draws = Draws(seed, founders)
    kinds = draws.pick("homes.kind", _HOUSEHOLD_KINDS)
    sizes = 1 + np.select([kinds == k for k in range(3)], [draws.pick("homes.size", _SIZES[k]) for k in range(3)])
    enough = int(np.searchsorted(np.cumsum(sizes), founders)) + 1
    return sizes[:enough], kinds[:enough]


def _joined(own: Array, kinds: Array, open_households: Array, seed: int) -> Array:
    """Some newcomers move in with a household that is there, at most one with each."""
    draws = Draws(seed, len(own))
    joins = np.flatnonzero(draws.chance("homes.joins", _NEWCOMERS_WHO_JOIN_A_HOUSEHOLD) & (kinds == ORDINARY))
    hosts = draws.stream("homes.host").permutation(open_households)[: len(joins)]
    household = own.copy()
    household[joins[: len(hosts)]] = hosts
    return household


def _settled(household: Array, kinds: Array, branches: int, seed: int) -> Homes:
    """Each household in a branch and a cell; the subscribers follow their household."""
    draws = Draws(seed, len(kinds))
    weights = np.cumsum(Draws(seed, branches).lognormal("homes.branch_size", 1.0, 0.35))
    branch = np.searchsorted(weights[:-1] / weights[-1], draws.uniform("homes.branch"), side="right").astype(np.int16)
    cell_kind = np.select(
        [kinds == k for k in range(3)], [draws.pick("homes.cell_kind", _CELL_KINDS[k]) for k in range(3)]
    )
    cell = branch.astype(np.int32) * CELLS_PER_BRANCH + _slot(cell_kind, draws.uniform("homes.cell"))
    # Who lives in a residential or commercial block has a door of their own; the others share the site's address.
    own_door = np.isin(cell_kind, (RESIDENTIAL, COMMERCIAL))
    address = np.where(own_door, np.arange(len(kinds)), _SHARED_ADDRESS + cell.astype(np.int64))
    order = np.argsort(household, kind="stable")
    starts = np.searchsorted(household[order], np.arange(len(kinds)))
    place = np.empty(len(household), dtype=np.int8)
    place[order] = np.arange(len(household)) - starts[household[order]]
    size = np.bincount(household, minlength=len(kinds)).astype(np.int8)
    return Homes(
        household, place, size[household], kinds[household], branch[household], cell[household],
        cell_kind[household].astype(np.int8), address[household],
    )  # fmt: skip


def _slot(cell_kind: Array, uniform: Array) -> Array:
    """A cell of the kind within the branch."""
    first = np.array([np.flatnonzero(kind == _CELL_LAYOUT)[0] for kind in range(len(CELL_KIND))])
    number = np.bincount(_CELL_LAYOUT, minlength=len(CELL_KIND))
    return (first[cell_kind] + (uniform * number[cell_kind]).astype(np.int32)).astype(np.int32)
