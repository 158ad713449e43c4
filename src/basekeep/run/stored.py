"""The stored tables that a run reads besides the months of subscribers. A run's `checking` hashes their files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from basekeep.contract.columns import STORED
from basekeep.contract.tables import TABLES
from basekeep.engines.sql_text import parquet_scans, sql_name
from basekeep.run.plan import Plan
from basekeep.store.partition_files import partition_files
from basekeep.store.state import ALL


def stored_paths(plan: Plan, table: str, key: str = ALL) -> list[Path]:
    """The files of a stored partition; none where it is not stored."""
    return [file.path for file in partition_files(plan.store_dir, plan.state, table, key)]


def stored_rows(plan: Plan, table: str, columns: Iterable[str] | None = None) -> str:
    """Columns of a stored table as a table expression, all of the contract's where none are named.

    Absent ones are unknown; a table that is not stored has no rows.
    """
    ref, contract = plan.state.partition(table, ALL), TABLES[table]
    held = ref.columns if ref else ()
    chosen = ", ".join(
        sql_name(name) if name in held else f"CAST(NULL AS {STORED[contract.column(name).type]}) AS {sql_name(name)}"
        for name in columns or contract.names
    )
    paths = stored_paths(plan, table)
    return f"(SELECT {chosen} {f'FROM {parquet_scans(paths)}' if paths else 'WHERE FALSE'})"
