"""Draws the control groups: one for everything, the same for its whole term, and one for each campaign that wants one.

No two overlap. Who is drawn follows from keyed hashes alone, never from the order of rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

import numpy as np
import numpy.typing as npt

from basekeep.contract.subscriber_month import SUBSCRIBER_MONTH
from basekeep.decide.base import Base, Int
from basekeep.decide.contacts import HeldOut
from basekeep.decide.keyed_hash import Hash, keyed_hash_sql, mixed
from basekeep.decide.positions import ROWS, placed, positions
from basekeep.decide.sample_size import Effect, control_needed
from basekeep.decide.strata import UNKNOWN, Strata, draw, number_cities, strata_of_base, value_bands
from basekeep.engines.protocol import Session
from basekeep.kernel.months import month_text
from basekeep.kernel.text import Text
from basekeep.playbook.decisions import HoldOuts, Universal
from basekeep.playbook.declarations import Playbook
from basekeep.playbook.offers import Control
from basekeep.relations.history import in_base
from basekeep.relations.offers import term_start
from basekeep.run.plan import Plan
from basekeep.run.remarks import Remark
from basekeep.store.history import month_sql

# Gives for the name of a campaign the places of those who have a candidate of it.
WithCandidates = Callable[[str], npt.NDArray[np.integer]]


@dataclass(frozen=True)
class ControlGroup:
    """A control group with whom it was drawn from.

    Attributes:
        campaign: None for the universal one.
        effect: what it is to tell apart.
        position: of each person it was drawn from, the place in the base; -1 for who has left since.
        strata: of each of them, as of the month in which it was drawn.
        held: whether the person is in the control group.
    """

    campaign: str | None
    effect: Effect
    position: Int
    strata: Strata
    held: npt.NDArray[np.bool_]

    @property
    def held_positions(self) -> Int:
        """The places of those in it who are in the base, in ascending order."""
        return np.sort(self.position[self.held & (self.position >= 0)])


@dataclass(frozen=True)
class Lots:
    """What control groups are drawn with.

    Attributes:
        term: the first month of the term, that of the run where there is no universal control group.
        strata, hashes: of each subscriber of the base, as of the run's month; the hash is the same all term.
    """

    hold_outs: HoldOuts
    term: date
    strata: Strata
    hashes: Hash


def prepare_lots(
    plan: Plan, session: Session, figures: Sequence[Path], base: Base, folder: Path, hold_outs: HoldOuts
) -> Lots:
    """The lots of a run's base.

    Args:
        folder: the run's folder, where its organisation lies.
    """
    term = term_start(hold_outs.universal, plan.month) if hold_outs.universal else plan.month
    cities = number_cities(session, folder)
    strata = strata_of_base(plan, session, figures, base, cities, hold_outs.value_bands)
    query = f"SELECT position, {_hash(hold_outs, term, 'subscriber_id')} AS hash FROM {positions(figures)}"
    return Lots(hold_outs, term, strata, placed(session, query, base.size, {"hash": np.uint64})["hash"])


def universal_control(
    plan: Plan, session: Session, figures: Sequence[Path], lots: Lots
) -> tuple[ControlGroup | None, list[Remark]]:
    """The universal control group; None where none is wanted.

    It is drawn over the base of the term's first month, those who have left since among it. Who came later is in it
    where the hash, as a share of all there are, lies below the group's. So within a term nobody enters or leaves.
    """
    universal = lots.hold_outs.universal
    if universal is None:
        return None, []
    effect, size = _effect(universal, lots.hold_outs), len(lots.hashes)
    position, strata, hashes = _then(plan, session, figures, lots)
    if not len(position):
        held, everybody = _below(lots.hashes, universal.most_share), np.arange(size, dtype=np.int32)
        return ControlGroup(None, effect, everybody, _later(lots, everybody), held), [_first_month_gone(lots.term)]
    many = control_size(effect, len(position), universal.most_share)
    held = draw(strata, hashes, many)
    new = np.ones(size, np.bool_)
    new[position[position >= 0]] = False
    newcomers = np.flatnonzero(new).astype(np.int32)
    among = _later(lots, newcomers)
    together = Strata(
        strata.cities,
        strata.bands,
        np.concatenate([strata.city, among.city]),
        np.concatenate([strata.band, among.band]),
    )
    held = np.concatenate([held, _below(lots.hashes[newcomers], Fraction(many, len(position)))])
    return ControlGroup(None, effect, np.concatenate([position, newcomers]), together, held), []


def campaign_controls(
    playbook: Playbook, lots: Lots, universal: ControlGroup | None, with_candidates: WithCandidates
) -> list[ControlGroup]:
    """The control groups of the campaigns that want one, in the playbook's order; nobody is in two, or in the universal one."""
    free = np.ones(len(lots.hashes), np.bool_)
    if universal is not None:
        free[universal.held_positions] = False
    found = []
    for name, campaign in playbook.campaigns.items():
        if campaign.control is not None:
            has = np.zeros(len(free), np.bool_)
            has[with_candidates(name)] = True
            group = campaign_control(lots, name, campaign.control, np.flatnonzero(has & free))
            free[group.held_positions] = False
            found.append(group)
    return found


