"""Finds the shard in which a subscriber lies."""

from __future__ import annotations

from collections.abc import Sequence
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
    return find_subscribers(session, store_dir, state, [subscriber_id]).get(subscriber_id)


def find_subscribers(session: Session, store_dir: Path, state: State, subscriber_ids: Sequence[str]) -> dict[str, int]:
    """The shards of some subscribers, by id; without those who were never stored.

    Raises:
        DamageError: a file of the roster is not what was stored.
    """
    if not state.roster:
        return {}
    folder = partition_folder(store_dir, ROSTER, ALL, state.roster.version)
    files = sorted(expected_files(folder, state.roster.manifest_sha256), key=lambda file: file.path.name)
    verify(files)
    found: dict[str, int] = {}
    for shard in range(state.shard_count):
        here = [one for one in subscriber_ids if not state.shards or shard_of(one, state.shards) == shard]
        wanted = ", ".join(sql_literal(one) for one in here if one not in found)
        if wanted:
            scan = parquet_scan(files[shard].path)
            rows = session.rows(f"SELECT subscriber_id FROM {scan} WHERE subscriber_id IN ({wanted})")
            found |= {one: shard for (one,) in rows}
    return found
