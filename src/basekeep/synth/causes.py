"""What truly makes subscribers leave. A cause is a bit; the hazard is the base hazard times the factor of each cause
that holds, times the effect of what the subscriber was sold and of the care taken."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from basekeep.synth.blocks import Block
from basekeep.synth.draws import Array

# Factors above 1 drive away, below 1 hold.
FACTORS: dict[str, float] = {
    "dual_sim": 2.6,
    "competitor": 4.5,
    "offnet_circle": 1.8,
    "fading": 3.5,
    "balance_falling": 2.0,
    "balance_low": 1.3,
    "overdue": 1.7,
    "suspended": 3.0,
    "bundle_ending": 3.0,
    "extra_ending": 1.5,
    "complaint": 2.8,
    "gift_over": 2.0,
    "migrant_season": 1.8,
    "bill_unpaid": 1.5,
    "services_dropped": 2.0,
    "plan_unfit": 1.5,
    "uncared": 1.25,
    "number_hopper": 25.0,
    "bound": 0.5,
    "group": 0.7,
    "family": 0.7,
    "fusion": 0.75,
}
NAMES = tuple(FACTORS)
NATURAL = len(NAMES)  # the cause of those who left for none of these
CAUSE_WORDS = (*NAMES, "natural")
_LOGS = np.log(np.array([FACTORS[name] for name in NAMES], dtype=np.float32))
# The hazard of all bits together, by halves of the bit pattern: two look-ups instead of twenty products.
_HALF = 11
_MOST = 0.6
HOPPERS_STAY = 3  # months after the month of joining


@dataclass(frozen=True)
class Held:
    """Which causes hold, by name; what is not named does not hold."""

    flags: dict[str, Array]

    def bits(self, size: int) -> Array:
        """One bit per cause."""
        bits = np.zeros(size, dtype=np.int32)
        for name, flag in self.flags.items():
            bits |= flag.astype(np.int32) << NAMES.index(name)
        return bits


def update_hazard(block: Block, held: Held) -> None:
    """The causes at the end of the month and the hazard of leaving in the next."""
    state, next_month = block.state, block.month.index + 1
    state.causes[:] = held.bits(block.size)
    log = _LOW_TABLE[state.causes & (2**_HALF - 1)] + _HIGH_TABLE[state.causes >> _HALF]
    log += np.where(state.sell_until >= next_month, state.sell_log, 0)
    log += np.where(state.care_until >= next_month, state.care_log, 0)
    hazard = np.minimum(block.people.base_hazard * np.exp(log), _MOST)
    # A hopper stays until the welcome gifts are used up.
    tenure = block.month.number + 1 - block.people.join_number
    settling = block.people.hopper & (tenure <= HOPPERS_STAY)
    state.hazard[:] = np.where(settling, 0, hazard)


def chosen_cause(bits: Array, stream: np.random.Generator) -> Array:
    """For each leaver one of the causes that held, in proportion to what its factor added; NATURAL for none."""
    added = np.maximum(np.exp(_LOGS) - 1, 0)
    held = (bits[:, None] >> np.arange(len(NAMES))) & 1
    weights = np.column_stack([held * added, np.full(len(bits), 0.3)])
    edges = np.cumsum(weights, axis=1)
    drawn = stream.random(len(bits)) * edges[:, -1]
    return np.asarray((edges <= drawn[:, None]).sum(axis=1), dtype=np.int8)


def _table(first: int, number: int) -> Array:
    patterns = np.arange(2**number)
    table = np.zeros(len(patterns), dtype=np.float32)
    for bit in range(first, min(first + number, len(NAMES))):
        table += np.where((patterns >> (bit - first)) & 1, _LOGS[bit], 0)
    return table


_LOW_TABLE = _table(0, _HALF)
_HIGH_TABLE = _table(_HALF, len(NAMES) - _HALF)
