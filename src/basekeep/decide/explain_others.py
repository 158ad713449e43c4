"""Why not another offer: the first thing that stopped it, in the order in which offers are asked about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np

from basekeep.decide.case import Case
from basekeep.decide.explained import OtherOffer, PastFact
from basekeep.decide.gathering import served_names
from basekeep.decide.levers import Levers
from basekeep.decide.options import Option, options_of
from basekeep.decide.reason_words import words_of_reason
from basekeep.decide.reasons import STAGES
from basekeep.decide.rounding import fen_of, times
from basekeep.decide.worth import worth_of
from basekeep.kernel.text import Text
from basekeep.relations.offers import CompiledOffer
from basekeep.run.explain import RuleExplained

_STAGE_NAMES = {
    "eligible": Text("资格", "eligibility"),
    "applicable": Text("时机", "applicability"),
    "suitable": Text("适合", "suitability"),
    "affordable": Text("客户付出不超过自己的用量", "no more than the customer's own use"),
}
# What stands in a decision's reasons of a subscriber with candidates, the nearest to the choice first.
_AFTER = ("out_ranked.customer", "out_ranked.family", "contact_limit", "no_day_left")
_LIMITS = ("stock", "budget", "capacity")


def other_offer(case: Case, offer: CompiledOffer) -> OtherOffer:
    """Why an offer that was not chosen was not."""
    playbook, declared = case.playbook, offer.declared
    code = _bar(case) or _not_asked(case, offer) or _not_passed(case, offer) or _policy(case, offer)
    rows = case.candidates.get(offer.name, ())
    if code is None and rows:
        best = max((worth_of(row, playbook, case.prices) for row in rows), key=lambda one: one.left)
        code = _not_chosen(case)
        words = words_of_reason(code, playbook)
        return OtherOffer(offer.name, declared.name.text, declared.kind, code, words, worth=best)
    if code is None:
        code = _no_channel(case, offer)
    stage = _stage(case, offer, code)
    past = (*_event(case, offer, code), *case.past.of(code, playbook, offer.name))
    return OtherOffer(offer.name, declared.name.text, declared.kind, code, words_of_reason(code, playbook), stage, past)


def _bar(case: Case) -> str | None:
    """Nobody who is excluded is asked about any offer."""
    if case.decision["bucket"] != "excluded":
        return None
    return next((code for code in case.codes if code.startswith("excluded.")), "excluded")


def _not_asked(case: Case, offer: CompiledOffer) -> str | None:
    return None if case.served & set(offer.declared.serves) else "not_served"


def _not_passed(case: Case, offer: CompiledOffer) -> str | None:
    for stage, code in STAGES.items():
        if stage in offer.stages and not case.questions.truth(offer.stages[stage]):
            return code
    declared = offer.declared
    days = case.period.days or (case.period.first, case.period.last)
    there = [day for day in days if (declared.valid_from or day) <= day <= (declared.valid_until or day)]
    if not there:
        return "not_valid"
    if declared.event is not None:
        on = case.events[declared.event.date]
        if on is not None and on - timedelta(days=declared.event.lead_days) < there[0]:
            return "too_late"
    return None


def _policy(case: Case, offer: CompiledOffer) -> str | None:
    """What the contact policy has against the offer: it is the same for all offers that come so far."""
    if not case.candidates:
        stops = ("cool_down.contact", "limit.", "contact_limit", "quiet")
        found = next((code for code in case.codes if code.startswith(stops)), None)
        if found:
            return found
    if offer.declared.kind == "sell":
        found = next((code for code in case.codes if code in ("cool_down.refusal", "cool_down.success")), None)
        if found:
            return found
    family = offer.declared.benefit_family
    return "benefit_running" if family and case.past.running(family, case.playbook) else None


def _no_channel(case: Case, offer: CompiledOffer) -> str:
    """Why no channel of an offer that passed is a candidate."""
    left = [one for one in _options(case, offer) if not case.past.shuts(_channel(case, one))]
    if not left:
        return "channel_shut"
    left = [one for one in left if _channel(case, one) in case.open_channels]
    if not left:
        return "reserved"
    yuan = case.questions.feature(offer.value)
    if yuan is None:
        return "value_unknown"
    value = fen_of(np.array([yuan], np.float64))
    if all(int(times(value, one.probability * one.weight)[0]) <= one.cost for one in left):
        return "not_worth_it"
    held = (f"held_out.{offer.declared.campaign}", "held_out.universal")
    lacking = ("no_unit", *(("no_stock",) if offer.declared.device else ()), "not_worth_it", "held_out")
    return next((code for code in (*held, *lacking) if code in case.codes), "no_unit")


def _options(case: Case, offer: CompiledOffer) -> tuple[Option, ...]:
    """The offer's options through the segment that it serves the subscriber by."""
    served = served_names(case.playbook)
    segment = next(name for name in offer.declared.serves if name in case.served)
    return options_of(case.playbook, offer.name, served, Levers())[served.index(segment)]


def _channel(case: Case, option: Option) -> str:
    return list(case.playbook.channels)[option.channel]


def _not_chosen(case: Case) -> str:
    """Why a candidate was not the one: another was chosen, or what stopped all of the subscriber's."""
    if case.decision["offer"] is not None:
        return "out_ranked.chosen"
    stopped = [code for code in case.codes if code in _AFTER or code.partition(".")[0] in _LIMITS]
    return stopped[0] if stopped else "out_ranked.worth"


def _stage(case: Case, offer: CompiledOffer, code: str) -> RuleExplained | None:
    """The condition that does not hold, or that reserves the subscriber, with its facts."""
    if code == "reserved":
        rules = case.playbook.contact_policy.reserved
        name, term = next((name, term) for name, term in case.compiled.reserved if case.questions.truth(term))
        return case.facts.condition(name, rules[name].name.text, term)
    if code.startswith("excluded."):
        found = [(name, term) for name, term in case.compiled.exclusions if f"excluded.{name}" == code]
        declared = case.playbook.contact_policy.exclusions
        return next((case.facts.condition(name, declared[name].name.text, term) for name, term in found), None)
    stage = next((stage for stage, of in STAGES.items() if of == code), None)
    return case.facts.condition(stage, _STAGE_NAMES[stage], offer.stages[stage]) if stage else None


def _event(case: Case, offer: CompiledOffer, code: str) -> Iterator[PastFact]:
    """The date that the contact would have had to come before, or the days on which the offer is there."""
    declared = offer.declared
    if code == "too_late" and declared.event is not None:
        on = case.events[declared.event.date]
        lead = declared.event.lead_days
        yield PastFact("event", on, Text(f"须提前 {lead} 天接触", f"the contact comes at least {lead} days before it"))
    if code == "not_valid":
        words = Text("可办日期", "there from and until")
        yield PastFact("valid", declared.valid_from, words, declared.valid_until)
