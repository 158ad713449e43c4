"""Lays out a table as lines of text: columns as wide as they need, folded where the terminal is narrower."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from basekeep.cli.widths import longest_word, padded, width, wrapped

GAP = 2
# Narrower than this a column of text is no longer readable.
LEAST = 14
_LONGEST_NAME = 32


def natural_widths(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """How wide each column is when nothing is folded."""
    return [max([width(head), *(width(row[at]) for row in rows)]) for at, head in enumerate(heads)]


def least_widths(heads: Sequence[str], rows: Sequence[Sequence[str]], right: Collection[int]) -> list[int]:
    """How narrow each column may become: numbers and names stay whole, texts fold down to a readable width."""
    least = []
    for at, wide in enumerate(natural_widths(heads, rows)):
        words = max((longest_word(row[at]) for row in rows), default=0)
        least.append(wide if at in right else min(wide, max(LEAST, width(heads[at]), min(words, _LONGEST_NAME))))
    return least


def table_lines(
    heads: Sequence[str], rows: Sequence[Sequence[str]], right: Collection[int], room: int | None
) -> list[str]:
    """The heads, a rule, then the rows; columns named in `right` stand to the right.

    Args:
        room: columns of the terminal; None where lines may be as long as they like.
    """
    widths = natural_widths(heads, rows)
    if room is not None:
        _shrink(widths, least_widths(heads, rows, right), room)
    total = sum(widths) + GAP * (len(widths) - 1)
    lines = [*_row(heads, widths, right), "─" * total]
    for row in rows:
        lines += _row(row, widths, right)
    return lines


def _shrink(widths: list[int], least: list[int], room: int) -> None:
    """Take from the widest column that may still give, until all fit or none can."""
    over = sum(widths) + GAP * (len(widths) - 1) - room
    while over > 0:
        giving = [at for at, wide in enumerate(widths) if wide > least[at]]
        if not giving:
            return
        widest = max(giving, key=lambda at: widths[at])
        widths[widest] -= 1
        over -= 1


def _row(cells: Sequence[str], widths: Sequence[int], right: Collection[int]) -> list[str]:
    folded = [wrapped(cell, wide) or [""] for cell, wide in zip(cells, widths, strict=True)]
    lines = []
    for level in range(max(len(texts) for texts in folded)):
        parts = [
            padded(texts[level] if level < len(texts) else "", wide, at in right)
            for at, (texts, wide) in enumerate(zip(folded, widths, strict=True))
        ]
        lines.append((" " * GAP).join(parts).rstrip())
    return lines
