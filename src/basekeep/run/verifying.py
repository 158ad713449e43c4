"""Checks every file of every run against the run's record, and names each that is not what was written."""

from __future__ import annotations

from pathlib import Path

from basekeep.kernel.errors import DamageError
from basekeep.kernel.progress import Progress
from basekeep.run.record import RECORD, read_record, runs_folder
from basekeep.store.manifest import damaged_files
from basekeep.store.verifying import Verified, verified


def verify_runs(store_dir: Path, threads: int, progress: Progress) -> Verified:
    """Check the runs one after the other; a run whose record is damaged can only be named."""
    paths: list[Path] = []
    damaged: list[DamageError] = []
    for path in sorted(runs_folder(store_dir).glob(f"*/{RECORD}")):
        paths.append(path)
        try:
            record = read_record(path)
        except DamageError as error:
            damaged.append(error)
            continue
        paths += record.files()
        damaged += map(record.damage, damaged_files(record.expected(), threads, progress))
    return verified(paths, damaged)
