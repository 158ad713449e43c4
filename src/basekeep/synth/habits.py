"""How subscribers behave in an ordinary month, what they respond to, and how inclined they are to leave."""

from __future__ import annotations

import numpy as np

from basekeep.synth import offers
from basekeep.synth.codes import PREPAID
from basekeep.synth.draws import Array, Draws
from basekeep.synth.lines import data_only

_COINS = (10, 20, 30, 50, 100, 200, 300)
_DISCOUNTS = np.array([1.0, 0.9, 0.85, 0.8, 0.7, 0.5], dtype=np.float32)
_BASE_HAZARD = 0.0076  # a month, for a newcomer without any cause; falls with the years


def make_habits(people: dict[str, Array], first_month: int, seed: int) -> dict[str, Array]:
    """The habit columns of `People`; `first_month` is the month number of the first month."""
    draws = Draws(seed, len(people["value"]))
    value = people["value"]
    return {
        "voice": np.log(190) + 0.12 * value + 0.2 * people["migrant"] + 0.6 * draws.normal("habits.voice"),
        "incoming": np.clip(0.49 + 0.055 * draws.normal("habits.incoming"), 0.2, 0.64),
        "circle": np.log(38) + 0.15 * value + 0.45 * draws.normal("habits.circle"),
        "offnet": np.clip(0.34 + 0.11 * draws.normal("habits.offnet"), 0.02, 0.9),
        "saturation": np.log(0.66) + 0.6 * draws.normal("habits.saturation"),
        "extra": np.log(4.6) + 0.15 * value + 0.75 * draws.normal("habits.extra"),
        "distance": np.clip(0.08 + 0.22 * people["migrant"] + 0.06 * draws.normal("habits.distance"), 0, 0.8),
        "coin": _coin(value, draws),
        "discount": _DISCOUNTS[draws.pick("habits.discount", (58, 12, 8, 12, 7, 3))],
        "silent": draws.chance("habits.silent", np.where(data_only(people["product"]), 0.2, 0.012)),
        "pays_by_phone": draws.chance("habits.pays_by_phone", 0.42),
        "response": _response(draws),
        "base_hazard": _base_hazard(people, first_month, draws),
    }


def _coin(value: Array, draws: Draws) -> Array:
    """The amount usually recharged at once."""
    level = np.digitize(0.75 * value + 0.8 * draws.normal("habits.coin"), (-1.8, -0.95, -0.45, 0.3, 1.2, 1.9))
    return np.array(_COINS, dtype=np.int16)[level]


def _response(draws: Draws) -> Array:
    columns = [draws.normal(f"habits.response.{appeal}") for appeal in offers.APPEALS]
    return np.stack(columns, axis=1)


def _base_hazard(people: dict[str, Array], first_month: int, draws: Draws) -> Array:
    years = np.clip((first_month - people["join_number"]) / 12, 0, 6)
    log = (
        np.log(_BASE_HAZARD)
        - 0.09 * years
        + 0.25 * (people["payment"] == PREPAID)
        + 0.35 * draws.normal("habits.hazard")
    )
    return np.asarray(np.exp(log), dtype=np.float32)
