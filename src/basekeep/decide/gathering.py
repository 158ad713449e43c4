"""Reads the base of a run from its own files into arrays. Holds no Python object for a subscriber."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from basekeep.decide.base import NO_DAY, Base, need_room
from basekeep.decide.codes import gather_codes
from basekeep.decide.keyed_hash import Hash, keyed_hash_sql
from basekeep.decide.positions import ROWS, rows_of_files
from basekeep.engines.protocol import Session
from basekeep.engines.sql_text import parquet_scan, sql_name
from basekeep.kernel.months import month_text
from basekeep.kernel.text import Text
from basekeep.playbook.declarations import Playbook
from basekeep.relations.compiled import Compiled
from basekeep.relations.offers import EXCLUDED, IN_TERM, MARKS, RESERVED, STAGES
from basekeep.run.plan import Plan


@dataclass(frozen=True)
class _Column:
    """What one array is filled with: an expression over a row of the figures that is never null, but for `values`."""

    sql: str
    type: npt.DTypeLike


def gather_base(plan: Plan, session: Session, figures: Sequence[Path], folder: Path) -> Base:
    """The base of a run, its subscribers in the order of the figures' files and of the rows within them.

    Args:
        figures: the run's files of figures.
        folder: the run's folder, where the physical families lie if they were found.

    Raises:
        WorkError: offers serve more segments than one number has bits.
    """
    compiled = plan.compiled
    served, others = served_names(compiled.playbook), other_names(compiled.playbook)
    for names in (served, others):
        need_room(
            Text(
                "营销案、下限、关怀占比所指的用户群与评分卡",
                "segments and scorecards that offers, floors and care shares name",
            ),
            names,
        )
    columns = _columns(plan, served, others)
    ids, found = _filled(session, figures, columns)
    codes = gather_codes(session, figures, folder)
    days = compiled.decisions.events if compiled.decisions else ()
    values = len(compiled.decisions.values) if compiled.decisions else 0
    return Base(
        ids=ids,
        tie=made_unique(found["tie"], ids),
        branches=codes.branches,
        branch=codes.branch,
        customer=codes.customer,
        customers=codes.customers,
        family=codes.family,
        families=codes.families,
        groups=codes.groups,
        group=codes.group,
        served=served,
        segments=found["segments"],
        others=others,
        other_marks=found["other_marks"],
        stages={stage: tuple(found[name] for name in _mark_columns(compiled, stage)) for stage in STAGES},
        values=tuple(found[_value(index)] for index in range(values)),
        events={day: found[_event(day)] for day in days},
        excluded=found[EXCLUDED],
        reserved=found[RESERVED],
        in_term=found[IN_TERM],
    )


def served_names(playbook: Playbook) -> tuple[str, ...]:
    """The segments and scorecards that some offer serves, in the playbook's order; a name that is neither is left out."""
    return _known(playbook, {name for offer in playbook.offers.values() for name in offer.serves})


def other_names(playbook: Playbook) -> tuple[str, ...]:
    """Those that a floor or a care share speaks of and no offer serves."""
    named = {floor.segment for floor in playbook.floors.values()} | set(playbook.contact_policy.care_share)
    return _known(playbook, named - set(served_names(playbook)))


def made_unique(tie: Hash, ids: pa.Array) -> Hash:
    """Hashes of which no two are equal: of equal ones the lesser id keeps its own, the next takes the next free number."""
    order = np.sort(tie)
    doubles = np.unique(order[1:][order[1:] == order[:-1]])
    if not len(doubles):
        return tie
    unique, taken = tie.copy(), set(doubles.tolist())
    for places in (np.flatnonzero(tie == double) for double in doubles):
        for place in sorted(places.tolist(), key=lambda place: str(ids[place]))[1:]:
            number = int(tie[place])
            while number in taken or np.any(tie == np.uint64(number)):
                number = (number + 1) % 2**64
            taken.add(number)
            unique[place] = number
    return unique


