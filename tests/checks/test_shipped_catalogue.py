"""The shipped catalogue holds every measure that the documents name, for whom they name it, sound and in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

import pytest

from basekeep.checks.playbook import check_playbook, sound_playbook
from basekeep.playbook.declared import Bilingual
from basekeep.playbook.loading import load
from basekeep.playbook.meaning import Meaning
from basekeep.playbook.offers import Offer
from basekeep.playbook.shipping import shipped_folder
from basekeep.relations.offers import compile_decisions
from basekeep.synth.offers import OFFERS

PLAYBOOK = sound_playbook(shipped_folder())
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_BLANK = re.compile(r"\{[^}]*\}")
# Definitions, 7: each measure with its kind.
MEASURES = {
    "sell": (
        "second_recharge_gift", "recharge50_get50", "family_second_number", "small_recharge_gift", "vnet", "family_net",
        "family_numbers", "directed_long_distance", "directed_roaming", "min_spend_gift", "vas_trial", "large_recharge",
        "elder_child_handset", "low_price_handset", "zero_down_handset", "pack_5g", "plan_5g", "data_pack",
        "device_instalment", "trade_in", "headset_gift",
    ),
    "care": (
        "community_home_service", "work_site_visit", "festival_ride", "birthday_wish", "anniversary", "points_threshold",
        "booking_12580", "mobile_payment",
    ),
}  # fmt: skip
# What the documents name for whom.
NAMED = [
    ("new_recharge", ("second_recharge_gift",)),
    ("tenured_care", ("vas_trial", "recharge50_get50", "points_threshold", "booking_12580", "mobile_payment")),
    ("low_usage", ("recharge50_get50", "family_second_number")),
    ("tariff_sensitive", ("small_recharge_gift", "vnet", "family_net", "family_numbers", "directed_long_distance",
                          "directed_roaming")),
    ("downgrade_warning", ("min_spend_gift", "vas_trial")),
    ("churn_warning", ("large_recharge", "directed_long_distance", "directed_roaming", "birthday_wish", "anniversary")),
    ("family", ("family_net", "family_second_number", "elder_child_handset", "community_home_service", "booking_12580")),
    ("migrant", ("large_recharge", "festival_ride", "low_price_handset", "work_site_visit")),
    ("vip", ("zero_down_handset", "min_spend_gift", "birthday_wish", "anniversary")),
    ("group_member", ("zero_down_handset", "vnet", "pack_5g", "device_instalment", "trade_in")),
    ("campus", ("pack_5g", "plan_5g")),
    ("upgrade_5g", ("pack_5g", "plan_5g", "data_pack", "device_instalment", "trade_in", "headset_gift")),
]  # fmt: skip


def _texts(offer: Offer) -> Iterator[Bilingual]:
    yield offer.name
    yield offer.script
    yield from offer.scripts.values()


def test_the_shipped_playbook_is_sound_without_a_warning() -> None:
    assert check_playbook(load(shipped_folder())) == ()


def test_every_measure_of_the_definitions_is_there_with_its_kind() -> None:
    kinds = {name: offer.kind for name, offer in PLAYBOOK.offers.items()}
    assert kinds == {name: kind for kind, names in MEASURES.items() for name in names}


def test_the_synthetic_operator_sells_and_cares_with_the_same_ids() -> None:
    assert {offer.offer_id: offer.kind for offer in OFFERS} == {n: o.kind for n, o in PLAYBOOK.offers.items()}


@pytest.mark.parametrize(("segment", "offers"), NAMED, ids=[segment for segment, _ in NAMED])
def test_a_segment_is_served_by_what_the_documents_name_for_it(segment: str, offers: tuple[str, ...]) -> None:
    assert [name for name in offers if segment not in PLAYBOOK.offers[name].serves] == []


def test_every_segment_is_served() -> None:
    served = {segment for offer in PLAYBOOK.offers.values() for segment in offer.serves}
    assert served == {*PLAYBOOK.segments, *PLAYBOOK.scorecards}


@pytest.mark.parametrize("name", PLAYBOOK.offers)
def test_every_text_of_an_offer_is_said_in_both_languages(name: str) -> None:
    for text in _texts(PLAYBOOK.offers[name]):
        assert _CHINESE.search(_BLANK.sub("", text.zh)), text.zh
        assert not _CHINESE.search(text.en), text.en
        # A number that only one language tells is a slip.
        assert sorted(_BLANK.findall(text.zh)) == sorted(_BLANK.findall(text.en))


@pytest.mark.parametrize("name", PLAYBOOK.offers)
def test_what_goes_by_message_has_a_message_that_can_be_refused(name: str) -> None:
    offer = PLAYBOOK.offers[name]
    if any("e_channel" in chances for chances in offer.serves.values()):
        message = offer.scripts["e_channel"]
        assert "拒收请回复R" in message.zh
        assert "Reply R to stop" in message.en
        # 70 characters are one message.
        assert len(message.zh) <= 70


@pytest.mark.parametrize("name", PLAYBOOK.offers)
def test_key_people_of_groups_can_be_reached_by_their_account_manager(name: str) -> None:
    assert all("account_manager" in chances for s, chances in PLAYBOOK.offers[name].serves.items() if s == "vip")


def test_what_leaves_the_hands_is_paid_back_when_it_works() -> None:
    # A benefit that is never worth it would make the offer one for nobody; a usual customer spends 60 yuan a month.
    parameters = {name: item.value for name, item in PLAYBOOK.parameters.items()}
    names = {
        "worth_long": 60 * parameters["retained_long_months"],
        "worth_year": 60 * parameters["retained_year_months"],
        "worth_half": 60 * parameters["retained_half_months"],
        "worth_care": 60 * parameters["cared_months"],
        "worth_5g": parameters["upgrade_gain_yuan"] * parameters["upgrade_worth_months"],
        "worth_extra": parameters["data_pack_worth_yuan"],
    }
    for name, offer in PLAYBOOK.offers.items():
        campaign = PLAYBOOK.campaigns[offer.campaign]
        assert names[offer.value] * campaign.weight * offer.weight > offer.benefit_yuan, name
        best = max(
            share * (names[offer.value] * campaign.weight * offer.weight - offer.benefit_yuan)
            - PLAYBOOK.channels[channel].cost_yuan
            - offer.cost_yuan
            for chances in offer.serves.values()
            for channel, share in chances.items()
        )
        assert best > Fraction(1), name


def test_few_expressions_of_worth_become_columns() -> None:
    compiled = compile_decisions(PLAYBOOK, Meaning(PLAYBOOK))
    assert compiled is not None
    assert len(compiled.values) <= 6


def test_every_date_that_is_warned_of_has_an_offer_before_it() -> None:
    dates = {offer.event.date for offer in PLAYBOOK.offers.values() if offer.event}
    assert dates == {"bound_until", "vas_until", "bill_due_date"}


def test_devices_are_chosen_by_conditions_and_not_by_ids() -> None:
    devices = [offer.device for offer in PLAYBOOK.offers.values() if offer.device]
    assert len(devices) == 5
    assert not any(device.models for device in devices)
