"""The places in a SELECT where a file is named: `read_csv('…', delim='|')` or a bare 'file.csv' after FROM.

Works on the tokens of the user's own text, so that everything else in it stays exactly as written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from sqlglot.tokens import Token

SourceKind = Literal["csv", "parquet", "workbook", "other"]
OptionValue = str | int | bool | None | tuple[str, ...]

_FUNCTIONS: dict[str, SourceKind] = {
    "read_csv": "csv",
    "read_csv_auto": "csv",
    "read_parquet": "parquet",
    "parquet_scan": "parquet",
    "read_xlsx": "workbook",
    # These stay DuckDB's own; only their paths are made independent of the current folder.
    "read_json": "other",
    "read_json_auto": "other",
    "read_ndjson": "other",
    "read_ndjson_auto": "other",
    "read_json_objects": "other",
    "read_text": "other",
    "read_blob": "other",
}
_SUFFIXES: dict[str, SourceKind] = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".parquet": "parquet", ".parq": "parquet",
    ".xlsx": "workbook", ".xls": "workbook", ".xlsb": "workbook", ".ods": "workbook",
    ".json": "other", ".jsonl": "other", ".ndjson": "other",
}  # fmt: skip
_PACKED = (".gz", ".zst")
_TEXT_TOKENS = ("STRING", "HEREDOC_STRING", "RAW_STRING", "BYTE_STRING", "NATIONAL_STRING")
_ASSIGN = ("EQ", "COLON_EQ", "FARROW")


class NotPlain(Exception):
    """An argument is not written as a plain text, number, true/false or list of texts."""

    def __init__(self, token: Token) -> None:
        super().__init__(token.text)
        self.offset = int(token.start)


@dataclass(frozen=True, slots=True)
class SourceCall:
    """One source as the user wrote it: `start` and `end` are offsets in the text of the SELECT.

    `paths` are the texts given, patterns included; `rest` is the text of the further arguments as written;
    `name` is what the source is called when no alias follows (empty for functions).
    """

    function: str
    kind: SourceKind
    paths: tuple[str, ...]
    start: int
    end: int
    rest: str = ""
    options: Mapping[str, OptionValue] = field(default_factory=dict)
    name: str = ""


def file_kind(path: str) -> SourceKind | None:
    """What kind of file the name stands for; None when it is no file's name."""
    lowered = path.lower()
    for suffix in _PACKED:
        lowered = lowered.removesuffix(suffix)
    return next((kind for suffix, kind in _SUFFIXES.items() if lowered.endswith(suffix)), None)


def source_calls(text: str, tokens: Sequence[Token]) -> tuple[SourceCall, ...]:
    """All sources in the order they are written.

    Raises:
        NotPlain: a path or an option of a CSV or Excel source is computed.
    """
    found: list[SourceCall] = []
    scope = _FromScope()
    for index, token in enumerate(tokens):
        after = tokens[index + 1] if index + 1 < len(tokens) else None
        if after is not None and after.token_type.name == "L_PAREN" and token.text.lower() in _FUNCTIONS:
            found.append(_call(text, tokens, index))
        elif scope.expects_table and token.token_type.name in (*_TEXT_TOKENS, "IDENTIFIER"):
            kind = file_kind(token.text)
            if kind:
                found.append(_bare(token, kind, after))
        scope.see(token)
    return tuple(found)


class _FromScope:
    """Follows the tokens and knows whether the next one stands where a table stands."""

    def __init__(self) -> None:
        self._in_from = [False]
        self._last = ""
        self.expects_table = False

    def see(self, token: Token) -> None:
        kind = token.token_type.name
        if kind == "L_PAREN":
            self._in_from.append(False)
        elif kind == "R_PAREN" and len(self._in_from) > 1:
            self._in_from.pop()
        elif kind == "FROM" and self._last != "DISTINCT":
            self._in_from[-1] = True
        elif kind in ("SELECT", "WHERE", "GROUP_BY", "ORDER_BY", "HAVING", "QUALIFY", "WINDOW", "LIMIT"):
            self._in_from[-1] = False
        opens = kind == "JOIN" or (kind == "FROM" and self._last != "DISTINCT")
        self.expects_table = opens or (kind == "COMMA" and self._in_from[-1])
        self._last = kind


def _bare(token: Token, kind: SourceKind, after: Token | None) -> SourceCall:
    named = after is not None and after.token_type.name in ("ALIAS", "VAR", "IDENTIFIER")
    stem = token.text.replace("\\", "/").rsplit("/", 1)[-1].split(".", 1)[0]
    function = "read_json_auto" if kind == "other" else token.text
    return SourceCall(function, kind, (token.text,), token.start, token.end + 1, name="" if named else stem)


def _call(text: str, tokens: Sequence[Token], index: int) -> SourceCall:
    """The call that begins at `index`: function, parenthesis, paths, options."""
    function = tokens[index].text.lower()
    kind = _FUNCTIONS[function]
    end = _closing(tokens, index + 1)
    paths, position = _texts(tokens, index + 2)
    arguments = [tokens[position]] if position < end else []
    rest = text[tokens[position].end + 1 : tokens[end].start].strip() if arguments else ""
    options = _options(tokens, position, end) if kind in ("csv", "workbook") else {}
    if arguments and arguments[0].token_type.name != "COMMA":
        raise NotPlain(arguments[0])
    return SourceCall(function, kind, paths, tokens[index].start, tokens[end].end + 1, rest, options)


def _closing(tokens: Sequence[Token], opening: int) -> int:
    depth = 0
    for index in range(opening, len(tokens)):
        kind = tokens[index].token_type.name
        depth += (kind == "L_PAREN") - (kind == "R_PAREN")
        if depth == 0:
            return index
    raise NotPlain(tokens[opening])


def _texts(tokens: Sequence[Token], index: int) -> tuple[tuple[str, ...], int]:
    """A text or a list of texts, and the index of the token after it."""
    if tokens[index].token_type.name in _TEXT_TOKENS:
        return (tokens[index].text,), index + 1
    if tokens[index].token_type.name != "L_BRACKET":
        raise NotPlain(tokens[index])
    found: list[str] = []
    index += 1
    while tokens[index].token_type.name != "R_BRACKET":
        if tokens[index].token_type.name not in (*_TEXT_TOKENS, "COMMA"):
            raise NotPlain(tokens[index])
        if tokens[index].token_type.name != "COMMA":
            found.append(tokens[index].text)
        index += 1
    return tuple(found), index + 1


def _options(tokens: Sequence[Token], index: int, end: int) -> dict[str, OptionValue]:
    options: dict[str, OptionValue] = {}
    while index < end:
        if tokens[index].token_type.name != "COMMA" or tokens[index + 2].token_type.name not in _ASSIGN:
            raise NotPlain(tokens[index])
        name = tokens[index + 1].text.lower()
        options[name], index = _value(tokens, index + 3)
    return options


def _value(tokens: Sequence[Token], index: int) -> tuple[OptionValue, int]:
    kind = tokens[index].token_type.name
    if kind in _TEXT_TOKENS:
        return tokens[index].text, index + 1
    if kind == "NUMBER" and tokens[index].text.isdigit():
        return int(tokens[index].text), index + 1
    if kind in ("TRUE", "FALSE"):
        return kind == "TRUE", index + 1
    if kind == "L_BRACE":
        return None, _after_brace(tokens, index)
    return _texts(tokens, index)


def _after_brace(tokens: Sequence[Token], index: int) -> int:
    """Past `{…}`: its content is not needed, options of that form are reported as not understood."""
    while tokens[index].token_type.name != "R_BRACE":
        index += 1
    return index + 1
