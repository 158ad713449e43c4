"""Who calls whom: families at night, colleagues in their network, couriers with many."""

from __future__ import annotations

import numpy as np
import pytest

from basekeep.synth.operator import Made

from .history import Array, History, plain, read


@pytest.fixture(scope="module")
def pairs(made: Made) -> dict[str, Array]:
    """The columns of `call_pair`."""
    table = read(made.into, "call_pair")
    return {name: plain(table[name]) for name in table.column_names}


@pytest.fixture(scope="module")
def same_home(history: History, pairs: dict[str, Array]) -> Array:
    """Pairs of the same true household, both in the base at the end."""
    household = dict(zip(history.ids, history.truth("household_id")["household_id"], strict=True))
    one = np.array([household.get(a, "?") for a in pairs["a_id"]])
    other = np.array([household.get(b, "!") for b in pairs["b_id"]])
    return np.asarray(one == other)


def test_a_stands_before_b(pairs: dict[str, Array]) -> None:
    assert (pairs["a_id"] < pairs["b_id"]).all()


def test_pairs_are_there_for_the_last_three_months_about_one_and_a_half_a_subscriber(
    pairs: dict[str, Array], history: History
) -> None:
    assert len(np.unique(pairs["month"])) == 3
    assert 1.2 < len(pairs["month"]) / 3 / len(history.ids) < 1.8


def test_a_familys_members_call_each_other_both_ways_and_at_night(pairs: dict[str, Array], same_home: Array) -> None:
    both = (pairs["minutes_ab"] > 0) & (pairs["minutes_ba"] > 0)
    assert both[same_home].mean() > 0.9
    assert (pairs["night_share"][same_home] > 0).mean() > 0.95
    assert pairs["night_share"][same_home].mean() > 3 * pairs["night_share"][~same_home].mean()
    assert not pairs["via_vnet"][same_home].any()


def test_a_household_has_one_address_and_one_cell(history: History) -> None:
    household = history.truth("household_id")["household_id"]
    for name in ("address_id", "home_cell_id"):
        place = history.column(name)
        known = place != ""
        pairs = np.unique(np.stack([household[known], place[known]]), axis=1).shape[1]
        assert pairs == len(np.unique(household[known])), name


def test_households_are_a_believable_share_of_the_base(history: History) -> None:
    _, place, size = np.unique(history.truth("household_id")["household_id"], return_inverse=True, return_counts=True)
    assert 0.2 < (size[place] > 1).mean() < 0.45
    assert size.max() <= 8


def test_couriers_and_shops_know_very_many(pairs: dict[str, Array]) -> None:
    last = pairs["month"] == pairs["month"].max()
    _, degree = np.unique(np.concatenate([pairs["a_id"][last], pairs["b_id"][last]]), return_counts=True)
    assert degree.max() > 20
    assert np.median(degree) <= 4


def test_some_colleagues_talk_through_their_network(pairs: dict[str, Array]) -> None:
    assert 0.02 < pairs["via_vnet"].mean() < 0.3
