"""Takes every so-many-th party of a problem, so that prices can be found on fewer before they are found on all."""

from __future__ import annotations

import numpy as np

from basekeep.decide.allocation.ordered import Ordered
from basekeep.decide.allocation.problem import Whole


def sampled(base: Ordered, part: int) -> Ordered:
    """One party in `part`, by their order; limits are for the caller to scale."""
    parties = np.arange(part // 2, base.parties, part)
    first, subscribers = _ranges(base.first, parties)
    start, options = _ranges(base.start, subscribers)
    return base._replace(
        first=first, start=start, value=base.value[options], cost=base.cost[options], pattern=base.pattern[options],
        party=np.repeat(np.arange(len(parties)), np.diff(first)).astype(np.int32), party_quota=base.party_quota[parties],
        customer=base.customer[subscribers], place=base.place[subscribers], tie=base.tie[subscribers],
    )  # fmt: skip


def _ranges(first: Whole, taken: Whole) -> tuple[Whole, Whole]:
    """Where the ranges that are taken begin when put together, and all that lies in them."""
    size = first[taken + 1] - first[taken]
    begin = np.zeros(len(taken) + 1, np.int64)
    np.cumsum(size, out=begin[1:])
    return begin, np.repeat(first[taken] - begin[:-1], size) + np.arange(begin[-1])
