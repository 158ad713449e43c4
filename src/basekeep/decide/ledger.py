"""The ledger: exactly one bucket for each subscriber of the base, with all the reasons that applied."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from basekeep.decide.base import Base
from basekeep.decide.candidates import Candidates
from basekeep.decide.contacts import HeldOut, Standing
from basekeep.decide.reason_lists import Marked
from basekeep.decide.stopping import KINDS, Stopped
from basekeep.run.decision_tables import BUCKETS

EXCLUDED = "excluded."
UNIVERSAL = "held_out.universal"
NO_DAY_LEFT = "no_day_left"
# What leaves candidates away that the policy allows, with the bucket of those who have none for it.
_LACKING = {"no_stock": "stock", "no_unit": "capacity"}
_HELD_OUT = "held_out"


@dataclass(frozen=True)
class TakenBack:
    """Chosen actions that found no day.

    Attributes:
        codes: `NO_DAY_LEFT`, then the names of the spacings that kept an action from its days.
        code: of each subscriber a place in `codes`, -1 where nothing was taken back.
    """

    codes: tuple[str, ...]
    code: npt.NDArray[np.int16]


@dataclass(frozen=True)
class Ledger:
    """Where each subscriber went.

    Attributes:
        bucket: a place in `BUCKETS`.
        reasons: all that applied, kind by kind.
    """

    bucket: npt.NDArray[np.int8]
    reasons: tuple[Marked, ...]


def keep_ledger(
    base: Base,
    exclusions: tuple[str, ...],
    standing: Standing,
    held_out: HeldOut,
    candidates: Candidates,
    sells: npt.NDArray[np.bool_],
    chosen: npt.NDArray[np.int64],
    taken_back: TakenBack,
    stopped: Stopped,
) -> Ledger:
    """One bucket each, the first of these that applies.

    Excluded; in the universal control group; in no segment that is served; no offer passes; the contact policy leaves
    none; held out of the campaigns that are left; offered or cared for; what stopped the best candidate.

    Args:
        exclusions: names of the contact policy's own, as marked in `base.excluded`.
        sells: of each offer whether it is sold; others are care.
        chosen: of each subscriber a candidate, -1 where there is none, after the calendar.
    """
    bucket = _what_stopped(candidates, taken_back, stopped)
    for name, holds in (
        ("care", chosen >= 0),
        ("offered", _sold(candidates, sells, chosen)),
        ("contact_limit", ~candidates.allowed),
        ("not_eligible", ~candidates.passed),
        ("no_segment", ~candidates.served),
        ("held_out", held_out.universal),
        ("excluded", (standing.listed_marks != 0) | (base.excluded != 0)),
    ):
        bucket[holds] = BUCKETS.index(name)
    marks = (
        Marked(tuple(f"{EXCLUDED}{name}" for name in standing.listed), standing.listed_marks),
        Marked(tuple(f"{EXCLUDED}{name}" for name in exclusions), base.excluded),
        Marked(
            (UNIVERSAL, "no_segment", "chosen"),
            held_out.universal + 2 * (~candidates.served).astype(np.int64) + 4 * (chosen >= 0),
        ),
        Marked(candidates.why, candidates.why_marks),
        stopped.limits,
        stopped.own,
        Marked(
            taken_back.codes, np.where(taken_back.code >= 0, 1 << np.maximum(taken_back.code, 0).astype(np.int64), 0)
        ),
    )
    return Ledger(bucket, marks)


def _what_stopped(candidates: Candidates, taken_back: TakenBack, stopped: Stopped) -> npt.NDArray[np.int8]:
    """The buckets of those whom the policy allows a contact and who get none."""
    bucket = np.full(len(candidates.served), BUCKETS.index("out_ranked"), np.int8)
    without = np.diff(candidates.start) == 0
    for name in (*_LACKING, *(name for name in candidates.why if name.startswith(_HELD_OUT))):
        bucket[without & _marked(candidates, name)] = BUCKETS.index(_LACKING.get(name, _HELD_OUT))
    for place, kind in enumerate(KINDS):
        if kind in BUCKETS:
            bucket[stopped.kind == place] = BUCKETS.index(kind)
    bucket[stopped.own.marks & 1 != 0] = BUCKETS.index("contact_limit")
    bucket[taken_back.code == 0] = BUCKETS.index("capacity")
    bucket[taken_back.code > 0] = BUCKETS.index("contact_limit")
    return bucket


def _marked(candidates: Candidates, name: str) -> npt.NDArray[np.bool_]:
    if name not in candidates.why:
        return np.zeros(len(candidates.why_marks), np.bool_)
    marked: npt.NDArray[np.bool_] = candidates.why_marks >> candidates.why.index(name) & 1 != 0
    return marked


def _sold(candidates: Candidates, sells: npt.NDArray[np.bool_], chosen: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    sold = np.zeros(len(chosen), np.bool_)
    who = np.flatnonzero(chosen >= 0)
    sold[who] = sells[candidates.offer[chosen[who]]]
    return sold
