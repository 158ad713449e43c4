"""What decisions came to, compactly: of each subscriber bucket, offer and channel; and one outcome held against another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq

from basekeep.decide.coded import coded
from basekeep.decide.made import Made
from basekeep.playbook.declarations import Playbook
from basekeep.run.decision_tables import BUCKETS, decision_file
from basekeep.run.record import RunRecord

Places = npt.NDArray[np.int16]


@dataclass(frozen=True)
class Totals:
    """Reach, money in fen, and how good the choice is at least."""

    contacts: int
    sell: int
    care: int
    cost: int
    value: int
    bound: int

    @property
    def gap(self) -> float:
        """How far the value is from the bound at most, as a share of it."""
        return (self.bound - self.value) / self.bound if self.bound > 0 else 0.0


@dataclass(frozen=True)
class Outcome:
    """Decisions of a base, its subscribers in the order of the run's figures.

    Attributes:
        bucket, offer, channel: of each subscriber its place in `BUCKETS` and in the playbook, -1 where there is none.
    """

    bucket: Places
    offer: Places
    channel: Places
    totals: Totals

    def per_bucket(self) -> dict[str, int]:
        """How many subscribers are in each bucket."""
        return dict(zip(BUCKETS, np.bincount(self.bucket, minlength=len(BUCKETS)).tolist(), strict=True))

    def per_action(self, playbook: Playbook) -> dict[tuple[str, str], int]:
        """How many contacts are made by offer and channel, in the playbook's order."""
        offers, channels = list(playbook.offers), list(playbook.channels)
        there = self.offer >= 0
        pairs = self.offer[there].astype(np.int64) * max(len(channels), 1) + self.channel[there]
        found, counts = np.unique(pairs, return_counts=True)
        keys = [(offers[pair // len(channels)], channels[pair % len(channels)]) for pair in found.tolist()]
        return dict(zip(keys, counts.tolist(), strict=True))


@dataclass(frozen=True)
class Moves:
    """Who enters and leaves between two outcomes of one base.

    Attributes:
        entered, left: counts of those who get an action in the second alone, in the first alone.
        changed: of those with an action in both, how many get another offer or channel.
        rows: all subscribers for whom anything differs, as places in the base.
    """

    entered: int
    left: int
    changed: int
    rows: npt.NDArray[np.int64]


def moves(before: Outcome, after: Outcome) -> Moves:
    """The second held against the first."""
    had, has = before.offer >= 0, after.offer >= 0
    other = (before.offer != after.offer) | (before.channel != after.channel)
    rows = np.flatnonzero(other | (before.bucket != after.bucket))
    return Moves(int((has & ~had).sum()), int((had & ~has).sum()), int((had & has & other).sum()), rows)


def outcome_of(made: Made, playbook: Playbook) -> Outcome:
    """The outcome of decisions just made."""
    there, found = made.chosen >= 0, made.candidates
    at = np.where(there, made.chosen, 0)
    if not found.start[-1]:
        nobody = np.full(made.base.size, -1, np.int16)
        offer, channel = nobody, nobody
    else:
        offer = np.where(there, found.offer[at], -1).astype(np.int16)
        channel = np.where(there, found.channel[at], -1).astype(np.int16)
    bucket = made.ledger.bucket.astype(np.int16)
    totals = _totals(bucket, made.cost, made.value, int(made.allocation.bound))
    return Outcome(bucket, offer, channel, totals)


def stored_outcome(record: RunRecord, playbook: Playbook) -> Outcome:
    """The outcome that a run keeps.

    Raises:
        DamageError: a file of the run is not what was written.
    """
    for table in ("decision", "allocation"):
        record.verify(decision_file(table))
    stored = pq.read_table(record.folder / decision_file("decision"), columns=["bucket", "offer", "channel"])
    bucket = coded(stored["bucket"], BUCKETS, np.int16)
    offer = coded(stored["offer"], tuple(playbook.offers), np.int16)
    channel = coded(stored["channel"], tuple(playbook.channels), np.int16)
    row = pq.read_table(record.folder / decision_file("allocation")).to_pylist()[0]
    return Outcome(bucket, offer, channel, _totals(bucket, row["cost_fen"], row["value_fen"], row["bound_fen"]))


def _totals(bucket: Places, cost: int, value: int, bound: int) -> Totals:
    sell, care = (int((bucket == BUCKETS.index(name)).sum()) for name in ("offered", "care"))
    return Totals(sell + care, sell, care, cost, value, bound)
