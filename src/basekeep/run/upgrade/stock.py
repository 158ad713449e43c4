"""Who gets which model when stock is short: target groups by rank take their best in turn, and never more than there is.

Lines of one group with the same present device want the same; they are one block, and blocks are served whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

CHOICES = 3


@dataclass(frozen=True)
class Block:
    """Lines of one group in one city with the same present device."""

    block: int
    city_id: str
    present: str
    lines: int


@dataclass(frozen=True)
class Given:
    """What lines `start` to before `end` of a block are offered, the first choice first."""

    block: int
    start: int
    end: int
    models: tuple[str, ...]


def assign(
    blocks: Iterable[Block], wishes: Mapping[tuple[str, str], Sequence[str]], stock: Mapping[tuple[str, str], int]
) -> Iterator[Given]:
    """Serve the blocks in their order; lines for which nothing is left are given nothing.

    A first choice takes one from the stock. The other two are the next best that were still there; they take none.

    Args:
        wishes: for (present, city) the models in stock there, the best first.
        stock: for (city, model) how many there are.
    """
    left = dict(stock)
    gone: dict[tuple[str, str], int] = {}
    for block in blocks:
        wanted = wishes.get((block.present, block.city_id), ())
        # What is used up at the front stays so: it is passed over once and for all.
        at = gone.get((block.present, block.city_id), 0)
        served = 0
        while served < block.lines and at < len(wanted):
            first = (block.city_id, wanted[at])
            take = min(left.get(first, 0), block.lines - served)
            if take:
                others = _still_there(wanted, at + 1, block.city_id, left)
                yield Given(block.block, served, served + take, (wanted[at], *others))
                left[first] -= take
                served += take
            if served < block.lines:
                at += 1
        gone[block.present, block.city_id] = at


def _still_there(wanted: Sequence[str], start: int, city: str, left: Mapping[tuple[str, str], int]) -> tuple[str, ...]:
    found: list[str] = []
    for model in wanted[start:]:
        if len(found) == CHOICES - 1:
            break
        if left.get((city, model), 0) > 0:
            found.append(model)
    return tuple(found)
