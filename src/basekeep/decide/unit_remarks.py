"""What the playbook says of units that are not there: named, with the key that names them."""

from __future__ import annotations

from collections.abc import Iterable

from basekeep.decide.places import Places
from basekeep.kernel.findings import near_names
from basekeep.kernel.text import Text
from basekeep.run.remarks import Remark

_SHOWN = 5


def strange_units(places: Places, key: str, units: Iterable[str], level: str) -> list[Remark]:
    """Units that are not there, or not of the level; what is said of them holds for nobody.

    Args:
        key: what in the playbook names them under `units`, `channels.hall` say.
    """
    there = [places.units[unit] for unit in places.at(level).tolist()]
    strange = sorted(set(units) - set(there))
    if not strange:
        return []
    more, near = len(strange) > _SHOWN, near_names(strange[0], there)
    what = Text(
        f"没有（或不是 {level} 级）的机构，写了也不计：{'、'.join(strange[:_SHOWN])}{'……' if more else ''}",
        f"units that are not there, or not of level {level}, and count for nothing: {', '.join(strange[:_SHOWN])}{', …' if more else ''}",
    )
    do = Text(
        f"改正策略手册 {key}.units 中的 unit_id{_near(strange[0], near).zh}。",
        f"Correct the unit_id in {key}.units of the playbook{_near(strange[0], near).en}.",
    )
    return [Remark("playbook.unknown_unit", f"{key}.units", len(strange), what, do)]


def _near(name: str, near: tuple[str, ...]) -> Text:
    if not near:
        return Text("", "")
    return Text(f"；与 {name} 相近的有 {'、'.join(near)}", f"; near {name} are {', '.join(near)}")
