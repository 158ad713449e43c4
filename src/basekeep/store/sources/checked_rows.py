"""The outcome of a checking pass as table expressions: the rows that pass, the copies, the conflicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from basekeep.contract.columns import Table
from basekeep.engines.protocol import Session
from basekeep.engines.sql_text import parquet_scan, sql_literal, sql_name, sql_names
from basekeep.store.sources.checking import FAULT
from basekeep.store.sources.scans import FILE, ROW
from basekeep.store.sources.staging import Staging
from basekeep.store.sources.straight import Laid

ROW_GROUP_ROWS = 122_880


@dataclass(frozen=True, slots=True)
class CheckedRows:
    """A checking pass: `typed` holds every row, `count` of them; `left_out` are files without the wanted month.

    Of a `clean` one `typed` holds the columns to be stored and nothing else; there is no file where it was `laid` down.
    """

    typed: Path | None
    count: int
    columns: tuple[str, ...]
    left_out: tuple[str, ...] = ()
    doubles: Path | None = None
    clean: bool = False
    laid: Laid | None = None

    @property
    def rows(self) -> str:
        """All rows that count as read, each with its `file_row_number`."""
        assert self.typed is not None
        scan = f"SELECT * FROM {parquet_scan(self.typed, row_numbers=True)}"
        if self.left_out:
            files = ", ".join(sql_literal(path) for path in self.left_out)
            scan += f' WHERE NOT ("month" IS NULL AND {FILE} IN ({files}))'
        return f"({scan})"

    @property
    def passing(self) -> str:
        """The rows without a faulty cell."""
        return self.rows if self.clean else f"(SELECT * FROM {self.rows} WHERE {FAULT} IS NULL)"

    @property
    def good(self) -> str:
        """The rows to be stored: what passes, without copies and conflicts."""
        if self.doubles is None:
            return self.passing
        ids = f"SELECT id FROM {parquet_scan(self.doubles)}"
        return f"(SELECT * FROM {self.passing} WHERE file_row_number NOT IN ({ids}))"


def double_keys(session: Session, table: Table, checked: CheckedRows, staging: Staging) -> Path | None:
    """The keys that more than one passing row has, as Parquet; None when there are none."""
    key = [name for name in table.key if name in checked.columns]
    if not key:
        return None
    path, names = staging.path(".parquet"), sql_names(key)
    grouped = f"SELECT {names} FROM {checked.passing} GROUP BY {names} HAVING count(*) > 1"
    return path if session.copy(grouped, path, ROW_GROUP_ROWS) else None


def find_doubles(
    session: Session, table: Table, checked: CheckedRows, files: Sequence[str], staging: Staging
) -> Path | None:
    """Passing rows that share a key, as Parquet of (id, reason); None when there are none.

    Rows alike in every column: the first in the order of `files` and lines stays, the others are
    `duplicate_copy`. Rows that differ anywhere are `duplicate_conflict`, all of them: nothing is guessed.
    """
    keys = double_keys(session, table, checked, staging)
    if keys is None:
        return None
    doubles = staging.path(".parquet")
    key = [name for name in table.key if name in checked.columns]
    session.copy(_doubles(checked, keys, key, files), doubles, ROW_GROUP_ROWS)
    return doubles


def _doubles(checked: CheckedRows, keys: Path, key: Sequence[str], files: Sequence[str]) -> str:
    same_key = " AND ".join(f"r.{sql_name(name)} IS NOT DISTINCT FROM k.{sql_name(name)}" for name in key)
    content = (
        f"to_json(struct_pack({', '.join(f'{sql_name(name)} := r.{sql_name(name)}' for name in checked.columns)}))"
    )
    rank = f"list_position([{', '.join(sql_literal(path) for path in files)}], r.{FILE})" if files else "0"
    return f"""
        SELECT id, CASE WHEN least_content <> most_content THEN 'duplicate_conflict' ELSE 'duplicate_copy' END AS reason
        FROM (
            SELECT r.file_row_number AS id,
                   min(CAST({content} AS VARCHAR)) OVER same AS least_content,
                   max(CAST({content} AS VARCHAR)) OVER same AS most_content,
                   row_number() OVER (same ORDER BY {rank}, r.{ROW}, r.file_row_number) AS nth
            FROM {checked.passing} r JOIN {parquet_scan(keys)} k ON {same_key}
            WINDOW same AS (PARTITION BY {sql_names_of("r", key)})
        ) WHERE nth > 1 OR least_content <> most_content"""


def sql_names_of(table: str, names: Sequence[str]) -> str:
    """Columns of one table in a join."""
    return ", ".join(f"{table}.{sql_name(name)}" for name in names)
