"""What floors may cost; how far short of them every choice within the other limits falls, with one that falls no further.

A floor's price has a cap: a penalty on each unit that it is short, high above what options are worth, so that floors
that cannot all be met leave a problem that can be solved (an exact penalty, elastic programming). Shortfalls of
several floors are added in options: units, divided by the mean of what an option draws.
"""

from __future__ import annotations

import numpy as np

from basekeep.decide.allocation.drawing import draw_choice
from basekeep.decide.allocation.ordered import Ordered
from basekeep.decide.allocation.passes import Passes, Real
from basekeep.decide.allocation.prices import prices_of
from basekeep.decide.allocation.problem import Whole
from basekeep.decide.allocation.repair import Choice, repair
from basekeep.decide.allocation.scale import Scale

# How many of a subscriber's usual best values a floor may cost for each option that it forces.
_DEAR = 30.0
# What an option that adds to no floor is worth less than nothing, in units; a price so near its cap stands for it.
_OUT, _NEARLY = 10.0, 0.999
# Smoothing as a share of the surplus that is cold enough to prove a shortfall.
_COLDEST = 1e-4


def dear(base: Ordered, scale: Scale) -> Real:
    """The greatest price of each limit, in fen: the penalty of floors, of others what can be summed."""
    return _cap(base, scale, _DEAR * max(scale.worth, 1.0))


def shortfall(base: Ordered, scale: Scale, used: Whole) -> float:
    """All floors together, in options."""
    return float((np.maximum(0, used - base.limit) / scale.draw)[base.limit < 0].sum())


def least_shortfall(passes: Passes, scale: Scale) -> tuple[float, Choice]:
    """No choice within the other limits falls less short; and a choice for which only that has counted.

    Every option is worth nothing, a floor's price at most one unit for each option short: the dual at such prices,
    below 0, is a shortfall that every choice has. The unit is a subscriber's usual best value, so that all scales serve
    here as well. What adds to no floor is priced out of the search for prices, not out of the proof.
    """
    base, unit = passes.base, max(scale.worth, 1.0)
    cap = _cap(base, scale, unit)
    helps = ((base.amounts < 0) & np.append(base.limit < 0, False)[base.draws_on]).any(axis=1)
    guide = Passes(base._replace(value=np.where(helps[base.pattern], 0, -round(_OUT * unit))), passes.threads)
    prices, tau = prices_of(guide, scale, cap, _COLDEST)
    # Where a floor is short for certain its price is the whole unit; soft prices stop just below.
    near = np.where((base.limit < 0) & (prices > _NEARLY * cap), cap, prices)
    nothing = Passes(base._replace(value=np.zeros_like(base.value)), passes.threads)
    whole = [
        np.minimum(scale.whole(some), np.floor(cap * 2.0**scale.shift).astype(np.int64)) for some in (prices, near)
    ]
    proven = min(nothing.bound(some, scale.shift, base.limit) for some in whole)
    choice = draw_choice(guide, whole[0], scale, tau)
    repair(choice, prices, scale.draw)
    return max(0.0, -proven / 2.0**scale.shift / unit), Choice.of(passes, choice.chosen, choice.used)


def _cap(base: Ordered, scale: Scale, penalty: float) -> Real:
    most = scale.cap / 2.0**scale.shift
    return np.where(base.limit < 0, np.minimum(most, penalty / scale.draw), most)
