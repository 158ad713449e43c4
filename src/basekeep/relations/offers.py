"""Offers as terms, and what a run's figures hold of them: for each subscriber which offers pass, what they are worth, who is excluded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import reduce
from typing import Any

import ibis

from basekeep.kernel.months import month_end, months_between, parse_month, shift_month
from basekeep.playbook import terms as t
from basekeep.playbook.decisions import Universal
from basekeep.playbook.declarations import Playbook
from basekeep.playbook.meaning import Meaning
from basekeep.playbook.offers import Offer
from basekeep.relations.exact import shown
from basekeep.relations.history import BASE_STATUSES
from basekeep.relations.lowering import Lowering
from basekeep.relations.needs import Wanted

# Offers of one column of marks: a whole number has 63 bits that can be added up.
MARKS = 60
STAGES = ("eligible", "applicable", "suitable", "affordable")
TOGETHER = "policy__together"
CUSTOMER = "policy__customer"
GROUP = "policy__group"
# Whether the subscriber was in the base of the month in which the term of the universal control group began.
IN_TERM = "policy__in_term"
EXCLUDED = "policy__excluded"
RESERVED = "policy__reserved"


@dataclass(frozen=True)
class CompiledOffer:
    """One offer's conditions and worth as terms; a stage without a condition is passed by everybody.

    `affordable`: what the customer pays a month is not more than the customer's own use.
    """

    name: str
    declared: Offer
    stages: Mapping[str, t.TruthTerm]
    value: t.NumberTerm


@dataclass(frozen=True)
class CompiledDecisions:
    """What decisions need of each subscriber."""

    offers: tuple[CompiledOffer, ...]
    exclusions: tuple[tuple[str, t.TruthTerm], ...]
    reserved: tuple[tuple[str, t.TruthTerm], ...]
    together: t.TruthTerm | None
    universal: Universal | None

    def terms(self) -> Iterator[t.Term]:
        """Every term."""
        for offer in self.offers:
            yield from offer.stages.values()
            yield offer.value
        for group in (self.exclusions, self.reserved):
            yield from (term for _, term in group)
        if self.together is not None:
            yield self.together

    @property
    def values(self) -> tuple[t.NumberTerm, ...]:
        """What offers are worth, each once: `offers__value__K` is the K-th of them."""
        return tuple(dict.fromkeys(offer.value for offer in self.offers))

    def wanted(self, month: date) -> Iterator[Wanted]:
        """The columns that decisions need besides those of their terms."""
        yield from ((name, 0) for name in ("customer_id", "group_id", *self.events))
        if self.universal is not None:
            lag = months_between(term_start(self.universal, month), month)
            yield from ((name, lag) for name in TERM_COLUMNS)

    @property
    def events(self) -> tuple[str, ...]:
        """The columns of dates that some contact must come before: `event__COLUMN`."""
        return tuple(dict.fromkeys(o.declared.event.date for o in self.offers if o.declared.event))


# What the strata of the universal control group are made from, as it was when the term began.
TERM_COLUMNS = ("status", "branch_id", "arpu")


def term_start(universal: Universal, month: date) -> date:
    """The first month of the term that a month lies in."""
    first = parse_month(universal.term_from)
    return shift_month(first, months_between(first, month) // universal.term_months * universal.term_months)


def compile_decisions(playbook: Playbook, meaning: Meaning) -> CompiledDecisions | None:
    """The playbook's offers as terms; None where it has none.

    Raises:
        Fault: an expression has no meaning.
    """
    if not playbook.offers or playbook.decisions is None:
        return None
    policy, own_use = playbook.contact_policy, playbook.decisions.own_use
    return CompiledDecisions(
        tuple(_offer(name, offer, own_use, meaning) for name, offer in playbook.offers.items()),
        tuple((name, meaning.condition(item.when)) for name, item in policy.exclusions.items()),
        tuple((name, meaning.condition(item.when)) for name, item in policy.reserved.items()),
        meaning.condition(policy.counted_together) if policy.counted_together is not None else None,
        playbook.hold_outs.universal if playbook.hold_outs else None,
    )


def affordable(offer: Offer, own_use: str) -> str | None:
    """The condition that an offer costs the customer no more a month than the customer's own use; None where it costs nothing."""
    pays = offer.customer_pays
    if pays is None or not pays.yuan:
        return None
    # Money has two decimals at most, so this says it exactly.
    return f"{_decimal(pays.yuan)} <= {pays.months} * {own_use}"


