"""An overlay changes parameters that exist, within their bounds."""

from __future__ import annotations

from collections.abc import Iterator

from basekeep.kernel.findings import Finding, near_names
from basekeep.kernel.text import Text
from basekeep.playbook import terms as t
from basekeep.playbook.loading import Sources
from basekeep.playbook.meaning import Fault, Meaning
from basekeep.playbook.places import expressions
from basekeep.playbook.walk import walk


def check(meaning: Meaning, sources: Sources) -> Iterator[Finding]:
    """Findings for unknown parameters, values out of bounds, and shares of percentiles, which are the base's alone."""
    playbook = meaning.playbook
    shares = _percentile_shares(meaning)
    for unit, overlay in playbook.overlays.items():
        for name, value in overlay.parameters.items():
            place = sources.place(("overlays", unit, "parameters", name))
            declared = playbook.parameters.get(name)
            if declared is None:
                yield Finding(
                    "overlay.unknown_parameter",
                    place,
                    Text(f"没有参数 {name!r}", f"there is no parameter {name!r}"),
                    Text("参数见 parameters.yaml。", "The parameters stand in parameters.yaml."),
                    near_names(name, playbook.parameters),
                )
            elif not declared.min <= value <= declared.max:
                yield Finding(
                    "overlay.out_of_bounds",
                    place,
                    Text(f"读到 {value}，超出 {declared.min} 至 {declared.max}", f"read {value}, outside {declared.min} to {declared.max}"),
                    Text("取范围内的值，或修改参数的 min、max。", "Choose a value within, or change the parameter's min and max."),
                )  # fmt: skip
            elif name in shares:
                yield Finding(
                    "overlay.base_parameter",
                    place,
                    Text(f"{name!r} 是全体用户的分位，不能按地市、区县设置", f"{name!r} is a percentile of the whole base and cannot be set by unit"),
                    Text("改用 base_percentile(…, by=city_id)。", "Use base_percentile(…, by=city_id) instead."),
                )  # fmt: skip


def _percentile_shares(meaning: Meaning) -> set[str]:
    found = set()
    for written in expressions(meaning.playbook):
        try:
            term = meaning.term(written.text)
        except Fault:
            continue
        for part in walk(term):
            if isinstance(part, t.BaseStatistic) and isinstance(part.share, t.ParameterValue):
                found.add(part.share.name)
    return found
