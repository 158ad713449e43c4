"""Why not another offer: the first thing that stopped it, in the order in which offers are asked about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from basekeep.decide.case import Case
from basekeep.decide.explained import OtherOffer, PastFact
from basekeep.decide.levers import Levers
from basekeep.decide.options import Option, options_of
from basekeep.decide.reason_words import words_of_reason
from basekeep.decide.reasons import STAGES
from basekeep.decide.rounding import fen, half_up
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
    options = _options(case, offer)
    open_to = _open_channels(case)
    left = [one for one in options if not case.past.shuts(_channel(case, one))]
    if not left:
        return "channel_shut"
    left = [one for one in left if open_to is None or _channel(case, one) in open_to]
    if not left:
        return "reserved"
    value = case.questions.feature(offer.value)
    if value is None:
        return "value_unknown"
    if all(half_up(fen_value(value) * one.probability * one.weight) <= one.cost for one in left):
        return "not_worth_it"
    lacking = [code for code in ("no_unit", "no_stock", "not_worth_it") if code in case.codes]
    lacking = [code for code in lacking if code != "no_stock" or offer.declared.device is not None]
    held = f"held_out.{offer.declared.campaign}"
    if held in case.codes:
        return held
    if "held_out.universal" in case.codes:
        return "held_out.universal"
    return lacking[0] if lacking else "held_out"


def fen_value(yuan: float) -> int:
    """A value as the figures show it, in whole fen."""
    return fen(round_to(yuan))


def _not_chosen(case: Case) -> str:
    """Why a candidate was not the one: what stopped all of the subscriber's, or what was chosen is worth more."""
    if case.decision["offer"] is not None:
        return "out_ranked.chosen"
    return next((code for code in _AFTER if code in case.codes), None) or _limit(case) or "out_ranked.worth"


def _limit(case: Case) -> str | None:
    return next((code for code in case.codes if code.partition(".")[0] in ("stock", "budget", "capacity")), None)
