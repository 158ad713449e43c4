"""The tables of candidates and of decisions, as columns block by block."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from basekeep.decide.base import NO_DAY, Int
from basekeep.decide.made import Made
from basekeep.decide.reason_lists import reason_lists
from basekeep.decide.writing import BLOCK, Columns, days, known, labels, write_blocks
from basekeep.playbook.declarations import Playbook
from basekeep.run.decision_tables import BUCKETS


@dataclass(frozen=True)
class Names:
    """The playbook's names by their places, and of each offer its campaign."""

    offers: tuple[str, ...]
    channels: tuple[str, ...]
    campaigns: tuple[str, ...]
    campaign_of: Int

    @classmethod
    def of(cls, playbook: Playbook) -> Names:
        """Those of a playbook."""
        campaigns = tuple(playbook.campaigns)
        of = [campaigns.index(offer.campaign) for offer in playbook.offers.values()]
        return cls(tuple(playbook.offers), tuple(playbook.channels), campaigns, np.array(of, np.int32))


def write_candidates(folder: Path, made: Made, names: Names) -> int:
    """The table `candidate`, by subscriber in the order of the figures; gives its rows."""
    return write_blocks(folder, "candidate", _candidate_blocks(made, names))


def _candidate_blocks(made: Made, names: Names) -> Iterator[Columns]:
    start = made.candidates.start
    for first, last in _blocks(made.base.size):
        if start[last] > start[first]:
            whom = np.repeat(np.arange(last - first), np.diff(start[first : last + 1]))
            ids = made.base.ids.slice(first, last - first).take(pa.array(whom))
            options = np.arange(start[first], start[last])
            yield {"subscriber_id": ids, **_of_candidates(made, names, options)}


def decision_blocks(made: Made, names: Names) -> Iterator[Columns]:
    """The table `decision`, block by block: one row for each subscriber, in the order of the figures."""
    owners = Owners.of(made)
    for first, last in _blocks(made.base.size):
        part = slice(first, last)
        yield {
            "subscriber_id": made.base.ids.slice(first, last - first),
            "bucket": labels(made.ledger.bucket[part], BUCKETS),
            **_of_candidates(made, names, made.chosen[part]),
            "staff_id": labels(made.staff[part], made.staff_ids),
            "contact_on": days(made.contact_on[part]),
            "branch_id": labels(made.base.branch[part], made.base.branches),
            **{f"{level}_id": labels(owners.unit[level][part], made.places.units) for level in owners.unit},
            "reasons": reason_lists(made.ledger.reasons, first, last),
        }


def _of_candidates(made: Made, names: Names, options: npt.NDArray[np.int64]) -> Columns:
    """What both tables say of a candidate; unknown where the option is -1."""
    of, there = made.candidates, options >= 0
    if not of.start[-1]:
        return _nothing(len(options))
    at = np.where(there, options, 0)
    listed: dict[str, tuple[npt.NDArray[Any], Sequence[str]]] = {
        "offer": (of.offer[at], names.offers),
        "channel": (of.channel[at], names.channels),
        "segment": (of.segment[at], made.base.served),
        "campaign": (names.campaign_of[of.offer[at]], names.campaigns),
        "unit_id": (of.unit[at], made.places.units),
        "device_model_id": (of.model[at], of.models),
    }
    return {
        **{name: labels(np.where(there, place, -1), known_as) for name, (place, known_as) in listed.items()},
        "contact_by": days(np.where(there, of.contact_by[at], NO_DAY).astype(np.int32)),
        "probability": known(of.probability[at], there),
        "value_fen": known(of.value[at], there),
        "weight": known(of.weight[at], there),
        "cost_fen": known(of.cost[at], there),
        "expected_fen": known(of.expected[at], there),
    }


def _nothing(size: int) -> Columns:
    """The same where there is no candidate at all."""
    texts = ("offer", "channel", "segment", "campaign", "unit_id", "device_model_id")
    kinds = {**dict.fromkeys(texts, pa.string()), "contact_by": pa.date32(), "probability": pa.float64()}
    kinds |= {"value_fen": pa.int64(), "weight": pa.float64(), "cost_fen": pa.int64(), "expected_fen": pa.int64()}
    return {name: pa.nulls(size, kind) for name, kind in kinds.items()}


def _blocks(size: int) -> Iterator[tuple[int, int]]:
    for first in range(0, size, BLOCK):
        yield first, min(first + BLOCK, size)


@dataclass(frozen=True)
class Owners:
    """Of each subscriber the county and the city that its branch lies in, as places, -1 where unknown."""

    unit: dict[str, Int]

    @classmethod
    def of(cls, made: Made) -> Owners:
        """Those of all subscribers."""
        places = np.array([*(made.places.of(branch) for branch in made.base.branches), -1], np.int32)
        found = {}
        for level in ("county", "city"):
            above = np.append(made.places.above[level], np.int32(-1))
            found[level] = above[places][made.base.branch]
        return cls(found)
