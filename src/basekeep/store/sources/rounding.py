"""How many numbers had more decimals than are kept: counted for the warning, in the pass that reads them where possible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from basekeep.engines.protocol import Session
from basekeep.store.sources.cells import may_round, rounded
from basekeep.store.sources.checking import Bound, valued
from basekeep.store.sources.column_kinds import Matched
from basekeep.store.sources.date_formats import DateFormat


def rounded_counts(
    session: Session, bound: Bound, formats: Mapping[str, DateFormat], month: date | None
) -> Mapping[str, int]:
    """How many numbers of each column have more decimals than are kept; columns without any are left out."""
    tests = _tests(bound.columns)
    if not tests:
        return {}
    counts = ", ".join(f"count(*) FILTER ({test})" for test in tests.values())
    return _found(tests, session.rows(f"SELECT {counts} FROM ({valued(bound, formats, month)})")[0])


def rounded_columns(columns: Sequence[Matched]) -> str:
    """SQL over a row's cells: which of its numbers are rounded, a bit for each column; empty where none can be."""
    bits = [f"CASE WHEN {test} THEN {1 << bit} ELSE 0 END" for bit, test in enumerate(_tests(columns).values())]
    return " + ".join(bits)


def counts_of_bits(session: Session, columns: Sequence[Matched], bits: str, rows: str) -> Mapping[str, int]:
    """The same as `rounded_counts`, from what `rounded_columns` gave as the column `bits` of a table expression."""
    tests = _tests(columns)
    counts = ", ".join(f"count(*) FILTER ({bits} & {1 << bit} <> 0)" for bit in range(len(tests)))
    return _found(tests, session.rows(f"SELECT {counts} FROM {rows}")[0]) if tests else {}


def _tests(columns: Sequence[Matched]) -> Mapping[str, str]:
    return {
        matched.column.name: rounded(matched, f"x{index}")
        for index, matched in enumerate(columns)
        if may_round(matched)
    }


def _found(tests: Mapping[str, str], counts: Sequence[int]) -> Mapping[str, int]:
    return {name: int(count) for name, count in zip(tests, counts, strict=True) if count}
