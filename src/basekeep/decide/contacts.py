"""What past contacts, orders and lists mean for the next contact: who is shut out, from what, and how many are left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from basekeep.decide.base import Base, Int, Marks, need_room
from basekeep.decide.contact_history import Flags, contact_history
from basekeep.decide.contact_remarks import contact_remarks
from basekeep.decide.exclusion_rows import OPT_OUT, excluded
from basekeep.decide.period import Period
from basekeep.engines.protocol import Session
from basekeep.kernel.text import Text
from basekeep.playbook.contact_policy import ContactLimit
from basekeep.run.plan import Plan
from basekeep.run.remarks import Remark


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
        customer_quota: for each customer how many more contacts the period allows, over all its lines together: the
            least, over the limits, of what is left of it. Never below 0; the number of subscribers where there is no limit.
        family_quota: for each family the same, with a limit counted anew in each of the windows of the period: contacts
            keep it for certain where they lie on days of `Period.apart(limit.days)` alone.
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


def standing(
    plan: Plan, session: Session, figures: Sequence[Path], base: Base, period: Period
) -> tuple[Standing, list[Remark]]:
    """Where the base stands, from what is stored of contacts, orders and the exclusion list, and what bad input there is.

    Args:
        figures: the run's files of figures, from which the base was gathered.
    """
    history = contact_history(plan, session, figures, base.size, period.first)
    listed = excluded(plan, session, figures, base.size, period.first)
    marks = listed.marks | _marked([history.opt_out], 1 << listed.reasons.index(OPT_OUT))
    quotas = _quotas(plan.compiled.playbook.contact_policy.limits, history.within, base, period)
    stops = {"cool_down.contact": history.contact}
    stops |= {f"limit.{name}": quota.of_subscribers(base) == 0 for name, quota in quotas.items()}
    sell_stops = {"cool_down.refusal": history.refusal, "cool_down.success": history.success}
    need_room(Text("接触次数的上限", "limits of contacts"), stops)
    found = Standing(
        listed.reasons, marks, listed.shut, tuple(stops), _marked(stops.values()), tuple(sell_stops),
        _marked(sell_stops.values()), history.benefit_families, history.running,
        _least(quotas.values(), "customer", base, base.customers), _least(quotas.values(), "family", base, base.families),
    )  # fmt: skip
    return found, contact_remarks(plan, session, figures, period.first)


@dataclass(frozen=True)
class _Quota:
    """What one limit leaves to each customer, or to each family."""

    per: str
    left: Int

    def of_subscribers(self, base: Base) -> Int:
        """What it leaves to each subscriber; to one without a family, more than enough."""
        if self.per == "customer":
            return self.left[base.customer]
        return np.append(self.left, np.int32(1))[base.family]


def _quotas(
    limits: Mapping[str, ContactLimit], within: Mapping[str, npt.NDArray[np.int64]], base: Base, period: Period
) -> dict[str, _Quota]:
    found = {}
    for name, limit in limits.items():
        if limit.per == "customer":
            recent = np.bincount(base.customer, within[name], base.customers)
            left = np.maximum(limit.contacts - recent, 0)
        else:
            inside = base.family >= 0
            recent = np.bincount(base.family[inside], within[name][inside], base.families)
            windows = len(period.apart(limit.days))
            # What was before the period counts against its first window alone.
            left = np.maximum(limit.contacts - recent, 0) + limit.contacts * (windows - 1) if windows else recent * 0
        found[name] = _Quota(limit.per, left.astype(np.int32))
    return found


def _least(quotas: Iterable[_Quota], per: str, base: Base, many: int) -> Int:
    found = np.full(many, max(base.size, 1), np.int32)
    for quota in quotas:
        if quota.per == per:
            np.minimum(found, quota.left, out=found)
    return found


def _marked(flags: Iterable[Flags], first: int = 1) -> Marks:
    """Flags as bits of one number, from the bit `first` on."""
    marks = [flag.astype(np.int64) * (first << bit) for bit, flag in enumerate(flags)]
    found: Marks = np.bitwise_or.reduce(marks)
    return found
