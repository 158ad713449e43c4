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
from basekeep.store.state import ALL, ROSTER, SHARD_ROWS, PartitionRef, State, partition_folder
from basekeep.store.writing import Work

ROSTER_COLUMNS = [("subscriber_id", "VARCHAR")]


def shard_file(shard: int) -> str:
    """The file name of a shard."""
    return f"p{shard:05d}.parquet"


class Positions:
    """Subscriber ids and their positions as a table (subscriber_id, position) inside an engine.

    The base of a whole roster, which is cut into shards of `shard_rows`, and of one shard that is cut by ids.
    """

    def __init__(self, engine: Engine, shard_rows: int) -> None:
        """None yet."""
        self.table = f"roster_{secrets.token_hex(6)}"
        self.shard_rows = shard_rows
        self.rows = 0
        self._session = engine.session()
        self._session.run(f"CREATE TABLE {self.table} (subscriber_id VARCHAR, position BIGINT)")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.drop(self.table)
        self._session.close()

    @property
    def with_nobody(self) -> str:
        """All positions as a table expression, and before them nobody's, -1, which stays empty every month.

        A column of a table without nulls is written as a required one, so the bytes of a month would tell whether
        somebody came later.
        """
        return f"(SELECT subscriber_id, position FROM {self.table} UNION ALL SELECT NULL, -1)"

    def drop(self, table: str) -> None:
        """Drop a table of months laid on these positions, if it is there."""
        self._session.run(f"DROP TABLE IF EXISTS {table}")

    def load(self, file: Path, rows: int) -> None:
        """Add the ids of a stored file, `rows` of them, after those that are here."""
        self._session.run(
            f"INSERT INTO {self.table} SELECT subscriber_id, file_row_number + {self.rows} "
            f"FROM (SELECT * FROM {parquet_scan(file, row_numbers=True)})"
        )
        self.rows += rows

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

    def write_shard(self, path: Path, shard: int, rows: int) -> None:
        """Write the ids of one shard, which must be `rows` of them."""
        written = self._session.copy(self.shard_sql(shard), path, min(self.shard_rows, SHARD_ROWS))
        if written != rows:
            raise ValueError(f"roster shard {shard} holds {written} ids, expected {rows}")


class Roster(Positions):
    """The roster of a store, inside an engine while months are aligned to it."""

    def __init__(self, engine: Engine, store_dir: Path, state: State) -> None:
        """Load the stored roster, its files checked first.

        Raises:
            DamageError: one of its files is not what was stored.
        """
        super().__init__(engine, state.shard_rows)
        self._stored = state.roster
        self._store_dir = store_dir
        if state.roster:
            files = expected_files(self._folder(state.roster), state.roster.manifest_sha256)
            verify(files, engine.threads)
            for shard, file in enumerate(files):
                self.load(file.path, min(self.shard_rows, state.roster.rows - shard * self.shard_rows))

    def store(self, work: Work) -> PartitionRef | None:
        """Place the roster as a new version; the stored one where no newcomer came."""
        stored_rows = self._stored.rows if self._stored else 0
        if self.rows == stored_rows:
            return self._stored
        folder = work.new_folder()
        file_rows = {}
        for shard in range(-(-self.rows // self.shard_rows)):
            rows = min(self.shard_rows, self.rows - shard * self.shard_rows)
            self._place_shard(folder / shard_file(shard), shard, rows)
            file_rows[shard_file(shard)] = rows
        manifest = write_manifest(folder, ROSTER, ALL, "", self.rows, ROSTER_COLUMNS, file_rows)
        return work.place(folder, manifest)

    def _place_shard(self, path: Path, shard: int, rows: int) -> None:
        """A shard that was full already is the same file as in the version before."""
        if self._stored and (shard + 1) * self.shard_rows <= self._stored.rows:
            with disk_errors():
                link_or_copy(self._folder(self._stored) / path.name, path)
            return
        self.write_shard(path, shard, rows)

    def _folder(self, stored: PartitionRef) -> Path:
        return partition_folder(self._store_dir, ROSTER, ALL, stored.version)
