"""Opens a workspace: the folder with `basekeep.yaml`, `playbook/` and `store/`. Writes nothing."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from basekeep.contract.tables import TABLES
from basekeep.engines.duckdb import DuckEngine
from basekeep.kernel.errors import CallError, FindingsError
from basekeep.kernel.findings import Finding, Place, near_names
from basekeep.kernel.text import Text
from basekeep.playbook.schema_findings import reason_of, shown
from basekeep.playbook.yaml_tree import YamlTree, read_yaml
from basekeep.store.leftovers import SPILL
from basekeep.store.settings import Settings

if TYPE_CHECKING:
    from basekeep.engines.spark import SparkEngine

SETTINGS_FILE = "basekeep.yaml"
# The only setting with a pattern.
_NO_SIZE = Text("应为内存大小，如 3GB", "expected a size of memory such as 3GB")


@dataclass(frozen=True)
class Workspace:
    """An opened workspace; `select_places` tells where the select of each table stands."""

    root: Path
    settings: Settings
    select_places: Mapping[str, Place]

    @property
    def store_dir(self) -> Path:
        """The program's own folder: snapshots and runs."""
        return self.root / "store"

    @property
    def playbook_dir(self) -> Path:
        """The operator's playbook."""
        return self.root / "playbook"

    def open_engine(self) -> DuckEngine:
        """The engine of this process; what memory does not hold goes to the workspace's own disk."""
        return DuckEngine(self.settings.threads, self.settings.memory_limit, self._spill_folder())

    def open_work_engine(self) -> DuckEngine | SparkEngine:
        """The engine for what goes over the whole base: the cluster where the settings name one.

        Raises:
            WorkError: the settings name a cluster and it cannot be reached.
        """
        if self.settings.engine == "duckdb":
            return self.open_engine()
        from basekeep.engines.spark import SparkEngine

        wanted = self.settings.spark
        return SparkEngine(self.open_engine(), wanted.master, wanted.options, wanted.worker_memory)

    def _spill_folder(self) -> Path | None:
        """None where the workspace may only be read: then the engine chooses the system's own."""
        folder = self.store_dir / SPILL
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            return None
        # The name begins with the process id: the next writer knows whose spill nobody needs any more.
        return folder / f"{os.getpid()}-{secrets.token_hex(4)}"


def load_workspace(folder: Path) -> Workspace:
    """Open a workspace.

    Raises:
        CallError: the folder has no `basekeep.yaml`.
        FindingsError: the settings are wrong; all findings, with line and column.
    """
    path = folder / SETTINGS_FILE
    if not path.is_file():
        raise _no_workspace(folder)
    tree = read_yaml(path, SETTINGS_FILE)
    findings = list(tree.findings)
    value = tree.value if tree.value is not None else {}
    settings = _checked(value, tree, findings) if not findings else None
    if findings or settings is None:
        many = "1 error" if len(findings) == 1 else f"{len(findings)} errors"
        what = Text(f"工作区设置有 {len(findings)} 处错误", f"the workspace settings hold {many}")
        raise FindingsError("settings.wrong", what, findings)
    places = {name: tree.spots["tables", name].place for name in settings.tables}
    return Workspace(folder, settings, places)


def _checked(value: Any, tree: YamlTree, findings: list[Finding]) -> Settings | None:
    if not isinstance(value, dict):
        findings.append(_wrong_value(Place(tree.file, 1, 1), "", value, reason_of({"type": "model_type"})))
        return None
    # A key without a value takes its default, as if it were not there.
    given = {key: content for key, content in value.items() if content is not None}
    settings = None
    try:
        settings = Settings.model_validate(given)
    except ValidationError as error:
        findings += [_finding(dict(fault), tree) for fault in error.errors(include_url=False)]
    tables = given.get("tables")
    for name in tables if isinstance(tables, dict) else ():
        if name not in TABLES:
            findings.append(_unknown(tree.keys["tables", name], name, tuple(TABLES), "表", "table"))
    return settings


def _finding(fault: dict[str, Any], tree: YamlTree) -> Finding:
    path = tuple(fault["loc"])
    place = tree.keys.get(path) or Place(tree.file)
    if fault["type"] == "extra_forbidden":
        return _unknown(place, str(path[-1]), tuple(Settings.model_fields), "设置项", "setting")
    reason = _NO_SIZE if fault["type"] == "string_pattern_mismatch" else reason_of(fault)
    return _wrong_value(place, f"{path[-1]} ", fault["input"], reason)


def _unknown(place: Place, name: str, known: tuple[str, ...], zh: str, en: str) -> Finding:
    return Finding(
        f"settings.unknown_{en}",
        place,
        Text(f"不认识的{zh} {name!r}", f"unknown {en} {name!r}"),
        Text(f"可用的有：{'、'.join(known)}。", f"There are: {', '.join(known)}."),
        near_names(name, known),
    )


def _wrong_value(place: Place, key: str, value: object, reason: Text) -> Finding:
    read = shown(value)
    return Finding(
        "settings.wrong_value",
        place,
        Text(f"{key}读到{read.zh}：{reason.zh}", f"{key}read {read.en}: {reason.en}"),
        Text("按说明改正这一项。", "Correct this setting."),
    )


def _no_workspace(folder: Path) -> CallError:
    return CallError(
        "settings.no_workspace",
        Text(f"{folder} 不是工作区：没有 {SETTINGS_FILE}", f"{folder} is no workspace: it has no {SETTINGS_FILE}"),
        Text(
            "用 basekeep new 新建工作区，或用 --workspace 指明。",
            "Make one with basekeep new DIR, or name it with --workspace.",
        ),
    )
