"""The limits of money: each budget as it is declared, for all places together or for each unit of a level."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from basekeep.decide.levers import Levers
from basekeep.decide.places import Places
from basekeep.decide.rounding import FEN, Whole
from basekeep.decide.slots import Draws, Known, Limit, Slot, at, ones
from basekeep.decide.unit_remarks import strange_units
from basekeep.playbook.decisions import Budget
from basekeep.playbook.declarations import Playbook
from basekeep.run.remarks import Remark

TOTAL = "total"
Covered = npt.NDArray[np.bool_]


def budget_slots(playbook: Playbook, places: Places, levers: Levers) -> Iterator[Slot]:
    """The budgets in the playbook's order, with the levers `budget.NAME`; then the lever `total`, where it is given.

    A subscriber counts where its branch is. To one that lies in no unit of a budget's level nothing may be spent: the limit
    without a unit, 0, stands for all of these.
    """
    for name, budget in playbook.budgets.items():
        covered = covered_by(playbook, budget)
        if budget.level is None:
            yield _together(_named(name, budget), levers.apply(f"budget.{name}", budget.yuan), covered)
        else:
            yield _by_unit(name, budget, budget.level, places, levers, covered)
    if levers.total is not None:
        yield _together(Limit("budget", TOTAL), levers.total, np.ones(_shape(playbook), np.bool_))


def budget_remarks(playbook: Playbook, places: Places) -> list[Remark]:
    """Budgets for units that are not there."""
    return [
        remark
        for name, budget in playbook.budgets.items()
        if budget.level is not None
        for remark in strange_units(places, f"budgets.{name}", budget.units, budget.level)
    ]


def _together(limit: Limit, yuan: Fraction, covered: Covered) -> Slot:
    def draws(known: Known) -> tuple[Whole, Whole]:
        return covered[known["offer"], known["channel"]].astype(np.int64) - 1, ones(known["offer"])

    most = _fen(yuan)
    return Slot((_of(limit, -1, most),), np.array([most], np.int64), True, draws)


def _by_unit(name: str, budget: Budget, level: str, places: Places, levers: Levers, covered: Covered) -> Slot:
    units, own = places.at(level).tolist(), {places.of(unit): yuan for unit, yuan in budget.units.items()}
    most = [_fen(levers.apply(f"budget.{name}", own.get(unit, budget.yuan))) for unit in units]
    number = np.full(len(places.units) + 1, -1, np.int64)
    number[[0, *(unit + 1 for unit in units)]] = np.arange(len(units) + 1)
    limits = (_of(_named(name, budget), unit, fen) for unit, fen in zip([-1, *units], [0, *most], strict=True))
    return Slot(tuple(limits), np.array([0, *most], np.int64), True, _draws_by_unit(level, number, covered))


def _draws_by_unit(level: str, number: Whole, covered: Covered) -> Draws:
    def draws(known: Known) -> tuple[Whole, Whole]:
        unit = number[known[at(level)]]
        return np.where(covered[known["offer"], known["channel"]], unit, -1), ones(unit)

    return draws


def _named(name: str, budget: Budget) -> Limit:
    """The limit of a budget; what is the only one of its kind is named."""

    def only(names: tuple[str, ...]) -> str | None:
        return names[0] if len(names) == 1 else None

    return Limit(
        "budget", name, channel=only(budget.channels), offer=only(budget.offers), campaign=only(budget.campaigns)
    )


def _of(limit: Limit, unit: int, fen: int) -> Limit:
    return replace(limit, unit=unit, amount=fen / FEN)


def _fen(yuan: Fraction) -> int:
    return max(int(yuan * FEN), 0)


def _shape(playbook: Playbook) -> tuple[int, int]:
    return len(playbook.offers), len(playbook.channels)


def covered_by(playbook: Playbook, budget: Budget) -> Covered:
    """By offer and channel, whether it is paid from the budget."""
    found = np.zeros(_shape(playbook), np.bool_)
    for offer, (name, declared) in enumerate(playbook.offers.items()):
        wanted = (not budget.campaigns or declared.campaign in budget.campaigns) and (
            not budget.offers or name in budget.offers
        )
        for channel, through in enumerate(playbook.channels):
            found[offer, channel] = wanted and (not budget.channels or through in budget.channels)
    return found
