"""Finds the shard in which a subscriber lies."""

from __future__ import annotations

from pathlib import Path

from basekeep.engines.protocol import Session
from basekeep.engines.sql_text import parquet_scan, sql_literal
from basekeep.store.manifest import expected_files, verify
from basekeep.store.state import ALL, ROSTER, State, partition_folder, shard_of


def find_subscriber(session: Session, store_dir: Path, state: State, subscriber_id: str) -> int | None:
    """The shard of a subscriber; None where it was never stored.

    Raises:
        DamageError: a file of the roster is not what was stored.
    """
    if not state.roster:
        return None
    folder = partition_folder(store_dir, ROSTER, ALL, state.roster.version)
    files = sorted(expected_files(folder, state.roster.manifest_sha256), key=lambda file: file.path.name)
    verify(files)
    shards = range(state.shard_count)
    for shard in [shard_of(subscriber_id, state.shards)] if state.shards else shards:
        scan = parquet_scan(files[shard].path)
        if session.rows(f"SELECT 1 FROM {scan} WHERE subscriber_id = {sql_literal(subscriber_id)} LIMIT 1"):
            return shard
    return None
