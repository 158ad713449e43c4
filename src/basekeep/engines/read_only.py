"""Takes a SQL text apart with DuckDB's own parser: the tables it reads, or why it may not run. Runs none of it.

What is not known to be harmless is refused: statements, sources and table functions by allow-list. The engine is locked
besides, so that what slipped through here would still reach no file.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from basekeep.engines.errors import EngineError, SqlError
from basekeep.engines.protocol import Session
from basekeep.engines.sql_text import sql_literal
from basekeep.kernel.findings import Finding, Place
from basekeep.kernel.text import Text

SHOWN_AS = "SQL"
_STATEMENTS = {"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"}
_SOURCES = {
    "BASE_TABLE", "SUBQUERY", "JOIN", "TABLE_FUNCTION", "EMPTY", "EMPTY_FROM", "EXPRESSION_LIST", "PIVOT", "SHOW_REF",
}  # fmt: skip
_TABLE_FUNCTIONS = {"range", "generate_series", "unnest", "json_each", "json_tree"}
# Functions that look at settings, the catalogue or other sessions, write a log, or run SQL that they are given as text.
_CLOSED_FUNCTIONS = {
    "current_setting", "getvariable", "getenv", "write_log", "sleep_ms", "nextval", "currval", "setval", "setseed",
    "query", "query_table", "json_serialize_sql", "json_deserialize_sql", "json_serialize_plan", "get_block_size",
    "current_query", "current_query_id", "current_connection_id", "current_transaction_id", "txid_current",
    "format_type", "map_to_pg_oid", "in_search_path", "stats", "vector_type", "which_secret",
}  # fmt: skip
_CLOSED_BEGINNINGS = ("pg_", "duckdb_", "pragma_", "__", "read_", "parquet_", "json_execute", "inet_", "has_")
# Atomic, so that no text can make these patterns slow.
_COMMENT = re.compile(r"(?>--[^\n]*)|(?>/\*.*?\*/)", re.DOTALL)
_END = re.compile(rf";(?:\s|;|{_COMMENT.pattern})*+$", re.DOTALL)
_EXPLAIN = re.compile(rf"(?:\s|{_COMMENT.pattern})*+explain\b(\s+analyze\b)?", re.IGNORECASE | re.DOTALL)
_PLAIN_NAME = re.compile(r"\w+")


@dataclass(frozen=True)
class ReadOnly:
    """One SQL text that only reads.

    Attributes:
        sql: the text to run.
        tables: the names of tables that it reads, in lower case; those of its own WITH among them.
        own: names that its WITH gives.
        columns: the column names that it writes out, in lower case.
        all_columns: it may also read columns that it does not name: by a star, or a row as a whole.
    """

    sql: str
    tables: frozenset[str]
    own: frozenset[str]
    columns: frozenset[str]
    all_columns: bool


def read_only(session: Session, sql: str) -> ReadOnly:
    """Take a text apart.

    Raises:
        SqlError: it is not exactly one SELECT, WITH, VALUES, DESCRIBE, SUMMARIZE or EXPLAIN, or it would reach
            a file, a setting or the catalogue.
    """
    explained = _EXPLAIN.match(sql)
    begin = explained.end() if explained else 0
    statements = _parsed(session, sql, begin)
    sql = _without_end(session, sql, begin, statements)
    if len(statements) != 1:
        raise _refusal("query.one_statement", _SEVERAL if statements else _NOTHING, _ONE_DO)
    found = _Taken(sql, begin)
    for node in _nodes(statements[0]):
        found.take(node)
    # Put together again, so that what runs is what was looked at.
    run = f"EXPLAIN {'ANALYZE ' if explained[1] else ''}{sql[begin:]}" if explained else sql
    whole_rows = not found.rows.isdisjoint(found.tables | found.aliases)
    return ReadOnly(
        run, frozenset(found.tables), frozenset(found.own), frozenset(found.columns), found.starred or whole_rows
    )


def place_at(sql: str, offset: int) -> Place:
    """The line and column of a byte of the text."""
    before = sql.encode()[:offset].decode(errors="replace")
    return Place(SHOWN_AS, before.count("\n") + 1, len(before) - before.rfind("\n"))


def _parsed(session: Session, sql: str, begin: int) -> list[dict[str, Any]]:
    try:
        answer = json.loads(session.rows(f"SELECT json_serialize_sql({sql_literal(sql[begin:])})")[0][0])
    except (EngineError, UnicodeError, RecursionError) as error:
        raise _refusal("query.unreadable", _UNREADABLE, _ONE_DO) from error
    if not answer["error"]:
        statements: list[dict[str, Any]] = answer["statements"]
        return statements
    if answer["error_type"] == "not implemented":
        raise _refusal("query.read_only", _not_a_query(sql[begin:]), _ONE_DO)
    message, position = str(answer["error_message"]), str(answer.get("position", ""))
    if message.startswith("Max expression depth"):
        raise _refusal("query.unreadable", _UNREADABLE, _ONE_DO)
    place = place_at(sql, len(sql[:begin].encode()) + int(position)) if position.isdigit() else Place(SHOWN_AS)
    raise SqlError(Finding("query.syntax", place, Text(f"语法错误：{message}", f"syntax error: {message}"), _SYNTAX_DO))


def _without_end(session: Session, sql: str, begin: int, statements: list[dict[str, Any]]) -> str:
    """The text without the semicolon that ends it, so that it can stand inside another; as it is in case of doubt."""
    shorter = _END.sub("", sql)
    with contextlib.suppress(SqlError):
        if shorter != sql and _parsed(session, shorter, begin) == statements:
            return shorter
    return sql


def _not_a_query(sql: str) -> Text:
    """The parser gives a tree of queries only; what else there is shows in the first word, or follows a query."""
    word = (_PLAIN_NAME.search(_COMMENT.sub(" ", sql)) or [""])[0].upper()
    if word == "PIVOT":
        return Text("PIVOT 要用 IN 写出各列的值", "PIVOT has to list its values with IN")
    if word in ("SELECT", "WITH", "FROM", "VALUES"):
        return Text("不是单独一条查询", "this is not one query by itself")
    return Text(f"只能查询，{word} 语句不执行", f"this only reads: {word} is not run")


class _Taken:
    """What a parse tree names; raises as soon as it meets something that is not allowed."""

    def __init__(self, sql: str, begin: int) -> None:
        self._sql = sql
        self._begin = len(sql[:begin].encode())
        self.tables: set[str] = set()
        self.aliases: set[str] = set()
        self.own: set[str] = set()
        self.columns: set[str] = set()
        self.rows: set[str] = set()
        self.starred = False

    def take(self, node: dict[str, Any]) -> None:
        kind = node.get("type")
        if isinstance(kind, str) and kind.endswith("_NODE") and kind not in _STATEMENTS:
            raise self._refused(
                node, "query.read_only", Text("只能查询，不能写入", "this only reads: nothing is written")
            )
        if "sample" in node and "alias" in node and "class" not in node:
            self._source(node, str(kind))
        for name in [entry["key"] for entry in node.get("cte_map", {}).get("map", [])]:
            self._own_name(str(name))
        if "cte_name" in node:
            self._own_name(str(node["cte_name"]))
        if node.get("class") in ("FUNCTION", "WINDOW"):
            self._function(node)
        if kind == "VALUE_PARAMETER":
            what = Text("SQL 里不能用占位参数（? 或 $名称）", "a SQL text takes no parameters (? or $name)")
            raise self._refused(node, "query.parameter", what)
        self.starred |= kind in ("STAR", "SHOW_REF", "PIVOT")
        self._columns([str(name).lower() for name in node.get("column_names", ())])

    def _columns(self, path: list[str]) -> None:
        self.columns.update(path)
        if len(path) == 1:
            self.rows.update(path)

    def _source(self, node: dict[str, Any], kind: str) -> None:
        if kind not in _SOURCES or (kind == "SHOW_REF" and node.get("table_name")):
            raise self._refused(node, "query.source", Text("这种来源不能查询", "this kind of source cannot be queried"))
        self.aliases.add(str(node["alias"]).lower())
        if kind == "TABLE_FUNCTION":
            name = str(node["function"]["function_name"]).lower()
            if name not in _TABLE_FUNCTIONS:
                what = Text(f"不能使用表函数 {name}()", f"the table function {name}() cannot be used")
                raise self._refused(node, "query.table_function", what)
        if kind == "BASE_TABLE":
            if node.get("schema_name") or node.get("catalog_name"):
                what = Text("表名前不写模式或库名", "a table is named without a schema or catalogue")
                raise self._refused(node, "query.qualified", what)
            self.tables.add(str(node["table_name"]).lower())

    def _own_name(self, name: str) -> None:
        # Otherwise a WITH could lend a file's path the look of a table of its own.
        if not _PLAIN_NAME.fullmatch(name):
            what = Text(
                f"WITH 中的名称 {name!r} 只能用文字、数字和下划线",
                f"the name {name!r} in WITH may hold only letters, digits and underscores",
            )
            raise _refusal("query.with_name", what, _SYNTAX_DO)
        self.own.add(name.lower())

    def _function(self, node: dict[str, Any]) -> None:
        name = str(node.get("function_name", "")).lower()
        if name in _CLOSED_FUNCTIONS or name.startswith(_CLOSED_BEGINNINGS):
            what = Text(f"不能使用函数 {name}()", f"the function {name}() cannot be used")
            raise self._refused(node, "query.function", what)

    def _refused(self, node: dict[str, Any], code: str, what: Text) -> SqlError:
        offset = node.get("query_location", -1)
        known = isinstance(offset, int) and 0 <= offset <= len(self._sql.encode())
        return _refusal(code, what, _ONE_DO, place_at(self._sql, self._begin + offset) if known else Place(SHOWN_AS))


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    waiting = [tree]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            yield item
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)


def _refusal(code: str, what: Text, do: Text, place: Place | None = None) -> SqlError:
    return SqlError(Finding(code, place or Place(SHOWN_AS), what, do))


_ONE_DO = Text(
    "只写一条 SELECT、WITH、VALUES、DESCRIBE、SUMMARIZE 或 EXPLAIN，数据只来自工作区的表。",
    "Write one SELECT, WITH, VALUES, DESCRIBE, SUMMARIZE or EXPLAIN over the workspace's own tables.",
)
_SYNTAX_DO = Text("按 DuckDB 的 SQL 语法改正。", "Correct it; the dialect is DuckDB's SQL.")
_NOTHING = Text("没有 SQL 语句", "there is no SQL statement")
_SEVERAL = Text("不止一条语句", "there is more than one statement")
_UNREADABLE = Text("这段 SQL 无法解析", "this SQL cannot be parsed")
