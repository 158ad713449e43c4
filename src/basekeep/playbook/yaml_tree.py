"""YAML to plain values, with the place of every key and value. Scalars stay text, so numbers stay exact."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from basekeep.kernel.findings import Finding, Place
from basekeep.kernel.text import Text

Path_ = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a value begins: line and column from 1, and its offset in the file's text."""

    place: Place
    offset: int


@dataclass
class YamlTree:
    """One file read: plain values, the spots of values and keys by path, and what was wrong."""

    file: str
    text: str = ""
    value: Any = None
    spots: dict[Path_, Spot] = field(default_factory=dict)
    keys: dict[Path_, Place] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def read_yaml(path: Path, shown: str) -> YamlTree:
    """Read a file; faults become findings that name it as `shown`."""
    tree = YamlTree(shown)
    try:
        tree.text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        tree.findings.append(_unreadable(shown, error))
        return tree
    try:
        node = YAML(typ="safe", pure=True).compose(tree.text)
    except MarkedYAMLError as error:
        tree.findings.append(_broken(shown, error))
        return tree
    except YAMLError as error:
        tree.findings.append(_unreadable(shown, error))
        return tree
    if node is not None:
        tree.value = _plain(node, (), tree)
    return tree


def _plain(node: Node, path: Path_, tree: YamlTree) -> Any:
    tree.spots[path] = Spot(_place(tree, node.start_mark), node.start_mark.index)
    if isinstance(node, ScalarNode):
        return None if str(node.tag).endswith(":null") and not node.style else node.value
    if isinstance(node, SequenceNode):
        return [_plain(item, (*path, index), tree) for index, item in enumerate(node.value)]
    assert isinstance(node, MappingNode)
    return _mapping(node, path, tree)


def _mapping(node: MappingNode, path: Path_, tree: YamlTree) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        here = _place(tree, key_node.start_mark)
        if key in found:
            tree.findings.append(_twice(here, key, tree.keys[(*path, key)]))
            continue
        tree.keys[(*path, key)] = here
        found[key] = _plain(value_node, (*path, key), tree)
    return found


def _place(tree: YamlTree, mark: Any) -> Place:
    return Place(tree.file, mark.line + 1, mark.column + 1)


def _twice(here: Place, key: str, first: Place) -> Finding:
    return Finding(
        "yaml.key_twice",
        here,
        Text(
            f"键 {key!r} 出现了两次，第一次在第 {first.line} 行",
            f"the key {key!r} stands twice, first at line {first.line}",
        ),
        Text("删去其中一个或改名。", "Remove one of them or rename it."),
    )


def _broken(shown: str, error: MarkedYAMLError) -> Finding:
    mark = error.problem_mark or error.context_mark
    place = Place(shown, mark.line + 1, mark.column + 1) if mark else Place(shown)
    problem = str(error.problem or error.context or "")
    return Finding(
        "yaml.broken",
        place,
        Text(f"不是合法的 YAML：{problem}", f"not valid YAML: {problem}"),
        Text(
            "检查这一行及上一行的缩进、冒号和引号。",
            "Look at the indentation, colons and quotes here and on the line above.",
        ),
    )


def _unreadable(shown: str, error: Exception) -> Finding:
    reason = getattr(error, "strerror", None) or getattr(error, "reason", None) or type(error).__name__
    return Finding(
        "yaml.unreadable",
        Place(shown),
        Text(f"文件读不出来：{reason}", f"the file cannot be read: {reason}"),
        Text("文件应为 UTF-8 编码的 YAML。", "The file should be YAML in UTF-8."),
    )
