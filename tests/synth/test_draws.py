"""Random streams: one per purpose, none disturbed by another."""

from __future__ import annotations

import numpy as np

from basekeep.synth.draws import Draws, count, pick


def test_a_new_purpose_leaves_the_others_as_they_were() -> None:
    alone = Draws(1, 100, 3, 0).uniform("mou")
    beside = Draws(1, 100, 3, 0)
    beside.normal("a new column")
    assert np.array_equal(beside.uniform("mou"), alone)


def test_purposes_places_and_seeds_have_streams_of_their_own() -> None:
    drawn = [
        Draws(1, 50, 3, 0).uniform("mou"),
        Draws(1, 50, 3, 0).uniform("data"),
        Draws(1, 50, 4, 0).uniform("mou"),
        Draws(1, 50, 3, 1).uniform("mou"),
        Draws(2, 50, 3, 0).uniform("mou"),
    ]
    assert len({tuple(values) for values in drawn}) == 5


def test_codes_come_in_proportion_to_their_weights() -> None:
    codes = pick(Draws(1, 100_000).uniform("x"), (60, 30, 10))
    assert np.allclose(np.bincount(codes) / 100_000, (0.6, 0.3, 0.1), atol=0.01)


def test_counts_have_their_mean() -> None:
    counts = count(Draws(1, 100_000).uniform("x"), 1.3)
    assert abs(counts.mean() - 1.3) < 0.02
    assert abs((counts == 0).mean() - np.exp(-1.3)) < 0.01
