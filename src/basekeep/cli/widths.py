"""How wide texts are on a terminal, and where they may be broken: a Chinese character takes two columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

# What may not begin a line.
_CLOSING = "，。；：、！？）」》”’…,.;:!?)]"


def width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    return sum(_width(sign) for sign in text)


def _width(sign: str) -> int:
    if unicodedata.combining(sign):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def padded(text: str, wide: int, right: bool = False) -> str:
    """A text filled up to a width."""
    space = " " * max(wide - width(text), 0)
    return space + text if right else text + space


def longest_word(text: str) -> int:
    """The width of the widest part of a text that is better not broken."""
    pieces = _pieces(text, len(text) * 2) if text else ()
    return max((width(piece.rstrip()) for piece in pieces), default=0)


def wrapped(text: str, room: int) -> list[str]:
    """A text in lines of at most `room` columns, broken at spaces and between Chinese characters, else where it must."""
    if width(text) <= room:
        return [text] if text else []
    lines, line = [], ""
    for piece in _pieces(text, room):
        if line and width(line + piece.rstrip()) > room:
            lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
    return [*lines, line.rstrip()] if line.strip() else lines


def _pieces(text: str, room: int) -> Iterator[str]:
    """What stays together: words with the space after them, single wide characters with what closes them."""
    piece = ""
    for sign, after in zip(text, text[1:] + " ", strict=True):
        piece += sign
        may_break = sign == " " or _width(sign) == 2 or _width(after) == 2
        if (may_break and after not in _CLOSING and after != " ") or width(piece + after) > room:
            yield piece
            piece = ""
    if piece:
        yield piece
