"""The work list of a run: who is contacted with what, by whom and when, in words that hold the subscriber's own numbers."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import ibis

from basekeep.kernel.text import Language
from basekeep.playbook.declarations import Playbook
from basekeep.relations.compiled import Compiled
from basekeep.relations.tables_out import figures_table, filled

# The decisions of a run as they are stored, under a name that no query can use.
DECIDED = "decided"
_DECIDED_COLUMNS = {
    **dict.fromkeys(("subscriber_id", "bucket", "offer", "channel", "segment", "campaign"), "string"),
    **dict.fromkeys(("unit_id", "staff_id", "device_model_id"), "string"),
    **dict.fromkeys(("contact_on", "contact_by"), "date"),
    **dict.fromkeys(("probability", "weight"), "float64"),
    **dict.fromkeys(("value_fen", "cost_fen", "expected_fen"), "int64"),
}
_UNKNOWN: Mapping[Language, str] = {"zh": "未知", "en": "unknown"}
_YUAN_PER_FEN = Decimal("0.01")


def action(compiled: Compiled) -> Any:
    """One row for each action of the run; money in yuan."""
    decided, figures = ibis.table(_DECIDED_COLUMNS, name=DECIDED), figures_table(compiled)
    playbook = compiled.playbook
    chosen = decided.filter(decided["offer"].notnull())
    joined = chosen.inner_join(figures, chosen["subscriber_id"] == figures["subscriber_id"])
    offer, channel = chosen["offer"], chosen["channel"]
    offers, channels = playbook.offers, playbook.channels
    return joined.select(
        subscriber_id=chosen["subscriber_id"],
        offer=offer,
        offer_zh=_named(offer, {name: one.name.zh for name, one in offers.items()}),
        offer_en=_named(offer, {name: one.name.en for name, one in offers.items()}),
        kind=_named(offer, {name: one.kind for name, one in offers.items()}),
        campaign=chosen["campaign"],
        segment=chosen["segment"],
        channel=channel,
        channel_zh=_named(channel, {name: one.name.zh for name, one in channels.items()}),
        channel_en=_named(channel, {name: one.name.en for name, one in channels.items()}),
        unit_id=chosen["unit_id"],
        staff_id=chosen["staff_id"],
        device_model_id=chosen["device_model_id"],
        contact_on=chosen["contact_on"],
        contact_by=chosen["contact_by"],
        opens=_named(channel, {name: one.opens for name, one in channels.items()}),
        closes=_named(channel, {name: one.closes for name, one in channels.items()}),
        probability=chosen["probability"],
        value=_yuan(chosen["value_fen"]),
        cost=_yuan(chosen["cost_fen"]),
        expected=_yuan(chosen["expected_fen"]),
        script_zh=_script(playbook, chosen, figures, "zh"),
        script_en=_script(playbook, chosen, figures, "en"),
    )


def _named(of: Any, names: Mapping[str, str]) -> Any:
    branches = [(of == name, text) for name, text in names.items()]
    return ibis.cases(*branches, else_=ibis.null("string")) if branches else ibis.null("string")


def _yuan(fen: Any) -> Any:
    return (fen * ibis.literal(_YUAN_PER_FEN, "decimal(2, 2)")).cast("decimal(18, 2)")


def _script(playbook: Playbook, chosen: Any, figures: Any, language: Language) -> Any:
    """The channel's own script where the offer has one, with its blanks filled."""
    branches = []
    for name, offer in playbook.offers.items():
        made = {channel: script for channel, script in offer.scripts.items() if channel in playbook.channels}
        for channel, script in made.items():
            said = filled(script.text.say(language), figures, _UNKNOWN[language])
            branches.append(((chosen["offer"] == name) & (chosen["channel"] == channel), said))
        branches.append((chosen["offer"] == name, filled(offer.script.text.say(language), figures, _UNKNOWN[language])))
    return ibis.cases(*branches, else_=ibis.null("string")) if branches else ibis.null("string")
