"""The table expressions that read a source's pieces: DuckDB SQL with every value quoted. Reads nothing itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

from basekeep.engines.sql_text import sql_literal, sql_name
from basekeep.store.sources.csv_head import Dialect
from basekeep.store.sources.pieces import Piece

# Columns of our own that travel with each row; no column of an operator is called so.
FILE = "basekeep_file"
ROW = "basekeep_row"
# Tables in which DuckDB notes the CSV files that hold broken lines.
REJECTED_SCANS = "basekeep_rejected_scans"
REJECTED_LINES = "basekeep_rejected_lines"


def csv_relation(pieces: Sequence[Piece], tracked: bool, with_filename: bool) -> str:
    """All pieces one after the other, columns by name, a column that a file lacks empty.

    `tracked` adds FILE (the path scanned) and ROW (the line, known in numbered copies only).
    """
    columns = all_columns(pieces)
    groups: dict[tuple[object, ...], list[Piece]] = {}
    for piece in pieces:
        groups.setdefault((piece.columns, piece.dialect, piece.first_row_line, piece.numbered), []).append(piece)
    branches = [_branch(group, columns, tracked, with_filename) for group in groups.values()]
    return "(" + "\nUNION ALL ".join(branches) + ")"


def empty_relation(pieces: Sequence[Piece], tracked: bool, with_filename: bool) -> str:
    """The columns of `csv_relation` without a row: binds like it, reads nothing."""
    hidden = [f"NULL::VARCHAR AS {FILE}", f"NULL::BIGINT AS {ROW}"] if tracked else []
    filename = ["NULL::VARCHAR AS filename"] if with_filename else []
    names = [f"NULL::VARCHAR AS {sql_name(name)}" for name in all_columns(pieces)]
    return f"(SELECT {', '.join([*names, *filename, *hidden])} WHERE false)"


def parquet_relation(pieces: Sequence[Piece], rest: str, tracked: bool, with_filename: bool) -> str:
    """Parquet files with the further arguments as the user wrote them; ROW counts the rows of a file from 0."""
    arguments = [_paths(pieces)]
    if rest:
        arguments.append(rest)
    if "hive_partitioning" not in rest:
        # Folders above the workspace may be called a=b; only those the user wrote are partitions.
        partitioned = any("=" in piece.file.shown for piece in pieces)
        arguments.append(f"hive_partitioning = {str(partitioned).lower()}")
    hidden = f", filename AS {FILE}, file_row_number AS {ROW}" if tracked else ""
    shown = f", {_shown(pieces, 'filename')} AS filename" if with_filename else ""
    star = "* EXCLUDE (filename)" if re.search(r"\bfilename\s*(=|:=|=>)\s*true\b", rest, re.IGNORECASE) else "*"
    return f"(SELECT {star}{shown}{hidden} FROM read_parquet({', '.join(arguments)}))"


def all_columns(pieces: Sequence[Piece]) -> tuple[str, ...]:
    """The columns of all pieces in the order in which they first appear; names differ by more than case."""
    found: dict[str, str] = {}
    for piece in pieces:
        for name in piece.columns:
            found.setdefault(name.lower(), name)
    return tuple(found.values())


def _branch(group: Sequence[Piece], columns: Sequence[str], tracked: bool, with_filename: bool) -> str:
    held = {name.lower() for name in group[0].columns}
    items = [sql_name(name) if name.lower() in held else f"NULL::VARCHAR AS {sql_name(name)}" for name in columns]
    if with_filename:
        items.append(f"{_shown(group, FILE)} AS filename")
    if tracked:
        items += [FILE, ROW if group[0].numbered else f"NULL::BIGINT AS {ROW}"]
    return f"SELECT {', '.join(items)} FROM {_read_csv(group)}"


def _read_csv(group: Sequence[Piece]) -> str:
    piece = group[0]
    assert piece.dialect is not None
    numbered = [f"{sql_literal(ROW)}: 'BIGINT'"] if piece.numbered else []
    columns = [*numbered, *(f"{sql_literal(name)}: 'VARCHAR'" for name in piece.columns)]
    skip = 0 if piece.numbered else piece.first_row_line - 1
    # Told, not guessed: the first line end may be one inside a cell.
    ending = "new_line = '\\n', " if piece.numbered else ""
    return (
        f"read_csv({_paths(group)}, auto_detect = false, header = false, skip = {skip}, "
        f"{ending}{_dialect(piece.dialect)}, columns = {{{', '.join(columns)}}}, filename = {sql_literal(FILE)}, "
        f"hive_partitioning = false, store_rejects = true, rejects_limit = 1, "
        f"rejects_scan = {sql_literal(REJECTED_SCANS)}, rejects_table = {sql_literal(REJECTED_LINES)})"
    )


def _dialect(dialect: Dialect) -> str:
    options = [
        f"delim = {sql_literal(dialect.delimiter)}",
        f"quote = {sql_literal(dialect.quote)}",
        f"escape = {sql_literal(dialect.escape)}",
    ]
    if dialect.comment:
        options.append(f"comment = {sql_literal(dialect.comment)}")
    if dialect.nulls:
        texts = ", ".join(sql_literal(text) for text in dict.fromkeys(("", *dialect.nulls)))
        options.append(f"nullstr = [{texts}]")
    return ", ".join(options)


def _paths(pieces: Sequence[Piece]) -> str:
    """The files as a list; a sign of a pattern in a name stands for itself."""
    exact = ("".join(f"[{sign}]" if sign in "[*?" else sign for sign in str(piece.scanned)) for piece in pieces)
    return "[" + ", ".join(sql_literal(path) for path in exact) + "]"


def _shown(pieces: Sequence[Piece], path: str) -> str:
    """The name that the user knows a file by, for the path scanned."""
    scanned = ", ".join(sql_literal(piece.scanned) for piece in pieces)
    shown = ", ".join(sql_literal(piece.file.shown) for piece in pieces)
    return f"list_extract([{shown}], list_position([{scanned}], {path}))"
