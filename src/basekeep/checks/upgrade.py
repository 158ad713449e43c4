"""What the enterprise upgrade names is there: metrics of the right kind that are columns of the profile, price tiers."""

from __future__ import annotations

from collections.abc import Iterator

from basekeep.kernel.findings import Finding, near_names
from basekeep.kernel.text import Text
from basekeep.playbook.loading import Sources
from basekeep.playbook.meaning import Meaning
from basekeep.playbook.upgrade import Upgrade

# Which key names which kind of metric.
_WANTED = {"policy_class": "classes", "policy_kind": "classes", "not_on_5g": "when", "not_on_5g_before": "when"}


def check(meaning: Meaning, sources: Sources) -> Iterator[Finding]:
    """Findings for metrics that are not there or cannot serve, and for tiers that are not there."""
    if meaning.playbook.upgrade is not None:
        yield from _metrics(meaning, meaning.playbook.upgrade, sources)
        yield from _tiers(meaning.playbook.upgrade, sources)


def _metrics(meaning: Meaning, upgrade: Upgrade, sources: Sources) -> Iterator[Finding]:
    playbook = meaning.playbook
    for key, kind in _WANTED.items():
        name = getattr(upgrade, key)
        if ("metrics", name) in meaning.broken:
            continue
        metric = playbook.metrics.get(name)
        place = sources.value_place(("upgrade", key))
        if metric is None:
            what = Text(f"没有指标 {name!r}", f"there is no metric {name!r}")
            do = Text("写一个已声明的指标。", "Name a metric that is declared.")
            yield Finding("upgrade.unknown_metric", place, what, do, near_names(name, playbook.metrics))
        elif getattr(metric, kind) is None or not metric.profile:
            what = Text(f"指标 {name!r} 不能用在这里", f"the metric {name!r} cannot serve here")
            do = Text(
                f"这里要有 {kind} 且 profile: true 的指标。", f"It takes a metric with {kind} and with profile: true."
            )
            yield Finding("upgrade.unsuitable_metric", place, what, do)


def _tiers(upgrade: Upgrade, sources: Sources) -> Iterator[Finding]:
    tiers = upgrade.devices.tiers if upgrade.devices else {}
    for name, extra in (upgrade.rewards.device_extras if upgrade.rewards else {}).items():
        if extra.tier is not None and extra.tier not in tiers:
            yield Finding(
                "upgrade.unknown_tier",
                sources.value_place(("upgrade", "rewards", "device_extras", name, "tier")),
                Text(f"没有价位 {extra.tier!r}", f"there is no price tier {extra.tier!r}"),
                Text("价位见 upgrade.devices.tiers。", "The tiers stand under upgrade.devices.tiers."),
                near_names(extra.tier, tiers),
            )
