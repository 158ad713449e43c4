"""One pass over a select: every cell in stored form, beside it why its row is rejected, in one Parquet file.

Never drops a row: what is rejected lies beside what passes, so that the account adds up by construction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from basekeep.engines.protocol import Session
from basekeep.engines.sql_text import sql_literal, sql_name
from basekeep.kernel.months import shift_month
from basekeep.store.sources.cells import cell_required, cell_text, cell_value, fault, is_native, passes
from basekeep.store.sources.column_kinds import Matched
from basekeep.store.sources.date_formats import DateFormat
from basekeep.store.sources.masked import masked
from basekeep.store.sources.scans import FILE, ROW

# Beside the typed columns: `column:reason` of the first fault (NULL: none), the faulty cell and the whole row as
# they came.
FAULT, CELL, RAW = "basekeep_fault", "basekeep_cell", "basekeep_raw"


@dataclass(frozen=True, slots=True)
class Bound:
    """A select over ready sources. `sql` gives the matched columns, and FILE and ROW.

    `tracked`: FILE and ROW tell one row from another; otherwise they are NULL.
    """

    sql: str
    tracked: bool
    columns: tuple[Matched, ...]


def check_rows(
    session: Session, bound: Bound, formats: Mapping[str, DateFormat], month: date | None, target: Path
) -> int:
    """Write the pass to `target`; gives the number of rows.

    With `month` rows of other months are left out; those whose month cannot be read are kept.
    """
    values = ", ".join(sql_name(matched.column.name) for matched in bound.columns)
    sql = (
        f"SELECT {values}, {FAULT}, {_if_faulty(_cell(bound.columns))} AS {CELL}, "
        f"{_if_faulty(raw_row(bound.columns))} AS {RAW}, {FILE}, {ROW} "
        f"FROM (SELECT *, {_first_fault(bound.columns, formats)} AS {FAULT} FROM ({valued(bound, formats, month)}))"
    )
    options = "FORMAT parquet, COMPRESSION lz4_raw"
    return int(session.rows(f"COPY ({sql}) TO {sql_literal(target)} ({options})")[0][0])


def raw_row(columns: Sequence[Matched]) -> str:
    """SQL: the row as it came, as JSON by contract names, personal cells masked; over `cells_of`."""
    fields = []
    for index, matched in enumerate(columns):
        text = f"CAST(x{index} AS VARCHAR)"
        shown = masked(text) if matched.column.personal else text
        fields.append(f"{sql_name(matched.column.name)} := {shown}")
    return f"CAST(to_json(struct_pack({', '.join(fields)})) AS VARCHAR)"


def cells_of(bound: Bound) -> str:
    """SQL: the cells as they came, x0, x1 …, as text unless the column's type takes them natively; FILE and ROW."""
    cells = [
        f"{sql_name(matched.name) if is_native(matched) else cell_text(sql_name(matched.name), matched.kind or 'text')} "
        f"AS x{index}"
        for index, matched in enumerate(bound.columns)
    ]
    return f"SELECT {', '.join(cells)}, {FILE}, {ROW} FROM (\n{bound.sql}\n)"


def months_by_file(session: Session, bound: Bound, formats: Mapping[str, DateFormat]) -> list[tuple[str | None, date]]:
    """The months that can be read in each file scanned."""
    index, matched = next((at, item) for at, item in enumerate(bound.columns) if item.column.name == "month")
    value = cell_value(matched, f"x{index}", form_of(matched, formats))
    sql = f"SELECT DISTINCT {FILE}, {value} AS month FROM ({cells_of(bound)})"
    return [(path, month) for path, month in session.rows(sql) if month is not None]


def valued(bound: Bound, formats: Mapping[str, DateFormat], month: date | None) -> str:
    """The cells and, under the contract's names, their values."""
    values = [
        f"{cell_value(matched, f'x{index}', form_of(matched, formats))} AS {sql_name(matched.column.name)}"
        for index, matched in enumerate(bound.columns)
    ]
    sql = f"SELECT *, {', '.join(values)} FROM ({cells_of(_narrowed(bound, month))})"
    if month is None:
        return sql
    name = sql_name("month")
    return f"SELECT * FROM ({sql}) WHERE {name} = DATE '{month.isoformat()}' OR {name} IS NULL"


def _narrowed(bound: Bound, month: date | None) -> Bound:
    """The select without other months, said of the column as it came where that is a date: files and row groups of
    other months are then passed over by their statistics, not read and thrown away."""
    named = next((item for item in bound.columns if item.column.name == "month"), None)
    if month is None or named is None or not is_native(named):
        return bound
    name, next_month = sql_name(named.name), shift_month(month, 1)
    within = f"{name} >= DATE '{month.isoformat()}' AND {name} < DATE '{next_month.isoformat()}'"
    return replace(bound, sql=f"SELECT * FROM (\n{bound.sql}\n) WHERE ({within}) OR {name} IS NULL")


def _first_fault(columns: Sequence[Matched], formats: Mapping[str, DateFormat]) -> str:
    """A row has one reason: the first in the contract's order of columns."""
    faults = []
    for index, matched in tested(columns):
        name = matched.column.name
        test = passes(matched.column, f"x{index}", sql_name(name))
        why = fault(matched, f"x{index}", sql_name(name), form_of(matched, formats))
        faults.append(f"CASE WHEN NOT {test} THEN {sql_literal(name + ':')} || {why} END")
    return f"coalesce({', '.join(faults)})" if faults else "NULL"


def tested(columns: Sequence[Matched]) -> Iterator[tuple[int, Matched]]:
    """The columns in which anything can be wrong, each with its place among the cells."""
    for index, matched in enumerate(columns):
        column = matched.column
        if column.type != "string" or column.values or cell_required(column):
            yield index, matched


def _cell(columns: Sequence[Matched]) -> str:
    """The cell at fault as text."""
    cases = [
        f"WHEN {sql_literal(matched.column.name)} THEN "
        f"{masked(f'CAST(x{index} AS VARCHAR)') if matched.column.personal else f'CAST(x{index} AS VARCHAR)'}"
        for index, matched in enumerate(columns)
    ]
    return f"CASE split_part({FAULT}, ':', 1) {' '.join(cases)} END"


def _if_faulty(sql: str) -> str:
    return f"CASE WHEN {FAULT} IS NOT NULL THEN {sql} END"


def form_of(matched: Matched, formats: Mapping[str, DateFormat]) -> DateFormat:
    """The format of a column of days."""
    return formats.get(matched.column.name, "dashed")
