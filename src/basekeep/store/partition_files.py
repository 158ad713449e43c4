"""The files of one stored partition with the SHA-256 each must have. Hashes its manifest, never its data."""

from __future__ import annotations

from pathlib import Path

from basekeep.store.manifest import ExpectedFile, expected_files
from basekeep.store.state import State, partition_folder


def partition_files(store_dir: Path, state: State, table: str, key: str) -> tuple[ExpectedFile, ...]:
    """The files; none where the partition is not stored.

    Raises:
        DamageError: the manifest is missing or changed.
    """
    ref = state.partition(table, key)
    if ref is None:
        return ()
    return expected_files(partition_folder(store_dir, table, key, ref.version), ref.manifest_sha256)