def campaign_control(lots: Lots, campaign: str, control: Control, people: npt.NDArray[np.integer]) -> ControlGroup:
    """The control group of one campaign, drawn from these people, by their places in the base."""
    effect, strata = _effect(control, lots.hold_outs), lots.strata.of(people)
    many = control_size(effect, len(people), control.most_share)
    held = draw(strata, mixed(lots.hashes[people], "campaign", campaign), many)
    return ControlGroup(campaign, effect, people.astype(np.int32), strata, held)


def held_out(playbook: Playbook, base: Base, groups: Iterable[ControlGroup]) -> HeldOut:
    """Who is in which control group."""
    found = HeldOut(np.zeros(base.size, np.bool_), np.full(base.size, -1, np.int32))
    campaigns = list(playbook.campaigns)
    for group in groups:
        if group.campaign is None:
            found.universal[group.held_positions] = True
        else:
            found.campaign[group.held_positions] = campaigns.index(group.campaign)
    return found


def control_size(effect: Effect, population: int, most_share: Fraction) -> int:
    """How many are held out: as many as are needed, never more than the most that is."""
    needed, most = control_needed(effect, population), int(most_share * population)
    return most if needed is None else min(needed, most)


def _effect(asked: Universal | Control, hold_outs: HoldOuts) -> Effect:
    return Effect(asked.from_share, asked.to_share, hold_outs.power, hold_outs.significance)


def _hash(hold_outs: HoldOuts, term: date, subscriber_id: str) -> str:
    return keyed_hash_sql(subscriber_id, hold_outs.key, month_text(term))


def _then(plan: Plan, session: Session, figures: Sequence[Path], lots: Lots) -> tuple[Int, Strata, Hash]:
    """The base of the term's first month: place in the base now or -1, stratum, hash."""
    parts: dict[str, list[npt.NDArray[np.generic]]] = {name: [] for name in _THEN}
    if plan.state.partition(SUBSCRIBER_MONTH.name, month_text(lots.term)):
        month = month_sql(plan.store_dir, plan.state, lots.term, ("subscriber_id", "status", "branch_id", "arpu"))
        query = (
            f"SELECT coalesce(p.position, -1) AS position, coalesce(c.city, -1) AS city, "
            f"coalesce(m.arpu_m0, {UNKNOWN}) AS arpu, {_hash(lots.hold_outs, lots.term, 'm.subscriber_id_m0')} AS hash "
            f"FROM ({month}) m LEFT JOIN decide__city c ON m.branch_id_m0 = c.branch_id "
            f"LEFT JOIN {positions(figures)} p ON m.subscriber_id_m0 = p.subscriber_id "
            # Of two equal hashes, if there ever are, the lesser id comes first.
            f"WHERE {in_base('m.status_m0')} ORDER BY hash, m.subscriber_id_m0"
        )
        for batch in session.batches(query, ROWS).batches:
            for name, kind in _THEN.items():
                parts[name].append(batch.column(name).to_numpy().astype(kind))
    found = {name: np.concatenate([np.empty(0, kind), *parts[name]]) for name, kind in _THEN.items()}
    bands = lots.hold_outs.value_bands
    strata = Strata(lots.strata.cities, bands, found["city"], value_bands(found["arpu"], bands))
    return found["position"], strata, found["hash"]


_THEN = {"position": np.int32, "city": np.int32, "arpu": np.int64, "hash": np.uint64}


def _later(lots: Lots, people: Int) -> Strata:
    """The strata of people who were not there when the term began: their value was not known then."""
    strata = lots.strata
    return Strata(strata.cities, strata.bands, strata.city[people], np.zeros(len(people), np.int8))


def _below(hashes: Hash, share: Fraction) -> npt.NDArray[np.bool_]:
    """Whether a hash, as a share of all that there are, lies below a share."""
    limit = share * 2**64
    if limit >= 2**64:
        return np.ones(len(hashes), np.bool_)
    # A whole number lies below the limit where it lies below the next whole number from it.
    found: npt.NDArray[np.bool_] = hashes < np.uint64(-(-limit.numerator // limit.denominator))
    return found


def _first_month_gone(term: date) -> Remark:
    month = month_text(term)
    return Remark(
        "hold_out.first_month_not_stored", SUBSCRIBER_MONTH.name, 1,
        Text(f"全局对照组本期首月 {month} 没有入库的存量用户，按 most_share 留出、不分层；涉及期数",
             f"no base is stored of {month}, in which the term of the universal control group began: most_share is held out, without strata; terms"),
        Text(f"入库 {month}，或把 universal.term_from 改为已入库的月份。", f"Ingest {month}, or let universal.term_from be a month that is stored."),
    )  # fmt: skip
