"""What the operator sells and how it cares, and what each measure truly does to whom: the truth behind the orders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from basekeep.synth.draws import Array

# How strongly a subscriber responds to an appeal is a standard normal value per subscriber and appeal.
APPEALS = ("price", "talk", "data", "handset", "service", "home")
PRICE, TALK, DATA, HANDSET, SERVICE, HOME = range(6)
CARE_MONTHS = 3  # how long a care contact is felt


@dataclass(frozen=True)
class Offer:
    """One measure. `months` it runs (0: once); `binds` for a bundle, `extra` for a value-added campaign.

    `strength` is what it takes off the logarithm of the churn hazard for an average subscriber, `yuan` what it
    adds to monthly ARPU; both move with the subscriber's response to the appeal.
    """

    offer_id: str
    kind: Literal["sell", "care"]
    appeal: int
    strength: float
    yuan: float = 0.0
    months: int = 0
    amount: int = 0
    binds: bool = False
    extra: bool = False


OFFERS: tuple[Offer, ...] = (
    Offer("second_recharge_gift", "sell", PRICE, 0.55, 1.0, 6, 100, binds=True),
    Offer("recharge50_get50", "sell", TALK, 0.35, 2.0, 6, 50, binds=True),
    Offer("family_second_number", "sell", HOME, 0.45, 5.0, 12, 20),
    Offer("small_recharge_gift", "sell", PRICE, 0.40, -1.0, 6, 30, binds=True),
    Offer("vnet", "sell", TALK, 0.40, 1.0, 12, 5),
    Offer("family_net", "sell", HOME, 0.45, 2.0, 12, 10),
    Offer("family_numbers", "sell", HOME, 0.25, 1.0, 12, 5),
    Offer("directed_long_distance", "sell", TALK, 0.30, -2.0, 12, 5),
    Offer("directed_roaming", "sell", TALK, 0.30, -2.0, 12, 5),
    Offer("min_spend_gift", "sell", PRICE, 0.50, 6.0, 12, 200, binds=True),
    Offer("vas_trial", "sell", SERVICE, 0.10, 4.0, 4, 0, extra=True),
    Offer("large_recharge", "sell", PRICE, 0.70, 3.0, 24, 500, binds=True),
    Offer("elder_child_handset", "sell", HANDSET, 0.50, 1.0, 24, 300, binds=True),
    Offer("low_price_handset", "sell", HANDSET, 0.55, 2.0, 12, 399, binds=True),
    Offer("zero_down_handset", "sell", HANDSET, 0.75, 8.0, 24, 0, binds=True),
    Offer("pack_5g", "sell", DATA, 0.25, 15.0, 12, 30, extra=True),
    Offer("plan_5g", "sell", DATA, 0.30, 22.0, 24, 129, binds=True),
    Offer("data_pack", "sell", DATA, 0.15, 9.0, 3, 20, extra=True),
    Offer("device_instalment", "sell", HANDSET, 0.70, 12.0, 24, 1200, binds=True),
    Offer("trade_in", "sell", HANDSET, 0.50, 9.0, 12, 1500, binds=True),
    Offer("headset_gift", "sell", HANDSET, 0.20, 6.0, 6, 0, extra=True),
    Offer("community_home_service", "care", SERVICE, 0.30),
    Offer("work_site_visit", "care", SERVICE, 0.35),
    Offer("festival_ride", "care", SERVICE, 0.50),
    Offer("birthday_wish", "care", SERVICE, 0.12),
    Offer("anniversary", "care", SERVICE, 0.15),
    Offer("points_threshold", "care", PRICE, 0.20),
    Offer("booking_12580", "care", SERVICE, 0.10, 0.5),
    Offer("mobile_payment", "care", SERVICE, 0.15, 1.0),
)

IDS = tuple(offer.offer_id for offer in OFFERS)
CODE = {offer_id: code for code, offer_id in enumerate(IDS)}
MONTHS = np.array([offer.months for offer in OFFERS], dtype=np.int16)
AMOUNT = np.array([offer.amount for offer in OFFERS], dtype=np.int32)
BINDS = np.array([offer.binds for offer in OFFERS])
EXTRA = np.array([offer.extra for offer in OFFERS])
_STRENGTH = np.array([offer.strength for offer in OFFERS], dtype=np.float32)
_YUAN = np.array([offer.yuan for offer in OFFERS], dtype=np.float32)
_APPEAL = np.array([offer.appeal for offer in OFFERS])
# Some are better left alone: whoever responds below −1/0.6 to the appeal leaves sooner for the measure.
_SPREAD, _AT_BEST, _AT_WORST = 0.6, -1.4, 0.3


def hazard_effect(offer: Array, response: Array) -> Array:
    """True change of the log churn hazard while the measure works; `response` is rows × appeals."""
    felt = 1 + _SPREAD * _response(offer, response)
    return np.clip(-_STRENGTH[offer] * felt, _AT_BEST, _AT_WORST).astype(np.float32)


def yuan_effect(offer: Array, response: Array) -> Array:
    """True change of monthly ARPU in yuan while the measure works."""
    return (_YUAN[offer] + np.abs(_YUAN[offer]) * 0.4 * _response(offer, response)).astype(np.float32)


def _response(offer: Array, response: Array) -> Array:
    result: Array = response[np.arange(len(response)), _APPEAL[offer]]
    return result
