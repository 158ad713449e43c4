"""The hidden turns behind the figures: second cards, competitors' courting, fading use, grievances, slow drift."""

from __future__ import annotations

import numpy as np

from basekeep.synth.blocks import Block
from basekeep.synth.draws import Array

_DRIFT_KEPT, _DRIFT_STEP = 0.97, 0.055
_MOOD_KEPT = 0.8
_FADING_MONTHS = 8  # then the low use has become the habit


def turn(block: Block, here: Array) -> None:
    """One month of hidden turns for those who are there."""
    state, draws, people = block.state, block.draws, block.people
    state.dual[:] |= here & draws.chance("inclinations.dual", 0.0012)
    courted = 0.011 + 0.015 * state.dual + 0.01 * (people.role > 0)
    starts = here & draws.chance("inclinations.wooed", courted)
    state.wooed[:] = np.where(starts, draws.whole("inclinations.wooed_months", 1, 4), np.maximum(state.wooed - 1, 0))
    upset = here & draws.chance("inclinations.grieved", 0.011)
    state.grieved[:] = np.where(upset, 3, np.maximum(state.grieved - 1, 0))
    _fade(block, here)
    state.drift[:] = _DRIFT_KEPT * state.drift + _DRIFT_STEP * draws.normal("inclinations.drift")
    fresh = np.sqrt(1 - _MOOD_KEPT**2) * draws.normal("inclinations.mood")
    state.mood[:] = np.clip(_MOOD_KEPT * state.mood + fresh - 0.12 * (state.fading > 0), -7, 7)


def _fade(block: Block, here: Array) -> None:
    """Use falls for some months; then it recovers, or the low level stays as the habit."""
    state, draws = block.state, block.draws
    starts = here & (state.fading == 0) & draws.chance("inclinations.fades", 0.007 + 0.02 * (state.wooed > 0))
    ends = (state.fading >= _FADING_MONTHS) | ((state.fading > 2) & draws.chance("inclinations.recovers", 0.12))
    going_on = np.where((state.fading > 0) & here & ~ends, state.fading + 1, 0)
    state.fading[:] = np.where(starts, 1, going_on)
