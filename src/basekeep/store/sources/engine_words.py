"""Takes the engine's messages apart: from its words to a finding with a place, near names and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from basekeep.kernel.findings import Finding, Place, near_names
from basekeep.kernel.text import Text
from basekeep.store.sources.pieces import Piece

# The code of an engine's error that is about the statement or the files, not about disk or memory.
ENGINE_FAILED = "engine.failed"

_COLUMN = re.compile(
    r'Referenced column "(.+?)" not found|Column "(.+?)" in \w+ list not found|does not have a column named "(.+?)"'
    # The select gives something else that name: to the engine it is a name used too early.
    r'|Column "(.+?)" referenced that exists in the SELECT clause'
)
_TABLE = re.compile(r'Table with name "?(.+?)"? does not exist|Referenced table "(.+?)" not found')
_LACKING = re.compile(r'column "(.+?)" was read from .*?could not be found in file "(.+?)"', re.DOTALL)
_OTHER_TYPE = re.compile(
    r'[Ii]n file "(.+?)" the column "(.+?)" has type (\w+).*?, but we are trying to read it as type (\w+)'
)
_CANDIDATES = re.compile(r'"([^"]+)"')
_LONG_NUMBER = re.compile(r"\d{7,}")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")


def bind_finding(message: str, known: Iterable[str], place: Place) -> Finding:
    """Why a select does not bind; `known` are the columns of its sources."""
    column, table = _COLUMN.search(message), _TABLE.search(message)
    if column:
        return _no_column(_first(column), [*known, *_candidates(message)], place)
    if table:
        return _no_table(_first(table), place)
    return _other(message, place)


def read_finding(message: str, pieces: Sequence[Piece], place: Place) -> Finding:
    """Why reading failed; at the file that the message names, else at the select."""
    if uneven := _uneven(message, pieces, place):
        return uneven
    at = next((piece.file.place() for piece in pieces if str(piece.scanned) in message), place)
    if at is not place and ("Parquet" in message or "parquet" in message):
        do = Text("重新导出或重新传输这个文件。", "Export or transfer the file again.")
        return Finding("file_damaged", at, Text("文件损坏，读不出来", "the file is damaged and cannot be read"), do)
    if message.startswith("Conversion Error") or "Could not parse" in message:
        do = Text("在 select 中用 try_cast 或 try_strptime：转换不了的单元格成为空。",
                  "Use try_cast or try_strptime in the select: a cell that cannot be converted becomes empty.")  # fmt: skip
        said = _said(message, hide_quoted=True)
        what = Text(
            f"select 中的转换遇到转换不了的值：{said}",
            f"a conversion in the select met a value it cannot convert: {said}",
        )
        return Finding("select_conversion", place, what, do)
    said = _said(message, hide_quoted=False)
    do = Text("按引擎所说改正 select 或源文件。", "Correct the select or the source as the engine says.")
    return Finding("read_failed", at, Text(f"读取失败，引擎报：{said}", f"reading failed; the engine says: {said}"), do)


def _no_column(name: str, known: Sequence[str], place: Place) -> Finding:
    return Finding(
        "select_column",
        place,
        Text(f"select 中的列 {name} 在源文件里没有", f"column {name} of the select is not in the source"),
        Text("核对源文件的表头；列名含空格或符号时用双引号。",
             "Look at the header of the source; a name with spaces or signs goes in double quotes."),
        near_names(name, known) or near_names(name.lower(), [column.lower() for column in known]),
    )  # fmt: skip


def _no_table(name: str, place: Place) -> Finding:
    return Finding(
        "select_table",
        place,
        Text(f"没有名为 {name} 的表或文件", f"there is no table or file named {name}"),
        Text("数据源写成文件：read_csv('…')、read_parquet('…')、read_xlsx('…')；有多个时各用 as 起名。",
             "Write a source as a file: read_csv('…'), read_parquet('…'), read_xlsx('…'); name each with as."),
    )  # fmt: skip


def _other(message: str, place: Place) -> Finding:
    said = _said(message, hide_quoted=False)
    what = Text(f"select 不成立，引擎报：{said}", f"the select does not work; the engine says: {said}")
    do = Text("按引擎所说改正 select。", "Correct the select as the engine says.")
    return Finding("select_invalid", place, what, do)


def _uneven(message: str, pieces: Sequence[Piece], place: Place) -> Finding | None:
    """One of several files lacks a column that the first has, or has it in another type: that file, not the first."""
    places = {str(piece.scanned): piece.file.place() for piece in pieces}
    if lacking := _LACKING.search(message):
        column, file = lacking.groups()
        what = Text(
            f"与同一数据源的其他文件相比，缺少列 {column}", f"unlike the other files of this source it lacks {column}"
        )
        candidates = [name.strip() for name in message.partition("Candidate names:")[2].split("\n")[0].split(",")]
        do = Text(
            "核对是否改了列名；确实不同时写 union_by_name=true，缺的列按空处理。",
            "See whether a column was renamed; where files really differ write union_by_name=true: "
            "a column that is absent then reads as empty.",
        )
        return Finding("columns_differ", places.get(file, place), what, do, near_names(column, candidates))
    if other := _OTHER_TYPE.search(message):
        file, column, kind, wanted = other.groups()
        what = Text(
            f"列 {column} 在这个文件里是 {kind}，在其他文件里是 {wanted}",
            f"the column {column} is {kind} here and {wanted} in the other files",
        )
        do = Text("按其他文件的类型重新导出这个文件。", "Export this file again with the type of the others.")
        return Finding("columns_differ", places.get(file, place), what, do)
    return None


def _said(message: str, hide_quoted: bool) -> str:
    """The engine's first line, without anything that may be a subscriber's."""
    line = message.split("\n", 1)[0]
    line = _QUOTED.sub("'…'", line) if hide_quoted else line
    return _LONG_NUMBER.sub("…", line)


def _first(match: re.Match[str]) -> str:
    return next(group for group in match.groups() if group)


def _candidates(message: str) -> list[str]:
    _, _, after = message.partition("Candidate bindings:")
    return _CANDIDATES.findall(after)
