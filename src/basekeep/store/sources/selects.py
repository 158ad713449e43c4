"""The user's SELECT taken apart: one statement, its sources, whether its rows are rows of one file. Runs nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlglot
from sqlglot.errors import SqlglotError
from sqlglot.tokens import Token

from basekeep.kernel.findings import Finding, Place
from basekeep.kernel.text import Text
from basekeep.store.sources.source_calls import NotPlain, SourceCall, source_calls

# With one of these a row of the result is no longer one row of the file.
_REGROUPING = {
    "JOIN", "WITH", "GROUP_BY", "DISTINCT", "HAVING", "LIMIT", "OFFSET", "UNION", "EXCEPT", "INTERSECT",
    "PIVOT", "UNPIVOT", "UNNEST", "TABLE_SAMPLE", "LATERAL",
}  # fmt: skip
_ONE_SELECT_DO = Text(
    "这里只写一条 SELECT，例如 select * from read_csv('data/文件_*.csv')；建表、导出、设置等语句不会执行。",
    "Write one SELECT here, e.g. select * from read_csv('data/file_*.csv'); other statements are never run.",
)


@dataclass(frozen=True, slots=True)
class Select:
    """A SELECT as written. `plain`: its rows are rows of one source, so they have a place in a file."""

    text: str
    calls: tuple[SourceCall, ...]
    plain: bool
    starred: bool
    names_file: bool
    keyword: int

    def filled(self, relations: Sequence[str], hidden: str = "") -> str:
        """The SELECT with each source replaced by a relation; `hidden` columns go first in its list."""
        pieces: list[str] = []
        at = 0
        edits = [(call.start, call.end, relation) for call, relation in zip(self.calls, relations, strict=True)]
        if hidden and not self.starred:
            edits.append((self.keyword, self.keyword, f" {hidden}, "))
        for start, end, text in sorted(edits):
            pieces += [self.text[at:start], text]
            at = end
        return "".join([*pieces, self.text[at:]])


def parse_select(text: str, place: Place) -> Select | Finding:
    """Take a SELECT apart; what is not one SELECT over files gives a finding."""
    try:
        tokens = list(sqlglot.tokenize(text, read="duckdb"))
    except SqlglotError:
        return _finding("select_syntax", place, Text("引号没有闭合", "a quote is not closed"))
    while tokens and tokens[-1].token_type.name == "SEMICOLON":
        text = text[: tokens.pop().start]
    wrong = _not_one_select(tokens)
    if wrong:
        return _finding("select_only", place, wrong)
    try:
        calls = source_calls(text, tokens)
    except NotPlain as error:
        return _computed(text, error, place)
    except IndexError:
        return _finding("select_syntax", place, Text("括号没有闭合", "a bracket is not closed"))
    return _select(text, tokens, calls)


def _not_one_select(tokens: Sequence[Token]) -> Text | None:
    """Why these tokens are not one SELECT; nothing else may slip past the brackets put around them."""
    if not tokens:
        return Text("select 是空的", "the select is empty")
    if tokens[0].token_type.name not in ("SELECT", "FROM", "WITH", "L_PAREN"):
        word = tokens[0].text.upper()
        return Text(f"不是 SELECT：以 {word} 开头", f"not a SELECT: it begins with {word}")
    if any(token.token_type.name == "SEMICOLON" for token in tokens):
        return Text("不止一条语句", "more than one statement")
    depth = 0
    for token in tokens:
        depth += (token.token_type.name == "L_PAREN") - (token.token_type.name == "R_PAREN")
        if depth < 0:
            break
    return None if depth == 0 else Text("括号不配对", "brackets do not match")


def _select(text: str, tokens: Sequence[Token], calls: tuple[SourceCall, ...]) -> Select:
    kinds = [token.token_type.name for token in tokens]
    pairs = set(zip(kinds, [*kinds[1:], ""], strict=True)) - {("DISTINCT", "FROM")}
    words = {token.text.lower() for token in tokens}
    regrouped = any(kind in _REGROUPING for kind, _ in pairs) or "sample" in words or kinds.count("SELECT") > 1
    plain = len(calls) == 1 and not regrouped and calls[0].kind != "other" and not _comma_after(tokens, calls[0])
    position = kinds.index("SELECT") if "SELECT" in kinds else None
    starred = position is None or _has_star(tokens, position)
    keyword = tokens[position].end + 1 if position is not None else 0
    inside = {token.text.lower() for token in tokens if not _within(token, calls)}
    return Select(text, calls, plain, starred, "filename" in inside, keyword)


def _within(token: Token, calls: Sequence[SourceCall]) -> bool:
    return any(call.start <= token.start < call.end for call in calls)


def _comma_after(tokens: Sequence[Token], call: SourceCall) -> bool:
    """Whether a second table follows in the same FROM: a join written with a comma."""
    depth = 0
    for token in tokens:
        if token.start < call.end:
            continue
        kind = token.token_type.name
        depth += (kind == "L_PAREN") - (kind == "R_PAREN")
        if kind in ("WHERE", "ORDER_BY", "QUALIFY", "SELECT", "WINDOW"):
            return False
        if kind == "COMMA" and depth == 0:
            return True
    return False


def _has_star(tokens: Sequence[Token], select: int) -> bool:
    """Whether the list holds `*` or `t.*` as an item of its own, and not as a multiplication."""
    depth = 0
    for before, token in zip(tokens[select:], tokens[select + 1 :], strict=False):
        kind = token.token_type.name
        depth += (kind == "L_PAREN") - (kind == "R_PAREN")
        if depth == 0 and kind == "FROM":
            return False
        if depth == 0 and kind == "STAR" and before.token_type.name in ("SELECT", "COMMA", "DOT"):
            return True
    return False


def _computed(text: str, error: NotPlain, place: Place) -> Finding:
    near = text[error.offset : error.offset + 20].split("\n")[0]
    return Finding(
        "source_not_plain",
        place,
        Text(f"数据源的参数要直接写出，不能计算：在“{near}”处", f"arguments of a source are written out, not computed: at '{near}'"),
        Text("路径写成文本或文本列表：read_csv(['a.csv', 'b.csv'])。", "Write paths as a text or a list of texts: read_csv(['a.csv', 'b.csv'])."),
    )  # fmt: skip


def _finding(code: str, place: Place, what: Text) -> Finding:
    return Finding(code, place, what, _ONE_SELECT_DO)
