"""What floors may cost, and how far short of them every choice within the other limits must fall.

A floor's price has a cap: a penalty on each unit that it is short, high above what options are worth, so that floors
that cannot all be met leave a problem that can be solved (an exact penalty, elastic programming). Shortfalls of
several floors are added in options: units, divided by the mean of what an option draws.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from basekeep.decide.allocation.ordered import Ordered
from basekeep.decide.allocation.passes import Passes, Real
from basekeep.decide.allocation.problem import Whole
from basekeep.decide.allocation.scale import Scale


@dataclass(frozen=True)
class Floors:
    """The floors of a problem at a penalty of `dear` times a subscriber's usual best value for each option short."""

    base: Ordered
    scale: Scale
    dear: float

    @property
    def penalty(self) -> float:
        return self.dear * max(self.scale.worth, 1.0)

    @property
    def cap(self) -> Real:
        """The greatest price of each limit, in fen."""
        most = self.scale.cap / 2.0**self.scale.shift
        return np.where(self.base.limit < 0, np.minimum(most, self.penalty / self.scale.draw), most)

    def shortfall(self, over: Whole) -> float:
        """All floors together."""
        return float((over / self.scale.draw)[self.base.limit < 0].sum())


def least_shortfall(passes: Passes, scale: Scale, floors: Floors, whole: Whole) -> float:
    """No choice within the other limits falls less short: the dual of the shortfall alone, at the prices' proportions.

    Where only the shortfall counts every option is worth nothing, and a floor's price is at most 1 for each option. The
    prices of the whole problem, divided by the penalty, are near the best for it, and every price gives a bound.
    """
    unit = 2.0**scale.shift
    prices = np.rint(whole / floors.penalty)
    one = np.floor(unit / scale.draw)
    cap = np.where(passes.base.limit < 0, np.minimum(one, scale.cap), scale.cap)
    # Prices near their cap stand for it: there the floor is short.
    near = np.where(prices > 0.99 * cap, cap, prices)
    nothing = Passes(passes.base._replace(value=np.zeros_like(passes.base.value)), passes.threads)
    found = [nothing.bound(np.minimum(some, cap).astype(np.int64), scale.shift, passes.base.limit)
             for some in (prices, near)]  # fmt: skip
    return max(0.0, -min(found) / unit)
