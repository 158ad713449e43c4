"""The names of the reasons for which an offer is no candidate, each with its bit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from basekeep.decide.contacts import Standing
from basekeep.playbook.declarations import Playbook

# In the order in which an offer is asked about.
STAGES = {
    "eligible": "not_eligible",
    "applicable": "not_applicable",
    "suitable": "not_suitable",
    "affordable": "costs_more_than_use",
}
OWN = (
    "not_eligible", "not_applicable", "too_late", "not_valid", "not_suitable", "costs_more_than_use", "value_unknown",
    "benefit_running", "channel_shut", "reserved", "no_unit", "no_stock", "not_worth_it",
    # No contact is left for the customer or the family, and no single limit of the policy says so by itself.
    "contact_limit",
    # The policy leaves no day of the period on which anybody may be contacted.
    "quiet",
)  # fmt: skip
HELD_OUT = "held_out."
_MOST = 63


@dataclass(frozen=True)
class Reasons:
    """All names, in the order of their bits: one's own, then those of the contact policy, then the control groups'."""

    names: tuple[str, ...]
    stops: int
    sell_stops: int

    def bit(self, name: str) -> int:
        """The reason's bit. What did not find a bit of its own shares the last."""
        return 1 << self._places.get(name, _MOST - 1)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self.names)}


def reasons_of(playbook: Playbook, standing: Standing) -> Reasons:
    """The reasons that a playbook can give.

    Marks have 63 bits: of a playbook with more control groups than that the last ones share `held_out`.
    """
    names = (*OWN, *standing.stops, *standing.sell_stops)
    held = tuple(f"{HELD_OUT}{name}" for name, campaign in playbook.campaigns.items() if campaign.control)
    if len(names) + len(held) > _MOST:
        held = (*held[: _MOST - 1 - len(names)], "held_out")
    return Reasons((*names, *held), len(OWN), len(OWN) + len(standing.stops))
