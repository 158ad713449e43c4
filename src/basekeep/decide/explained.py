"""What is said of one subscriber's decision: why this offer, and why not each of the others. Money in yuan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from basekeep.kernel.text import Text
from basekeep.run.explain import RuleExplained


@dataclass(frozen=True)
class Reason:
    """A reason code with its words."""

    code: str
    words: Text


@dataclass(frozen=True)
class PastFact:
    """Something that happened to the subscriber, or holds for it: a contact, an order, a row of the exclusion list.

    Attributes:
        kind: `contact`, `order` or `listed`.
        until: up to when it counts, where that is known.
    """

    kind: str
    on: date | None
    words: Text
    until: date | None = None


@dataclass(frozen=True)
class Taken:
    """A limit that a candidate draws on.

    Attributes:
        amount: how much of it the candidate uses; below 0 where it helps to reach a floor.
        price: the limit's shadow price: what one more unit of it would be worth.
        yuan: amount × price: what the price took from the candidate's expected value.
    """

    kind: str
    name: str
    unit_id: str | None
    words: Text
    amount: float
    price: float
    yuan: float


@dataclass(frozen=True)
class Factor:
    """One factor of a weight."""

    words: Text
    number: float


@dataclass(frozen=True)
class Worth:
    """A candidate: expected = probability × value × weight − cost; `left` is what the prices of its limits leave of it."""

    channel: str
    channel_name: Text
    segment: str
    segment_name: Text
    unit_id: str | None
    unit_name: Text | None
    probability: float
    value: float
    weight: float
    weights: tuple[Factor, ...]
    cost: float
    costs: tuple[Factor, ...]
    expected: float
    taken: tuple[Taken, ...]
    left: float
    contact_by: date | None
    device_model_id: str | None


@dataclass(frozen=True)
class ChosenOffer:
    """What was decided: what, by whom, when, and in which words."""

    offer: str
    name: Text
    kind: str
    campaign: str
    campaign_name: Text
    worth: Worth
    contact_on: date | None
    opens: str
    closes: str
    staff_id: str | None
    script: Text


@dataclass(frozen=True)
class OtherOffer:
    """An offer that was not chosen, and the first thing that stopped it.

    Attributes:
        code: a reason code; `out_ranked.worth` and the like for a candidate.
        stage: the condition that does not hold, with its facts.
        past: what the contact policy went by.
        worth: its best channel, where it was a candidate.
    """

    offer: str
    name: Text
    kind: str
    code: str
    words: Text
    stage: RuleExplained | None = None
    past: tuple[PastFact, ...] = ()
    worth: Worth | None = None


@dataclass(frozen=True)
class DecisionExplained:
    """Everything that is said of one decision; `others` in the order: candidates by what is left, then the rest."""

    run_id: str
    subscriber_id: str
    bucket: str
    bucket_words: Text
    reasons: tuple[Reason, ...]
    past: tuple[PastFact, ...]
    chosen: ChosenOffer | None
    others: tuple[OtherOffer, ...]
