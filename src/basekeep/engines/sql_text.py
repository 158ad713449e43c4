"""Names, texts and file scans written as SQL, so that no name, path or value can end a statement early."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path


def sql_name(name: str) -> str:
    """A name as a quoted identifier."""
    return '"' + name.replace('"', '""') + '"'


def sql_names(names: Iterable[str]) -> str:
    """Names as a list of quoted identifiers."""
    return ", ".join(sql_name(name) for name in names)


def sql_literal(text: str | Path) -> str:
    """A text as a quoted literal."""
    return "'" + str(text).replace("'", "''") + "'"


def exact_path(path: Path) -> str:
    """A path as a pattern that only this path matches."""
    return "".join(f"[{sign}]" if sign in "[*?" else sign for sign in str(path))


def parquet_scan(path: Path, row_numbers: bool = False) -> str:
    """One Parquet file as a table expression; with `row_numbers` it has a column `file_row_number`, from 0.

    A folder named `[2025]` or `month=12` is taken as it is: neither a pattern nor a partition column.
    """
    options = "hive_partitioning = false" + (", file_row_number = true" if row_numbers else "")
    return f"read_parquet({sql_literal(exact_path(path))}, {options})"


def parquet_scans(paths: Sequence[Path]) -> str:
    """Several Parquet files of the same columns as one table expression, their rows in the order of the files."""
    exact = ", ".join(sql_literal(exact_path(path)) for path in paths)
    return f"read_parquet([{exact}], hive_partitioning = false)"


def held(source: str) -> str:
    """A small table, as the side of a join that the engine holds in memory.

    The engine holds the side that it expects to have fewer rows, and it guesses badly: of what stands side by side by
    position it expects none, of what a condition lets through a fifth. A table beside a single row is expected to be empty,
    so it is the one that is held. Where it is empty it has one row of nulls, which no join by equality finds.
    """
    return f"(SELECT small.* FROM {source} small POSITIONAL JOIN (SELECT 0) one)"
