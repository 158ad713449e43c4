"""What past contacts, orders and lists mean for the next contact: who is shut out, from what, and how many are left."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from basekeep.decide.base import Int, Marks


@dataclass(frozen=True)
class Standing:
    """Where each subscriber of the base stands with the contact policy on the first day of the period.

    Attributes:
        listed: reasons found on the exclusion list for all channels, with `opt_out` for who asked to be left alone;
            `listed_marks` says by bits which of them hold for a subscriber.
        shut: bit c: the exclusion list shuts channel c (in the playbook's order) to the subscriber.
        stops: names of what else stops contacts: `cool_down.contact`, `limit.NAME`; `stopped` has their bits.
        sell_stops: the same for what stops selling only: `cool_down.refusal`, `cool_down.success`.
        running: bit f: a benefit of the f-th benefit family (in `benefit_families`) runs.
        customer_quota: for each customer how many more contacts the period allows.
        family_quota: for each family the same.
    """

    listed: tuple[str, ...]
    listed_marks: Marks
    shut: Marks
    stops: tuple[str, ...]
    stopped: Marks
    sell_stops: tuple[str, ...]
    sell_stopped: Marks
    benefit_families: tuple[str, ...]
    running: Marks
    customer_quota: Int
    family_quota: Int


@dataclass(frozen=True)
class HeldOut:
    """Who is held out: from everything, or from one campaign.

    Attributes:
        universal: whether the subscriber is in the universal control group.
        campaign: the campaign (its place in the playbook) from which the subscriber is held out, -1 where from none.
    """

    universal: npt.NDArray[np.bool_]
    campaign: Int
