"""Shows scenarios side by side: reach, money, buckets, who enters and leaves, what changes by offer and channel; the frontier."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from basekeep.cli.screen import Screen, percent
from basekeep.kernel.text import Text

_FEN = 100
# Offers and channels of which most change are shown; --json has all.
_SHOWN_ACTIONS = 12


def show_simulation(screen: Screen, found: Any) -> None:
    """The run as it is in the first column, each scenario in one of its own."""
    screen.line(found.run_id, "bold")
    if not found.scenarios:
        return
    outcomes = [found.as_it_is, *(one.outcome for one in found.scenarios)]
    heads = [
        Text("", ""),
        Text("本次运行", "As it is"),
        *(Text(one.scenario.name, one.scenario.name) for one in found.scenarios),
    ]
    right = range(1, len(heads))
    rows = [
        (name, *(of(outcome.totals) for outcome in outcomes))
        for name, of in (
            (Text("接触", "Contacts"), lambda t: t.contacts),
            (Text("  营销", "  sell"), lambda t: t.sell),
            (Text("  关怀", "  care"), lambda t: t.care),
            (Text("成本（元）", "Cost (yuan)"), lambda t: t.cost / _FEN),
            (Text("期望价值（元）", "Expected value (yuan)"), lambda t: t.value / _FEN),
            (Text("上界（元）", "Bound (yuan)"), lambda t: t.bound / _FEN),
            (Text("差距至多", "Gap at most"), lambda t: percent(t.gap)),
        )
    ]
    rows += [
        (name, "", *(getattr(one.moves, field) for one in found.scenarios))
        for name, field in (
            (Text("进入", "Enter"), "entered"), (Text("离开", "Leave"), "left"),
            (Text("换营销案或渠道", "Other offer or channel"), "changed"),
        )
    ]  # fmt: skip
    screen.table(Text("方案并列", "Side by side"), heads, rows, numbers=right)
    _buckets(screen, heads, outcomes)
    _actions(screen, heads, outcomes, found.playbook)


def _buckets(screen: Screen, heads: Sequence[Text], outcomes: Sequence[Any]) -> None:
    from basekeep.decide.waterfall import NAMES

    counts = [outcome.per_bucket() for outcome in outcomes]
    rows = [(NAMES[name], *(one[name] for one in counts)) for name in counts[0] if any(one[name] for one in counts)]
    title = Text("每一类多少用户", "Subscribers by bucket")
    screen.table(title, [Text("去向", "Bucket"), *heads[1:]], rows, numbers=range(1, len(heads)))


def _actions(screen: Screen, heads: Sequence[Text], outcomes: Sequence[Any], playbook: Any) -> None:
    counts = [outcome.per_action(playbook) for outcome in outcomes]
    keys = list(dict.fromkeys(key for one in counts for key in one))
    moved = [key for key in keys if len({one.get(key, 0) for one in counts}) > 1]
    most = sorted(moved, key=lambda key: -max(abs(one.get(key, 0) - counts[0].get(key, 0)) for one in counts))
    rows = [(*_named(key, playbook), *(one.get(key, 0) for one in counts)) for key in most[:_SHOWN_ACTIONS]]
    if rows:
        title = Text("变动最多的营销案与渠道", "Offers and channels that change most")
        names = [Text("营销案", "Offer"), Text("渠道", "Channel"), *heads[1:]]
        screen.table(title, names, rows, numbers=range(2, len(names)))


def _named(key: tuple[str, str], playbook: Any) -> tuple[Text, Text]:
    offer, channel = key
    return playbook.offers[offer].name.text, playbook.channels[channel].name.text


def show_frontier(screen: Screen, frontier: Any) -> None:
    """Value against the lever, with what one more unit of it is worth."""
    from basekeep.decide.frontier import row_of
    from basekeep.playbook.numbers import number_shown

    ladder = frontier.ladder
    unit = {"budget": Text("元", "yuan"), "capacity": Text("次", "contacts"), "stock": Text("台", "devices")}[
        ladder.kind
    ]
    heads = [
        Text(ladder.lever, ladder.lever), Text(f"共（{unit.zh}）", f"In all ({unit.en})"), Text("用去", "Used"),
        Text("接触", "Contacts"), Text("成本（元）", "Cost (yuan)"), Text("期望价值（元）", "Value (yuan)"), Text("差距至多", "Gap at most"),
        Text("多一单位值（元）", "One more is worth (yuan)"),
    ]  # fmt: skip
    rows = []
    for rung in frontier.rungs:
        row = row_of(ladder, rung)
        at = number_shown(rung.at, "share" if ladder.shares else "")
        rows.append(
            (at, row["amount"], row["used"], row["contacts"], row["cost"], row["value"], percent(rung.totals.gap), row["marginal_value"])
        )  # fmt: skip
    screen.table(Text("前沿", "Frontier"), heads, rows, numbers=range(1, len(heads)))


def simulation_data(found: Any) -> dict[str, Any]:
    """The same for programs."""
    from basekeep.decide.frontier import row_of

    frontier = found.frontier
    return {
        "run_id": found.run_id,
        "as_it_is": _outcome(found.as_it_is, found.playbook),
        "scenarios": [
            {
                "name": one.scenario.name, "changes": list(one.scenario.typed), **_outcome(one.outcome, found.playbook),
                "entered": one.moves.entered, "left": one.moves.left, "changed": one.moves.changed,
            }
            for one in found.scenarios
        ],
        "frontier": [row_of(frontier.ladder, rung) for rung in frontier.rungs] if frontier else None,
    }  # fmt: skip


def _outcome(outcome: Any, playbook: Any) -> dict[str, Any]:
    totals = outcome.totals
    return {
        "contacts": totals.contacts, "sell": totals.sell, "care": totals.care, "cost": totals.cost / _FEN,
        "value": totals.value / _FEN, "bound": totals.bound / _FEN, "gap": totals.gap, "buckets": outcome.per_bucket(),
        "actions": [
            {"offer": offer, "channel": channel, "contacts": count}
            for (offer, channel), count in outcome.per_action(playbook).items()
        ],
    }  # fmt: skip
