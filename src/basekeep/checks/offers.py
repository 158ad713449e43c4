"""Offers speak of segments, channels and campaigns that are there, and can be offered at some time to somebody."""

from __future__ import annotations

from collections.abc import Iterator

from basekeep.checks.named import CAMPAIGN, CHANNEL, SERVED, Names
from basekeep.kernel.findings import Finding
from basekeep.kernel.text import Text
from basekeep.playbook.loading import Sources
from basekeep.playbook.meaning import Meaning
from basekeep.playbook.offers import Offer

# Segments, and benefit families, are the bits of one whole number.
_MOST = 60


def check(meaning: Meaning, sources: Sources) -> Iterator[Finding]:
    """Findings of every offer by itself, and of all together."""
    names = Names(meaning, sources)
    for name, offer in meaning.playbook.offers.items():
        yield from _names(name, offer, names)
        yield from _dates(name, offer, sources)
        yield from _prices(name, offer, sources)
        yield from _idle(name, offer, sources)
    yield from _decisions(meaning, sources)
    yield from _too_many(meaning, sources)


def _names(name: str, offer: Offer, names: Names) -> Iterator[Finding]:
    path = ("offers", name)
    yield from names.value(CAMPAIGN, (*path, "campaign"), offer.campaign)
    yield from names.keys(SERVED, (*path, "serves"), offer.serves)
    for segment, chances in offer.serves.items():
        yield from names.keys(CHANNEL, (*path, "serves", segment), chances)
    yield from names.keys(CHANNEL, (*path, "scripts"), offer.scripts)


def _dates(name: str, offer: Offer, sources: Sources) -> Iterator[Finding]:
    if offer.valid_from and offer.valid_until and offer.valid_from > offer.valid_until:
        yield Finding(
            "offer.ends_before_it_begins",
            sources.value_place(("offers", name, "valid_until")),
            Text(
                f"有效期到 {offer.valid_until} 为止，却从 {offer.valid_from} 才开始",
                f"it is there until {offer.valid_until}, and only from {offer.valid_from}",
            ),
            Text("valid_until 不能早于 valid_from。", "valid_until must not be before valid_from."),
        )


def _prices(name: str, offer: Offer, sources: Sources) -> Iterator[Finding]:
    least, most = (offer.device.least_yuan, offer.device.most_yuan) if offer.device else (None, None)
    if least is not None and most is not None and least > most:
        yield Finding(
            "offer.no_device",
            sources.value_place(("offers", name, "device", "most_yuan")),
            Text("价格上限低于下限，没有终端符合", "the greatest price is below the least: no device fits"),
            Text("most_yuan 不能小于 least_yuan。", "most_yuan must not be below least_yuan."),
        )


def _idle(name: str, offer: Offer, sources: Sources) -> Iterator[Finding]:
    """What is written and can never come about."""
    if not any(share for chances in offer.serves.values() for share in chances.values()):
        yield Finding(
            "offer.no_chance",
            sources.place(("offers", name, "serves")),
            Text("所有成功概率都是 0，不会推给任何人", "every probability is 0: it will be offered to nobody"),
            Text("写大于 0 的概率，或删去它。", "Give a probability above 0, or remove it."),
            severity="warning",
        )
    used = {channel for chances in offer.serves.values() for channel in chances}
    for channel in offer.scripts:
        if channel not in used:
            yield Finding(
                "offer.script_unused",
                sources.place(("offers", name, "scripts", channel)),
                Text(
                    f"不走渠道 {channel!r}，它的话术用不上",
                    f"it does not go through {channel!r}: the script is not used",
                ),
                Text("在 serves 里加上这个渠道，或删去话术。", "Add the channel under serves, or remove the script."),
                severity="warning",
            )


def _decisions(meaning: Meaning, sources: Sources) -> Iterator[Finding]:
    playbook = meaning.playbook
    broken = any(section == "decisions" for section, _ in meaning.broken)
    if playbook.offers and playbook.decisions is None and not broken:
        yield Finding(
            "decisions.missing",
            sources.place(("offers",)),
            Text("有 offers 而没有 decisions", "there are offers and no section decisions"),
            Text(
                "写 decisions: {own_use: 指标}，客户付出与该指标相比。",
                "Write decisions: {own_use: METRIC}; what customers pay is held against that metric.",
            ),
        )


def _too_many(meaning: Meaning, sources: Sources) -> Iterator[Finding]:
    offers = meaning.playbook.offers.values()
    counted = (
        ({segment for offer in offers for segment in offer.serves}, Text("用户群和评分卡", "segments and scorecards")),
        ({offer.benefit_family for offer in offers} - {None}, Text("优惠种类", "benefit families")),
        (set(meaning.playbook.channels), Text("渠道", "channels")),
    )
    for found, word in counted:
        if len(found) > _MOST:
            yield Finding(
                "offer.too_many",
                sources.place(("offers",)),
                Text(f"{word.zh}有 {len(found)} 个", f"there are {len(found)} {word.en}"),
                Text(f"最多 {_MOST} 个，请合并。", f"{_MOST} are the most; put some together."),
            )
