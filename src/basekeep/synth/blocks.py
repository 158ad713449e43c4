"""Blocks of consecutive subscribers: small enough for the processor's cache, large enough for NumPy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

from basekeep.synth.draws import Draws
from basekeep.synth.people import People, State
from basekeep.synth.timeline import MonthFrame

BLOCK_ROWS = 122_880  # a row group of the reader that will scan the files
NEVER = 32_000

T = TypeVar("T", bound=Any)


@dataclass(frozen=True)
class Block:
    """The subscribers `low` … `high − 1` in one month: views of the whole arrays, so that writing changes them."""

    low: int
    high: int
    month: MonthFrame
    people: People
    state: State
    draws: Draws

    @property
    def size(self) -> int:
        """How many subscribers, present or not."""
        return self.high - self.low


def blocks(people: People, state: State, month: MonthFrame, seed: int) -> Iterator[Block]:
    """All subscribers of the month, block by block."""
    total = len(people.code)
    for number, low in enumerate(range(0, total, BLOCK_ROWS)):
        high = min(low + BLOCK_ROWS, total)
        draws = Draws(seed, high - low, month.index + 1, number)
        yield Block(low, high, month, cut(people, low, high), cut(state, low, high), draws)


def cut(record: T, low: int, high: int) -> T:
    """The record with each array cut to a stretch of its elements."""
    return replace(record, **{field.name: getattr(record, field.name)[low:high] for field in fields(record)})
