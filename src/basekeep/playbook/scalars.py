"""Where each character of a YAML scalar stands in its file: folded, literal, quoted or plain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

_ANCHOR_OR_TAG = re.compile(r"(?:[&!]\S*\s+)*")
_INDICATOR = re.compile(r"[|>][^\n]*\n")
_ESCAPE_DIGITS = {"x": 2, "u": 4, "U": 8}
# Escapes that stand for white space: tab, line ends, spaces.
_WHITE_ESCAPES = frozenset("t\tnvfreNLP _\n")


def offset_in_file(text: str, start: int, style: str, value: str, offset: int) -> int:
    """Where a character of a scalar's value stands: the n-th visible one of the value is the n-th in the file.

    Args:
        text: the file's text.
        start: where the scalar begins, with its quote or indicator.
        style: `|`, `>`, a quote, or empty for a plain scalar.
        value: the scalar's value.
        offset: of the character in the value; at its end, the place right after the last visible one.
    """
    before = len("".join(value[:offset].split()))
    at_end = not value[offset:].strip()
    start += _ANCHOR_OR_TAG.match(text, start).end() - start  # type: ignore[union-attr]
    visible = _visible(text, start, style)
    if at_end and before:
        return next(islice(visible, before - 1, None), start) + 1
    return next(islice(visible, before, None), start)


def _visible(text: str, start: int, style: str) -> Iterator[int]:
    if style == "'":
        return _single_quoted(text, start + 1)
    if style == '"':
        return _double_quoted(text, start + 1)
    indicator = _INDICATOR.match(text, start) if style in ("|", ">") else None
    first = indicator.end() if indicator else start
    return (at for at in range(first, len(text)) if not text[at].isspace())


def _single_quoted(text: str, at: int) -> Iterator[int]:
    while at < len(text):
        if text[at] == "'" and text[at + 1 : at + 2] != "'":
            return
        if not text[at].isspace():
            yield at
        at += 2 if text[at] == "'" else 1


def _double_quoted(text: str, at: int) -> Iterator[int]:
    while at < len(text) and text[at] != '"':
        if text[at] != "\\":
            if not text[at].isspace():
                yield at
            at += 1
            continue
        sign = text[at + 1 : at + 2]
        if sign not in _WHITE_ESCAPES:
            yield at
        at += 2 + _ESCAPE_DIGITS.get(sign, 0)
