"""What is the same for all subscribers of an offer through a segment and a channel: probability, weight, cost."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from basekeep.decide.levers import Levers
from basekeep.decide.rounding import fen
from basekeep.playbook.declarations import Playbook


@dataclass(frozen=True)
class Option:
    """An offer through one of its channels to whom one segment makes it to.

    Attributes:
        offer, channel: places in the playbook.
        segment: a place in `Base.served`.
        weight: of campaign, offer and segment multiplied.
        cost: contact, offer and probability × benefit, in fen.
    """

    offer: int
    channel: int
    segment: int
    probability: Fraction
    weight: Fraction
    cost: int


def options_of(playbook: Playbook, name: str, served: tuple[str, ...], levers: Levers) -> dict[int, tuple[Option, ...]]:
    """An offer's options: by each segment that it serves, in the order written, those of its channels in the playbook's.

    Args:
        served: as in `Base`.
    """
    offer, place, channels = playbook.offers[name], list(playbook.offers).index(name), list(playbook.channels)
    found = {}
    for segment, chances in offer.serves.items():
        at, weight = served.index(segment), weight_of(playbook, name, segment, levers)
        found[at] = tuple(
            Option(
                place, channels.index(channel), at, chances[channel], weight, _cost(playbook, name, segment, channel)
            )
            for channel in sorted(chances, key=channels.index)
        )
    return found


def _cost(playbook: Playbook, name: str, segment: str, channel: str) -> int:
    offer = playbook.offers[name]
    benefit = offer.serves[segment][channel] * offer.benefit_yuan
    return fen(playbook.channels[channel].cost_yuan + offer.cost_yuan + benefit)


def weight_of(playbook: Playbook, name: str, segment: str, levers: Levers) -> Fraction:
    """What the value of an offer to a segment is multiplied by, with the lever `weight.CAMPAIGN`."""
    offer = playbook.offers[name]
    campaign = levers.apply(f"weight.{offer.campaign}", playbook.campaigns[offer.campaign].weight)
    by_segment = playbook.decisions.segment_weights if playbook.decisions else {}
    return campaign * offer.weight * by_segment.get(segment, Fraction(1))
