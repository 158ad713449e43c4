"""Holds the whole store against its manifests: every state, every version that a state names. Changes nothing."""

from __future__ import annotations

from pathlib import Path

from basekeep.kernel.progress import Progress
from basekeep.store.manifest import expected_files, verify
from basekeep.store.state import states_back, stored_versions


def verify_store(store_dir: Path, threads: int = 1, progress: Progress | None = None) -> int:
    """Check every file that the store holds, of older versions too; gives the number of files.

    Raises:
        DamageError: names the first file that is missing or changed.
    """
    folders: dict[Path, str] = {}
    for state in states_back(store_dir):
        folders.update({folder: ref.manifest_sha256 for folder, ref in stored_versions(store_dir, state)})
    files = [file for folder in sorted(folders) for file in expected_files(folder, folders[folder])]
    verify(files, threads, progress)
    return len(files) + len(folders)
