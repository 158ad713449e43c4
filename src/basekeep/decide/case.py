"""All that is known of one subscriber's decision, looked up in a frozen run: what explanations are made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from basekeep.decide.past_facts import Past
from basekeep.decide.period import Period
from basekeep.decide.worth import Prices
from basekeep.playbook.declarations import Playbook
from basekeep.relations.offers import CompiledDecisions
from basekeep.run.explain import Facts
from basekeep.run.questions import Questions

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """All that is known of one subscriber's decision.

    Attributes:
        served: the segments that the subscriber is in, and the scorecards of which it is a target.
        decision: its row of the decisions; `candidates` those of the candidates, by offer.
        events: by column the dates that some contact must come before.
    """

    playbook: Playbook
    compiled: CompiledDecisions
    questions: Questions
    facts: Facts
    served: frozenset[str]
    decision: Row
    candidates: Mapping[str, tuple[Row, ...]]
    events: Mapping[str, date | None]
    prices: Prices
    past: Past
    period: Period

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """All reasons that applied."""
        return tuple(self.decision["reasons"] or ())

    @cached_property
    def open_channels(self) -> frozenset[str]:
        """The channels that reservations leave open."""
        left = set(self.playbook.channels)
        for name, term in self.compiled.reserved:
            if self.questions.truth(term):
                left &= set(self.playbook.contact_policy.reserved[name].channels)
        return frozenset(left)
