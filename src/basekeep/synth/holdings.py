"""What subscribers hold and change by themselves: plans, phones, bundles that run out, value-added services."""

from __future__ import annotations

import numpy as np

from basekeep.synth import devices, plans
from basekeep.synth.blocks import Block
from basekeep.synth.devices import Devices
from basekeep.synth.draws import Array

_LOWER, _FIFTH = plans.lower_plan(), plans.fifth_plan()


def change_holdings(block: Block, here: Array, made: Devices) -> None:
    """One month of changes for those who are there."""
    state, draws = block.state, block.draws
    steps_down = here & draws.chance("holdings.down", np.where(state.fading > 0, 0.06, 0.002))
    state.plan[:] = np.where(steps_down, _LOWER[state.plan], state.plan)
    steps_up = here & state.device_5g & draws.chance("holdings.up", 0.008)
    state.plan[:] = np.where(steps_up, _FIFTH[state.plan], state.plan)
    _change_devices(block, here, made)
    _change_services(block, here)


def _change_devices(block: Block, here: Array, made: Devices) -> None:
    people, state, draws, month = block.people, block.state, block.draws, block.month
    bulk = here & (people.bulk_day >= 0) & (people.bulk_day <= month.last_day) & (state.device_day < people.bulk_day)
    state.device[bulk], state.device_day[bulk] = people.bulk_model[bulk], people.bulk_day[bulk]
    # A phone that came with the group's contract is kept.
    own = here & draws.chance("holdings.new_phone", np.where(people.bulk_day >= 0, 0.003, 0.024))
    rows = np.flatnonzero(own)
    day = (month.first_day + draws.uniform("holdings.phone_day")[rows] * month.days).astype(np.int32)
    state.device[rows] = devices.bought(made, day, people.value[rows], draws.uniform("holdings.phone_brand")[rows])
    state.device_day[rows] = day
    state.device_5g[:] = made.is_5g[state.device]


def _change_services(block: Block, here: Array) -> None:
    """Mostly nothing; one more, one less, or all given up, sooner while use fades."""
    state, draws = block.state, block.draws
    state.services_before[:] = state.services
    move = draws.uniform("holdings.services")
    gives_up = move < np.where(state.fading > 0, 0.05, 0.003)
    change = np.select([move > 0.982, move < 0.018], [1, -1], 0)
    services = np.clip(np.where(gives_up, 0, state.services + change), 0, 12)
    state.services[:] = np.where(here, services, state.services)
