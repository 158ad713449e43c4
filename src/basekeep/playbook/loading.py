"""A folder of YAML to one playbook. Collects every finding; raises only at the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from basekeep.kernel.findings import Finding, Place, near_names
from basekeep.kernel.text import Text
from basekeep.playbook.declarations import Playbook
from basekeep.playbook.faults import short
from basekeep.playbook.scalars import offset_in_file
from basekeep.playbook.schema_findings import findings_of
from basekeep.playbook.yaml_tree import Path_, Spot, YamlTree, read_yaml

_SECTIONS = (
    "parameters", "metrics", "segments", "group_metrics", "group_segments", "unit_metrics", "unit_segments", "scorecards",
    "reports", "upgrade", "channels", "campaigns", "offers", "contact_policy", "budgets", "floors", "hold_outs", "decisions",
    "whatif",
)  # fmt: skip
# Sections that are one declaration: where one key is faulty, none of it can be checked further.
_WHOLE = ("upgrade", "contact_policy", "hold_outs", "decisions")
_TOP_KEYS = Text(
    f"顶层的键有：playbook、{'、'.join(_SECTIONS)}。", f"The keys at the top are: playbook, {', '.join(_SECTIONS)}."
)


@dataclass
class Sources:
    """Where each declaration stands: spots by path in the merged playbook, and the text of each file."""

    spots: dict[Path_, Spot] = field(default_factory=dict)
    keys: dict[Path_, Place] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    def place(self, path: Path_) -> Place:
        """The place of a key, or of the nearest thing above it."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.keys:
                return self.keys[path[:end]]
            if path[:end] in self.spots:
                return self.spots[path[:end]].place
        return Place("playbook")

    def value_place(self, path: Path_) -> Place:
        """The place of a value, or of its key where it has no place of its own."""
        spot = self.spots.get(path)
        return spot.place if spot else self.place(path)

    def place_in(self, path: Path_, value: str, offset: int) -> Place:
        """The place of a character of a value, however the file writes it."""
        spot = self.spots.get(path)
        if spot is None:
            return self.place(path)
        text = self.texts[spot.place.file]
        at = offset_in_file(text, spot.offset, spot.style, value, offset)
        return Place(spot.place.file, text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))


@dataclass(frozen=True)
class Loaded:
    """A playbook as far as it could be read, with its sources and findings.

    `playbook` is there only where every file and declaration could be read. `readable` is what could, so that the rest
    is checked as well; `broken` names, as (section, name), the declarations that are missing from it: all of a section
    where the name is empty.
    """

    playbook: Playbook | None
    sources: Sources
    findings: tuple[Finding, ...]
    readable: Playbook | None = None
    broken: frozenset[tuple[str, str]] = frozenset()


def load(folder: Path, shown: str = "playbook") -> Loaded:
    """Read every `*.yaml` of the folder, and its `overlays/`.

    Args:
        folder: the playbook's folder.
        shown: how findings name the folder.
    """
    sources = Sources()
    findings: list[Finding] = []
    merged: dict[str, Any] = {}
    unread: set[str] = set()
    files = sorted(folder.glob("*.yaml"))
    if not files:
        findings.append(_no_files(shown))
    for path in files:
        tree = read_yaml(path, f"{shown}/{path.name}")
        findings.extend(tree.findings)
        _merge(tree, merged, sources, findings, unread)
    merged["overlays"] = _overlays(folder / "overlays", f"{shown}/overlays", sources, findings)
    faulty = _faulty(merged, sources, findings)
    readable = Playbook.model_validate(_without(merged, faulty))
    broken = frozenset((str(path[0]), str(path[1])) for path in faulty if len(path) > 1)
    broken |= {(section, "") for section in unread}
    return Loaded(None if findings else readable, sources, tuple(findings), readable, broken)


def _faulty(merged: dict[str, Any], sources: Sources, findings: list[Finding]) -> list[Path_]:
    """Adds what is wrong with the declarations to the findings, and gives the paths where it is."""
    try:
        Playbook.model_validate(merged)
    except ValidationError as error:
        findings.extend(findings_of(error, Playbook, (), sources.place, sources.value_place))
        return [fault["loc"] for fault in error.errors()]
    return []


