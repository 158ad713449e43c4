"""YAML to plain values, with the place of every key and value. Scalars stay text, so numbers stay exact."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from basekeep.kernel.findings import Finding, Place
from basekeep.kernel.text import Text
from basekeep.playbook.yaml_problems import problem, stands_at_beginning

Path_ = tuple[str | int, ...]
# Walls against files that would cost time and not be read by anybody: far above any playbook's size.
_LARGEST_BYTES = 500_000
_MOST_VALUES = 20_000
_DEEPEST = 40
_BRACKET = re.compile(r"[\[\]{}]")


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a value begins: line and column from 1, its offset in the file's text, and how it is written.

    `style` is `|`, `>` or a quote for a scalar, and empty for anything else.
    """

    place: Place
    offset: int
    style: str = ""


@dataclass
class YamlTree:
    """One file read: plain values, the spots of values and keys by path, and what was wrong."""

    file: str
    text: str = ""
    value: Any = None
    spots: dict[Path_, Spot] = field(default_factory=dict)
    keys: dict[Path_, Place] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


class _Unfolds(Exception):
    """A file that refers to itself, or unfolds into more than anybody wrote."""


def read_yaml(path: Path, shown: str) -> YamlTree:
    """Read a file; faults become findings that name it as `shown`."""
    tree = YamlTree(shown)
    content = _content(path, tree)
    if content is None:
        return tree
    tree.text = content
    if _brackets(content) > _DEEPEST:
        tree.findings.append(_unfolds(shown))
        return tree
    try:
        node = YAML(typ="safe", pure=True).compose(content)
        if node is not None:
            tree.value = _plain(node, (), tree)
    except MarkedYAMLError as error:
        tree.findings.append(_broken(shown, error))
    except YAMLError as error:
        tree.findings.append(_broken_at(Place(shown), problem(str(error))))
    except (_Unfolds, RecursionError):
        tree.value = None
        tree.findings.append(_unfolds(shown))
    return tree


def _brackets(text: str) -> int:
    """How many brackets stand open at once, at most, whether or not they are quoted."""
    depth = deepest = 0
    for bracket in _BRACKET.finditer(text):
        depth += 1 if bracket[0] in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _content(path: Path, tree: YamlTree) -> str | None:
    try:
        found = path.read_bytes()
    except OSError:
        tree.findings.append(_unreadable(tree.file))
        return None
    if len(found) > _LARGEST_BYTES:
        tree.findings.append(_too_large(tree.file, len(found)))
        return None
    try:
        return found.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        before = found[: error.start]
        tree.findings.append(_not_utf8(Place(tree.file, before.count(b"\n") + 1)))
        return None


def _plain(node: Node, path: Path_, tree: YamlTree) -> Any:
    if len(path) > _DEEPEST or len(tree.spots) > _MOST_VALUES:
        raise _Unfolds
    style = (node.style or "") if isinstance(node, ScalarNode) else ""
    # Nothing at all after a key has no place of its own; what is said of it is said at the key.
    if node.start_mark.index != node.end_mark.index:
        tree.spots[path] = Spot(_place(tree, node.start_mark), node.start_mark.index, style)
    if isinstance(node, ScalarNode):
        return None if str(node.tag).endswith(":null") and not node.style else node.value
    if isinstance(node, SequenceNode):
        return [_plain(item, (*path, index), tree) for index, item in enumerate(node.value)]
    assert isinstance(node, MappingNode)
    return _mapping(node, path, tree)


def _mapping(node: MappingNode, path: Path_, tree: YamlTree) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value) if isinstance(key_node, ScalarNode) else "?"
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
    said = str(error.problem or error.context or "")
    marks = [error.problem_mark, error.context_mark]
    mark = next((mark for mark in (reversed(marks) if stands_at_beginning(said) else marks) if mark), None)
    place = Place(shown, mark.line + 1, mark.column + 1) if mark else Place(shown)
    return _broken_at(place, problem(said))


def _broken_at(place: Place, said: Text) -> Finding:
    return Finding(
        "yaml.broken",
        place,
        Text(f"不是合法的 YAML：{said.zh}", f"not valid YAML: {said.en}"),
        Text(
            "检查这一行及上一行的缩进、冒号和引号。",
            "Look at the indentation, colons and quotes here and on the line above.",
        ),
    )


def _unreadable(shown: str) -> Finding:
    return Finding(
        "yaml.unreadable",
        Place(shown),
        Text("文件打不开", "the file cannot be opened"),
        Text("检查文件的权限，以及它是不是一个文件。", "Look at its permissions, and whether it is a file at all."),
    )


def _not_utf8(place: Place) -> Finding:
    return Finding(
        "yaml.unreadable",
        place,
        Text("这一行不是 UTF-8 编码", "this line is not in UTF-8"),
        Text("把文件另存为 UTF-8。", "Save the file as UTF-8."),
    )


def _too_large(shown: str, size: int) -> Finding:
    return Finding(
        "yaml.too_large",
        Place(shown),
        Text(f"文件有 {size} 字节，最多 {_LARGEST_BYTES} 字节", f"the file has {size} bytes; {_LARGEST_BYTES} are the most"),
        Text("把它分成几个文件。", "Divide it into several files."),
    )  # fmt: skip


def _unfolds(shown: str) -> Finding:
    return Finding(
        "yaml.too_deep",
        Place(shown),
        Text("嵌套过深，或锚点与别名展开后过大", "nested too deeply, or its anchors and aliases unfold into too much"),
        Text("写成普通的缩进层次，不用别名。", "Write it out with plain indentation, without aliases."),
    )
