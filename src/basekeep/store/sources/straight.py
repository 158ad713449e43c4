"""Where the rows of one month go as they are read, without a file between, if nothing is wrong with any of them."""

from __future__ import annotations

from collections.abc import Sequence
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

    def lay(self, session: Session, rows: str, columns: Sequence[str], beside: str) -> int | None:
        """Lay down these columns of a query, and what is `beside` them (SQL, empty or beginning with a comma).

        Gives how many rows, or None where a subscriber has two: then nothing of it counts.

        Raises:
            EngineError: the query failed.
        """

    def clear(self) -> None:
        """Drop what was laid down."""