def _without(merged: dict[str, Any], faulty: list[Path_]) -> dict[str, Any]:
    """The declarations without the faulty ones; of an overlay only its faulty value, and a plain head for a faulty one."""
    kept = {section: dict(content) for section, content in merged.items() if isinstance(content, dict)}
    for section, *path in faulty:
        if section == "playbook":
            kept["playbook"] = {"name": {"zh": "?", "en": "?"}}
        elif section in _WHOLE:
            kept.pop(str(section), None)
        elif section == "overlays" and path[1:2] == ["parameters"] and len(path) > 2 and path[0] in kept["overlays"]:
            overlay = kept["overlays"][path[0]]
            values = {name: value for name, value in overlay["parameters"].items() if name != path[2]}
            kept["overlays"][path[0]] = {**overlay, "parameters": values}
        else:
            kept[str(section)].pop(path[0], None)
    return kept


def _merge(tree: YamlTree, merged: dict[str, Any], sources: Sources, findings: list[Finding], unread: set[str]) -> None:
    sources.texts[tree.file] = tree.text
    if tree.value is None:
        return
    if not isinstance(tree.value, dict):
        findings.append(_not_a_mapping(tree.file))
        return
    for section, content in tree.value.items():
        if section == "playbook" and "playbook" not in merged:
            merged["playbook"] = content
            _keep(tree, (section,), sources)
        elif section in _SECTIONS and isinstance(content, dict | None):
            _merge_section(tree, section, content or {}, merged, sources, findings)
        else:
            wrong = _wrong_section(tree, section, sources)
            findings.append(wrong)
            # What stands under a slip of a section's name is missing from that section.
            unread.update({section} & {*_SECTIONS} or wrong.near[:1])


def _merge_section(
    tree: YamlTree, section: str, content: dict[str, Any], merged: dict[str, Any], sources: Sources, out: list[Finding]
) -> None:
    target = merged.setdefault(section, {})
    sources.keys.setdefault((section,), tree.keys[(section,)])
    for name, value in content.items():
        if name in target:
            out.append(_declared_twice(tree.keys[(section, name)], name, sources.keys[(section, name)]))
            continue
        target[name] = value
        _keep(tree, (section, name), sources)


def _keep(tree: YamlTree, under: Path_, sources: Sources) -> None:
    depth = len(under)
    sources.spots.update({path: spot for path, spot in tree.spots.items() if path[:depth] == under})
    sources.keys.update({path: place for path, place in tree.keys.items() if path[:depth] == under})


def _overlays(folder: Path, shown: str, sources: Sources, findings: list[Finding]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for path in sorted(folder.glob("*.yaml")):
        tree = read_yaml(path, f"{shown}/{path.name}")
        findings.extend(tree.findings)
        sources.texts[tree.file] = tree.text
        under: Path_ = ("overlays", path.stem)
        sources.spots.update({(*under, *at): spot for at, spot in tree.spots.items()})
        sources.keys.update({(*under, *at): place for at, place in tree.keys.items()})
        sources.keys.setdefault(under, Place(tree.file, 1, 1))
        if not tree.findings:
            found[path.stem] = tree.value if tree.value is not None else {}
    return found


def _no_files(shown: str) -> Finding:
    return Finding(
        "playbook.none",
        Place(shown),
        Text("这里没有策略手册文件（*.yaml）", "there is no playbook file (*.yaml) here"),
        Text(
            "用 basekeep new 建一个带有自带策略手册的工作区。",
            "Make a workspace with the shipped playbook: basekeep new DIR.",
        ),
    )


def _not_a_mapping(file: str) -> Finding:
    return Finding(
        "playbook.not_a_mapping",
        Place(file, 1, 1),
        Text("文件顶层应为“键: 值”", "the file's top level should be keys with values"),
        _TOP_KEYS,
    )


def _wrong_section(tree: YamlTree, section: str, sources: Sources) -> Finding:
    if section == "playbook":
        return _declared_twice(tree.keys[(section,)], section, sources.keys[(section,)])
    if section in _SECTIONS:
        return Finding(
            "playbook.bad_value",
            tree.spots[(section,)].place,
            Text(f"{section!r} 之下应为“名称: 内容”", f"under {section!r} names with contents are expected"),
            Text("每个名称一行，内容缩进在下。", "One name a line, its contents indented below."),
        )
    return Finding(
        "playbook.unknown_key",
        tree.keys[(section,)],
        Text(f"不认识的键 {short(section)}", f"unknown key {short(section)}"),
        _TOP_KEYS,
        near_names(section[:60], ("playbook", *_SECTIONS)),
    )


def _declared_twice(here: Place, name: str, first: Place) -> Finding:
    return Finding(
        "playbook.declared_twice",
        here,
        Text(f"{name!r} 已在 {first} 声明", f"{name!r} is already declared at {first}"),
        Text("删去其中一个或改名。", "Remove one of them or rename it."),
    )
