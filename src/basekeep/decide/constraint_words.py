"""What a limit comes to, in sentences: what one more unit of it is worth, that it does not bind, that it could not be met."""

from __future__ import annotations

from dataclasses import dataclass

from basekeep.decide.slots import Limit
from basekeep.kernel.text import Text
from basekeep.playbook.numbers import number_shown

# Of staff of each role, one person.
_PERSON = {
    "hall": Text("一名营业员", "hall assistant"),
    "community_manager": Text("一名社区经理", "community manager"),
    "telephone_manager": Text("一名电话经理", "telephone manager"),
    "account_manager": Text("一名客户经理", "account manager"),
}
_ANYBODY = Text("一人", "person")


@dataclass(frozen=True)
class Told:
    """A limit with what came of it.

    Attributes:
        name: of the channel, budget, floor or segment.
        place: names of the unit, or None where the limit is for all places, or for none that is known.
        limit, used, short: in contacts, yuan, devices, subscribers.
        price: what one more unit is worth, in yuan; at a floor what one less to reach is worth.
        binds: whether it has a price.
        a_person: of a capacity how many contacts a day one more person makes, None where nobody works it.
        role: that person's.
    """

    of: Limit
    name: Text
    place: Text | None
    limit: float
    used: float
    short: float
    price: float
    binds: bool
    a_person: float | None = None
    role: str | None = None


def says(told: Told) -> Text:
    """The sentence."""
    if told.of.kind == "capacity":
        return _capacity(told)
    if told.of.kind == "budget":
        return _budget(told)
    if told.of.kind == "stock":
        return _stock(told)
    return _care(told) if told.of.share else _floor(told)


def _capacity(told: Told) -> Text:
    if not told.binds:
        return _loose(told, Text("产能", "The capacity"), Text("次接触", "contacts"))
    what, where, each = told.name, told.place or Text("", ""), _yuan(told.price)
    contact = Text(
        f"{where.zh}的{what.zh}多一次接触值 {each} 元",
        f"One more contact of {what.en} in {where.en} is worth {each} yuan",
    )
    if told.a_person is None:
        return Text(f"{contact.zh}。", f"{contact.en}.")
    person, a_day = _PERSON.get(told.role or "", _ANYBODY), _yuan(told.price * told.a_person)
    return Text(
        f"{where.zh}多{person.zh}（{what.zh}），每天值 {a_day} 元；多一次接触值 {each} 元。",
        f"One more {person.en} ({what.en}) in {where.en} is worth {a_day} yuan a day; one more contact {each} yuan.",
    )


def _budget(told: Told) -> Text:
    if not told.binds:
        return _loose(told, Text("预算", "The budget"), Text("元", "yuan"))
    where = told.place or Text("", "")
    return Text(
        f"{where.zh}{'的' if told.place else ''}预算“{told.name.zh}”再多 1 元，值 {_yuan(told.price)} 元。",
        f"One more yuan of the budget “{told.name.en}”{_in(told)} is worth {_yuan(told.price)} yuan.",
    )


def _stock(told: Told) -> Text:
    if not told.binds:
        return _loose(told, Text("库存", "The stock"), Text("台", "devices"))
    where = told.place or Text("", "")
    return Text(
        f"{where.zh}再多一台 {told.name.zh}，值 {_yuan(told.price)} 元。",
        f"One more {told.name.en}{_in(told)} is worth {_yuan(told.price)} yuan.",
    )


def _loose(told: Told, kind: Text, unit: Text) -> Text:
    """A limit without a price: something is left of it, or more would not be worth anything."""
    where = f"{told.place.zh}的" if told.place else ""
    named = Text(f"{where}{kind.zh}“{told.name.zh}”", f"{kind.en} “{told.name.en}”{_in(told)}")
    used = Text(
        f"{_many(told.used)}/{_many(told.limit)} {unit.zh}", f"{_many(told.used)} of {_many(told.limit)} {unit.en}"
    )
    if told.used >= told.limit and told.limit > 0:
        return Text(
            f"{named.zh}用满（{used.zh}），再多也不增加价值。",
            f"{named.en} is used up ({used.en}), and more of it would add no value.",
        )
    return Text(f"{named.zh}不构成限制（已用 {used.zh}）。", f"{named.en} does not bind ({used.en} used).")


def _floor(told: Told) -> Text:
    where = f"{told.place.zh}的" if told.place else ""
    named = Text(f"{where}下限“{told.name.zh}”", f"The floor “{told.name.en}”{_in(told)}")
    need, got = _many(told.limit), _many(told.used)
    fewer = _fewer(told)
    if told.short > 0:
        return Text(
            f"{named.zh}要 {need} 人，只能做到 {got} 人，差 {_many(told.short)} 人{fewer.zh}；降到 {got} 人即可满足。",
            f"{named.en} wants {need} and no more than {got} could be done, {_many(told.short)} short{fewer.en}; lowered to {got} it would be met.",
        )
    if told.binds:
        return Text(
            f"{named.zh}（{need} 人{fewer.zh}），这有代价：少要求 1 人，可多得 {_yuan(told.price)} 元。",
            f"{named.en} ({need}{fewer.en}) has a cost: asking for one less would bring {_yuan(told.price)} yuan.",
        )
    return Text(
        f"{named.zh}（{need} 人{fewer.zh}）没有代价，做到 {got} 人。",
        f"{named.en} ({need}{fewer.en}) costs nothing: {got} are done.",
    )


def _fewer(told: Told) -> Text:
    """Where a floor asks for more than can be contacted at all."""
    if told.of.asked <= told.of.amount:
        return Text("", "")
    asked, could = _many(told.of.asked), _many(told.of.amount)
    return Text(
        f"，原要求 {asked} 人，可接触的只有 {could} 人", f", {asked} asked for and only {could} can be contacted"
    )


def _care(told: Told) -> Text:
    share = number_shown(told.of.share, "share")
    named = Text(
        f"“{told.name.zh}”接触中关怀至少占 {share}", f"At least {share} of the contacts of “{told.name.en}” are care"
    )
    got = Text(
        f"应为 {_many(told.limit)} 次，做到 {_many(told.used)} 次",
        f"{_many(told.limit)} asked for, {_many(told.used)} done",
    )
    if told.short > 0:
        return Text(
            f"{named.zh}：{got.zh}，差 {_many(told.short)} 次；下调这一占比，或为该群增加关怀。",
            f"{named.en}: {got.en}, {_many(told.short)} short; lower the share, or give the segment more care to be offered.",
        )
    if told.binds:
        return Text(
            f"{named.zh}，这有代价：少要求 1 次关怀，可多得 {_yuan(told.price)} 元（{got.zh}）。",
            f"{named.en}, at a cost: asking for one contact of care less would bring {_yuan(told.price)} yuan ({got.en}).",
        )
    return Text(f"{named.zh}，没有代价（{got.zh}）。", f"{named.en}, which costs nothing ({got.en}).")


def _in(told: Told) -> str:
    return f" in {told.place.en}" if told.place else ""


def _yuan(amount: float) -> str:
    return f"{amount:,.2f}" if amount >= 0.1 else f"{amount:.4f}"


def _many(amount: float) -> str:
    """A count as it is; money with its fen."""
    return f"{amount:,.2f}".removesuffix(".00")
