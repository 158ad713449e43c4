"""Where the rows of one month go as they are read, without a file between, if nothing is wrong with any of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from basekeep.engines.protocol import Session


@dataclass(frozen=True, slots=True)
class Laid:
    """The rows of a month in a table of the engine, ready to be stored."""

    table: str
    month: date


class Straight(Protocol):
    """A table in the engine that takes the rows of one month."""

    table: str

    def lay(self, session: Session, rows: str) -> int | None:
        """Lay down the rows of a query; how many, or None where a subscriber has two: then nothing of it counts.

        Raises:
            EngineError: the query failed.
        """

    def clear(self) -> None:
        """Drop what was laid down."""
