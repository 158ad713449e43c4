"""What DuckDB says of a person's SQL, as a finding with a place and near names. Knows its messages, runs nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable

from basekeep.engines.errors import EngineError, SqlError
from basekeep.engines.read_only import SHOWN_AS, place_at
from basekeep.kernel.findings import Finding, Place, near_names
from basekeep.kernel.text import Text

# A column that only the select itself names is, to the engine, a name used too early.
_COLUMN = re.compile(
    r'(?:Referenced column|does not have a column named|Column(?= "[^"]*" referenced that exists in the SELECT)) "([^"]*)"'
)
_TABLE = re.compile(r'Referenced table "([^"]*)" not found')
_FUNCTION = re.compile(r'Function with name "?([^"]*?)"? does not exist')
_MEANT = re.compile(r'Did you mean "([^"]*)"')
_LINE = re.compile(r"^LINE (\d+):", re.MULTILINE)
_SEE_COLUMNS = Text(
    '核对名称；basekeep query "describe 表名" 列出一张表的列。',
    'Check the name; basekeep query "describe TABLE" lists a table\'s columns.',
)
_SEE = Text("按 DuckDB 的 SQL 语法改正。", "Correct it; the dialect is DuckDB's SQL.")


def sql_fault(error: EngineError, sql: str, columns: Iterable[str]) -> SqlError | EngineError:
    """The engine's error while it ran a person's SQL, said as a fault of that SQL; the error itself where it is none.

    Args:
        columns: the names of columns that the SQL could have meant.
    """
    if error.code != "engine.failed":
        return error
    if named := _COLUMN.search(error.message):
        what = Text(f"没有列 {named[1]!r}", f"there is no column {named[1]!r}")
        near = near_names(named[1], columns)
        return SqlError(Finding("query.unknown_column", _place(sql, named[1]), what, _SEE_COLUMNS, near))
    if named := _TABLE.search(error.message):
        what = Text(f"FROM 里没有 {named[1]!r}", f"there is no {named[1]!r} in FROM")
        return SqlError(Finding("query.unknown_table", _place(sql, named[1]), what, _SEE))
    if named := _FUNCTION.search(error.message):
        what = Text(f"没有函数 {named[1]!r}", f"there is no function {named[1]!r}")
        near = tuple(_MEANT.findall(error.message))
        return SqlError(Finding("query.unknown_function", _place(sql, named[1]), what, _SEE, near))
    return SqlError(Finding("query.failed", _line(error.message), _first(error.message), _SEE))


def _place(sql: str, name: str) -> Place:
    found = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", sql, re.IGNORECASE)
    return place_at(sql, len(sql[: found.start()].encode())) if found else Place(SHOWN_AS)


def _line(message: str) -> Place:
    line = _LINE.search(message)
    return Place(SHOWN_AS, int(line[1])) if line else Place(SHOWN_AS)


def _first(message: str) -> Text:
    said = " ".join(line.strip() for line in message.split("\n\n")[0].splitlines())
    return Text(f"SQL 不能执行：{said}", f"the SQL cannot be run: {said}")
