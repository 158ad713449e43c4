"""Who gets which model when stock is short: target groups by rank take their best in turn, and never more than there is.

Lines of one group with the same present device want the same; they are one block, and blocks are served whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

CHOICES = 3


@dataclass(frozen=True, slots=True)
class Block:
    """So many lines with the same wishes."""

    block: int
    wish: int
    lines: int


@dataclass(frozen=True, slots=True)
class Given:
    """What lines `start` to before `end` of a block are offered: numbers of the stock, the first choice first."""

    block: int
    start: int
    end: int
    choices: tuple[int, ...]


def assign(blocks: Iterable[Block], wishes: Sequence[Sequence[int]], stock: Sequence[int]) -> Iterator[Given]:
    """Serve the blocks in their order; lines for which nothing is left are given nothing.

    A first choice takes one from the stock. The other two are the next best that were still there; they take none.

    Args:
        wishes: for each wish the numbers of the stock that it is for, the best first.
        stock: for each number how many there are.
    """
    left = list(stock)
    # What is used up at the front of a wish stays so: it is passed over once and for all.
    passed = [0] * len(wishes)
    for block in blocks:
        wanted, at, served = wishes[block.wish], passed[block.wish], 0
        while served < block.lines and at < len(wanted):
            take = min(left[wanted[at]], block.lines - served)
            if take:
                yield Given(block.block, served, served + take, (wanted[at], *_still_there(wanted, at + 1, left)))
                left[wanted[at]] -= take
                served += take
            if served < block.lines:
                at += 1
        passed[block.wish] = at


def _still_there(wanted: Sequence[int], start: int, left: Sequence[int]) -> tuple[int, ...]:
    found: list[int] = []
    for at in range(start, len(wanted)):
        if len(found) == CHOICES - 1:
            break
        if left[wanted[at]] > 0:
            found.append(wanted[at])
    return tuple(found)