def _known(playbook: Playbook, named: Iterable[str]) -> tuple[str, ...]:
    wanted = set(named)
    return tuple(name for name in dict.fromkeys((*playbook.segments, *playbook.scorecards)) if name in wanted)


def _columns(plan: Plan, served: Sequence[str], others: Sequence[str]) -> dict[str, _Column]:
    compiled, playbook = plan.compiled, plan.compiled.playbook
    key = playbook.hold_outs.key if playbook.hold_outs else ""
    found = {
        # Another order each month: nobody stands last for ever.
        "tie": _Column(keyed_hash_sql("subscriber_id", key, "tie", month_text(plan.month)), np.uint64),
        "segments": _Column(_marks(compiled, served), np.int64),
        "other_marks": _Column(_marks(compiled, others), np.int64),
    }
    names = [name for stage in STAGES for name in _mark_columns(compiled, stage)]
    decisions = compiled.decisions
    held = decisions is not None
    for name in (*names, EXCLUDED, RESERVED):
        found[name] = _Column(f"coalesce({sql_name(name)}, 0)" if held else "0", np.int64)
    in_term = decisions is not None and decisions.universal is not None
    found[IN_TERM] = _Column(f"coalesce({sql_name(IN_TERM)}, FALSE)" if in_term else "FALSE", np.bool_)
    if decisions is not None:
        for index in range(len(decisions.values)):
            found[_value(index)] = _Column(sql_name(_value(index)), np.float64)
        for day in decisions.events:
            number = f"CAST({sql_name(_event(day))} AS DATE) - DATE '1970-01-01'"
            found[_event(day)] = _Column(f"coalesce({number}, {NO_DAY})", np.int32)
    return found


def _mark_columns(compiled: Compiled, stage: str) -> list[str]:
    offers = len(compiled.decisions.offers) if compiled.decisions else 0
    return [f"offers__{stage}__{first // MARKS}" for first in range(0, offers, MARKS)]


def _value(index: int) -> str:
    return f"offers__value__{index}"


def _event(column: str) -> str:
    return f"event__{column}"


def _marks(compiled: Compiled, names: Sequence[str]) -> str:
    conditions = _conditions(compiled)
    marks = [f"CAST({conditions[name]} AS BIGINT) * {1 << bit}" for bit, name in enumerate(names)]
    return " + ".join(marks) or "0"


def _conditions(compiled: Compiled) -> dict[str, str]:
    """By segment and scorecard SQL's condition, never null, that the subscriber is a member or a target."""
    found = {
        card.name: f"coalesce({sql_name(f'step__{card.name}')} = {len(card.space) + len(card.exclusions)}, FALSE)"
        for card in compiled.scorecards
    }
    for segment in compiled.playbook.segments:
        rules = [f"coalesce({sql_name(rule.column)}, FALSE)" for rule in compiled.rules if rule.segment == segment]
        found[segment] = f"({' OR '.join(rules) or 'FALSE'})"
    return found


def _filled(
    session: Session, figures: Sequence[Path], columns: Mapping[str, _Column]
) -> tuple[pa.Array, dict[str, npt.NDArray[Any]]]:
    """The ids, and the arrays filled batch by batch: beside them there is never more than one batch in memory."""
    rows = sum(rows_of_files(figures))
    found: dict[str, npt.NDArray[Any]] = {name: np.empty(rows, column.type) for name, column in columns.items()}
    chosen = ", ".join(f"{column.sql} AS {sql_name(name)}" for name, column in columns.items())
    ids, first = [], 0
    for path in figures:
        for batch in session.batches(f"SELECT subscriber_id, {chosen} FROM {parquet_scan(path)}", ROWS).batches:
            for name in columns:
                found[name][first : first + len(batch)] = batch.column(name).to_numpy(zero_copy_only=False)
            ids.append(batch.column("subscriber_id"))
            first += len(batch)
    # Ids of a large operator are more bytes than a 32-bit offset reaches.
    return pa.chunked_array(ids, pa.string()).cast(pa.large_string()).combine_chunks(), found
