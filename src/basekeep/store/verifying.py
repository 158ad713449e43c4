"""Checks all that the store holds against its manifests, and names each file that is not what was stored.

Changes nothing.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from basekeep.kernel.errors import DamageError
from basekeep.kernel.progress import Progress
from basekeep.store.manifest import MANIFEST, ExpectedFile, damaged_files, expected_files
from basekeep.store.state import STATES, states_back, stored_versions


@dataclass(frozen=True, slots=True)
class Verified:
    """How much was checked, and what was found damaged."""

    files: int
    bytes: int
    damaged: tuple[DamageError, ...]


def verify_store(store_dir: Path, threads: int = 1, progress: Progress | None = None) -> Verified:
    """Check every file of every version, of older states too, and the states themselves."""
    damaged: list[DamageError] = []
    states: list[Path] = []
    folders: dict[Path, str] = {}
    try:
        for state in states_back(store_dir):
            states.append(store_dir / STATES / state.name)
            folders.update({folder: ref.manifest_sha256 for folder, ref in stored_versions(store_dir, state)})
    except DamageError as error:
        damaged.append(error)
    files: list[ExpectedFile] = []
    for folder, sha256 in sorted(folders.items()):
        files.append(ExpectedFile(folder / MANIFEST, sha256))
        # A damaged manifest is named among the files; what else its folder should hold, nobody can say.
        with contextlib.suppress(DamageError):
            files += expected_files(folder, sha256)
    damaged += damaged_files(files, threads, progress)
    return verified([*states, *(file.path for file in files)], damaged)


def verified(paths: Iterable[Path], damaged: Iterable[DamageError]) -> Verified:
    """The account of files that were checked."""
    checked = list(paths)
    return Verified(len(checked), sum(path.stat().st_size for path in checked if path.is_file()), tuple(damaged))
