"""The append-only list of all subscriber ids ever stored. A subscriber's position in it never changes."""

from __future__ import annotations

import secrets
from pathlib import Path
from types import TracebackType
from typing import Self

from basekeep.engines.protocol import Engine
from basekeep.engines.sql_text import parquet_scan
from basekeep.store.disk import disk_errors, link_or_copy
from basekeep.store.manifest import expected_files, verify, write_manifest
from basekeep.store.state import ALL, ROSTER, PartitionRef, State, partition_folder
from basekeep.store.writing import Work


def shard_file(shard: int) -> str:
    """The file name of a shard."""
    return f"p{shard:05d}.parquet"


class Roster:
    """The roster as a table (subscriber_id, position) inside an engine while months are aligned to it."""

    def __init__(self, engine: Engine, store_dir: Path, state: State) -> None:
        """Load the stored roster, its files checked first.

        Raises:
            DamageError: one of its files is not what was stored.
        """
        self.table = f"roster_{secrets.token_hex(6)}"
        self.shard_rows = state.shard_rows
        self._stored = state.roster
        self._store_dir = store_dir
        self._session = engine.session()
        self._session.run(f"CREATE TABLE {self.table} (subscriber_id VARCHAR, position BIGINT)")
        self.rows = 0
        if state.roster:
            self._load(state.roster, engine.threads)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.run(f"DROP TABLE IF EXISTS {self.table}")
        self._session.close()

    def extend(self, ids: str) -> int:
        """Append the newcomers among the `subscriber_id`s of a table expression, in ascending order of id.

        Gives how many there were.
        """
        self._session.run(
            f"INSERT INTO {self.table} "
            f"SELECT subscriber_id, {self.rows} + row_number() OVER (ORDER BY subscriber_id) - 1 "
            f"FROM (SELECT DISTINCT subscriber_id FROM (SELECT subscriber_id FROM {ids} "
            f"ANTI JOIN {self.table} USING (subscriber_id)) WHERE subscriber_id IS NOT NULL)"
        )
        before = self.rows
        self.rows = int(self._session.rows(f"SELECT count(*) FROM {self.table}")[0][0])
        return self.rows - before

    def shard_sql(self, shard: int) -> str:
        """The ids of one shard, in order of position."""
        first = shard * self.shard_rows
        return (
            f"SELECT subscriber_id FROM {self.table} "
            f"WHERE position >= {first} AND position < {first + self.shard_rows} ORDER BY position"
        )

    def store(self, work: Work) -> PartitionRef | None:
        """Place the roster as a new version; the stored one where no newcomer came."""
        stored_rows = self._stored.rows if self._stored else 0
        if self.rows == stored_rows:
            return self._stored
        folder = work.new_folder()
        file_rows = {}
        for shard in range(-(-self.rows // self.shard_rows)):
            rows = min(self.shard_rows, self.rows - shard * self.shard_rows)
            self._write_shard(folder / shard_file(shard), shard, rows)
            file_rows[shard_file(shard)] = rows
        columns = [("subscriber_id", "VARCHAR")]
        manifest = write_manifest(folder, ROSTER, ALL, "", self.rows, columns, file_rows)
        return work.place(folder, manifest)

    def _write_shard(self, path: Path, shard: int, rows: int) -> None:
        """A shard that was full already is the same file as in the version before."""
        if self._stored and (shard + 1) * self.shard_rows <= self._stored.rows:
            with disk_errors():
                link_or_copy(self._folder(self._stored) / path.name, path)
            return
        written = self._session.copy(self.shard_sql(shard), path, self.shard_rows)
        if written != rows:
            raise ValueError(f"roster shard {shard} holds {written} ids, expected {rows}")

    def _load(self, stored: PartitionRef, threads: int) -> None:
        files = expected_files(self._folder(stored), stored.manifest_sha256)
        verify(files, threads)
        for shard, file in enumerate(files):
            first = shard * self.shard_rows
            self._session.run(
                f"INSERT INTO {self.table} SELECT subscriber_id, file_row_number + {first} "
                f"FROM (SELECT * FROM {parquet_scan(file.path, row_numbers=True)})"
            )
        self.rows = stored.rows

    def _folder(self, stored: PartitionRef) -> Path:
        return partition_folder(self._store_dir, ROSTER, ALL, stored.version)
