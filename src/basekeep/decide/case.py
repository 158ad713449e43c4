"""All that is known of one subscriber's decision, looked up in a frozen run: what explanations are made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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
    """

    playbook: Playbook
    compiled: CompiledDecisions
    questions: Questions
    facts: Facts
    served: frozenset[str]
    decision: Row
    candidates: Mapping[str, tuple[Row, ...]]
    prices: Prices
    past: Past
    period: Period

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """All reasons that applied."""
        return tuple(self.decision["reasons"] or ())
