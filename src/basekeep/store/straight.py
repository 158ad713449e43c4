"""A clean month on its way straight onto the roster: checked, put in order and laid down by one statement."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from basekeep.engines.protocol import Session
from basekeep.store.narrow import narrowed
from basekeep.store.roster import Positions


class StraightMonth:
    """A table with a row for every position, as `aligned` wants it, and after them the newcomers by id.

    The roster takes the newcomers when the month is placed: until then nobody knows whether it will be.
    """

    def __init__(self, roster: Positions) -> None:
        """Nothing laid down yet."""
        self.table = f"straight_{secrets.token_hex(6)}"
        self._roster = roster

    def lay(self, session: Session, rows: str, columns: Sequence[str], beside: str) -> int | None:
        """Lay down these columns of a query, narrow, and what is beside them; how many rows, None for a double.

        Raises:
            EngineError: the query failed.
        """
        session.run(
            f"CREATE OR REPLACE TABLE {self.table} AS SELECT r.position, m.* FROM {self._roster.with_nobody} r "
            f"FULL JOIN (SELECT {narrowed(columns)}{beside} FROM ({rows})) m ON m.subscriber_id = r.subscriber_id "
            "ORDER BY r.position NULLS LAST, m.subscriber_id"
        )
        known, newcomers, different, count = session.rows(
            "SELECT count(position), count(*) FILTER (position IS NULL), "
            "count(DISTINCT subscriber_id) FILTER (position IS NULL), count(subscriber_id) "
            f"FROM {self.table}"
        )[0]
        return int(count) if known == self._roster.rows + 1 and newcomers == different else None

    def clear(self) -> None:
        """Drop what was laid down."""
        self._roster.drop(self.table)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clear()
