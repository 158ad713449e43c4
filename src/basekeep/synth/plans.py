"""The tariff plans: families, generations, list prices and included data; and which plan suits a budget."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from basekeep.synth.draws import Array

FAMILIES = ("changxiang", "lexiang", "other")
CHANGXIANG, LEXIANG, OTHER = range(3)


@dataclass(frozen=True)
class Plan:
    """One plan; fee in yuan a month, included data in GB."""

    plan_id: str
    family: int
    generation: int
    fee: int
    included_gb: float


PLANS: tuple[Plan, ...] = (
    Plan("CX4-39", CHANGXIANG, 4, 39, 8), Plan("CX4-59", CHANGXIANG, 4, 59, 12), Plan("CX4-79", CHANGXIANG, 4, 79, 20),
    Plan("CX4-99", CHANGXIANG, 4, 99, 30), Plan("CX4-129", CHANGXIANG, 4, 129, 40),
    Plan("CX4-169", CHANGXIANG, 4, 169, 60), Plan("CX4-239", CHANGXIANG, 4, 239, 80),
    Plan("CX5-79", CHANGXIANG, 5, 79, 20), Plan("CX5-99", CHANGXIANG, 5, 99, 40),
    Plan("CX5-129", CHANGXIANG, 5, 129, 60), Plan("CX5-169", CHANGXIANG, 5, 169, 80),
    Plan("CX5-239", CHANGXIANG, 5, 239, 120), Plan("CX5-299", CHANGXIANG, 5, 299, 150),
    Plan("LX4-19", LEXIANG, 4, 19, 3), Plan("LX4-29", LEXIANG, 4, 29, 5), Plan("LX4-39", LEXIANG, 4, 39, 8),
    Plan("LX4-49", LEXIANG, 4, 49, 10), Plan("LX4-69", LEXIANG, 4, 69, 15), Plan("LX4-89", LEXIANG, 4, 89, 20),
    Plan("LX5-59", LEXIANG, 5, 59, 15), Plan("LX5-79", LEXIANG, 5, 79, 30), Plan("LX5-109", LEXIANG, 5, 109, 50),
    Plan("QT2-8", OTHER, 2, 8, 0), Plan("QT3-18", OTHER, 3, 18, 0.5), Plan("QT4-28", OTHER, 4, 28, 3),
    Plan("QT4-48", OTHER, 4, 48, 8), Plan("QT4-78", OTHER, 4, 78, 15), Plan("QT4-0", OTHER, 4, 0, 0.1),
)  # fmt: skip

IDS = tuple(plan.plan_id for plan in PLANS)
FAMILY = np.array([plan.family for plan in PLANS], dtype=np.int8)
GENERATION = np.array([plan.generation for plan in PLANS], dtype=np.int8)
FEE = np.array([plan.fee for plan in PLANS], dtype=np.int32)
INCLUDED_MB = np.array([round(plan.included_gb * 1024) for plan in PLANS], dtype=np.int32)
# The plan of connected things: nothing to pay, nothing to speak of included.
THINGS = IDS.index("QT4-0")


def suited(family: Array, fifth: Array, budget: Array) -> Array:
    """The plan of the family (5G where `fifth`) whose price is next to the budget in yuan."""
    plan = np.zeros(len(budget), dtype=np.int8)
    for code in range(len(FAMILIES)):
        for is_fifth in (False, True):
            rows = np.flatnonzero((family == code) & (fifth == is_fifth))
            offered = _offered(code, is_fifth)
            steps = (FEE[offered][1:] + FEE[offered][:-1]) / 2
            plan[rows] = offered[np.searchsorted(steps, budget[rows])]
    return plan


def lower_plan() -> Array:
    """For each plan the next lower one of its family and generation, itself where there is none."""
    return np.array([_next_lower(plan) for plan in range(len(PLANS))], dtype=np.int8)


def fifth_plan() -> Array:
    """For each plan the cheapest 5G plan that costs at least as much; 5G plans stay."""
    return np.array([_fifth(plan) for plan in range(len(PLANS))], dtype=np.int8)


def _offered(family: int, fifth: bool) -> Array:
    """Plans open to choice, cheapest first; a family without 5G offers what it has."""
    open_plans = (family == FAMILY) & (np.arange(len(PLANS)) != THINGS)
    wanted = open_plans & ((GENERATION == 5) == fifth)
    plans = np.flatnonzero(wanted if wanted.any() else open_plans)
    return plans[np.argsort(FEE[plans], kind="stable")]


def _next_lower(plan: int) -> int:
    below = np.flatnonzero((FAMILY[plan] == FAMILY) & (GENERATION[plan] == GENERATION) & (FEE[plan] > FEE) & (FEE > 0))
    return int(below[np.argmax(FEE[below])]) if len(below) else plan


def _fifth(plan: int) -> int:
    if GENERATION[plan] == 5:
        return plan
    family = FAMILY[plan] if FAMILY[plan] != OTHER else LEXIANG
    fifth = np.flatnonzero((family == FAMILY) & (GENERATION == 5))
    enough = fifth[FEE[fifth] >= FEE[plan]]
    return int(enough[np.argmin(FEE[enough])]) if len(enough) else int(fifth[np.argmax(FEE[fifth])])
