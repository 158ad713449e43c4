"""What a candidate is worth, factor by factor, and what the prices of the limits that it draws on take from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from basekeep.decide.explained import Factor, Taken, Worth
from basekeep.decide.floors import CARE_SHARE
from basekeep.kernel.text import Text
from basekeep.playbook.declarations import Playbook
from basekeep.run.organisation import Organisation

Row = Mapping[str, Any]
_FEN = 100


@dataclass(frozen=True)
class Prices:
    """The limits of a run with their shadow prices, as they are for one subscriber.

    Attributes:
        branch_id: of the subscriber: budgets, floors and stock go by where its branch lies, capacity by who contacts it.
        within: the segments that it is in, and the scorecards of which it is a target.
    """

    limits: Sequence[Row]
    organisation: Organisation
    branch_id: str | None
    within: frozenset[str]

    def unit_name(self, unit_id: str | None) -> Text | None:
        """A unit's name."""
        unit = self.organisation.units.get(unit_id or "")
        return Text(unit.name, unit.name_en or unit.name) if unit else None

    def taken(self, candidate: Row, playbook: Playbook) -> tuple[Taken, ...]:
        """What each limit that a candidate draws on took from it; limits without a price took nothing."""
        return tuple(self._taken(candidate, playbook))

    def _taken(self, candidate: Row, playbook: Playbook) -> Iterator[Taken]:
        for row in self.limits:
            amount = self._amount(row, candidate, playbook)
            if amount:
                price = float(row["shadow_price"] or 0.0)
                words = Text(str(row["says_zh"] or row["name"]), str(row["says_en"] or row["name"]))
                yield Taken(row["kind"], row["name"], row["unit_id"], words, amount, price, amount * price)

    def _amount(self, row: Row, candidate: Row, playbook: Playbook) -> float:
        """How much of a limit a candidate uses: contacts, yuan, devices; below 0 where it counts towards a floor."""
        if row["kind"] == "capacity":
            return float((row["channel"], row["unit_id"]) == (candidate["channel"], candidate["unit_id"]))
        if not self._covers(row, playbook):
            return 0.0
        if row["kind"] == "budget":
            return candidate["cost_fen"] / _FEN if _pays(row["name"], candidate, playbook) else 0.0
        if row["kind"] == "stock":
            return float(row["device_model_id"] == candidate["device_model_id"])
        if row["segment"] not in self.within:
            return 0.0
        if not row["name"].startswith(CARE_SHARE):
            return -1.0
        share = float(playbook.contact_policy.care_share[row["segment"]])
        return share - (playbook.offers[candidate["offer"]].kind == "care")

    def _covers(self, row: Row, playbook: Playbook) -> bool:
        """Whether the limit is one for where the subscriber lies; one by unit without a unit is for who lies nowhere."""
        lies_in = self.organisation.chain(self.branch_id or "")
        if row["unit_id"] is not None:
            return row["unit_id"] in lies_in
        budget = playbook.budgets.get(row["name"]) if row["kind"] == "budget" else None
        if budget is None or budget.level is None:
            return True
        return not any(self.organisation.units[unit].level == budget.level for unit in lies_in)


def worth_of(row: Row, playbook: Playbook, prices: Prices) -> Worth:
    """A candidate, or the chosen action, as it is stored."""
    offer, channel = playbook.offers[row["offer"]], playbook.channels[row["channel"]]
    known = playbook.segments.get(row["segment"]) or playbook.scorecards[row["segment"]]
    taken = prices.taken(row, playbook)
    probability = offer.serves[row["segment"]][row["channel"]]
    expected = row["expected_fen"] / _FEN
    return Worth(
        channel=row["channel"],
        channel_name=channel.name.text,
        segment=row["segment"],
        segment_name=known.name.text,
        unit_id=row["unit_id"],
        unit_name=prices.unit_name(row["unit_id"]),
        probability=row["probability"],
        value=row["value_fen"] / _FEN,
        weight=row["weight"],
        weights=tuple(_weights(row, playbook)),
        cost=row["cost_fen"] / _FEN,
        costs=tuple(
            _factors(
                (Text("接触", "contact"), channel.cost_yuan),
                (Text("另外的成本", "offering it"), offer.cost_yuan),
                (Text("概率×优惠", "probability × benefit"), probability * offer.benefit_yuan),
            )
        ),
        expected=expected,
        taken=taken,
        left=expected - sum(one.yuan for one in taken),
        contact_by=row["contact_by"],
        device_model_id=row["device_model_id"],
    )


def _weights(row: Row, playbook: Playbook) -> Iterator[Factor]:
    offer = playbook.offers[row["offer"]]
    segments = playbook.decisions.segment_weights if playbook.decisions else {}
    yield from _factors(
        (Text("活动权重", "campaign"), playbook.campaigns[offer.campaign].weight),
        (Text("营销案权重", "offer"), offer.weight),
        (Text("用户群权重", "segment"), segments.get(row["segment"], Fraction(1))),
    )


def _factors(*given: tuple[Text, Fraction]) -> Iterable[Factor]:
    return (Factor(words, float(number)) for words, number in given)


def _pays(budget: str, candidate: Row, playbook: Playbook) -> bool:
    declared = playbook.budgets.get(budget)
    return declared is None or all(
        not only or value in only
        for only, value in (
            (declared.campaigns, playbook.offers[candidate["offer"]].campaign),
            (declared.offers, candidate["offer"]),
            (declared.channels, candidate["channel"]),
        )
    )
