"""A folder of YAML to one playbook. Collects every finding; raises only at the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from basekeep.kernel.findings import Finding, Place, near_names
from basekeep.kernel.text import Text
from basekeep.playbook.declarations import Overlay, Playbook
from basekeep.playbook.schema_findings import findings_of
from basekeep.playbook.yaml_tree import Path_, Spot, YamlTree, read_yaml

_Model = TypeVar("_Model", bound=BaseModel)
_SECTIONS = ("parameters", "metrics", "segments", "scorecards", "reports")


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

    def place_in(self, path: Path_, value: str, offset: int) -> Place:
        """The place of a character of a value: the n-th visible one of the value is the n-th one in the file."""
        spot = self.spots.get(path)
        if spot is None:
            return self.place(path)
        text = self.texts[spot.place.file]
        visible = len("".join(value[:offset].split()))
        at = _after_indicator(text, spot.offset)
        while at < len(text) and (visible or text[at].isspace()):
            visible -= not text[at].isspace()
            at += 1
        line = text.count("\n", 0, at) + 1
        return Place(spot.place.file, line, at - (text.rfind("\n", 0, at) + 1) + 1)


@dataclass(frozen=True)
class Loaded:
    """A playbook as far as it could be read, with its sources and findings."""

    playbook: Playbook | None
    sources: Sources
    findings: tuple[Finding, ...]


def _after_indicator(text: str, at: int) -> int:
    if text[at : at + 1] in "|>":
        return text.find("\n", at) + 1
    return at + 1 if text[at : at + 1] in "\"'" else at


def load(folder: Path, shown: str = "playbook") -> Loaded:
    """Read every `*.yaml` of the folder, and its `overlays/`.

    Args:
        folder: the playbook's folder.
        shown: how findings name the folder.
    """
    sources = Sources()
    findings: list[Finding] = []
    merged: dict[str, Any] = {}
    files = sorted(folder.glob("*.yaml"))
    if not files:
        findings.append(_no_files(shown))
    for path in files:
        tree = read_yaml(path, f"{shown}/{path.name}")
        findings.extend(tree.findings)
        _merge(tree, merged, sources, findings)
    merged["overlays"] = _overlays(folder / "overlays", f"{shown}/overlays", sources, findings)
    playbook = _validated(Playbook, merged, (), sources, findings)
    return Loaded(playbook, sources, tuple(findings))


def _merge(tree: YamlTree, merged: dict[str, Any], sources: Sources, findings: list[Finding]) -> None:
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
            findings.append(_unknown_section(tree, section, merged))


def _merge_section(
    tree: YamlTree, section: str, content: dict[str, Any], merged: dict[str, Any], sources: Sources, out: list[Finding]
) -> None:
    target = merged.setdefault(section, {})
    sources.keys.setdefault((section,), tree.keys[(section,)])
    for name, value in content.items():
        if name in target:
            out.append(_declared_twice(tree.keys[(section, name)], section, name, sources.keys[(section, name)]))
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
        if _validated(Overlay, tree.value if tree.value is not None else {}, under, sources, findings):
            found[path.stem] = tree.value
    return found


def _validated(
    model: type[_Model], value: Any, under: Path_, sources: Sources, findings: list[Finding]
) -> _Model | None:
    try:
        return model.model_validate(value)
    except ValidationError as error:
        findings.extend(findings_of(error, under, sources.place))
        return None


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
        Text(f"顶层的键有：{'、'.join(_SECTIONS)}。", f"The keys at the top are: {', '.join(_SECTIONS)}."),
    )


def _unknown_section(tree: YamlTree, section: str, merged: dict[str, Any]) -> Finding:
    again = section == "playbook" and "playbook" in merged
    what = Text(f"{section!r} 重复", f"{section!r} stands twice") if again else _wrong_section(section)
    return Finding(
        "playbook.unknown_key",
        tree.keys[(section,)],
        what,
        Text(
            f"顶层的键有：playbook、{'、'.join(_SECTIONS)}。",
            f"The keys at the top are: playbook, {', '.join(_SECTIONS)}.",
        ),
        near_names(section, ("playbook", *_SECTIONS)),
    )


def _wrong_section(section: str) -> Text:
    if section in _SECTIONS:
        return Text(f"{section!r} 之下应为“名称: 内容”", f"under {section!r} names with contents are expected")
    return Text(f"不认识的键 {section!r}", f"unknown key {section!r}")


def _declared_twice(here: Place, section: str, name: str, first: Place) -> Finding:
    return Finding(
        "playbook.declared_twice",
        here,
        Text(f"{section} 中的 {name!r} 已在 {first} 声明", f"{name!r} of {section} is already declared at {first}"),
        Text("删去其中一个或改名。", "Remove one of them or rename it."),
    )
