"""Which levers a playbook has, and what a person who names one may write: a kind alone, a whole name, a unique beginning."""

from __future__ import annotations

from collections.abc import Mapping

from basekeep.kernel.findings import near_names
from basekeep.kernel.text import Text
from basekeep.playbook.channels import Channel
from basekeep.playbook.decisions import Budget
from basekeep.playbook.declarations import Playbook

STOCK = "stock"
KINDS: Mapping[str, Text] = {
    "budget": Text("预算", "budget"),
    "capacity": Text("渠道", "channel"),
    STOCK: Text("库存", "stock"),
    "floor": Text("下限", "floor"),
    "weight": Text("营销活动", "campaign"),
}


class LeverFault(ValueError):
    """A name or a value that moves no lever, with what is wrong and what to do."""

    def __init__(self, code: str, what: Text, do: Text, near: tuple[str, ...] = ()) -> None:
        super().__init__(what.en)
        self.code, self.what, self.do, self.near = code, what, do, near


def lever_names(playbook: Playbook) -> dict[str, tuple[str, ...]]:
    """By kind the names of its levers; stock is one alone."""
    return {
        "budget": tuple(playbook.budgets),
        "capacity": tuple(name for name, channel in playbook.channels.items() if is_limited(channel)),
        STOCK: (),
        "floor": tuple(playbook.floors),
        "weight": tuple(playbook.campaigns),
    }


def is_limited(channel: Channel) -> bool:
    """Whether anything says how many contacts the channel holds."""
    return bool(channel.roles or channel.units or channel.per_day is not None)


def is_total(budget: Budget) -> bool:
    """Whether nothing narrows the budget down: it is for all offers, channels and places together."""
    return not (budget.campaigns or budget.offers or budget.channels or budget.level)


def levers_named(typed: str, playbook: Playbook) -> tuple[str, ...]:
    """The levers that a name as typed means: `budget.retention` one, `budget` all budgets.

    Raises:
        LeverFault: there is none of that name, or several begin so.
    """
    kind, dot, name = typed.partition(".")
    names = lever_names(playbook)
    if kind not in names:
        raise _unknown(typed, tuple(names), Text("可调的有", "These can be changed"))
    if kind == STOCK:
        if dot:
            raise _unknown(typed, (STOCK,), Text("库存只能一起改", "Stock is changed as a whole"))
        return (STOCK,)
    if not names[kind]:
        what = Text(
            f"策略手册没有可调的{KINDS[kind].zh}", f"the playbook has no {KINDS[kind].en} that could be changed"
        )
        raise LeverFault("lever.none", what, Text("先在策略手册里声明。", "Declare one in the playbook first."))
    if not dot:
        return tuple(f"{kind}.{one}" for one in names[kind])
    return (f"{kind}.{_one(kind, name, names[kind], playbook)}",)


def _one(kind: str, name: str, names: tuple[str, ...], playbook: Playbook) -> str:
    begun = [one for one in names if one.startswith(name)] if name else []
    if name in names:
        return name
    if len(begun) == 1:
        return begun[0]
    if len(begun) > 1:
        what = Text(
            f"以 {name!r} 开头的不止一个：{'、'.join(begun)}", f"several begin with {name!r}: {', '.join(begun)}"
        )
        raise LeverFault("lever.several", what, Text("写全名。", "Write the whole name."))
    if kind == "capacity" and name in playbook.channels:
        what = Text(f"渠道 {name} 没有产能上限，改了不起作用", f"the channel {name} has no limit of capacity that could be changed")  # fmt: skip
        do = Text(f"有上限的渠道：{'、'.join(names)}。", f"Channels with a limit: {', '.join(names)}.")
        raise LeverFault("lever.no_limit", what, do)
    said = KINDS[kind]
    raise _unknown(f"{kind}.{name}", tuple(f"{kind}.{one}" for one in names), Text(f"{said.zh}有", "There are"))


def _unknown(typed: str, known: tuple[str, ...], head: Text) -> LeverFault:
    what = Text(f"没有 {typed!r}", f"there is no {typed!r}")
    do = Text(f"{head.zh}：{'、'.join(known)}。", f"{head.en}: {', '.join(known)}.")
    return LeverFault("lever.unknown", what, do, near_names(typed, known))
