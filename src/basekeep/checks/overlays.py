"""An overlay changes parameters that exist, within their bounds."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from basekeep.kernel.findings import Finding, near_names
from basekeep.kernel.text import Text
from basekeep.playbook import terms as t
from basekeep.playbook.declarations import Parameter
from basekeep.playbook.families import FAMILY_PARAMETERS
from basekeep.playbook.loading import Sources
from basekeep.playbook.meaning import Fault, Meaning
from basekeep.playbook.numbers import number_text
from basekeep.playbook.places import expressions
from basekeep.playbook.walk import walk

_Path = tuple[str, ...]


def check(meaning: Meaning, sources: Sources) -> Iterator[Finding]:
    """Findings for unknown parameters, values out of bounds, shares of percentiles and numbers of families, which are the base's alone."""
    playbook = meaning.playbook
    shares = _percentile_shares(meaning)
    for unit, overlay in playbook.overlays.items():
        for name, value in overlay.parameters.items():
            path = ("overlays", unit, "parameters", name)
            declared = playbook.parameters.get(name)
            if declared is None:
                if ("parameters", name) not in meaning.broken:
                    yield _unknown(sources, path, name, list(playbook.parameters))
            elif not declared.min <= value <= declared.max:
                yield _out_of_bounds(sources, path, declared, value)
            elif name in shares:
                yield _of_the_base(sources, path, name)
            elif name in FAMILY_PARAMETERS:
                yield _of_families(sources, path, name)


def _unknown(sources: Sources, path: _Path, name: str, known: list[str]) -> Finding:
    return Finding(
        "overlay.unknown_parameter",
        sources.place(path),
        Text(f"没有参数 {name!r}", f"there is no parameter {name!r}"),
        Text("参数见 parameters.yaml。", "The parameters stand in parameters.yaml."),
        near_names(name, known),
    )


def _out_of_bounds(sources: Sources, path: _Path, declared: Parameter, value: Fraction) -> Finding:
    read, low, high = (number_text(number, declared.unit) for number in (value, declared.min, declared.max))
    return Finding(
        "overlay.out_of_bounds",
        sources.value_place(path),
        Text(f"读到 {read}，超出 {low} 至 {high}", f"read {read}, outside of {low} to {high}"),
        Text("取范围内的值，或修改参数的 min、max。", "Choose a value within, or change the parameter's min and max."),
    )


def _of_the_base(sources: Sources, path: _Path, name: str) -> Finding:
    return Finding(
        "overlay.base_parameter",
        sources.place(path),
        Text(f"{name!r} 是全体用户的分位，不能按地市、区县设置", f"{name!r} is a percentile of the whole base and cannot be set by unit"),
        Text("改用 base_percentile(…, by=city_id)。", "Use base_percentile(…, by=city_id) instead."),
    )  # fmt: skip


def _of_families(sources: Sources, path: _Path, name: str) -> Finding:
    return Finding(
        "overlay.family_parameter",
        sources.place(path),
        Text(f"{name!r} 用于在全体用户中找家庭，不能按地市、区县设置", f"{name!r} is how families are found in the whole base and cannot be set by unit"),
        Text("在 parameters.yaml 中设置。", "Set it in parameters.yaml."),
    )  # fmt: skip


def _percentile_shares(meaning: Meaning) -> set[str]:
    found = set()
    for written in expressions(meaning.playbook):
        try:
            term = meaning.written(written)
        except Fault:
            continue
        for part in walk(term):
            if isinstance(part, t.BaseStatistic) and isinstance(part.share, t.ParameterValue):
                found.add(part.share.name)
    return found
