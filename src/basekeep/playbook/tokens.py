"""Cuts an expression's text into tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from basekeep.kernel.text import Text

TokenKind = Literal["number", "string", "name", "symbol", "end"]

_TOKEN = re.compile(
    r"""(?P<space>\s+|\#[^\n]*)
      | (?P<number>\d+(?:_\d{3})*(?:\.\d+)?%?)
      | (?P<string>'(?:[^'\n]|'')*')
      | (?P<name>[^\W\d]\w*)
      | (?P<symbol><=|>=|!=|<>|==|[-+*/()=<>,])""",
    re.VERBOSE,
)
# What people type on a Chinese keyboard means the same.
_SAME = {"<>": "!=", "==": "="}
_FULL_WIDTH = str.maketrans("（），＜＞＝＋－＊／％", "(),<>=+-*/%")


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
        SyntaxFault: a character that no token begins with.
    """
    text = text.translate(_FULL_WIDTH)
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if not match:
            raise SyntaxFault(at, Text(f"读不懂 {text[at]!r}", f"cannot read {text[at]!r}"))
        kind = match.lastgroup
        if kind in ("number", "string", "name", "symbol"):
            piece = match.group()
            found.append(Token(kind, _SAME.get(piece, piece), match.start(), match.end()))  # type: ignore[arg-type]
        at = match.end()
    found.append(Token("end", "", len(text), len(text)))
    return found
