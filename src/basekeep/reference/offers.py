"""What the shipped playbook declares of decisions: its offers as one table and one paragraph each, the rest key by key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from basekeep.playbook.declarations import Playbook
from basekeep.playbook.declared import Bilingual
from basekeep.playbook.numbers import number_text
from basekeep.playbook.offers import Offer
from basekeep.reference.declared import keys_table, said
from basekeep.reference.markdown import both, cell, code, table

_KINDS = {"sell": "营销 sell", "care": "关怀 care"}
_CONDITIONS = (("eligible", "资格 eligible"), ("applicable", "时机 applicable"), ("suitable", "适合 suitable"))


def offers_section(playbook: Playbook) -> str:
    """Channels, campaigns, all offers, the contact policy, budgets, floors, hold-outs."""
    parts = ["### 渠道 Channels", _declared(playbook.channels.items())]
    parts += ["### 营销活动 Campaigns", _declared(playbook.campaigns.items())]
    parts += ["### 营销案与关怀 Offers and care", _overview(playbook)]
    parts += [_offer(name, offer) for name, offer in playbook.offers.items()]
    parts += ["### 接触规则 Contact policy", keys_table(playbook.contact_policy)]
    parts += ["### 预算 Budgets", _declared(playbook.budgets.items())]
    parts += ["### 下限 Floors", _declared(playbook.floors.items())]
    for heading, whole in (("### 对照组 Hold-outs", playbook.hold_outs), ("### 决策 Decisions", playbook.decisions)):
        if whole is not None:
            parts += [heading, keys_table(whole)]
    return "\n\n".join(parts)


def _declared(items: Iterable[tuple[str, object]]) -> str:
    return table(("名称 name", "内容 holds"), [(code(name), said(item)) for name, item in items])


def _overview(playbook: Playbook) -> str:
    heads = ("营销案 offer", "中文", "English", "类型 kind", "活动 campaign", "对象 serves", "优惠 benefit")
    return table(heads, [_line(name, offer) for name, offer in playbook.offers.items()])


def _line(name: str, offer: Offer) -> tuple[str, ...]:
    benefit = f"{number_text(offer.benefit_yuan, '')}" if offer.benefit_yuan else ""
    serves = " ".join(map(code, offer.serves))
    return (
        code(name), cell(offer.name.zh), cell(offer.name.en), _KINDS[offer.kind], code(offer.campaign), serves, benefit,
    )  # fmt: skip


def _offer(name: str, offer: Offer) -> str:
    facts = [f"- {says}: {code(text)}" for key, says in _CONDITIONS if (text := getattr(offer, key)) is not None]
    facts.append(f"- 价值 value: {code(offer.value)}")
    for key, says in (
        ("customer_pays", "客户付出 customer pays"),
        ("event", "赶在之前 before"),
        ("device", "终端 device"),
    ):
        if (part := getattr(offer, key)) is not None:
            facts.append(f"- {says}: {said(part)}")
    facts += [f"- {code(segment)}: {_chances(chances)}" for segment, chances in offer.serves.items()]
    facts += [_script("话术 script", offer.script)]
    facts += [_script(f"话术 script {code(channel)}", text) for channel, text in offer.scripts.items()]
    return "\n\n".join([f"#### `{name}` {both(offer.name.text)}", "\n".join(facts)])


def _chances(chances: Mapping[str, Fraction]) -> str:
    return ", ".join(f"{code(channel)} {number_text(share, 'share')}" for channel, share in chances.items())


def _script(says: str, text: Bilingual) -> str:
    return f"- {says}: {both(text.text)}"