def _decimal(yuan: Fraction) -> str:
    fen = int(yuan * 100)
    return f"{fen // 100}.{fen % 100:02d}"


def _offer(name: str, offer: Offer, own_use: str, meaning: Meaning) -> CompiledOffer:
    written = {stage: getattr(offer, stage) for stage in STAGES[:3]} | {"affordable": affordable(offer, own_use)}
    stages = {stage: meaning.condition(text) for stage, text in written.items() if text is not None}
    return CompiledOffer(name, offer, stages, meaning.number(offer.value))


def offered(compiled: CompiledDecisions, low: Lowering) -> dict[str, Any]:
    """Columns of the figures: marks of the offers that pass each stage, their worth, dates, exclusions.

    `offers__STAGE__J` holds in bit i whether offer 60 J + i passes: only *true* passes. `event__COLUMN` holds a date that
    lies after the month end.
    """
    found: dict[str, Any] = {}
    for stage in STAGES:
        for first in range(0, len(compiled.offers), MARKS):
            terms = [offer.stages.get(stage) for offer in compiled.offers[first : first + MARKS]]
            found[f"offers__{stage}__{first // MARKS}"] = _marks(terms, low)
    for index, value in enumerate(compiled.values):
        found[f"offers__value__{index}"] = shown(low.number(value))
    for column in compiled.events:
        found[f"event__{column}"] = _ahead(low.column(column, 0), low.month)
    for name, conditions in ((EXCLUDED, compiled.exclusions), (RESERVED, compiled.reserved)):
        found[name] = _marks([term for _, term in conditions], low)
    found[CUSTOMER], found[GROUP] = low.column("customer_id", 0), low.column("group_id", 0)
    if compiled.universal is not None:
        lag = months_between(term_start(compiled.universal, low.month), low.month)
        found[IN_TERM] = ibis.coalesce(low.column("status", lag).isin(list(BASE_STATUSES)), False)
    found[TOGETHER] = (
        ibis.literal(True) if compiled.together is None else ibis.coalesce(low.truth(compiled.together), False)
    )
    return found


def _ahead(day: Any, month: date) -> Any:
    """A day where it is still ahead: what ended long ago makes no contact late."""
    return ibis.ifelse(day > month_end(month), day, ibis.null("date"))


def _marks(terms: list[t.TruthTerm | None], low: Lowering) -> Any:
    """Conditions as the bits of one whole number; where there is none, it is passed."""
    always = sum(1 << index for index, term in enumerate(terms) if term is None)
    marks = [
        ibis.coalesce(low.truth(term), False).cast("int64") * (1 << index)
        for index, term in enumerate(terms)
        if term is not None
    ]
    return reduce(lambda a, b: a + b, marks, ibis.literal(always, "int64"))


def offer_columns(compiled: CompiledDecisions) -> dict[str, str]:
    """The names and types of those columns."""
    firsts = range(0, len(compiled.offers), MARKS)
    found = {f"offers__{stage}__{first // MARKS}": "int64" for stage in STAGES for first in firsts}
    found.update({f"offers__value__{index}": "float64" for index in range(len(compiled.values))})
    found.update({f"event__{column}": "date" for column in compiled.events})
    found |= {EXCLUDED: "int64", RESERVED: "int64", CUSTOMER: "string", GROUP: "string"}
    return {**found, **({IN_TERM: "boolean"} if compiled.universal is not None else {}), TOGETHER: "boolean"}
