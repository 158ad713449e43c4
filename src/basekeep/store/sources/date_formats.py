"""The ways in which a day is written, and which one a column uses.

The rule: a column is read in the one way in which most of its non-empty cells are written (2025-12-31 before
2025/12/31 before 20251231 where as many are); every cell written otherwise is rejected, never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from basekeep.contract.columns import Column
from basekeep.engines.protocol import Session
from basekeep.engines.sql_text import sql_literal, sql_name
from basekeep.store.sources.column_kinds import Matched

DateFormat = Literal["dashed", "slashed", "compact"]
_TIME = r"([ T]\d{1,2}:\d{2}.*)?"
# In the order in which a tie is decided. A month may do without its day.
_SHAPES: dict[DateFormat, str] = {
    "dashed": rf"\d{{4}}-\d{{1,2}}(-\d{{1,2}}{_TIME})?",
    "slashed": rf"\d{{4}}/\d{{1,2}}(/\d{{1,2}}{_TIME})?",
    "compact": r"\d{6}(\d{2})?(\d{6})?",
}
# No operator has data of before; a year beyond is a slip of the keyboard. 9999-12-31 says "for ever".
EARLIEST_DAY, LATEST_DAY, EARLIEST_MONTH = "1850-01-01", "9999-12-31", "1980-01-01"


def has_shape(text: str, form: DateFormat) -> str:
    """SQL: whether the text is written in this way, be the day real or not."""
    return f"regexp_full_match({text}, {sql_literal(_SHAPES[form])})"


def as_time(text: str, form: DateFormat, is_month: bool) -> str:
    """SQL: the text in this form as a TIMESTAMP, NULL where it is not one."""
    if form == "compact":
        return _compact(text, is_month)
    mark = "-" if form == "dashed" else "/"
    whole = f"TRY_CAST({text} AS TIMESTAMP)"
    if is_month:
        # Only a real shape gets a day added: 2025-12 but not 2025-12-.
        short = f"regexp_full_match({text}, '\\d{{4}}{mark}\\d{{1,2}}')"
        added = f"CASE WHEN {short} THEN TRY_CAST({text} || '{mark}01' AS TIMESTAMP) END"
        whole = f"CASE WHEN length({text}) > 7 THEN {whole} ELSE {added} END"
    return f"CASE WHEN {text}[5] = '{mark}' THEN {whole} END"


def as_day(text: str, form: DateFormat, is_month: bool) -> str:
    """SQL: the text in this form as a DATE, NULL where it is not one."""
    if form == "compact" or is_month:
        return f"CAST({as_time(text, form, is_month)} AS DATE)"
    mark = "-" if form == "dashed" else "/"
    return f"CASE WHEN {text}[5] = '{mark}' THEN TRY_CAST({text} AS DATE) END"


def _compact(text: str, is_month: bool) -> str:
    month = f"{text}[1:4] || '-' || {text}[5:6]"
    clock = f"{text}[9:10] || ':' || {text}[11:12] || ':' || {text}[13:14]"
    short = f"WHEN regexp_full_match({text}, '\\d{{6}}') THEN TRY_CAST({month} || '-01' AS TIMESTAMP) "
    return (
        f"CASE WHEN regexp_full_match({text}, '\\d{{8}}') THEN TRY_CAST({month} || '-' || {text}[7:8] AS TIMESTAMP) "
        f"WHEN regexp_full_match({text}, '\\d{{14}}') THEN "
        f"TRY_CAST({month} || '-' || {text}[7:8] || ' ' || {clock} AS TIMESTAMP) "
        f"{short if is_month else ''}END"
    )


def is_month(column: Column) -> bool:
    """Whether the column holds a month: any day of it stands for it."""
    return column.name == "month"


def usual_formats(session: Session, columns: Sequence[Matched], rows: str) -> Mapping[str, DateFormat]:
    """The format that most cells of each written date column use in `rows` (a table expression)."""
    written = [matched for matched in columns if matched.as_written]
    if not written:
        return {}
    counts = [
        f"count(*) FILTER ({has_shape(f'trim({sql_name(matched.name)}::VARCHAR)', form)})"
        for matched in written
        for form in _SHAPES
    ]
    found = session.rows(f"SELECT {', '.join(counts)} FROM {rows}")[0]
    forms = tuple(_SHAPES)
    chosen: dict[str, DateFormat] = {}
    for index, matched in enumerate(written):
        mine = found[index * len(forms) : (index + 1) * len(forms)]
        chosen[matched.column.name] = forms[max(range(len(forms)), key=lambda at: mine[at])]
    return chosen
