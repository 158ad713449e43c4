"""Removes what a killed writer left behind. Called only by the writer that holds the lock.

Never removes a version that some state names, nor anything at all when the states cannot all be read.
"""

from __future__ import annotations

import os
from pathlib import Path

from basekeep.kernel.errors import DamageError
from basekeep.store.disk import remove
from basekeep.store.state import STATES, states_back, stored_versions

STAGING = "staging"
SPILL = "spill"


def clear_leftovers(store_dir: Path) -> None:
    """Empty the staging folder; remove states and versions that were never published."""
    for path in _children(store_dir / STAGING):
        remove(path)
    for path in _children(store_dir / SPILL):
        if not _alive(path.name):
            remove(path)
    try:
        known = list(states_back(store_dir))
    except DamageError:
        return
    names = {state.name for state in known}
    for path in _children(store_dir / STATES):
        if path.name not in names:
            remove(path)
    published = {folder for state in known for folder, _ in stored_versions(store_dir, state)}
    for path in (store_dir / "tables").glob("*/*/*"):
        if path not in published:
            remove(path)


def _children(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def _alive(name: str) -> bool:
    """Whether the process that spills to this folder still runs; its id begins the name."""
    process, _, _ = name.partition("-")
    try:
        os.kill(int(process), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True
