"""The decisions of a month's run, read back from its tables into arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from basekeep.decide.allocation.problem import Whole
from basekeep.decide.base import NO_DAY, Base, Int
from basekeep.decide.candidates import Candidates
from basekeep.decide.coded import coded
from basekeep.decide.contacts import HeldOut
from basekeep.decide.places import Places
from basekeep.playbook.declarations import Playbook
from basekeep.run.decision_tables import BUCKETS, decision_file
from basekeep.run.record import RunRecord

_TABLES = ("candidate", "decision", "hold_out", "hold_out_summary")


@dataclass(frozen=True)
class MonthMade:
    """What was decided for each subscriber, in the order of the figures.

    Attributes:
        candidates: as they were; why others are none is not told.
        chosen: of each subscriber its candidate, -1 where there is none.
        contact_on: of each subscriber the day of its contact, NO_DAY where there is none.
        staff: of each subscriber a place in `staff_ids`, -1 where nobody is named.
        reasons: of each subscriber its list of codes.
    """

    candidates: Candidates
    chosen: Whole
    contact_on: Int
    staff_ids: tuple[str, ...]
    staff: Int
    bucket: npt.NDArray[np.int8]
    reasons: pa.ChunkedArray
    held_out: HeldOut


def month_made(record: RunRecord, playbook: Playbook, base: Base, places: Places, models: tuple[str, ...]) -> MonthMade:
    """Read them, every file verified first.

    Args:
        base: the base of the run, or of a later day: its subscribers are the same in the same order.
        models: the device models that candidates are given as places in.

    Raises:
        DamageError: a file of the run is not what was written.
    """
    for table in _TABLES:
        record.verify(decision_file(table))
    stored = {table: pq.read_table(record.folder / decision_file(table)) for table in _TABLES}
    names = {
        "offer": tuple(playbook.offers), "channel": tuple(playbook.channels), "segment": base.served,
        "unit": places.units, "model": models,
    }  # fmt: skip
    found = _candidates(stored["candidate"], base, names, models)
    decided = stored["decision"]
    assert pc.all(pc.equal(decided["subscriber_id"].cast(pa.large_string()), base.ids)).as_py() is not False
    staff_ids = tuple(sorted(pc.unique(decided["staff_id"].drop_null()).to_pylist()))
    return MonthMade(
        found,
        _chosen(found, decided, names),
        _days(decided["contact_on"]),
        staff_ids,
        coded(decided["staff_id"], staff_ids, np.int32),
        coded(decided["bucket"], BUCKETS, np.int8),
        decided["reasons"],
        _held_out(stored["hold_out"], base, playbook),
    )


def _candidates(table: pa.Table, base: Base, names: Mapping[str, Sequence[str]], models: tuple[str, ...]) -> Candidates:
    owner = _places(table["subscriber_id"], base)
    nobody = np.zeros(base.size, np.bool_)
    columns: dict[str, Any] = {
        name: coded(table[column], names[name], kind)
        for name, column, kind in (
            ("offer", "offer", np.int16), ("channel", "channel", np.int16), ("segment", "segment", np.int16),
            ("unit", "unit_id", np.int32), ("model", "device_model_id", np.int32),
        )
    }  # fmt: skip
    return Candidates(
        start=np.searchsorted(owner, np.arange(base.size + 1)).astype(np.int64),
        **columns,
        contact_by=_days(table["contact_by"]),
        probability=_numbers(table["probability"], np.float64),
        value=_numbers(table["value_fen"], np.int64),
        weight=_numbers(table["weight"], np.float64),
        cost=_numbers(table["cost_fen"], np.int64),
        expected=_numbers(table["expected_fen"], np.int64),
        models=models,
        why=(),
        why_marks=np.zeros(base.size, np.int64),
        served=nobody,
        passed=nobody,
        allowed=nobody,
    )


def _chosen(found: Candidates, decided: pa.Table, names: Mapping[str, Sequence[str]]) -> Whole:
    """Of each subscriber the candidate of the offer and channel decided: it has one of each pair at most."""
    offer, channel = (coded(decided[name], names[name], np.int16) for name in ("offer", "channel"))
    owner = np.repeat(np.arange(len(offer)), np.diff(found.start))
    same = (found.offer == offer[owner]) & (found.channel == channel[owner])
    chosen = np.full(len(offer), -1, np.int64)
    chosen[owner[same]] = np.flatnonzero(same)
    return chosen


def _held_out(table: pa.Table, base: Base, playbook: Playbook) -> HeldOut:
    campaigns = list(playbook.campaigns)
    place = _places(table["subscriber_id"], base)
    campaign = coded(table["campaign"], campaigns, np.int32)
    universal, of = np.zeros(base.size, np.bool_), np.full(base.size, -1, np.int32)
    universal[place[campaign < 0]] = True
    of[place[campaign >= 0]] = campaign[campaign >= 0]
    return HeldOut(universal, of)


def _places(ids: pa.ChunkedArray, base: Base) -> Whole:
    """The places of ids in the base."""
    found = pc.index_in(ids.cast(pa.large_string()), value_set=base.ids)
    return np.asarray(found.to_numpy()).astype(np.int64)


def _days(days: pa.ChunkedArray) -> Int:
    return np.asarray(pc.fill_null(days.cast(pa.int32()), NO_DAY).to_numpy()).astype(np.int32)


def _numbers(numbers: pa.ChunkedArray, kind: Any) -> npt.NDArray[Any]:
    return np.asarray(numbers.to_numpy()).astype(kind)
