"""The source document's five figures on balances, by an answer of their own."""

from __future__ import annotations

import numpy as np
import pytest

from .history import Array, History

OVERDUE, LOW, FAIR, HEALTHY = range(4)
POINTS = 0.02


def balance_state(history: History) -> Array:
    """The state by definitions 1; NaN where it is unknown."""
    three, own = history.window("arpu", 0, 2).mean(axis=0), history.column("arpu")
    average = np.where(np.isnan(three), own, three)
    balance = history.column("balance")
    state = np.select([balance < 0.5 * average, balance <= average], [LOW, FAIR], HEALTHY).astype(float)
    state[np.isnan(average)] = np.nan
    state[balance < 0] = OVERDUE
    state[np.isnan(balance)] = np.nan
    return state


def full_months(history: History) -> Array:
    """Calendar months between joining and the last month."""
    joined = history.column("join_date").astype(int).astype("datetime64[D]").astype("datetime64[M]")
    return (np.datetime64("2025-12") - joined).astype(int)


@pytest.mark.parametrize(
    ("figure", "states", "months", "expected"),
    [
        ("healthy of all", (HEALTHY,), (0, 10_000), 0.32),
        ("healthy at one year", (HEALTHY,), (12, 23), 0.41),
        ("healthy at two years", (HEALTHY,), (24, 35), 0.55),
        ("low in the third month", (OVERDUE, LOW), (2, 2), 0.57),
        ("low of all", (OVERDUE, LOW), (0, 10_000), 0.37),
    ],
)
def test_the_documents_figures_are_reproduced(
    history: History, figure: str, states: tuple[int, ...], months: tuple[int, int], expected: float
) -> None:
    state, tenure = balance_state(history), full_months(history)
    counted = ~np.isnan(state) & (tenure >= months[0]) & (tenure <= months[1])
    share = np.isin(state[counted], states).mean()
    assert abs(share - expected) < POINTS, f"{figure}: {share:.4f}"
