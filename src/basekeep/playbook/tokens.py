"""Cuts an expression's text into tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from basekeep.kernel.text import Text

TokenKind = Literal["number", "string", "name", "symbol", "end"]

LONGEST = 10_000
_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<number>\d+(?:_\d{3})*(?:\.\d+)?%?)
      | (?P<string>'(?:[^'\n]|'')*' | ‘[^‘’\n]*’)
      | (?P<name>[^\W\d]\w*)
      | (?P<symbol><=|>=|!=|<>|==|[-+*/()=<>,])""",
    re.VERBOSE,
)
# What people type on a Chinese keyboard means the same.
_SAME = {"<>": "!=", "==": "="}
_FULL_WIDTH = str.maketrans("（），＜＞＝＋－＊／％", "(),<>=+-*/%")
_SIGNS = {"≤": "<=", "≥": ">=", "≠": "!="}
_QUOTES = Text("文字要写在一对单引号里，如 'easyown'", "a text stands between single quotes: 'easyown'")
_SLIPS = {
    "'": _QUOTES,
    "‘": _QUOTES,
    "’": _QUOTES,
    '"': _QUOTES,
    "“": _QUOTES,
    "”": _QUOTES,
    # In a folded YAML text a comment would silently swallow the lines after it.
    "#": Text("表达式里不能写注释，请写在上一行", "an expression holds no comments; write them on the line above"),
}


@dataclass(frozen=True, slots=True)
class Token:
    """One token with its place in the text."""

    kind: TokenKind
    text: str
    start: int
    end: int


class SyntaxFault(Exception):
    """The text is not an expression; `start` is the offset where reading stopped."""

    def __init__(self, start: int, what: Text) -> None:
        super().__init__(what.en)
        self.start = start
        self.what = what


def tokens_of(text: str) -> list[Token]:
    """All tokens of an expression, the last of kind `end`.

    Raises:
        SyntaxFault: the text is too long, or holds a character that no token begins with.
    """
    if len(text) > LONGEST:
        raise SyntaxFault(0, _too_long(len(text)))
    plain = text.translate(_FULL_WIDTH)
    found: list[Token] = []
    at = 0
    while at < len(plain):
        if plain[at] in _SIGNS:
            found.append(Token("symbol", _SIGNS[plain[at]], at, at + 1))
            at += 1
            continue
        match = _TOKEN.match(plain, at)
        if not match:
            raise SyntaxFault(at, _unreadable(text[at]))
        kind = match.lastgroup
        if kind == "string":
            # A text is kept as it was typed; only the language's own signs have two forms.
            found.append(Token("string", _string(text[at : match.end()]), at, match.end()))
        elif kind in ("number", "name", "symbol"):
            piece = match.group()
            found.append(Token(kind, _SAME.get(piece, piece), at, match.end()))  # type: ignore[arg-type]
        at = match.end()
    found.append(Token("end", "", len(text), len(text)))
    return found


def _string(written: str) -> str:
    return written[1:-1].replace("''", "'") if written[0] == "'" else written[1:-1]


def _unreadable(sign: str) -> Text:
    hint = _SLIPS.get(sign)
    if hint is None:
        return Text(f"读不懂 {sign!r}", f"cannot read {sign!r}")
    return Text(f"读不懂 {sign!r}：{hint.zh}", f"cannot read {sign!r}: {hint.en}")


def _too_long(length: int) -> Text:
    return Text(
        f"表达式有 {length} 个字符，最多 {LONGEST} 个",
        f"the expression has {length} characters; {LONGEST} are the most",
    )
